//! The heads of Rust items: what gives names, and the signatures of functions.

use super::scanner::{Bracket, Scanner};
use crate::lang::function::Unreadable;
use crate::lang::token::{Kind, Token};

impl Scanner<'_> {
    /// `impl`, `trait`, `mod`, `macro_rules`, where they are what they look like.
    pub(super) fn item(&mut self) -> Result<(), Unreadable> {
        if self.word(&self.token) == b"macro_rules" {
            return self.macro_rules();
        }
        if self.starts_item() {
            return self.scope();
        }
        self.advance()
    }

    /// Whether an item can start behind the token before.
    fn starts_item(&self) -> bool {
        match self.before.kind {
            Kind::Newline => true,
            Kind::Punct(byte) => matches!(byte, b';' | b'{' | b'}' | b']' | b')'),
            Kind::Word => {
                matches!(
                    self.before.bytes(self.text),
                    b"unsafe" | b"default" | b"pub" | b"auto"
                )
            }
            _ => false,
        }
    }

    /// `impl … {`, `trait Name {`, `mod name {`: gives names to what stands in it.
    fn scope(&mut self) -> Result<(), Unreadable> {
        let is_impl = self.word(&self.token) == b"impl";
        let (mut name, mut named, mut angle) = (Token::START, false, Angle::default());
        loop {
            self.advance()?;
            angle.token(&self.token);
            if matches!(self.token.kind, Kind::End | Kind::Punct(b';')) {
                return Ok(());
            }
            if angle.depth > 0 {
                continue;
            }
            if self.token.is(b'{') {
                break;
            }
            let word = self.word(&self.token);
            if word == b"where" {
                named = true;
            } else if !word.is_empty() && !named {
                name = self.token;
                // The name of an implementation is the last one: `impl Trait for path::Type`.
                named = !is_impl;
            }
        }
        self.scopes
            .push(String::from_utf8_lossy(self.word(&name)).into_owned());
        self.open(Bracket::Scope);
        self.advance()
    }

    /// From the name to the `{` or `;`; how many parameters there are.
    pub(super) fn signature(&mut self) -> Result<u32, Unreadable> {
        let (mut angle, mut list) = (Angle::default(), Parameters::default());
        loop {
            self.advance()?;
            angle.token(&self.token);
            let outside = angle.depth == 0;
            let over = match self.token.kind {
                Kind::End => true,
                Kind::Punct(b'{' | b';') => outside && list.depth == 0,
                // The next function starts: a bracket of this one is missing.
                Kind::Word => {
                    self.word(&self.token) == b"fn" && self.text.get(self.token.end) == Some(&b' ')
                }
                _ => false,
            };
            if over {
                return Ok(list.count + u32::from(list.filled));
            }
            list.token(&self.token, outside);
        }
    }
}

/// Counts what commas divide in the first parentheses.
#[derive(Default)]
struct Parameters {
    depth: u32,
    count: u32,
    filled: bool,
    over: bool,
}

impl Parameters {
    fn token(&mut self, token: &Token, outside: bool) {
        match token.kind {
            Kind::Punct(b'(' | b'[' | b'{') => self.depth += u32::from(outside || self.depth > 0),
            Kind::Punct(b')' | b']' | b'}') => {
                self.over |= self.depth == 1;
                self.depth = self.depth.saturating_sub(1);
            }
            Kind::Punct(b',') if self.depth == 1 && outside => self.next(),
            _ => self.filled |= self.depth > 0 && !self.over,
        }
    }

    fn next(&mut self) {
        if !self.over {
            self.count += u32::from(std::mem::take(&mut self.filled));
        }
    }
}

/// How many `<` of a type are open.
#[derive(Default)]
struct Angle {
    depth: u32,
}

impl Angle {
    fn token(&mut self, token: &Token) {
        match token.kind {
            Kind::Punct(b'<') => self.depth += 1,
            Kind::Punct(b'>') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}
