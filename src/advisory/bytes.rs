//! The encoding of a database file: variable-length numbers, strings, checksums. Reading checks every bound.

/// The bytes ended too early, or hold something that the format does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Corrupt;

/// Appends `value` in groups of seven bits, lowest first (LEB128).
pub(super) fn put_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends the length of `bytes`, then the bytes.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends how many there are, then each.
pub(super) fn put_strings(out: &mut Vec<u8>, strings: &[String]) {
    put_number(out, strings.len() as u64);
    for string in strings {
        put_bytes(out, string.as_bytes());
    }
}

/// Reads what the functions above wrote.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, Corrupt> {
        let (&first, rest) = self.rest.split_first().ok_or(Corrupt)?;
        self.rest = rest;
        Ok(first)
    }

    pub(super) fn number(&mut self) -> Result<u64, Corrupt> {
        let mut value = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Corrupt)
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Corrupt> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Corrupt)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Corrupt> {
        let len = self.number()?;
        self.take(usize::try_from(len).map_err(|_| Corrupt)?)
    }

    pub(super) fn string(&mut self) -> Result<&'a str, Corrupt> {
        text(self.bytes()?)
    }

    pub(super) fn strings(&mut self) -> Result<Vec<String>, Corrupt> {
        let own = self.each_string()?;
        own.map(|string| string.map(str::to_owned)).collect()
    }

    /// Passes over strings; each is read when it is asked for.
    pub(super) fn each_string(
        &mut self,
    ) -> Result<impl Iterator<Item = Result<&'a str, Corrupt>> + use<'a>, Corrupt> {
        let count = self.number()?;
        // A string takes at least the byte of its length: a larger count is not worth reserving for.
        if count > self.rest.len() as u64 {
            return Err(Corrupt);
        }
        let mut strings = *self;
        for _ in 0..count {
            self.bytes()?;
        }
        Ok((0..count).map(move |_| strings.string()))
    }
}

/// The bytes as text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Corrupt> {
    std::str::from_utf8(bytes).map_err(|_| Corrupt)
}

/// The four bytes at `at`, little-endian.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Corrupt> {
    let raw = bytes.get(at..at + 4).ok_or(Corrupt)?;
    raw.try_into().map(u32::from_le_bytes).map_err(|_| Corrupt)
}

/// The eight bytes at `at`, little-endian.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> Result<u64, Corrupt> {
    let raw = bytes.get(at..at + 8).ok_or(Corrupt)?;
    raw.try_into().map(u64::from_le_bytes).map_err(|_| Corrupt)
}

/// A 64-bit mix of `bytes`, eight at a time: spreads names over pages, and finds accidental damage of a page in the
/// time a lookup can afford. It is no defence against intent; the SHA-256 in the header is for that.
pub(super) fn mix(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let step = |state: u64, word: u64| {
        let product = (state ^ word).wrapping_mul(FACTOR);
        product ^ (product >> 32)
    };
    let (words, tail) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..tail.len()].copy_from_slice(tail);
    let state = words
        .iter()
        .fold(bytes.len() as u64 ^ FACTOR, |state, word| {
            step(state, u64::from_le_bytes(*word))
        });
    step(step(state, u64::from_le_bytes(last)), FACTOR)
}

/// The lower half of [`mix`].
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    mix(bytes) as u32
}

#[cfg(test)]
mod tests {
    use super::{Corrupt, Reader, mix, put_number, put_strings};

    #[test]
    fn numbers_and_strings_come_back() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), (1 << 62) - 1] {
            let mut out = Vec::new();
            put_number(&mut out, value);
            assert_eq!(Reader::new(&out).number(), Ok(value));
        }
        let strings = vec![String::new(), "é".to_owned(), "x".repeat(300)];
        let mut out = Vec::new();
        put_strings(&mut out, &strings);
        assert_eq!(Reader::new(&out).strings(), Ok(strings));
    }

    #[test]
    fn every_cut_is_noticed() {
        let mut out = Vec::new();
        put_strings(&mut out, &["abc".to_owned(), "de".to_owned()]);
        for end in 0..out.len() {
            assert_eq!(Reader::new(&out[..end]).strings(), Err(Corrupt), "{end}");
        }
        assert_eq!(Reader::new(&[0xff; 20]).number(), Err(Corrupt));
        assert_eq!(Reader::new(&[0xff; 20]).strings(), Err(Corrupt));
    }

    #[test]
    fn one_changed_bit_changes_the_mix() {
        let bytes: Vec<u8> = (0..100).collect();
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 4;
            assert_ne!(mix(&other), mix(&bytes), "{at}");
        }
        assert_ne!(mix(b"a"), mix(b"a\0"));
    }
}
