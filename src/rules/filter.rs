//! Finds the keywords of all rules in one pass.
//!
//! A hash filter over groups of four bytes instead of an Aho-Corasick automaton: its tables are made when hookd is built,
//! so a start costs nothing, and they fit the first-level cache, so it reads several times faster
//! (`docs/architecture.md` has the measurement, `measure` below repeats it).
//!
//! The build script compiles this file too: it uses nothing of the rest of the crate.

use std::borrow::Cow;

/// Reads "nothing follows" in the chains of entries.
const END: u16 = u16::MAX;
/// Bits of a hash: 32 KiB of them, so that few other groups share the hash of a keyword's group.
const HASH_BITS: u32 = 18;
const WORDS: usize = 1 << (HASH_BITS - 6);
/// Bits of the hash that choose a chain.
const CHAIN_BITS: u32 = 12;
/// Sets the bit that tells ASCII letters' cases apart. Other bytes may collide; the comparison in full decides.
const FOLD: u32 = 0x2020_2020;

/// A set of keywords, ready to be looked for without regard to ASCII case.
#[derive(Debug)]
pub(super) struct KeywordFilter {
    /// One bit for each hash of a group that occurs in a keyword.
    pub(super) bits: Cow<'static, [u64]>,
    /// For each hash without its lowest bits the first entry that has it.
    pub(super) chains: Cow<'static, [u16]>,
    /// The groups that lead to keywords.
    pub(super) entries: Cow<'static, [Entry]>,
    /// The keywords.
    pub(super) keywords: Cow<'static, [Keyword]>,
}

/// A group of four bytes of a keyword.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The bytes, folded.
    pub(super) group: u32,
    /// The keyword.
    pub(super) keyword: u16,
    /// The next entry of the same chain.
    pub(super) next: u16,
}

/// A keyword.
#[derive(Debug, Clone)]
pub(super) struct Keyword {
    /// The keyword in lower case.
    pub(super) text: &'static str,
    /// Where in the keyword the group stands that leads to it.
    pub(super) offset: usize,
}

const fn hash(group: u32) -> u32 {
    group.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)
}

const fn chain(group: u32) -> usize {
    (hash(group) >> (HASH_BITS - CHAIN_BITS)) as usize
}

/// How common a byte is in source code, in rough steps.
const fn commonness(byte: u8) -> u32 {
    match byte {
        b'e' | b't' | b'a' | b'i' | b'n' | b'o' | b's' | b'r' | b' ' => 4,
        b'l' | b'c' | b'd' | b'u' | b'p' | b'm' | b'f' | b'_' => 3,
        b'h' | b'g' | b'b' | b'y' | b'v' | b'-' | b':' | b'/' | b'.' | b'"' => 2,
        _ => 1,
    }
}

