//! What stands before the body of a Go function.

use super::bracket::{fills, nesting};
use super::scanner::Scanner;
use crate::lang::function::Unreadable;
use crate::lang::marks::Look;
use crate::lang::token::{Kind, Token};

impl Scanner<'_> {
    /// `(r T)`, `(r *T[K])`: gives `(T).`, `(*T).` and stops behind it.
    pub(super) fn receiver(&mut self) -> Result<String, Unreadable> {
        let (mut depth, mut star, mut kind) = (0_u32, "", Token::START);
        loop {
            depth = depth.saturating_add_signed(nesting(&self.token));
            match self.token.kind {
                Kind::Punct(b'*') if depth == 1 => star = "*",
                // Type parameters stand one bracket deeper.
                Kind::Word if depth == 1 => kind = self.token,
                Kind::End => break,
                _ => {}
            }
            self.advance()?;
            if depth == 0 || self.at_declaration() {
                break;
            }
        }
        let kind = String::from_utf8_lossy(kind.bytes(self.text));
        Ok(format!("({star}{kind})."))
    }

    /// Skips `[T any](a, b int)` and counts the parameters: one a name, or a type where there are no names.
    pub(super) fn parameters(&mut self) -> Result<u32, Unreadable> {
        if self.token.is(b'[') {
            self.group()?;
        }
        if !self.token.is(b'(') {
            return Ok(0);
        }
        self.group()
    }

    /// Skips a bracket with all it holds and counts its parts that commas divide.
    fn group(&mut self) -> Result<u32, Unreadable> {
        let (mut depth, mut parts, mut filled) = (0_u32, 0, false);
        loop {
            let change = nesting(&self.token);
            filled |= depth > 0 && (fills(&self.token) || self.follows_type());
            if depth == 1 && self.token.is(b',') {
                parts += u32::from(std::mem::take(&mut filled));
            }
            depth = depth.saturating_add_signed(change);
            if self.token.kind == Kind::End || self.at_declaration() {
                break;
            }
            if depth == 0 {
                self.advance()?;
                break;
            }
            self.token = self.lexer.next_mark(Look::Close)?;
        }
        Ok(parts + u32::from(filled))
    }

    /// Skips the result types; whether a body follows.
    pub(super) fn result(&mut self) -> Result<bool, Unreadable> {
        loop {
            match self.token.kind {
                Kind::Punct(b'{')
                    if matches!(
                        self.lexer.before().bytes(self.text),
                        b"struct" | b"interface"
                    ) =>
                {
                    self.group()?;
                }
                Kind::Punct(b'{') => return Ok(true),
                Kind::Newline | Kind::End | Kind::Punct(b';' | b')' | b'}') => return Ok(false),
                Kind::Punct(b'(' | b'[') => {
                    self.group()?;
                }
                Kind::Word if self.at_declaration() => return Ok(false),
                _ => self.token = self.lexer.next_mark(Look::Close)?,
            }
        }
    }

    /// Whether a name or type stands right before the token at hand.
    fn follows_type(&self) -> bool {
        let before = self.lexer.before();
        fills(&before) && nesting(&before) == 0
    }
}
