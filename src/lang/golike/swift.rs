//! What is Swift's own: initializers, accessors, protocols, and question marks that are no conditions.

use super::accessor::Next;
use super::{Scanner, State};
use crate::lang::flow::Step;
use crate::lang::lexeme::Lexeme;

impl<'a> Scanner<'a> {
    /// Whether a blank or a comment stands in front of byte `at`.
    pub(super) fn after_blank(&self, at: usize) -> bool {
        let head = &self.text[..at];
        head.last().is_none_or(u8::is_ascii_whitespace) || head.ends_with(b"*/")
    }

    /// A token among statements; whether it was one of Swift's own.
    pub(super) fn swift(&mut self, token: &Lexeme, bytes: &'a [u8]) -> bool {
        let member = self.last == b".";
        match bytes {
            b"init" | b"subscript" | b"init?" | b"init!" if !member => {
                self.open(token, "");
                self.go(State::Name);
                let name = bytes.strip_suffix(b"?").or(bytes.strip_suffix(b"!"));
                self.name(token, name.unwrap_or(bytes));
            }
            b"get" | b"set" | b"willSet" | b"didSet" | b"deinit" if !member => {
                self.accessor.start(token, bytes);
                self.go(State::Accessor);
            }
            b"protocol" => self.go(State::Protocol),
            b"let" | b"var" | b"case" | b"," => self.go(State::DeclaredName),
            _ => return false,
        }
        true
    }

    /// `set` may be an accessor, or a name like any other: only its block tells.
    pub(super) fn accessor(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match self.accessor.next(token, bytes) {
            Next::More => {}
            Next::Body(word) => {
                // The block is this function's, not that of the one around it.
                if let Some(flow) = self.flows.last_mut() {
                    flow.step(Step::CloseBrace, &mut self.meter);
                }
                let name = String::from_utf8_lossy(&self.text[word.start..word.end]);
                self.open(&word, &name);
                if let Some(flow) = self.flows.last_mut() {
                    flow.step(Step::OpenBrace(false), &mut self.meter);
                }
                self.go(State::Body);
                self.body(token, bytes);
            }
            Next::Other(read) => {
                self.go(State::Code);
                for token in read {
                    self.token(&token, &self.text[token.start..token.end]);
                }
                self.token(token, bytes);
            }
        }
    }
}
