//! Decoding as gitleaks 8 does it: the whole text in passes, each over the outcome of the one before, until nothing changes.
//! Other than the decoder of the secret scanner, which decodes more and looks at each piece by itself.

use crate::rules::decode_base64;
use std::ops::Range;

/// Fewest hexadecimal digits that are decoded.
const HEX: usize = 32;
/// Fewest base64 digits that are decoded.
const BASE64: usize = 16;

/// A text after a pass.
pub(super) struct Pass {
    /// The text.
    pub(super) text: Vec<u8>,
    /// In order of the text, without gaps.
    pieces: Vec<Piece>,
}

struct Piece {
    text: Range<usize>,
    source: Range<usize>,
    /// Whether this pass decoded it.
    fresh: bool,
    /// Whether its bytes are those of the source.
    plain: bool,
}

/// Encoded text. The more specific code comes first, and wins where two touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Code {
    Percent,
    Unicode,
    Hex,
    Base64,
}

impl Pass {
    /// The text before any pass.
    pub(super) fn first(text: Vec<u8>) -> Self {
        let all = 0..text.len();
        Self {
            pieces: vec![Piece {
                text: all.clone(),
                source: all,
                fresh: false,
                plain: true,
            }],
            text,
        }
    }

    /// The text with all that is encoded decoded once; `None` where nothing is.
    pub(super) fn next(&self) -> Option<Self> {
        let mut next = Self {
            text: Vec::with_capacity(self.text.len()),
            pieces: Vec::new(),
        };
        let mut done = 0;
        for (code, range) in encoded(&self.text) {
            let Some(plain) = decode(code, &self.text[range.clone()]) else {
                continue;
            };
            next.copy(self, done..range.start);
            next.add(&plain, self.source(&range), true, false);
            done = range.end;
        }
        next.copy(self, done..self.text.len());
        (done > 0).then_some(next)
    }

    /// Whether it is the text before any pass.
    pub(super) fn is_first(&self) -> bool {
        self.pieces.iter().all(|piece| !piece.fresh)
    }

    /// Whether `range` is worth a look: whether this pass decoded some of it, or what stands next to it.
    pub(super) fn is_fresh(&self, range: &Range<usize>) -> bool {
        self.is_first() || self.near(range).any(|piece| piece.fresh)
    }

    /// The lines around what this pass decoded in `range`, from the line end before them on.
    pub(super) fn line(&self, range: &Range<usize>) -> Range<usize> {
        let mut fresh = self.near(range).filter(|piece| piece.fresh);
        let first = fresh.next().map_or(range, |piece| &piece.text);
        let end = fresh.last().map_or(first.end, |piece| piece.text.end);
        let head = self.text.len().min(first.start + 1);
        let start = memchr::memrchr(b'\n', &self.text[..head]).unwrap_or(0);
        let rest = memchr::memchr(b'\n', &self.text[end..]);
        start..rest.map_or(self.text.len(), |at| end + at)
    }

    /// What `range` is written as.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        let from = self
            .pieces
            .partition_point(|piece| piece.text.end <= range.start);
        let to = self
            .pieces
            .partition_point(|piece| piece.text.start < range.end);
        let start = self
            .pieces
            .get(from)
            .map_or(0, |piece| piece.place(range.start).0);
        let last = self.pieces.get(to.saturating_sub(1).max(from));
        let end = last.map_or(start, |piece| piece.place(range.end).1);
        start..end.max(start)
    }

    fn near(&self, range: &Range<usize>) -> impl Iterator<Item = &Piece> {
        let first = self
            .pieces
            .partition_point(|piece| piece.text.end < range.start);
        let end = range.end;
        self.pieces[first..]
            .iter()
            .take_while(move |piece| piece.text.start <= end)
    }

    fn copy(&mut self, from: &Self, range: Range<usize>) {
        let first = from
            .pieces
            .partition_point(|piece| piece.text.end <= range.start);
        for piece in &from.pieces[first..] {
            let start = piece.text.start.max(range.start);
            let end = piece.text.end.min(range.end);
            if start >= end {
                break;
            }
            let source = piece.place(start).0..piece.place(end).1;
            self.add(&from.text[start..end], source, false, piece.plain);
        }
    }

    fn add(&mut self, text: &[u8], source: Range<usize>, fresh: bool, plain: bool) {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        self.pieces.push(Piece {
            text: start..self.text.len(),
            source,
            fresh,
            plain,
        });
    }
}

impl Piece {
    /// Where a place in the text begins and ends in the source: decoded text stands for all of its code.
    fn place(&self, at: usize) -> (usize, usize) {
        if !self.plain {
            return (self.source.start, self.source.end);
        }
        let offset = at.clamp(self.text.start, self.text.end) - self.text.start;
        (self.source.start + offset, self.source.start + offset)
    }
}

/// All that looks encoded, in order. Of two that touch the less specific waits for the next pass.
fn encoded(text: &[u8]) -> Vec<(Code, Range<usize>)> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match code_at(text, at) {
            Ok((code, end)) => {
                all.push((code, at..end));
                at = end;
            }
            Err(next) => at = next,
        }
    }
    let waits = |index: usize, other: usize| {
        let (one, beside) = (&all[index], all.get(other));
        beside.is_some_and(|beside| {
            beside.0 < one.0 && beside.1.start <= one.1.end && one.1.start <= beside.1.end
        })
    };
    (0..all.len())
        .filter(|&index| !waits(index, index.wrapping_sub(1)) && !waits(index, index + 1))
        .map(|index| all[index].clone())
        .collect()
}

