//! Braces outside and within functions as lizard follows them: namespaces, classes, bodies.

use crate::lang::lexeme::{Lexeme, Sort};

/// What a brace does.
pub(in crate::lang) enum Brace {
    /// Nothing, or no brace at all.
    None,
    /// A block, or the body of the function that was announced.
    Open,
    /// A namespace or class of this name.
    Scope(String),
    /// The end of whatever is open.
    Close,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    /// Behind `template`.
    Template,
    /// Behind a dot: a member's name may be a keyword elsewhere.
    Dot,
    /// Behind `class`, `struct`, `union`, `namespace`.
    Head,
    Attribute,
    Name,
}

/// Longer names are cut: every function in them repeats them.
const LONGEST: usize = 200;

/// Follows the braces.
pub(in crate::lang) struct Levels {
    state: State,
    depth: i32,
    name: String,
    named: bool,
}

impl Levels {
    pub(in crate::lang) fn new() -> Self {
        Self {
            state: State::Code,
            depth: 0,
            name: String::new(),
            named: false,
        }
    }

    /// Whether nothing but braces and the words of classes and templates is waited for.
    pub(in crate::lang) fn in_code(&self) -> bool {
        self.state == State::Code
    }

    /// What the next token does.
    pub(in crate::lang) fn token(&mut self, token: &Lexeme, bytes: &[u8]) -> Brace {
        match self.state {
            State::Code => return self.code(token, bytes),
            State::Dot => self.state = State::Code,
            State::Template => self.within(bytes, b"<", b">", State::Code),
            State::Attribute => self.within(bytes, b"[", b"]", State::Head),
            State::Head if bytes == b"[" => {
                self.state = State::Attribute;
                self.within(bytes, b"[", b"]", State::Head);
            }
            State::Head => {
                self.name.clear();
                self.named = false;
                self.state = State::Name;
                return self.name(bytes);
            }
            State::Name => return self.name(bytes),
        }
        Brace::None
    }

    fn within(&mut self, bytes: &[u8], open: &[u8], close: &[u8], then: State) {
        self.depth += i32::from(bytes == open) - i32::from(bytes == close);
        if self.depth == 0 {
            self.state = then;
        }
    }

    fn code(&mut self, token: &Lexeme, bytes: &[u8]) -> Brace {
        match token.sort {
            Sort::Word => {
                self.state = match bytes {
                    b"template" => State::Template,
                    b"struct" | b"class" | b"namespace" | b"union" => State::Head,
                    _ => State::Code,
                };
                Brace::None
            }
            _ => match bytes {
                b"." => {
                    self.state = State::Dot;
                    Brace::None
                }
                b"{" => Brace::Open,
                b"}" => Brace::Close,
                _ => Brace::None,
            },
        }
    }

    fn name(&mut self, bytes: &[u8]) -> Brace {
        match bytes {
            b"{" => {
                self.state = State::Code;
                return Brace::Scope(std::mem::take(&mut self.name));
            }
            b"(" | b")" | b";" => self.state = State::Code,
            b"<" | b":" | b"final" | b"[" | b"extends" | b"implements" => self.named = true,
            _ if !self.named && self.name.len() < LONGEST => {
                self.name.push_str(&String::from_utf8_lossy(bytes));
            }
            _ => {}
        }
        Brace::None
    }
}
