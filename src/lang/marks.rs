//! Finds the places that matter to a scanner, 64 bytes at a time: most tokens of a file change no number, and to read them one by
//! one is most of the work.

use std::marker::PhantomData;

/// Bytes that are looked at together.
const WIDTH: usize = 64;

/// Which bytes are marks.
pub(super) trait Marking {
    /// Whether the byte `here` is a mark, between `before` and `behind`. Written without branches, tables and short-circuiting
    /// operators: the compiler makes vectors of it.
    fn marks(before: u8, here: u8, behind: u8) -> bool;

    /// Whether it is a mark only for one who looks closely.
    #[inline]
    fn close(here: u8) -> bool {
        let _ = here;
        false
    }
}

/// How closely a scanner looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// For what [`Marking::marks`] says.
    Over,
    /// For what [`Marking::close`] says too.
    Close,
}

/// Goes from mark to mark, from wherever it is asked to: what is skipped over, such as a long string, is not looked at.
pub(super) struct Marks<'a, M> {
    text: &'a [u8],
    /// Where the bytes start that were looked at last.
    base: usize,
    /// The marks among them, the first byte the lowest bit.
    found: u64,
    /// Those that [`Look::Close`] adds.
    close: u64,
    marking: PhantomData<M>,
}

impl<'a, M: Marking> Marks<'a, M> {
    pub(super) const fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            base: text.len(),
            found: 0,
            close: 0,
            marking: PhantomData,
        }
    }

    /// The first mark from byte `at` on; the end of the text where there is none.
    #[inline]
    pub(super) fn next(&mut self, mut at: usize, look: Look) -> usize {
        let close = if look == Look::Close { u64::MAX } else { 0 };
        loop {
            let offset = at.wrapping_sub(self.base);
            if offset < WIDTH {
                let left = (self.found | self.close & close) >> offset;
                if left != 0 {
                    return at + left.trailing_zeros() as usize;
                }
                at = self.base + WIDTH;
            }
            if at >= self.text.len() {
                return self.text.len();
            }
            self.look(at);
        }
    }

    /// Finds the marks of the bytes from `base` on.
    #[inline(never)]
    fn look(&mut self, base: usize) {
        let rest = self.text.get(base.wrapping_sub(1)..).unwrap_or_default();
        let padded;
        let window = match rest.first_chunk() {
            Some(window) => window,
            None => {
                padded = self.padded(base);
                &padded
            }
        };
        self.base = base;
        self.found = Self::bits(window, M::marks);
        self.close = Self::bits(window, |_, here, _| M::close(here));
    }

    /// The bytes from the one before `base` on, with blanks where the text is over.
    #[cold]
    fn padded(&self, base: usize) -> [u8; WIDTH + 2] {
        let mut window = [b' '; WIDTH + 2];
        let from = base.saturating_sub(1);
        let room = &mut window[usize::from(base == 0)..];
        let bytes = self.text[from..].iter().take(room.len());
        room.iter_mut()
            .zip(bytes)
            .for_each(|(to, from)| *to = *from);
        window
    }

    #[inline]
    fn bits(window: &[u8; WIDTH + 2], marks: impl Fn(u8, u8, u8) -> bool) -> u64 {
        let mut flags = [0; WIDTH];
        for (at, flag) in flags.iter_mut().enumerate() {
            *flag = u8::from(marks(window[at], window[at + 1], window[at + 2]));
        }
        packed(&flags)
    }
}

/// One bit for each byte, which is 0 or 1.
#[inline]
fn packed(flags: &[u8; WIDTH]) -> u64 {
    let (eights, _) = flags.as_chunks::<8>();
    let bytes = eights.iter().map(|eight| {
        // The product has byte number n at bit 56 + n, and nothing else there.
        u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56
    });
    bytes.rev().fold(0, |bits, byte| bits << 8 | byte)
}

#[cfg(test)]
mod tests {
    use super::{Look, Marking, Marks};

    struct Doubled;

    impl Marking for Doubled {
        fn marks(before: u8, here: u8, behind: u8) -> bool {
            (here == b'x') & ((before == b'x') | (behind == b'x'))
        }

        fn close(here: u8) -> bool {
            here == b'.'
        }
    }

    fn found(text: &[u8], look: Look) -> Vec<usize> {
        let mut marks = Marks::<Doubled>::new(text);
        let (mut at, mut found) = (0, Vec::new());
        while at < text.len() {
            at = marks.next(at, look);
            found.extend((at < text.len()).then_some(at));
            at += 1;
        }
        found
    }

    #[test]
    fn every_mark_is_found_wherever_it_stands() {
        let mut state = 7_u32;
        for length in 0..300 {
            let text: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    b"xx. abcdefghijklmnopqr"[(state >> 24) as usize % 22]
                })
                .collect();
            let byte = |at: usize| text.get(at).copied().unwrap_or(b' ');
            let doubled =
                |at: &usize| Doubled::marks(byte(at.wrapping_sub(1)), byte(*at), byte(at + 1));
            let over: Vec<usize> = (0..length).filter(doubled).collect();
            let close = (0..length).filter(|at| doubled(at) || text[*at] == b'.');
            assert_eq!(found(&text, Look::Over), over, "of {length} bytes");
            assert_eq!(found(&text, Look::Close), close.collect::<Vec<_>>());
        }
    }
}
