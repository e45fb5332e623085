//! What is Rust's own, as lizard sees it: arms of `match` but for the first, and the `else` that no `if` has.

use super::{Level, Scanner, State, Then};
use crate::lang::lexeme::Lexeme;

/// What a level of Rust keeps of the conditions in it.
pub(super) struct Conditions {
    /// Whether an arm has come.
    armed: bool,
    /// How many parentheses are open.
    parens: i32,
    /// For each `if` without its block yet, how many were open at it.
    ifs: Vec<i32>,
    /// Whether the block of an `if` has just closed.
    closed: bool,
}

impl Conditions {
    pub(super) const fn new() -> Self {
        Self {
            armed: false,
            parens: 0,
            ifs: Vec::new(),
            closed: false,
        }
    }
}

impl<'a> Scanner<'a> {
    /// A token among statements; whether it was one of Rust's own.
    pub(super) fn rust(&mut self, token: &Lexeme, bytes: &'a [u8]) -> bool {
        match bytes {
            b"=>" => {
                let level = self.level();
                if level.entries && std::mem::replace(&mut level.rust.armed, true) {
                    self.meter.point(token.start, "match arm");
                }
                true
            }
            b"match" => {
                self.level().nesting = 0;
                self.go(State::When);
                true
            }
            _ => self.condition(token, bytes),
        }
    }

    /// `let … else` counts; the `else` behind the block of an `if` does not.
    fn condition(&mut self, token: &Lexeme, bytes: &[u8]) -> bool {
        let rust = &mut self.level().rust;
        let closed = std::mem::take(&mut rust.closed);
        match bytes {
            b"(" | b"[" => rust.parens += 1,
            b")" | b"]" => rust.parens = (rust.parens - 1).max(0),
            b"else" => {
                if !closed {
                    self.meter.point(token.start, "let else");
                }
                return true;
            }
            b"if" => rust.ifs.push(rust.parens),
            b"{" if rust.ifs.last() == Some(&rust.parens) => {
                rust.ifs.pop();
                self.enter(Then::EndIf);
                return true;
            }
            _ => {}
        }
        false
    }

    /// Behind `match`: its arms start with the next brace outside parentheses.
    pub(super) fn subject(&mut self, bytes: &[u8]) {
        let level = self.level();
        match bytes {
            b"(" | b"[" => level.nesting += 1,
            b")" | b"]" => level.nesting = (level.nesting - 1).max(0),
            b"{" if level.nesting == 0 => {
                level.then = Then::Go(State::Code);
                self.levels.push(Level {
                    entries: true,
                    ..Level::new()
                });
            }
            _ => {}
        }
    }

    pub(super) fn end_if(&mut self) {
        let level = self.level();
        level.state = State::Code;
        level.rust.closed = true;
    }
}
