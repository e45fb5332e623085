//! A file as gitleaks 8 looks at it: in pieces, each decoded in passes, findings of vague rules behind those of others.

use super::detector::{Detector, Exact, Hit, Scanned, Text, valid};
use super::fragment::{fragments, is_skipped};
use super::passes::Pass;
use std::borrow::Cow;
use std::ops::Range;

/// How many times text is decoded, as without `--max-decode-depth`.
const DEPTH: usize = 5;

impl Detector {
    /// Runs the rules over the file `bytes` at `path`, with the outcome that gitleaks has.
    pub(super) fn scan_exact(&self, path: &str, bytes: &[u8]) -> Scanned {
        let mut scanned = Scanned::default();
        if is_skipped(path, bytes) || self.passes_over(path, &mut scanned) {
            return scanned;
        }
        for piece in fragments(bytes) {
            let hits = self.piece(path, &bytes[piece.clone()], &mut scanned);
            let moved = |range: Range<usize>| range.start + piece.start..range.end + piece.start;
            scanned.hits.extend(hits.into_iter().map(|hit| Hit {
                secret: moved(hit.secret),
                whole: moved(hit.whole),
                ..hit
            }));
        }
        if !bytes.is_empty() {
            self.paths(path, &mut scanned);
        }
        scanned
    }

    /// What is found in a piece, at its place in it.
    fn piece(&self, path: &str, bytes: &[u8], scanned: &mut Scanned) -> Vec<Hit> {
        let raw = valid(bytes);
        let mut pass = Pass::first(raw.to_vec());
        let mut found = Vec::new();
        for depth in 0..=DEPTH {
            let text = Text {
                path,
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
