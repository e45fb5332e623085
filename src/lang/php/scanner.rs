//! Finds functions in PHP and counts in them.

use crate::lang::flow::{Flow, Step, common_step};
use crate::lang::function::{Function, Inner, Meter, Signature, Unreadable};
use crate::lang::lexeme::{Dialect, Lexeme, Lexemes, Sort};
use crate::lang::token::point_of;
use memchr::memmem;
use std::ops::Range;

const DIALECT: Dialect = Dialect::Php;

/// The functions of a PHP file, in the order they start: functions, methods, and closures outside of them.
///
/// # Errors
/// A comment that is never closed.
pub(super) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    read(text, false)
}

/// The same as lizard reads them: a declaration with the type of its result takes the next body for its own.
///
/// # Errors
/// A comment that is never closed.
pub(in crate::lang) fn as_lizard(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    read(text, true)
}

fn read(text: &[u8], exact: bool) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner::new(text);
    scanner.exact = exact;
    let mut at = 0;
    while let Some(mut code) = next_code(text, at) {
        while let Err(error) = scanner.piece(&code) {
            // A comment goes on behind the `?>` in it.
            let end = memmem::find(&text[error.at..], b"*/").ok_or(error.clone())?;
            code = rest_of_code(text, error.at + end + 2);
        }
        at = code.end + 2;
    }
    Ok(scanner.meter.finish_closed())
}

/// The next piece between `<?php` and `?>`.
fn next_code(text: &[u8], from: usize) -> Option<Range<usize>> {
    let start = from + memmem::find(text.get(from..)?, b"<?")? + 2;
    let start = start
        + if text[start..].starts_with(b"php") {
            3
        } else {
            0
        };
    Some(rest_of_code(text, start))
}

/// From `start` to the next `?>`.
fn rest_of_code(text: &[u8], start: usize) -> Range<usize> {
    let length = memmem::find(&text[start..], b"?>").unwrap_or(text.len() - start);
    start..start + length
}

