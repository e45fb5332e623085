//! What is Go's own, as lizard sees it: whether `func` declares a function, is one without a name, or a type, tells what stands
//! behind it.

use super::{Scanner, State};
use crate::lang::function::Unreadable;
use crate::lang::lexeme::{Dialect, Lexeme, Lexemes, Sort};

/// How many parts of a type are read, such as the results of a function that returns functions.
const PARTS: usize = 64;

/// The tokens of a file, read ahead of the scanner.
pub(super) struct Ahead<'a> {
    text: &'a [u8],
    tokens: Vec<Lexeme>,
    /// For each opening bracket the token behind the one that closes it.
    behind: Vec<u32>,
}

/// What `func` is, with how many tokens belong to it behind it.
enum Func {
    Declaration,
    Literal(usize),
    Type(usize),
}

impl<'a> Ahead<'a> {
    /// Nothing, for languages that need no look ahead.
    pub(super) const fn none() -> Self {
        Self {
            text: b"",
            tokens: Vec::new(),
            behind: Vec::new(),
        }
    }

    /// The tokens of `text`.
    ///
    /// # Errors
    /// A comment that is never closed.
    pub(super) fn new(text: &'a [u8]) -> Result<Self, Unreadable> {
        let mut lexemes = Lexemes::new(text, 0, Dialect::Go);
        let mut tokens = Vec::new();
        let mut open: Vec<(usize, u8)> = Vec::new();
        let mut behind: Vec<u32> = Vec::new();
        while let Some(token) = lexemes.next()? {
            let bytes = token.bytes(text);
            behind.push(u32::MAX);
            match bytes {
                b"(" => open.push((tokens.len(), b')')),
                b"[" => open.push((tokens.len(), b']')),
                b"{" => open.push((tokens.len(), b'}')),
                [byte] if open.last().is_some_and(|last| last.1 == *byte) => {
                    let (at, _) = open.pop().unwrap_or_default();
                    behind[at] = u32::try_from(tokens.len() + 1).unwrap_or(u32::MAX);
                }
                _ => {}
            }
            tokens.push(token);
        }
        Ok(Self {
            text,
            tokens,
            behind,
        })
    }

    /// The token at `index`; nothing where it starts a line, unless `lines` may lie between.
    fn peek(&self, index: usize, lines: bool) -> &'a [u8] {
        let token = self.tokens.get(index);
        token
            .filter(|token| lines || !token.fresh)
            .map_or(b"", |token| token.bytes(self.text))
    }

    fn is_word(&self, index: usize) -> bool {
        let token = self.tokens.get(index);
        token.is_some_and(|token| {
            token.sort == Sort::Word && !token.bytes(self.text)[0].is_ascii_digit()
        })
    }

    /// Behind the bracket at `index`.
    fn balanced(&self, index: usize) -> usize {
        let behind = self.behind.get(index).copied().unwrap_or(u32::MAX);
        usize::try_from(behind)
            .unwrap_or(usize::MAX)
            .min(self.tokens.len())
    }

    /// Behind the type at `at`.
    fn skip_type(&self, mut at: usize) -> usize {
        let mut lines = false;
        for _ in 0..PARTS {
            let Some((next, more)) = self.part(at, lines) else {
                break;
            };
            at = next;
            match more {
                Some(over) => lines = over,
                None => break,
            }
        }
        at
    }

    /// One part of a type: what stands behind it, and whether more of the type follows, over line ends or not.
    fn part(&self, at: usize, lines: bool) -> Option<(usize, Option<bool>)> {
        Some(match self.peek(at, lines) {
            b"*" | b"**" | b"<" | b"chan" => (self.pointed(at + 1), Some(true)),
            b"(" => (self.balanced(at), None),
            b"[" => (self.balanced(at), Some(false)),
            word => match self.bracketed(at + 1, word) {
                Some(more) => (self.balanced(at + 1), more),
                None => return self.type_name(at, word).map(|end| (end, None)),
            },
        })
    }

    /// Whether the bracket of the type that `word` starts stands at `at`, and then whether more of the type follows it.
    fn bracketed(&self, at: usize, word: &[u8]) -> Option<Option<bool>> {
        let (open, lines, more): (&[u8], _, _) = match word {
            b"map" => (b"[", false, Some(false)),
            b"func" => (b"(", true, Some(false)),
            b"struct" | b"interface" => (b"{", true, None),
            _ => return None,
        };
        (self.peek(at, lines) == open).then_some(more)
    }

    /// Behind the arrow that may follow `*` or `chan`.
    fn pointed(&self, at: usize) -> usize {
        let at = at + usize::from(self.peek(at, true) == b"<");
        at + usize::from(self.peek(at, true) == b"-")
    }

    fn type_name(&self, at: usize, word: &[u8]) -> Option<usize> {
        if matches!(word, b"map" | b"struct" | b"interface" | b"func") {
            return Some(at + 1);
        }
        let keyword = matches!(
            word,
            b"const" | b"var" | b"type" | b"return" | b"if" | b"for" | b"switch"
        );
        (!word.is_empty() && !keyword && self.is_word(at)).then(|| self.named(at))
    }

    /// Behind `package.Name[T]`.
    fn named(&self, at: usize) -> usize {
        let at = at + 1;
        let at = at + 2 * usize::from(self.peek(at, false) == b".");
        match self.peek(at, false) {
            b"[" => self.balanced(at),
            _ => at,
        }
    }

    /// What the `func` in front of the token at `at` is.
    fn func(&self, at: usize) -> Func {
        if self.peek(at, true) != b"(" {
            let named = self.is_word(at) && self.peek(at, true) != b"func";
            return if named {
                Func::Declaration
            } else {
                Func::Type(0)
            };
        }
        let end = self.skip_type(self.balanced(at));
        match self.peek(end, false) {
            // A receiver stood in the parentheses.
            b"(" => Func::Declaration,
            b"{" => Func::Literal(end - at),
            _ => Func::Type(end - at),
        }
    }

    /// How many tokens of the variable behind `var` are its name and type, and whether a value follows.
    fn variable(&self, at: usize) -> (usize, bool) {
        if !self.is_word(at) || self.tokens[at].fresh {
            return (0, false);
        }
        let end = self.skip_type(at + 1);
        let value = self.peek(end, false) == b"=";
        (end - at + usize::from(value), value)
    }
}

