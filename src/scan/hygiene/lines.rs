//! One pass over the lines of a file for all checks that go line by line.

use super::check::{Check, Edges, Line};
use aho_corasick::packed::Searcher;
use std::collections::BTreeSet;

/// What to stop at: the line ends that some check may have to do with, and the words of checks that look at files as wholes.
/// Both are found by one vector search: to look at each line end takes several times as long.
pub(super) struct Stops {
    /// First and last bytes of lines to look at; the `\n` is none.
    first: [bool; 256],
    last: [bool; 256],
    /// What each pattern of the search is.
    kinds: Vec<Kind>,
    /// `None` where there are no patterns, or too many: then every line end is looked at.
    search: Option<Searcher>,
    /// Words are not looked for.
    blind: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A line end, so many bytes into the match.
    LineEnd(usize),
    Word,
}

impl Stops {
    /// Those of `checks`.
    pub(super) fn new<'c>(checks: impl Iterator<Item = &'c dyn Check>) -> Self {
        let (mut first, mut last) = (BTreeSet::new(), BTreeSet::new());
        let mut words: BTreeSet<&str> = BTreeSet::new();
        for check in checks {
            let edges: Edges<'c> = check.edges();
            first.extend(edges.first.iter().copied().filter(|&byte| byte != b'\n'));
            last.extend(edges.last.iter().copied().filter(|&byte| byte != b'\n'));
            words.extend(check.words());
        }
        // Matches do not overlap: a word must not hide a line end, nor the other way round.
        let blind = first.iter().chain(&last).any(u8::is_ascii_alphanumeric);
        if blind {
            words.clear();
        }
        let ending = last
            .iter()
            .map(|&byte| (vec![byte, b'\n'], Kind::LineEnd(1)));
        let beginning = first
            .iter()
            .map(|&byte| (vec![b'\n', byte], Kind::LineEnd(0)));
        let words = words
            .iter()
            .map(|word| (word.as_bytes().to_vec(), Kind::Word));
        let (patterns, kinds): (Vec<Vec<u8>>, Vec<Kind>) =
            ending.chain(beginning).chain(words).unzip();
        let table = |set: &BTreeSet<u8>| {
            std::array::from_fn(|at| u8::try_from(at).is_ok_and(|byte| set.contains(&byte)))
        };
        Self {
            first: table(&first),
            last: table(&last),
            kinds,
            search: Searcher::new(patterns),
            blind,
        }
    }

    /// Hands every line of `bytes` to `each` that begins or ends with one of the bytes asked for, in order, and the last one
    /// where nothing ends it. Empty lines are left out. Tells whether there are any of the words; that there may be, where it
    /// did not look.
    pub(super) fn each_line(&self, bytes: &[u8], each: &mut dyn FnMut(&Line<'_>)) -> bool {
        let mut walk = Walk {
            bytes,
            stops: self,
            each,
            next: 0,
        };
        let mut any = self.blind || self.search.is_none();
        walk.begun(0);
        match &self.search {
            Some(search) => {
                for found in search.find_iter(bytes) {
                    match self.kinds[found.pattern().as_usize()] {
                        Kind::LineEnd(offset) => walk.line_end(found.start() + offset),
                        Kind::Word => any = true,
                    }
                }
            }
            None => memchr::memchr_iter(b'\n', bytes).for_each(|at| walk.line_end(at)),
        }
        walk.rest();
        any
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    stops: &'a Stops,
    each: &'a mut dyn FnMut(&Line<'_>),
    /// Lines that start before it were handed over, or are not wanted.
    next: usize,
}

