//! Heads of Swift's accessors: `get async throws {`, `set(value) {`. The words are names elsewhere.

use super::lexeme::{Lexeme, Sort};

/// What is expected next.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Word,
    Parameter,
    ParameterName,
    ParameterEnd,
    Effects,
    Error,
}

/// What a token makes of a head.
pub(super) enum Next {
    /// It goes on.
    More,
    /// The body of this accessor starts.
    Body(Lexeme),
    /// It was none: these tokens stood behind the word.
    Other(Vec<Lexeme>),
}

/// How many tokens a head has at most. What was none is read again, and may seem to hold further heads.
const LONGEST: usize = 16;

/// A head that is being read.
#[derive(Default)]
pub(super) struct Accessor<'a> {
    word: Option<Lexeme>,
    name: &'a [u8],
    part: Part,
    read: Vec<Lexeme>,
}

impl<'a> Accessor<'a> {
    /// Starts with the word `name`.
    pub(super) fn start(&mut self, token: &Lexeme, name: &'a [u8]) {
        *self = Self {
            word: Some(*token),
            name,
            ..Self::default()
        };
    }

    /// Takes the token behind those that were read.
    pub(super) fn next(&mut self, token: &Lexeme, bytes: &[u8]) -> Next {
        let complete = matches!(self.part, Part::Word | Part::ParameterEnd | Part::Effects);
        if let Some(word) = self.word.filter(|_| complete && bytes == b"{") {
            return Next::Body(word);
        }
        match self.follow(token, bytes) {
            Some(part) if self.read.len() < LONGEST => {
                self.part = part;
                self.read.push(*token);
                Next::More
            }
            _ => Next::Other(std::mem::take(&mut self.read)),
        }
    }

    fn follow(&self, token: &Lexeme, bytes: &[u8]) -> Option<Part> {
        let takes_one = matches!(self.name, b"set" | b"willSet" | b"didSet");
        Some(match (self.part, bytes) {
            (Part::Word, b"(") if takes_one => Part::Parameter,
            (Part::Parameter, _) if token.sort == Sort::Word => Part::ParameterName,
            (Part::ParameterName, b")") => Part::ParameterEnd,
            (Part::Word | Part::Effects, b"async" | b"throws") if self.name == b"get" => {
                Part::Effects
            }
            (Part::Effects, b"(") => Part::Error,
            (Part::Error, b")") => Part::Effects,
            (Part::Error, _) if !matches!(bytes, b"{" | b"}") => Part::Error,
            _ => return None,
        })
    }
}
