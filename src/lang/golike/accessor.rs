//! Heads of Swift's accessors: `get async throws {`, `set(value) {`. The words are names elsewhere.

use crate::lang::lexeme::{Lexeme, Sort};

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
        let word = token.sort == Sort::Word;
        match self.part {
            Part::Word | Part::Effects if self.name == b"get" => self.effect(bytes),
            Part::Word => (bytes == b"(" && self.name != b"deinit").then_some(Part::Parameter),
            Part::Parameter => word.then_some(Part::ParameterName),
            Part::ParameterName => (bytes == b")").then_some(Part::ParameterEnd),
            Part::Error => error(bytes),
            _ => None,
        }
    }

    /// `async`, `throws`, and an error's type in parentheses behind them.
    fn effect(&self, bytes: &[u8]) -> Option<Part> {
        match bytes {
            b"async" | b"throws" => Some(Part::Effects),
            b"(" if self.part == Part::Effects => Some(Part::Error),
            _ => None,
        }
    }
}

/// In the parentheses behind `throws`.
fn error(bytes: &[u8]) -> Option<Part> {
    match bytes {
        b"{" | b"}" => None,
        b")" => Some(Part::Effects),
        _ => Some(Part::Error),
    }
}