impl Walk<'_> {
    /// Looks at both sides of the line end at `at`.
    fn line_end(&mut self, at: usize) {
        self.ended(at);
        self.begun(at + 1);
    }

    /// A line ends at `end`.
    fn ended(&mut self, end: usize) {
        let Some(&last) = end.checked_sub(1).and_then(|at| self.bytes.get(at)) else {
            return;
        };
        if last != b'\n' && self.stops.last[usize::from(last)] {
            let start = memchr::memrchr(b'\n', &self.bytes[..end]).map_or(0, |at| at + 1);
            self.hand_over(start, end, true);
        }
    }

    /// A line begins at `start`.
    fn begun(&mut self, start: usize) {
        let wanted = |&first: &u8| first != b'\n' && self.stops.first[usize::from(first)];
        if self.bytes.get(start).is_some_and(wanted) {
            let end = memchr::memchr(b'\n', &self.bytes[start..]);
            let to = end.map_or(self.bytes.len(), |at| start + at);
            self.hand_over(start, to, end.is_some());
        }
    }

    /// The last line, where nothing ends it: whatever its edges.
    fn rest(&mut self) {
        let start = memchr::memrchr(b'\n', self.bytes).map_or(0, |at| at + 1);
        if start < self.bytes.len() {
            self.hand_over(start, self.bytes.len(), false);
        }
    }

    fn hand_over(&mut self, start: usize, end: usize, ended: bool) {
        if start < self.next {
            return;
        }
        self.next = start + 1;
        (self.each)(&Line {
            bytes: &self.bytes[start..end],
            start,
            ended,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::{Check, Edges};
    use super::Stops;

    struct Asking {
        first: &'static [u8],
        last: &'static [u8],
        words: &'static [&'static str],
    }

    impl Check for Asking {
        fn edges(&self) -> Edges<'_> {
            Edges {
                first: self.first,
                last: self.last,
            }
        }

        fn words(&self) -> &'static [&'static str] {
            self.words
        }
    }

    /// Start, text, ended.
    type Seen = Vec<(usize, Vec<u8>, bool)>;

    fn seen(bytes: &[u8], asking: &Asking) -> (Seen, bool) {
        let mut all = Vec::new();
        let stops = Stops::new([asking as &dyn Check].into_iter());
        let any = stops.each_line(bytes, &mut |line| {
            all.push((line.start, line.bytes.to_vec(), line.ended));
        });
        (all, any)
    }

    /// The same, in the plainest way.
    fn wanted(bytes: &[u8], asking: &Asking) -> Seen {
        let mut all = Vec::new();
        let mut start = 0;
        for raw in bytes.split_inclusive(|&byte| byte == b'\n') {
            let line = raw.strip_suffix(b"\n").unwrap_or(raw);
            let ended = line.len() < raw.len();
            if let (Some(first), Some(last)) = (line.first(), line.last())
                && (!ended || asking.first.contains(first) || asking.last.contains(last))
            {
                all.push((start, line.to_vec(), ended));
            }
            start += raw.len();
        }
        all
    }

    #[test]
    fn the_lines_are_those_of_a_plain_walk() {
        // More bytes than a vector search takes patterns.
        static MANY: [u8; 200] = {
            let mut all = [0; 200];
            let mut at = 0;
            while at < 200 {
                all[at] = at as u8 + 20;
                at += 1;
            }
            all
        };
        let sets: [(&[u8], &[u8]); 6] = [
            (b"<=>", b" \t\n\r\x0b\x0c"),
            (b"", b" "),
            (b"a", b""),
            (b"", b""),
            (b"<z", b"\xff \n"),
            (b"<", &MANY),
        ];
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        for (first, last) in sets {
            let words: &[&str] = &["ab", "xyz"];
            let asking = Asking { first, last, words };
            for length in (0..300).chain([1000, 4097]) {
                let text: Vec<u8> = std::iter::repeat_with(|| {
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    b"\n\n\nab \t\r<=>z\xffxxxxxxxxxxxxxxx"[(random % 28) as usize]
                })
                .take(length)
                .collect();
                let (lines, any) = seen(&text, &asking);
                assert_eq!(lines, wanted(&text, &asking), "{text:?}");
                let is_there = |word: &str| memchr::memmem::find(&text, word.as_bytes()).is_some();
                assert!(any || !words.iter().any(|word| is_there(word)), "{text:?}");
            }
        }
    }

    #[test]
    fn words_are_seen_beside_line_ends() {
        let asking = Asking {
            first: b"<",
            last: b" ",
            words: &["BEGIN"],
        };
        for (text, want) in [
            ("x \nBEGIN \n", true),
            ("x \nBEGI\n", false),
            ("BEGIN", true),
            ("", false),
        ] {
            assert_eq!(seen(text.as_bytes(), &asking).1, want, "{text}");
        }
        assert_eq!(seen(b"BEGIN \n", &asking).0.len(), 1);
    }
}
