//! What is C#'s own.

use super::Scanner;
use super::machine::{State, is_name};
use crate::lang::lexeme::{Lexeme, Sort};

impl<'a> Scanner<'a> {
    /// A token outside functions.
    pub(super) fn csharp_code(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match bytes {
            b"class" | b"struct" | b"record" => {
                self.top().class = None;
                self.go(State::ClassHead);
            }
            _ if bytes[0] == b'~' || token.sort == Sort::Word && is_name(bytes) => {
                self.try_function(token, bytes);
            }
            _ => {}
        }
    }

    pub(super) fn csharp_state(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match self.top().state {
            State::Expression if bytes == b";" => {
                self.context.end_function(token.end);
                self.go(State::Code);
            }
            State::Expression => {}
            State::HeadParameters => self.within(bytes, b'(', b')', State::ClassHead),
            State::ClassHead => self.csharp_head(token, bytes),
            _ => self.go(State::Code),
        }
    }

    fn csharp_head(&mut self, token: &Lexeme, bytes: &[u8]) {
        match bytes {
            // Its parameters end with the first token that leaves no bracket open: the parenthesis is not counted.
            b"(" => self.go(State::HeadParameters),
            b"{" => self.go(State::Code),
            _ if token.sort == Sort::Word && is_name(bytes) && bytes[0] != b'_' => {
                let top = self.top();
                if top.class.is_none() {
                    top.class = Some(String::from_utf8_lossy(bytes).into_owned());
                }
            }
            _ => {}
        }
    }
}
