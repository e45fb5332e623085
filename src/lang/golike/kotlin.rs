//! What is Kotlin's own, as lizard sees it: the words `get` and `set` start functions wherever they stand, and so does an arrow
//! that is not that of an entry of a `when`, whose first entry is not counted.

use super::{Level, Scanner, State, Then};
use crate::lang::lexeme::Lexeme;

/// What an entry of a `when` is called as a point.
const ENTRY: &str = "when entry";

impl<'a> Scanner<'a> {
    /// A token among statements; whether it was one of Kotlin's own.
    pub(super) fn kotlin(&mut self, token: &Lexeme, bytes: &'a [u8]) -> bool {
        match bytes {
            b"get" | b"set" => {
                self.open(token, &String::from_utf8_lossy(bytes));
                self.go(State::Body);
            }
            b"->" if self.level().entries => self.meter.point(token.start, ENTRY),
            b"->" => {
                self.open(token, "(anonymous)");
                self.go(State::Lambda);
            }
            b"val" | b"var" | b"," => self.go(State::DeclaredName),
            b"interface" => self.go(State::Protocol),
            b"when" => self.start_when(State::Code),
            _ => return false,
        }
        true
    }

    pub(super) fn start_when(&mut self, resume: State) {
        self.level().resume = resume;
        self.go(State::When);
    }

    /// Behind `when`: the entries start with the next brace, even where it is that of a lambda in the subject.
    pub(super) fn when(&mut self, bytes: &[u8]) {
        if bytes == b"{" {
            let level = self.level();
            level.then = Then::EndWhen(level.resume);
            self.levels.push(Level {
                entries: true,
                ..Level::new()
            });
        }
    }

    pub(super) fn end_when(&mut self) {
        self.meter.withdraw(ENTRY);
    }

    /// Behind `=` of a function: it ends with the bracket around it, or where the next declaration starts.
    pub(super) fn kotlin_expression(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        let last = self.last;
        let level = self.level();
        match bytes {
            b"when" => return self.start_when(State::Expression),
            b"{" | b"(" | b"[" => {
                level.depth += 1;
                return;
            }
            b")" | b"]" | b"}" if level.depth > 0 => {
                level.depth -= 1;
                return;
            }
            b"}" => {}
            b"class" if last == b"::" => return,
            _ if level.depth > 0 || !starts_declaration(bytes) => return,
            _ => {}
        }
        self.end_function(token.start);
        self.go(State::Code);
        self.token(token, bytes);
    }
}

/// The words that end a body without braces.
fn starts_declaration(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        b"fun" | b"class" | b"interface" | b"val" | b"var" | b"get" | b"set"
    )
}