impl<'a> Scanner<'a> {
    /// A token among statements; always one of Go's own.
    pub(super) fn go_code(&mut self, token: &Lexeme, bytes: &'a [u8]) -> bool {
        match bytes {
            b"func" => self.func(token, None),
            b"type" if self.last != b"(" => self.go(State::TypeName),
            b"var" => {
                let (count, value) = self.ahead.variable(self.index + 1);
                if count > 0 {
                    let name = self.ahead.tokens[self.index + 1];
                    self.variable = value.then_some(name);
                    self.skip = count;
                    self.go(State::Variable);
                }
            }
            b"{" => self.enter(super::Then::Go(State::Code)),
            b"}" => self.leave(token.end),
            _ => {}
        }
        true
    }

    fn func(&mut self, token: &Lexeme, name: Option<Lexeme>) {
        match self.ahead.func(self.index + 1) {
            Func::Declaration => {
                self.open(token, "");
                self.go(State::Name);
            }
            Func::Literal(count) if !matches!(self.last, b"]" | b"chan" | b"*") => {
                let given = match name {
                    Some(name) => String::from_utf8_lossy(name.bytes(self.text)).into_owned(),
                    None => {
                        self.anonymous += 1;
                        format!("anonymous__{}", self.anonymous - 1)
                    }
                };
                self.open(token, &given);
                self.skip = count;
                self.go(State::Signature);
            }
            Func::Literal(0) | Func::Type(0) => {}
            Func::Literal(count) | Func::Type(count) => {
                self.skip = count;
                self.go(State::FunctionType);
            }
        }
    }

    /// Tokens of a signature, a type or a variable that are gone over.
    pub(super) fn go_skipped(&mut self, state: State) {
        self.skip = self.skip.saturating_sub(1);
        if self.skip == 0 {
            self.go(match state {
                State::Signature => State::Body,
                State::Variable if self.variable.is_some() => State::Value,
                _ => State::Code,
            });
        }
    }

    /// Behind `=` of a variable: a function takes its name.
    pub(super) fn go_value(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        self.go(State::Code);
        if bytes == b"func" {
            let name = self.variable;
            self.func(token, name);
        } else {
            self.go_code(token, bytes);
        }
    }
}
