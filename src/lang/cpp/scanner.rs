//! Counts in the functions of C and C++.

use super::heads::Heads;
use super::sparse;
use crate::lang::clike::{Brace, Levels};
use crate::lang::flow::{Flow, common_step};
use crate::lang::function::{Function, Meter, Signature, Unreadable};
use crate::lang::lexeme::{Dialect, Lexeme, Lexemes, Sort};
use crate::lang::marks::{Look, Marks};
use crate::lang::token::{LIZARD_POINTS, point_of};

const DIALECT: Dialect = Dialect::C;

/// The functions of a C or C++ file, in the order they start: definitions with a body.
///
/// # Errors
/// A comment that is never closed.
pub(super) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        text,
        heads: Heads::new(text),
        levels: Levels::new(),
        open: Vec::new(),
        meter: Meter::new(),
        flow: Flow::default(),
        references: References::None,
        tilde: None,
    };
    let mut lexemes = Lexemes::new(text, 0, DIALECT);
    let mut marks = Marks::new(text);
    loop {
        let token = match scanner.look() {
            Some(look) => sparse::next(&mut lexemes, &mut marks, look)?,
            None => lexemes.next()?,
        };
        let Some(token) = token else { break };
        scanner.token(token);
    }
    Ok(scanner.meter.finish_closed())
}

/// What an open brace is.
enum Level {
    Block,
    Scope(String),
    Function,
}

/// `&&` that is no operator: in the type of a variable that is assigned to, in a `typedef`.
enum References {
    None,
    /// Behind the `&&` at this byte.
    Value(usize),
    /// In a `typedef`, with the `&&` met so far.
    Typedef(Vec<usize>),
}

struct Scanner<'a> {
    text: &'a [u8],
    heads: Heads<'a>,
    levels: Levels,
    open: Vec<Level>,
    meter: Meter,
    flow: Flow,
    references: References,
    tilde: Option<usize>,
}

impl Scanner<'_> {
    /// How closely the next token has to be looked for; `None` where every token matters.
    fn look(&self) -> Option<Look> {
        let all = !self.heads.in_body()
            || !self.levels.in_code()
            || self.tilde.is_some()
            || !matches!(self.references, References::None);
        let close = if self.flow.heeds_commas() {
            Look::Close
        } else {
            Look::Over
        };
        (!all).then_some(close)
    }

    fn token(&mut self, mut token: Lexeme) {
        if token.sort == Sort::Macro {
            return self.directive(&token);
        }
        if let Some(start) = self.tilde.take() {
            token.start = start;
        } else if self.text[token.start] == b'~' && self.glued(token.end) {
            self.tilde = Some(token.start);
            return;
        }
        let bytes = &self.text[token.start..token.end];
        if self.heads.in_body() {
            self.count(&token, bytes);
        }
        self.heads.token(&token);
        self.brace(&token, bytes);
        self.reference(&token, bytes);
    }

    fn brace(&mut self, token: &Lexeme, bytes: &[u8]) {
        match self.levels.token(token, bytes) {
            Brace::None => {}
            Brace::Open => self.open_brace(token.start),
            Brace::Scope(name) => {
                self.heads.starts = false;
                self.open.push(Level::Scope(name));
            }
            Brace::Close => {
                self.heads.starts = false;
                if matches!(self.open.pop(), Some(Level::Function)) {
                    self.meter
                        .close(token.end, crate::lang::function::Inner::Apart);
                }
            }
        }
    }

    /// Whether a `~` that ends at byte `end` is one token with what stands behind it.
    fn glued(&self, end: usize) -> bool {
        let next = self.text.get(end);
        next.is_some_and(|byte| !byte.is_ascii_whitespace())
    }

    fn open_brace(&mut self, at: usize) {
        if !std::mem::take(&mut self.heads.starts) {
            return self.open.push(Level::Block);
        }
        let candidate = &self.heads.candidate;
        let mut name = String::new();
        for level in &self.open[self.open.len().saturating_sub(16)..] {
            if let Level::Scope(scope) = level
                && !scope.is_empty()
            {
                name.push_str(scope);
                name.push_str("::");
            }
        }
        push_name(&mut name, &self.text[candidate.start..candidate.end]);
        let signature = Signature {
            name,
            name_span: match candidate.place {
                Some(place) => place..place + 1,
                None => candidate.start..candidate.end,
            },
            start: candidate.start.min(at),
            parameters: candidate.parameters,
        };
        self.meter.open(signature, 0);
        self.flow.restart();
        self.open.push(Level::Function);
    }

    fn directive(&mut self, token: &Lexeme) {
        let line = self.text[token.start + 1..token.end].trim_ascii_start();
        let length = line
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        let counted = match &line[..length] {
            b"if" => "#if",
            b"ifdef" => "#ifdef",
            b"elif" => "#elif",
            _ => return,
        };
        if self.heads.in_body() {
            self.meter.point(token.start, counted);
        }
    }

    fn count(&mut self, token: &Lexeme, bytes: &[u8]) {
        if let Some(point) = point_of(&LIZARD_POINTS, bytes) {
            self.meter.point(token.start, point);
        }
        if let Some(step) = common_step(bytes) {
            self.flow.step(step, &mut self.meter);
        }
    }

    /// Takes back the `&&` of rvalue references.
    fn reference(&mut self, token: &Lexeme, bytes: &[u8]) {
        match &mut self.references {
            References::None => {
                self.references = match bytes {
                    b"&&" => References::Value(token.start),
                    b"typedef" => References::Typedef(Vec::new()),
                    _ => return,
                }
            }
            References::Value(at) => {
                let found = [*at];
                if matches!(bytes, b"=" | b";" | b"{" | b"}" | b")") {
                    self.references = References::None;
                }
                self.take_back(&found[..usize::from(bytes == b"=")]);
            }
            References::Typedef(found) if bytes == b";" => {
                let found = std::mem::take(found);
                self.references = References::None;
                self.take_back(&found);
            }
            References::Typedef(found) => found.extend((bytes == b"&&").then_some(token.start)),
        }
    }

    fn take_back(&mut self, found: &[usize]) {
        for &at in found.iter().rev() {
            self.meter.take_back(at);
        }
    }
}

/// The name as written, blanks and comments between its parts left out.
fn push_name(name: &mut String, written: &[u8]) {
    const LONGEST: usize = 200;
    let written = String::from_utf8_lossy(&written[..written.len().min(LONGEST)]);
    let mut words = written.split_whitespace();
    if let Some(first) = words.next() {
        name.push_str(first);
    }
    for word in words {
        let glued = name.ends_with("::") || word.starts_with("::");
        if !glued {
            name.push(' ');
        }
        name.push_str(word);
    }
}
