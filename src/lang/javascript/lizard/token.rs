//! Tokens: what is left of the pieces without blanks and comments, and the line each stands on.

use super::jsx::Elements;
use super::source::{Piece, Sort, Source};
use super::template::is_space;
use crate::lang::lexeme::Dialect;
use std::borrow::Cow;

/// What brackets and patterns are told by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    Round,
    Square,
    Curly,
    /// `${`
    Splice,
    Close(u8),
    Comma,
    Equal,
    Other,
}

impl Mark {
    #[inline]
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            b"(" => Self::Round,
            b"[" => Self::Square,
            b"{" => Self::Curly,
            b"${" => Self::Splice,
            [close @ (b')' | b']' | b'}')] => Self::Close(*close),
            b"," => Self::Comma,
            b"=" => Self::Equal,
            _ => Self::Other,
        }
    }

    /// What closes the bracket that it opens.
    pub(super) fn closing(self) -> Option<u8> {
        match self {
            Self::Round => Some(b')'),
            Self::Square => Some(b']'),
            Self::Curly | Self::Splice => Some(b'}'),
            _ => None,
        }
    }
}

/// A token.
#[derive(Clone)]
pub(super) struct Token<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) at: usize,
    pub(super) line: usize,
    /// Whether it is the first of its line, or goes over several.
    pub(super) fresh: bool,
    pub(super) mark: Mark,
}

impl Token<'_> {
    /// Whether a statement ends with it, or with the line in front of it.
    pub(super) fn ends_statement(&self) -> bool {
        self.fresh || *self.bytes == *b";"
    }
}

enum Pieces<'a> {
    Plain(Source<'a>),
    Elements(Elements<'a>),
}

/// Reads tokens.
pub(super) struct Tokens<'a> {
    pieces: Pieces<'a>,
    line: usize,
    fresh: bool,
}

impl<'a> Tokens<'a> {
    /// The tokens of `text`, with elements of JSX among them or not.
    pub(super) fn new(text: &'a [u8], jsx: bool) -> Self {
        let pieces = if jsx {
            Pieces::Elements(Elements::new(Source::new(text, Dialect::ScriptMarkup)))
        } else {
            Pieces::Plain(Source::new(text, Dialect::Script))
        };
        Self {
            pieces,
            line: 1,
            fresh: true,
        }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let mut piece = match &mut self.pieces {
                Pieces::Plain(source) => source.next()?,
                Pieces::Elements(elements) => elements.next()?,
            };
            if piece.sort == Sort::Quasi {
                return Some(self.token(piece));
            }
            if piece.bytes.first().is_some_and(|&byte| is_space(byte)) && self.is_blank(&mut piece)
            {
                continue;
            }
            if !matches!(&*piece.bytes, [b'/', b'/' | b'*', ..]) {
                return Some(self.token(piece));
            }
            self.comment(&piece.bytes);
        }
    }

    /// Whether there is nothing but blanks. In front of a slash they are told apart from what it starts.
    fn is_blank(&mut self, piece: &mut Piece<'a>) -> bool {
        let blanks = piece
            .bytes
            .iter()
            .take_while(|&&byte| is_space(byte))
            .count();
        match piece.bytes.get(blanks) {
            None if *piece.bytes == *b"\n" => {
                self.line += 1;
                self.fresh = true;
                true
            }
            None => true,
            Some(b'/') => {
                let lines = newlines(&piece.bytes[..blanks]);
                self.line += lines;
                self.fresh |= lines > 0;
                piece.at += blanks;
                piece.bytes = match &piece.bytes {
                    Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[blanks..]),
                    Cow::Owned(bytes) => Cow::Owned(bytes[blanks..].to_vec()),
                };
                false
            }
            Some(_) => false,
        }
    }

    fn comment(&mut self, bytes: &[u8]) {
        let lines = line_ends(bytes);
        self.line += lines;
        self.fresh |= lines > 0;
    }

    #[inline]
    fn token(&mut self, piece: Piece<'a>) -> Token<'a> {
        let lines = match piece.bytes.len() {
            0 | 1 if piece.sort != Sort::Quasi => 0,
            _ => newlines(&piece.bytes),
        };
        self.line += lines;
        let fresh = std::mem::take(&mut self.fresh) || lines > 0;
        let bytes = match piece.sort {
            Sort::Quasi => Cow::Borrowed(b"``".as_slice()),
            _ => piece.bytes,
        };
        Token {
            mark: Mark::of(&bytes),
            bytes,
            at: piece.at,
            line: self.line,
            fresh,
        }
    }
}

fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// Line ends of a comment, those that are none to a parser too.
fn line_ends(bytes: &[u8]) -> usize {
    let ends = bytes.iter().enumerate().filter(|&(at, byte)| match byte {
        b'\n' | 0x0b | 0x0c | 0x1c..=0x1e => true,
        0xc2 => bytes.get(at + 1) == Some(&0x85),
        0xe2 => matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])),
        _ => false,
    });
    ends.count()
}
