//! A file as gitleaks 8 looks at it: in pieces, each decoded in passes, findings of vague rules behind those of others.

use super::allowlist::Place;
use super::detector::{Detector, Exact, Hit, Scanned, Text, valid};
use super::fragment::{fragments, is_skipped};
use super::passes::Pass;
use std::borrow::Cow;
use std::ops::Range;

/// How many times text is decoded, as without `--max-decode-depth`.
const DEPTH: usize = 5;

impl Detector {
    /// Runs the rules over the file `bytes` at `place`, with the outcome that gitleaks has.
    pub(super) fn scan_exact(&self, place: Place<'_>, bytes: &[u8]) -> Scanned {
        let mut scanned = Scanned::default();
        if is_skipped(place.path, bytes) || self.passes_over(place, &mut scanned) {
            return scanned;
        }
        for piece in fragments(bytes) {
            let hits = self.piece(place, &bytes[piece.clone()], &mut scanned);
            let moved = |range: Range<usize>| range.start + piece.start..range.end + piece.start;
            scanned.hits.extend(hits.into_iter().map(|hit| Hit {
                secret: moved(hit.secret),
                whole: moved(hit.whole),
                ..hit
            }));
        }
        if !bytes.is_empty() {
            self.paths(place, &mut scanned);
        }
        scanned
    }

    /// What is found in a piece, at its place in it.
    fn piece(&self, place: Place<'_>, bytes: &[u8], scanned: &mut Scanned) -> Vec<Hit> {
        let raw = valid(bytes);
        let mut pass = Pass::first(raw.to_vec());
        let mut found = Vec::new();
        for depth in 0..=DEPTH {
            let text = Text {
                place,
                bytes: Cow::Borrowed(&pass.text),
                exact: Some(Exact {
                    pass: &pass,
                    raw: &raw,
                }),
            };
            found.extend(self.hits(&text, &mut scanned.errors));
            match pass.next() {
                Some(next) if depth < DEPTH => pass = next,
                _ => break,
            }
        }
        without_vague(found, bytes)
    }
}

/// Findings without those of a rule called generic that say what another rule says on the same line.
fn without_vague(found: Vec<Hit>, bytes: &[u8]) -> Vec<Hit> {
    let is_vague = |hit: &Hit| hit.rule.id.to_lowercase().contains("generic");
    let line = |hit: &Hit| memchr::memchr_iter(b'\n', &bytes[..hit.whole.start]).count();
    let (vague, mut kept): (Vec<Hit>, Vec<Hit>) = found.into_iter().partition(is_vague);
    let better: Vec<(usize, Vec<u8>)> = if vague.is_empty() {
        Vec::new()
    } else {
        kept.iter()
            .map(|hit| (line(hit), hit.value.clone()))
            .collect()
    };
    kept.extend(vague.into_iter().filter(|hit| {
        let here = line(hit);
        !better.iter().any(|(other, value)| {
            *other == here && memchr::memmem::find(value, &hit.value).is_some()
        })
    }));
    kept
}

#[cfg(test)]
mod tests {
    use crate::rules::gitleaks::config::{Config, load};
    use crate::rules::{encode_base64, sample};

    fn config(text: &str) -> Config {
        load("g.toml", text, &|_| Err("no file".to_owned()))
            .expect("a good configuration")
            .exact()
    }

    /// What is found: rule and line.
    fn found(config: &Config, path: &str, text: &str) -> Vec<(&'static str, usize)> {
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let scanned = config.scan(path, text.as_bytes());
        assert!(scanned.errors.is_empty());
        scanned
            .hits
            .iter()
            .map(|hit| (hit.rule.id.get(), line(hit.whole.start)))
            .collect()
    }

    #[test]
    fn every_rule_finds_what_it_finds_but_a_vague_one_gives_way() {
        let config = config(
            "[[rules]]\nid='one'\nregex='k_\\w+'\n[[rules]]\nid='two'\nregex='_(\\w+)'\n[[rules]]\nid='generic-key'\nregex='(?:key|x) = (\\w+)'",
        );
        let text = "key = k_abc\nx = abc\n";
        assert_eq!(
            found(&config, "a", text),
            [("one", 1), ("two", 1), ("generic-key", 2)]
        );
    }

    #[test]
    fn text_is_decoded_five_deep_and_found_once() {
        let config = config("[[rules]]\nid='one'\nregex='tok_[a-z0-9]{12}'\nkeywords=['tok_']");
        let token = sample("tok_{lower:11}1", 7);
        let mut text = format!("a {token} b");
        for depth in 0..7 {
            let wanted: &[_] = if depth <= 5 { &[("one", 2)] } else { &[] };
            let file = format!("first\n{text}\n");
            assert_eq!(found(&config, "a", &file), wanted, "{depth} deep");
            text = encode_base64(format!("x1 {text}").as_bytes());
        }
        for code in [
            token.bytes().map(|byte| format!("%{byte:02x}")).collect(),
            token.bytes().map(|byte| format!("\\u{byte:04x}")).collect(),
            token.bytes().map(|byte| format!("U+{byte:04X} ")).collect(),
            format!("x {token}")
                .bytes()
                .map(|byte| format!("{byte:02X}"))
                .collect::<String>(),
        ] {
            assert_eq!(
                found(&config, "a", &format!("\n\n{code} rest")),
                [("one", 3)],
                "{code}"
            );
        }
        let archive = config.scan("a.zip", token.as_bytes());
        assert!(archive.hits.is_empty());
    }

    #[test]
    fn a_match_that_begins_with_line_ends_is_on_the_line_after_the_first() {
        let config = config("[[rules]]\nid='one'\nregex='\\s*key=(\\w+)\\s*'");
        assert_eq!(found(&config, "a", "first\n\n\nkey=abc\n\n"), [("one", 2)]);
    }
}