/// What adds a point.
const POINTS: [(&[u8], &str); 11] = [
    (b"if", "if"),
    (b"elseif", "elseif"),
    (b"for", "for"),
    (b"foreach", "foreach"),
    (b"while", "while"),
    (b"catch", "catch"),
    (b"match", "match"),
    (b"case", "case"),
    (b"&&", "&&"),
    (b"||", "||"),
    (b"?", "?"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    /// Behind `use`.
    Use,
    /// Behind `class` or `trait`.
    Class,
    /// Behind `function`.
    Name,
    /// Behind the name.
    Head,
    Parameters,
    /// Behind the parameters, in front of the body; behind the colon there.
    Body,
    Result,
    Function,
    /// In front of, and in, the parentheses of a condition outside functions.
    Condition,
}

struct Scanner<'a> {
    text: &'a [u8],
    state: State,
    meter: Meter,
    flow: Flow,
    class: String,
    /// How many braces are open.
    depth: u32,
    /// How many are open around the function at hand.
    outside: u32,
    parens: u32,
    name: Range<usize>,
    /// The last word, and the one in front of the last `=`.
    word: Range<usize>,
    assigned: Range<usize>,
    /// Whether declarations are read as lizard reads them.
    exact: bool,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            state: State::Code,
            meter: Meter::new(),
            flow: Flow::default(),
            class: String::new(),
            depth: 0,
            outside: 0,
            parens: 0,
            name: 0..0,
            word: 0..0,
            assigned: 0..0,
            exact: false,
        }
    }

    fn piece(&mut self, code: &Range<usize>) -> Result<(), Unreadable> {
        let mut lexemes = Lexemes::new(&self.text[..code.end], code.start, DIALECT);
        while let Some(token) = lexemes.next()? {
            self.token(&token);
        }
        Ok(())
    }

    fn token(&mut self, token: &Lexeme) {
        let bytes = &self.text[token.start..token.end];
        self.count(token, bytes);
        match self.state {
            State::Code => self.code(token, bytes),
            State::Use => self.go_on(bytes == b";"),
            State::Class => self.class(bytes),
            State::Name | State::Head => self.head(token, bytes),
            State::Parameters => self.parameters(bytes),
            State::Body | State::Result => self.before_body(token, bytes),
            State::Function => self.function(token, bytes),
            State::Condition => self.condition(bytes),
        }
    }

    /// What is being gone over ends here, or goes on.
    const fn go_on(&mut self, ends: bool) {
        if ends {
            self.state = State::Code;
        }
    }

    fn count(&mut self, token: &Lexeme, bytes: &[u8]) {
        if self.meter.depth() == 0 {
            return;
        }
        if let Some(point) = point_of(&POINTS, bytes) {
            self.meter.point(token.start, point);
        }
        let step = match bytes {
            b"elseif" => Some(Step::ElseIf),
            b"match" => Some(Step::Structure),
            _ => common_step(bytes),
        };
        if let Some(step) = step.filter(|_| self.state == State::Function) {
            self.flow.step(step, &mut self.meter);
        }
    }

    fn code(&mut self, token: &Lexeme, bytes: &[u8]) {
        match bytes {
            b"use" => self.state = State::Use,
            b"class" | b"trait" | b"interface" | b"enum" => self.state = State::Class,
            b"function" => {
                self.name = token.start..token.end;
                self.state = State::Name;
            }
            b"if" | b"switch" | b"for" | b"foreach" | b"while" | b"catch" | b"match" => {
                self.parens = 0;
                self.state = State::Condition;
            }
            b"=" => self.assigned = self.word.clone(),
            b"{" => self.depth += 1,
            b"}" => self.close_class(),
            b";" => self.assigned = 0..0,
            _ if token.sort == Sort::Word => self.word = token.start..token.end,
            _ => {}
        }
    }

    fn close_class(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.class.clear();
        }
    }

    fn class(&mut self, bytes: &[u8]) {
        self.state = State::Code;
        match bytes {
            b"{" => self.depth += 1,
            b"(" | b"extends" | b"implements" => self.state = State::Class,
            _ if bytes[0].is_ascii_punctuation() && bytes[0] != b'_' => {}
            _ => self.class = String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    fn head(&mut self, token: &Lexeme, bytes: &[u8]) {
        match (self.state, bytes) {
            (State::Name, b"(") => self.open(false),
            (State::Name, b"&") => {}
            (State::Name, _) => {
                self.name = token.start..token.end;
                self.state = State::Head;
            }
            (_, b"(") => self.open(true),
            _ => {}
        }
    }

    fn open(&mut self, named: bool) {
        let written = match (named, self.assigned.is_empty()) {
            (false, false) => self.assigned.clone(),
            _ => self.name.clone(),
        };
        let mut name = String::from_utf8_lossy(&self.text[written]).into_owned();
        if !named && self.assigned.is_empty() {
            "(anonymous)".clone_into(&mut name);
        }
        if !self.class.is_empty() {
            name = format!("{}::{name}", self.class);
        }
        let signature = Signature {
            name,
            name_span: self.name.clone(),
            start: self.name.start,
            parameters: 0,
        };
        self.meter.open(signature, 0);
        self.flow.restart();
        self.parens = 1;
        self.state = State::Parameters;
    }

    fn parameters(&mut self, bytes: &[u8]) {
        match bytes {
            b"(" => self.parens += 1,
            b")" => {
                self.parens -= 1;
                if self.parens == 0 {
                    self.state = State::Body;
                }
            }
            _ if bytes[0] == b'$' => self.meter.parameter(),
            _ => {}
        }
    }

    fn before_body(&mut self, token: &Lexeme, bytes: &[u8]) {
        match bytes {
            b"{" => {
                self.outside = self.depth;
                self.depth += 1;
                self.state = State::Function;
            }
            b":" if self.exact => self.state = State::Result,
            // A declaration without a body.
            b";" if self.state == State::Body => {
                self.meter.close(token.end, Inner::Apart);
                self.state = State::Code;
            }
            _ => {}
        }
    }

    fn function(&mut self, token: &Lexeme, bytes: &[u8]) {
        match bytes {
            b"{" => self.depth += 1,
            b"}" => {
                self.depth -= 1;
                if self.depth == self.outside {
                    self.meter.close(token.end, Inner::Apart);
                    self.state = State::Code;
                }
            }
            _ => {}
        }
    }

    fn condition(&mut self, bytes: &[u8]) {
        match bytes {
            b"(" => self.parens += 1,
            b")" => {
                self.parens = self.parens.saturating_sub(1);
                if self.parens == 0 {
                    self.state = State::Code;
                }
            }
            _ => {}
        }
    }
}
