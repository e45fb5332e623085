//! What counts in a Kotlin function.

use super::scanner::{Bracket, Scanner};
use crate::lang::flow::Step;
use crate::lang::token::Kind;

impl Scanner<'_> {
    /// Counts the token at hand.
    pub(super) fn count(&mut self) {
        if self.fresh && !self.goes_on() && !self.in_parentheses() {
            self.flow.step(Step::End, &mut self.meter);
        }
        let at = self.token.start;
        let step = match self.token.kind {
            Kind::AndAnd => {
                self.meter.point(at, "&&");
                Some(Step::Operator(1))
            }
            Kind::OrOr => {
                self.meter.point(at, "||");
                Some(Step::Operator(2))
            }
            Kind::Elvis => {
                self.meter.point(at, "?:");
                None
            }
            Kind::ThinArrow => {
                if self.frames.last() == Some(&Bracket::When) {
                    self.meter.point(at, "when entry");
                }
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
        let (point, step) = match word {
            b"if" => ("if", Step::If),
            b"for" => ("for", Step::Structure),
            b"catch" => ("catch", Step::Structure),
            b"else" => {
                // `else ->` of a `when` is an entry.
                let entry = self.text[self.token.end..]
                    .trim_ascii_start()
                    .starts_with(b"->");
                return (!entry).then_some(Step::Else);
            }
            b"when" => {
                self.awaits_when = true;
                ("", Step::Structure)
            }
            b"do" => ("do", Step::Do),
            b"while" => return Some(self.count_while(at)),
            b"break" | b"continue" => {
                let point = if word == b"break" {
                    "break"
                } else {
                    "continue"
                };
                self.meter.point(at, point);
                return self.labelled();
            }
            b"return" => return self.labelled(),
            _ => {
                self.recursion(word, false);
                return None;
            }
        };
        if !point.is_empty() {
            self.meter.point(at, point);
        }
        self.condition = matches!(word, b"if" | b"for" | b"catch" | b"when");
        Some(step)
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
            Some(b'{') => self.meter.point(self.token.start, "nesting function"),
            Some(b'(') => self.call = true,
            _ => {}
        }
    }

    /// The parentheses of such a call have closed.
    pub(super) fn count_call(&mut self) {
        let rest = &self.text[self.token.end..];
        let blanks = rest.iter().take_while(|&&byte| byte == b' ').count();
        if rest.get(blanks) == Some(&b'{') {
            self.meter.point(self.token.start, "nesting function");
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
