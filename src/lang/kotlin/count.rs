//! What counts in a Kotlin function.

use super::NESTING;
use super::scanner::{Bracket, Scanner};
use crate::lang::flow::Step;
use crate::lang::token::{Kind, point_of};

impl Scanner<'_> {
    /// Counts the token at hand.
    pub(super) fn count(&mut self) {
        if self.fresh && !self.goes_on() && !self.in_parentheses() {
            self.flow.step(Step::End, &mut self.meter);
        }
        let at = self.token.start;
        let step = match self.token.kind {
            Kind::AndAnd | Kind::OrOr | Kind::Elvis => self.operator(at),
            Kind::ThinArrow if self.frames.last() == Some(&Bracket::When) => {
                self.entry(at);
                None
            }
            Kind::Word => self.count_word(),
            Kind::Punct(byte) => self.bracket(byte),
            _ => None,
        };
        if let Some(step) = step {
            self.flow.step(step, &mut self.meter);
        }
    }

    /// `->` of an entry of a `when`.
    fn entry(&mut self, at: usize) {
        let Some(begun) = self.whens.last_mut() else {
            return;
        };
        let rest = self.text[self.token.end..].trim_ascii_start();
        if self.blocks_only && !rest.starts_with(b"{") {
            return;
        }
        let first = !std::mem::replace(begun, true);
        let what = if first { "first entry" } else { "when entry" };
        self.meter.point(at, what);
    }

    /// The bracket of a `when` has closed.
    pub(super) fn end_when(&mut self) {
        let counted = self.whens.pop().unwrap_or(true);
        if self.blocks_only && !counted {
            self.meter.point(self.token.start, "when");
        }
    }

    fn operator(&mut self, at: usize) -> Option<Step> {
        let (point, step) = match self.token.kind {
            Kind::AndAnd => ("&&", Some(Step::Operator(1))),
            Kind::OrOr => ("||", Some(Step::Operator(2))),
            _ => ("?:", None),
        };
        self.meter.point(at, point);
        step
    }

    fn in_parentheses(&self) -> bool {
        matches!(self.frames.last(), Some(Bracket::Round { .. }))
    }

    fn bracket(&self, byte: u8) -> Option<Step> {
        Some(match byte {
            b'{' => Step::OpenBrace(self.opens_lambda()),
            b'}' => Step::CloseBrace,
            b'(' | b'[' => Step::Open,
            b')' | b']' => Step::Close,
            b';' => Step::End,
            b',' => Step::Comma,
            _ => return None,
        })
    }

    /// Whether `{` is that of a lambda: of nothing else that has a block.
    fn opens_lambda(&self) -> bool {
        if self.flow.awaits() || self.opens_body() {
            return false;
        }
        match self.before.kind {
            Kind::Text => false,
            Kind::ThinArrow => self.frames.last() != Some(&Bracket::When),
            Kind::Word => !matches!(
                self.bytes(&self.before),
                b"try" | b"finally" | b"do" | b"else" | b"object"
            ),
            _ => true,
        }
    }

    fn count_word(&mut self) -> Option<Step> {
        let at = self.token.start;
        let member = matches!(self.before.kind, Kind::Punct(b'.'))
            || self.before.kind == Kind::Operator && self.bytes(&self.before) != b"..";
        let word = self.bytes(&self.token);
        if nests(word) {
            self.expect_call();
        }
        if member {
            self.recursion(word, true);
            return None;
        }
        match word {
            // `else ->` of a `when` is an entry.
            b"else" => (!self.text[self.token.end..]
                .trim_ascii_start()
                .starts_with(b"->"))
            .then_some(Step::Else),
            b"while" => Some(self.count_while(at)),
            b"break" | b"continue" | b"return" => self.jump(word),
            _ => self.structure(word),
        }
    }

    fn structure(&mut self, word: &[u8]) -> Option<Step> {
        const HEADS: [(&[u8], &str); 4] = [
            (b"if", "if"),
            (b"for", "for"),
            (b"catch", "catch"),
            (b"do", "do"),
        ];
        let step = match word {
            b"if" => Step::If,
            b"for" | b"catch" | b"when" => Step::Structure,
            b"do" => Step::Do,
            _ => {
                self.recursion(word, false);
                return None;
            }
        };
        if let Some(point) = point_of(&HEADS, word) {
            self.meter.point(self.token.start, point);
        }
        if word == b"when" {
            self.awaits_when = Some(self.frames.len());
        }
        self.condition = word != b"do";
        Some(step)
    }

    fn jump(&mut self, word: &[u8]) -> Option<Step> {
        const JUMPS: [(&[u8], &str); 2] = [(b"break", "break"), (b"continue", "continue")];
        if let Some(point) = point_of(&JUMPS, word) {
            self.meter.point(self.token.start, point);
        }
        self.labelled()
    }

    /// The `while` of a `do` has been counted with it.
    fn count_while(&mut self, at: usize) -> Step {
        if !self.flow.had_do() {
            self.meter.point(at, "while");
            self.condition = true;
        }
        Step::While
    }

    fn labelled(&self) -> Option<Step> {
        (self.text.get(self.token.end) == Some(&b'@')).then_some(Step::Jump)
    }

    /// A call of the function itself: alone, or of `this`.
    fn recursion(&mut self, word: &[u8], member: bool) {
        let called = self.text.get(self.token.end) == Some(&b'(');
        let own = !member || self.text[..self.before.start].ends_with(b"this");
        if called && own && word == self.current() && !self.in_head() {
            self.meter.flat();
        }
    }

    /// Whether the word at hand is the name of the function that is being declared.
    fn in_head(&self) -> bool {
        self.bytes(&self.before) == b"fun"
    }

    /// A function that takes a lambda behind its parentheses.
    fn expect_call(&mut self) {
        let rest = self.text[self.token.end..].trim_ascii_start();
        match rest.first() {
            Some(b'{') => self.meter.point(self.token.start, NESTING),
            Some(b'(') => self.call = true,
            _ => {}
        }
    }

    /// The parentheses of such a call have closed.
    pub(super) fn count_call(&mut self) {
        let rest = &self.text[self.token.end..];
        let blanks = rest.iter().take_while(|&&byte| byte == b' ').count();
        if rest.get(blanks) == Some(&b'{') {
            self.meter.point(self.token.start, NESTING);
        }
    }
}

/// detekt's `nestingFunctions`, as it comes.
fn nests(word: &[u8]) -> bool {
    matches!(
        word,
        b"also"
            | b"apply"
            | b"forEach"
            | b"isNotNull"
            | b"ifNull"
            | b"let"
            | b"run"
            | b"use"
            | b"with"
    )
}