impl KeywordFilter {
    /// Takes lower-case ASCII keywords of at least three bytes; shorter ones and more than 65,000 of them are left out.
    /// A hit names its keyword by its place in `keywords`.
    #[must_use]
    pub(super) fn new(keywords: &[&'static str]) -> Self {
        let mut filter = Self {
            bits: Cow::Owned(vec![0; WORDS]),
            chains: Cow::Owned(vec![END; 1 << CHAIN_BITS]),
            entries: Cow::default(),
            keywords: Cow::default(),
        };
        for (index, text) in keywords.iter().take(usize::from(END)).enumerate() {
            filter.insert(index, text);
        }
        filter
    }

    fn insert(&mut self, index: usize, text: &'static str) {
        let bytes = text.as_bytes();
        let rarest = bytes
            .windows(4)
            .enumerate()
            .min_by_key(|(_, group)| group.iter().map(|&byte| commonness(byte)).sum::<u32>());
        let offset = rarest.map_or(0, |(offset, _)| offset);
        self.keywords.to_mut().push(Keyword { text, offset });
        let Ok(keyword) = u16::try_from(index) else {
            return;
        };
        match (rarest, bytes) {
            (Some((_, &[a, b, c, d])), _) => self.enter(keyword, [a, b, c, d]),
            // Three bytes: whatever ASCII byte the fourth may be, folded.
            (None, &[a, b, c]) => {
                for last in (0x20..0x40).chain(0x60..0x80) {
                    self.enter(keyword, [a, b, c, last]);
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, keyword: u16, group: [u8; 4]) {
        let Ok(entry) = u16::try_from(self.entries.len()) else {
            return;
        };
        let group = u32::from_le_bytes(group) | FOLD;
        let hash = hash(group);
        self.bits.to_mut()[(hash >> 6) as usize] |= 1 << (hash & 63);
        let first = &mut self.chains.to_mut()[chain(group)];
        self.entries.to_mut().push(Entry {
            group,
            keyword,
            next: *first,
        });
        *first = entry;
    }

    /// Calls `found` with the index of a keyword and the place of its first byte, for every occurrence of every keyword
    /// that a byte follows, an ASCII byte where the keyword has only three; places grow, but for keywords that overlap.
    pub(super) fn each(&self, bytes: &[u8], mut found: impl FnMut(usize, usize)) {
        // An array, not a slice: a hash is then known to be within it.
        let Ok(bits) = <&[u64; WORDS]>::try_from(&*self.bits) else {
            return;
        };
        for (at, group) in bytes.windows(4).enumerate() {
            let &[a, b, c, d] = group else { continue };
            let group = u32::from_le_bytes([a, b, c, d]) | FOLD;
            let hash = hash(group);
            if bits[(hash >> 6) as usize] & (1 << (hash & 63)) != 0 {
                self.compare(bytes, at, group, &mut found);
            }
        }
    }

    #[inline(never)]
    fn compare(&self, bytes: &[u8], at: usize, group: u32, found: &mut impl FnMut(usize, usize)) {
        let mut next = self.chains[chain(group)];
        while let Some(entry) = self.entries.get(usize::from(next)) {
            next = entry.next;
            if entry.group != group {
                continue;
            }
            let keyword = &self.keywords[usize::from(entry.keyword)];
            let Some(start) = at.checked_sub(keyword.offset) else {
                continue;
            };
            if bytes[start..]
                .get(..keyword.text.len())
                .is_some_and(|text| text.eq_ignore_ascii_case(keyword.text.as_bytes()))
            {
                found(usize::from(entry.keyword), start);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KeywordFilter;
    use aho_corasick::{AhoCorasick, AhoCorasickKind};
    use proptest::prelude::*;
    use std::time::Instant;

    const WORDS: [&str; 7] = [
        "key",
        "ghp_",
        "secret",
        "api_key",
        "://",
        "-----begin",
        "pi_",
    ];

    fn naive(bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        for (word, text) in WORDS.iter().enumerate() {
            for at in 0..bytes.len() {
                let part = bytes[at..].get(..text.len());
                // A keyword of three bytes is found only where an ASCII byte follows it.
                if part.is_some_and(|part| part.eq_ignore_ascii_case(text.as_bytes()))
                    && (text.len() > 3 || bytes.get(at + 3).is_some_and(u8::is_ascii))
                {
                    all.push((word, at));
                }
            }
        }
        all.sort_unstable();
        all
    }

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(bytes in proptest::collection::vec(
            proptest::sample::select(&b"keyKEY_apiPIghpGHP:/-secrtSECRTbegin \xff\0"[..]), 0..300)) {
            let mut hits = Vec::new();
            KeywordFilter::new(&WORDS).each(&bytes, |word, at| hits.push((word, at)));
            hits.sort_unstable();
            prop_assert_eq!(hits, naive(&bytes));
        }
    }

    #[test]
    fn finds_whole_words_in_any_case() {
        let mut hits = Vec::new();
        let text = b"My_API_Key = x; -----BEGIN https://x";
        KeywordFilter::new(&WORDS).each(text, |word, at| hits.push((WORDS[word], at)));
        hits.sort_unstable();
        assert_eq!(
            hits,
            [
                ("-----begin", 16),
                ("://", 32),
                ("api_key", 3),
                ("key", 7),
                ("pi_", 4)
            ]
        );
    }

    fn automaton(words: &[&str], kind: AhoCorasickKind) -> AhoCorasick {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(kind))
            .build(words)
            .expect("an automaton")
    }

    fn builtin_keywords() -> Vec<&'static str> {
        let rules = crate::rules::builtin().iter();
        let mut words: Vec<_> = rules.flat_map(|rule| rule.keywords).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// The crate that this replaces is its oracle, with the keywords of the built-in pack.
        #[test]
        fn finds_what_aho_corasick_finds(parts in proptest::collection::vec(
            (any::<proptest::sample::Index>(), 0usize..20, "[ -~\n\u{e9}]{0,6}"), 0..40)) {
            let words = builtin_keywords();
            let mut text = Vec::new();
            for (word, cut, noise) in &parts {
                let word = words[word.index(words.len())];
                text.extend(word.to_ascii_uppercase().bytes().take(word.len().max(*cut) - cut / 4));
                text.extend(noise.bytes());
            }
            let mut hits = Vec::new();
            KeywordFilter::new(&words).each(&text, |word, at| hits.push((word, at)));
            let mut want: Vec<_> = automaton(&words, AhoCorasickKind::ContiguousNFA)
                .find_overlapping_iter(&text)
                .filter(|hit| hit.len() > 3 || text.get(hit.end()).is_some_and(u8::is_ascii))
                .map(|hit| (hit.pattern().as_usize(), hit.start()))
                .collect();
            hits.sort_unstable();
            want.sort_unstable();
            prop_assert_eq!(hits, want);
        }
    }

    /// `HOOKD_CORPUS=FILE cargo test --release --lib rules::filter -- --ignored --nocapture` prints the row of
    /// `docs/architecture.md`.
    #[test]
    #[ignore = "a measurement"]
    #[allow(clippy::print_stderr, clippy::cast_precision_loss)] // shows its numbers
    fn measure() {
        let Some(corpus) = std::env::var_os("HOOKD_CORPUS") else {
            return;
        };
        let data = std::fs::read(corpus).expect("a file");
        let words = builtin_keywords();
        let speed = |since: Instant| data.len() as f64 / 1e6 / since.elapsed().as_secs_f64();
        let start = Instant::now();
        let filter = KeywordFilter::new(&words);
        let built = start.elapsed();
        let (start, mut hits) = (Instant::now(), 0);
        filter.each(&data, |_, _| hits += 1);
        eprintln!(
            "filter: {built:?} to build, {:.0} MB/s, {hits} hits",
            speed(start)
        );
        for kind in [AhoCorasickKind::ContiguousNFA, AhoCorasickKind::DFA] {
            let start = Instant::now();
            let automaton = automaton(&words, kind);
            let built = start.elapsed();
            let start = Instant::now();
            let hits = automaton.find_overlapping_iter(&data).count();
            eprintln!(
                "{kind:?}: {built:?} to build, {:.0} MB/s, {hits} hits",
                speed(start)
            );
        }
    }
}
