//! One pass over the lines of a file for all checks that go line by line.

use super::check::{Edges, Line};

/// Bytes looked at together: few enough that a hit costs little, enough that the compiler makes vector code of the loop.
const BLOCK: usize = 64;

/// Hands every line of `bytes` to `each` that begins or ends with a byte of `edges`, in order, and the last one where
/// nothing ends it. Empty lines are left out.
pub(super) fn each_line(bytes: &[u8], edges: &Edges, each: &mut dyn FnMut(&Line<'_>)) {
    let mut walk = Walk {
        bytes,
        edges,
        each,
        next: 0,
    };
    walk.begun(0);
    let (last, first) = (Span::of(&edges.last), Span::of(&edges.first));
    // The first byte has none before it.
    let mut at = bytes.len().min(1);
    walk.block(0, at);
    while let Some([before, here, behind]) = around(bytes, at) {
        if hits(before, here, behind, last, first) {
            walk.block(at, at + BLOCK);
        }
        at += BLOCK;
    }
    walk.block(at, bytes.len());
    walk.rest();
}

/// A block of bytes from `at` on, and the same one byte earlier and one later.
fn around(bytes: &[u8], at: usize) -> Option<[&[u8; BLOCK]; 3]> {
    let block = |at: usize| bytes.get(at..at + BLOCK)?.try_into().ok();
    Some([block(at.checked_sub(1)?)?, block(at)?, block(at + 1)?])
}

/// Bytes from one to another, both included.
#[derive(Clone, Copy)]
struct Span {
    from: u8,
    width: u8,
    /// Nothing where there is no byte in it.
    mask: u8,
}

impl Span {
    /// The shortest one that holds all of `set` but `\n`.
    fn of(set: &[bool; 256]) -> Self {
        let mut held = (0..=u8::MAX).filter(|&byte| byte != b'\n' && set[usize::from(byte)]);
        let from = held.next();
        let to = held.next_back().or(from);
        Self {
            from: from.unwrap_or(0),
            width: to.unwrap_or(0) - from.unwrap_or(0),
            mask: if from.is_some() { u8::MAX } else { 0 },
        }
    }

    #[inline]
    const fn holds(self, byte: u8) -> u8 {
        ((byte.wrapping_sub(self.from) <= self.width) as u8) & self.mask
    }
}

/// Whether a line may end in `here` with a byte of `last` before it, or begin with a byte of `first`.
#[inline]
fn hits(
    before: &[u8; BLOCK],
    here: &[u8; BLOCK],
    behind: &[u8; BLOCK],
    last: Span,
    first: Span,
) -> bool {
    let mut any = 0;
    for at in 0..BLOCK {
        let ended = last.holds(before[at]) & u8::from(before[at] != b'\n');
        any |= u8::from(here[at] == b'\n') & (ended | first.holds(behind[at]));
    }
    any != 0
}

struct Walk<'a> {
    bytes: &'a [u8],
    edges: &'a Edges,
    each: &'a mut dyn FnMut(&Line<'_>),
    /// Lines that start before it were handed over, or are not wanted.
    next: usize,
}

impl Walk<'_> {
    /// Looks at the line ends between `from` and `to`.
    fn block(&mut self, from: usize, to: usize) {
        for at in memchr::memchr_iter(b'\n', &self.bytes[from..to]) {
            self.ended(from + at);
            self.begun(from + at + 1);
        }
    }

    /// A line ends at `end`.
    fn ended(&mut self, end: usize) {
        let Some(&last) = end.checked_sub(1).and_then(|at| self.bytes.get(at)) else {
            return;
        };
        if last != b'\n' && self.edges.last[usize::from(last)] {
            let start = memchr::memrchr(b'\n', &self.bytes[..end]).map_or(0, |at| at + 1);
            self.hand_over(start, end, true);
        }
    }

    /// A line begins at `start`.
    fn begun(&mut self, start: usize) {
        let wanted = |&first: &u8| first != b'\n' && self.edges.first[usize::from(first)];
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
    use super::super::check::Edges;
    use super::each_line;

    /// Start, text, ended.
    type Seen = Vec<(usize, Vec<u8>, bool)>;

    fn seen(bytes: &[u8], edges: &Edges) -> Seen {
        let mut all = Vec::new();
        each_line(bytes, edges, &mut |line| {
            all.push((line.start, line.bytes.to_vec(), line.ended));
        });
        all
    }

    /// The same, in the plainest way.
    fn wanted(bytes: &[u8], edges: &Edges) -> Seen {
        let mut all = Vec::new();
        let mut start = 0;
        for raw in bytes.split_inclusive(|&byte| byte == b'\n') {
            let line = raw.strip_suffix(b"\n").unwrap_or(raw);
            let ended = line.len() < raw.len();
            if let (Some(first), Some(last)) = (line.first(), line.last())
                && (!ended
                    || edges.first[usize::from(*first)]
                    || edges.last[usize::from(*last)])
            {
                all.push((start, line.to_vec(), ended));
            }
            start += raw.len();
        }
        all
    }

    #[test]
    fn the_lines_are_those_of_a_plain_walk() {
        let sets: [(&[u8], &[u8]); 5] = [
            (b"<=>", b" \t\n\r\x0b\x0c"),
            (b"", b" "),
            (b"a", b""),
            (b"", b""),
            (b"<z", b"\xff \n"),
        ];
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        for (first, last) in sets {
            let edges = Edges::new(first, last);
            for length in (0..300).chain([1000, 4097]) {
                let text: Vec<u8> = std::iter::repeat_with(|| {
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    b"\n\n\nab \t\r<=>z\xffxxxxxxxxxxxxxxx"[(random % 28) as usize]
                })
                .take(length)
                .collect();
                assert_eq!(seen(&text, &edges), wanted(&text, &edges), "{text:?}");
            }
        }
    }
}