/// The code that starts at `at` with its end, or else where to look next.
fn code_at(text: &[u8], at: usize) -> Result<(Code, usize), usize> {
    let rest = &text[at..];
    match rest[0] {
        b'%' if escape(rest).is_some() => {
            let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let last = memchr::memrchr_iter(b'%', &rest[..line])
                .find(|&place| escape(&rest[place..line]).is_some());
            Ok((Code::Percent, at + last.unwrap_or(0) + 3))
        }
        b'\\' => unicode(rest, slashed).map_or(Err(at + 1), |len| Ok((Code::Unicode, at + len))),
        b'U' if unicode(rest, spelled).is_some() => {
            Ok((Code::Unicode, at + unicode(rest, spelled).unwrap_or(1)))
        }
        first if is_digit(first) => digits(rest)
            .map(|(code, len)| (code, at + len))
            .map_err(|len| at + len),
        _ => Err(at + 1),
    }
}

/// The run of digits that starts `rest`, or how much of it is none.
fn digits(rest: &[u8]) -> Result<(Code, usize), usize> {
    let run = |test: fn(u8) -> bool| rest.iter().take_while(|&&byte| test(byte)).count();
    let hex = run(|byte| byte.is_ascii_hexdigit());
    if hex >= HEX {
        return Ok((Code::Hex, hex));
    }
    let all = run(is_digit);
    if all >= BASE64 {
        let padding = rest[all..].iter().take(2).take_while(|&&byte| byte == b'=');
        return Ok((Code::Base64, all + padding.count()));
    }
    // A code point may follow in the word.
    let next = memchr::memchr(b'U', &rest[1..all.max(1)]);
    Err(next.map_or(all.max(1), |place| place + 1))
}

const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'+' | b'-')
}

/// The byte that `%41` at the start of `text` stands for.
fn escape(text: &[u8]) -> Option<u8> {
    let digits = text.get(1..3).filter(|_| text[0] == b'%')?;
    number(digits).and_then(|number| u8::try_from(number).ok())
}

/// How long the escapes are that start `text`.
fn unicode(text: &[u8], read: fn(&[u8]) -> Option<(usize, u32)>) -> Option<usize> {
    let mut len = 0;
    while let Some((more, _)) = read(&text[len..]) {
        len += more;
    }
    (len > 0).then_some(len)
}

/// `\u0041`, also with two backslashes and a capital U.
fn slashed(text: &[u8]) -> Option<(usize, u32)> {
    let slashes = text.iter().take(2).take_while(|&&byte| byte == b'\\');
    let len = slashes.count();
    let sign = text.get(len).filter(|_| len > 0)?;
    let digits = text.get(len + 1..len + 5)?;
    let value = number(digits).filter(|_| sign.eq_ignore_ascii_case(&b'u'))?;
    Some((len + 5, value))
}

/// `U+0041` and the blank after it, or the end.
fn spelled(text: &[u8]) -> Option<(usize, u32)> {
    let value = number(text.strip_prefix(b"U+")?.get(..4)?)?;
    match text.get(6) {
        None => Some((6, value)),
        Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0C) => Some((7, value)),
        Some(_) => None,
    }
}

/// The value of hexadecimal digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |value, &digit| {
        Some(value << 4 | char::from(digit).to_digit(16)?)
    })
}

fn is_printable(byte: u8) -> bool {
    (0x09..0x7F).contains(&byte)
}

/// What the code says, if that is printable ASCII.
fn decode(code: Code, text: &[u8]) -> Option<Vec<u8>> {
    let has_number = text.iter().any(u8::is_ascii_digit);
    let plain = match code {
        Code::Percent => percent(text)?,
        Code::Unicode => return Some(characters(text)),
        Code::Hex if has_number && text.len().is_multiple_of(2) => text
            .chunks_exact(2)
            .map(|pair| number(pair).and_then(|number| u8::try_from(number).ok()))
            .collect::<Option<_>>()?,
        Code::Base64 if has_number || text.iter().any(|byte| b"+/-_".contains(byte)) => {
            base64(text)?
        }
        _ => return None,
    };
    let good = !plain.is_empty() && plain.iter().all(|&byte| is_printable(byte));
    good.then_some(plain)
}

/// Standard base64 with all of its padding, or the other alphabet without any.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let has = |signs: &[u8]| text.iter().any(|byte| signs.contains(byte));
    let padding = text.iter().rev().take_while(|&&byte| byte == b'=').count();
    let rest = (text.len() - padding) % 4;
    let standard = !has(b"-_") && text.len().is_multiple_of(4) && rest != 1;
    let url = !has(b"+/=") && rest != 1;
    decode_base64(text).filter(|_| standard || url)
}

/// `None` where an escape stands for something that does not print.
fn percent(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match escape(&text[at..]) {
            Some(byte) if !is_printable(byte) => return None,
            Some(byte) => plain.push(byte),
            None => plain.push(text[at]),
        }
        at += if escape(&text[at..]).is_some() { 3 } else { 1 };
    }
    // What stands between escapes may be anything; it stays.
    Some(plain)
}

fn characters(text: &[u8]) -> Vec<u8> {
    let mut plain = String::new();
    let mut at = 0;
    while let Some((len, value)) = slashed(&text[at..]).or_else(|| spelled(&text[at..])) {
        plain.push(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER));
        at += len;
    }
    plain.into_bytes()
}
