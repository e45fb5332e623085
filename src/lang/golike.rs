//! Functions that a keyword starts and braces enclose, one in the other: Swift and Scala in lizard's manner.

use super::accessor::{Accessor, Next};
use super::flow::{Flow, Step, common_step};
use super::function::{Function, Inner, Meter, Signature, Unreadable};
use super::lexeme::{Dialect, Lexeme, Lexemes, Sort};
use super::token::point_of;

/// What differs between the languages.
pub(super) struct Rules {
    pub(super) dialect: Dialect,
    /// The keyword in front of a function's name.
    pub(super) keyword: &'static [u8],
    /// What adds a point.
    pub(super) points: &'static [(&'static [u8], &'static str)],
    /// Whether initializers, accessors and protocols are Swift's.
    pub(super) swift: bool,
    /// Whether `=` starts a body, as in Scala.
    pub(super) equals: bool,
}

/// What the words and signs start with that [`Scanner::count`] asks for: one look spares most tokens the others.
const COUNTS: [bool; 256] = table(b"cdefgimrsw&|?{}()[];,");

/// The same for [`Scanner::code`].
const OPENS: [bool; 256] = table(b"cdfgilpstvw{},");

const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// The bytes that the longest of these words has.
const LONGEST: usize = 7;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    TypeName,
    AfterTypeName,
    /// In a `struct` or `interface` behind `type`.
    TypeBody,
    Name,
    Head,
    TypeParameters(u8, u8),
    Parameters,
    /// A receiver in front of the name.
    Receiver,
    Body,
    Expression,
    Protocol,
    DeclaredName,
    /// Behind a word that may be an accessor of Swift.
    Accessor,
}

/// What happens when the block within a level ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Go(State),
    EndFunction,
}

struct Level {
    state: State,
    then: Then,
    depth: i32,
}

impl Level {
    const fn new() -> Self {
        Self {
            state: State::Code,
            then: Then::Go(State::Code),
            depth: 0,
        }
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    rules: &'a Rules,
    meter: Meter,
    flows: Vec<Flow>,
    levels: Vec<Level>,
    outer: Level,
    last: &'a [u8],
    filled: bool,
    guard: bool,
    accessor: Accessor<'a>,
}

/// The functions of a file, in the order they start.
///
/// # Errors
/// A comment that is never closed.
pub(super) fn functions(text: &[u8], rules: &Rules) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        text,
        rules,
        meter: Meter::new(),
        flows: Vec::new(),
        levels: Vec::new(),
        outer: Level::new(),
        last: b"",
        filled: false,
        guard: false,
        accessor: Accessor::default(),
    };
    let mut lexemes = Lexemes::new(text, 0, rules.dialect);
    let mut ahead = lexemes.next()?;
    let mut end = 0;
    while let Some(token) = ahead {
        ahead = lexemes.next()?;
        if rules.swift && scanner.is_label(&token, ahead.as_ref()) {
            // A name of its own, whatever it is elsewhere.
            scanner.token(&token, b"_");
        } else {
            scanner.count(&token);
            scanner.token(&token, &text[token.start..token.end]);
        }
        scanner.last = &text[token.start..token.end];
        end = token.end;
    }
    if scanner.level().state == State::Expression {
        scanner.end_function(end);
    }
    Ok(scanner.meter.finish_closed())
}

impl<'a> Scanner<'a> {
    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().unwrap_or(&mut self.outer)
    }

    fn go(&mut self, state: State) {
        self.level().state = state;
    }

    /// `for` in `(for: x)` is a label.
    fn is_label(&self, token: &Lexeme, ahead: Option<&Lexeme>) -> bool {
        // Most tokens are told by the sign behind them.
        ahead.is_some_and(|next| self.text[next.start..next.end] == *b":")
            && token.sort == Sort::Word
            && matches!(self.last, b"(" | b",")
    }

    fn count(&mut self, token: &Lexeme) {
        if self.flows.is_empty() {
            return;
        }
        let bytes = &self.text[token.start..token.end];
        if !COUNTS[bytes[0] as usize] || bytes.len() > LONGEST {
            return;
        }
        if self.rules.swift && bytes == b"?" && !self.after_blank(token.start) {
            // Behind a type or a value: an optional one.
            return;
        }
        if let Some(point) = point_of(self.rules.points, bytes) {
            self.meter.point(token.start, point);
        }
        let step = self.step(bytes);
        let flow = self.flows.last_mut();
        if let (Some(step), Some(flow)) = (step, flow) {
            flow.step(step, &mut self.meter);
        }
    }

    /// Whether a blank or a comment stands in front of byte `at`.
    fn after_blank(&self, at: usize) -> bool {
        let head = &self.text[..at];
        head.last().is_none_or(u8::is_ascii_whitespace) || head.ends_with(b"*/")
    }

    fn step(&mut self, bytes: &[u8]) -> Option<Step> {
        match bytes {
            b"guard" if self.rules.swift => {
                self.guard = true;
                Some(Step::Structure)
            }
            b"else" if std::mem::take(&mut self.guard) => None,
            b"repeat" if self.rules.swift => Some(Step::Do),
            b"match" if !self.rules.swift => Some(Step::Structure),
            _ => common_step(bytes),
        }
    }

    #[inline]
    fn token(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        let state = self.level().state;
        if state != State::Code || OPENS[bytes[0] as usize] {
            self.step_on(state, token, bytes);
        }
    }

    fn step_on(&mut self, state: State, token: &Lexeme, bytes: &'a [u8]) {
        match state {
            State::Code => self.code(token, bytes),
            State::Name => self.name(token, bytes),
            State::Head => self.head(token, bytes),
            State::Parameters => self.parameters(token, bytes),
            State::Body => self.body(token, bytes),
            State::Expression => self.expression(token, bytes),
            State::Accessor => self.accessor(token, bytes),
            state => self.skipped(state, bytes),
        }
    }

    /// What is gone over without a look at it.
    fn skipped(&mut self, state: State, bytes: &[u8]) {
        match state {
            State::TypeName => self.go(State::AfterTypeName),
            State::AfterTypeName => self.go(match bytes {
                b"struct" | b"interface" => State::TypeBody,
                _ => State::Code,
            }),
            State::TypeBody => self.within(bytes, b'{', b'}', State::Code),
            State::TypeParameters(open, close) => self.within(bytes, open, close, State::Head),
            State::Receiver => self.within(bytes, b'(', b')', State::Name),
            State::Protocol => self.protocol(bytes),
            _ => self.go(State::Code),
        }
    }

    fn within(&mut self, bytes: &[u8], open: u8, close: u8, then: State) {
        let level = self.level();
        level.depth += i32::from(bytes == [open]) - i32::from(bytes == [close]);
        if level.depth == 0 {
            level.state = then;
        }
    }

    fn code(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if self.rules.swift && self.swift(token, bytes) {
            return;
        }
        match bytes {
            _ if bytes == self.rules.keyword => {
                self.open(token, "");
                self.go(State::Name);
            }
            b"type" if !self.rules.swift => self.go(State::TypeName),
            b"{" => self.enter(Then::Go(State::Code)),
            b"}" => self.leave(token.end),
            _ => {}
        }
    }

    fn swift(&mut self, token: &Lexeme, bytes: &'a [u8]) -> bool {
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
    fn accessor(&mut self, token: &Lexeme, bytes: &'a [u8]) {
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

    fn open(&mut self, token: &Lexeme, name: &str) {
        let signature = Signature {
            name: name.to_owned(),
            name_span: token.start..token.end,
            start: token.start,
            parameters: 0,
        };
        self.meter.open(signature, 0);
        self.flows.push(Flow::default());
        self.filled = false;
    }

    fn end_function(&mut self, end: usize) {
        self.meter.close(end, Inner::Apart);
        self.flows.pop();
    }

    fn enter(&mut self, then: Then) {
        self.level().then = then;
        self.levels.push(Level::new());
    }

    fn leave(&mut self, end: usize) {
        if self.levels.pop().is_none() {
            return;
        }
        match self.level().then {
            Then::Go(state) => self.go(state),
            Then::EndFunction => {
                self.go(State::Code);
                self.end_function(end);
            }
        }
    }

    fn name(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match bytes {
            b"`" => {}
            b"(" if self.meter.depth() > 1 => {
                self.go(State::Parameters);
                self.parameters(token, bytes);
            }
            b"(" => {
                self.go(State::Receiver);
                self.within(bytes, b'(', b')', State::Name);
            }
            b"{" => {
                self.go(State::Body);
                self.body(token, bytes);
            }
            _ => {
                let name = String::from_utf8_lossy(bytes);
                self.meter.rename(|whole| whole.push_str(&name));
                if !token.fresh {
                    self.meter.place_name(token.start..token.end);
                }
                self.go(State::Head);
            }
        }
    }

    fn head(&mut self, token: &Lexeme, bytes: &[u8]) {
        match bytes {
            b"(" => {
                self.go(State::Parameters);
                self.parameters(token, bytes);
            }
            b"<" => self.type_parameters(bytes, b'<', b'>'),
            b"[" => self.type_parameters(bytes, b'[', b']'),
            _ => self.go(State::Code),
        }
    }

    fn type_parameters(&mut self, bytes: &[u8], open: u8, close: u8) {
        self.go(State::TypeParameters(open, close));
        self.within(bytes, open, close, State::Head);
    }

    fn parameters(&mut self, token: &Lexeme, bytes: &[u8]) {
        if bytes == b"," {
            self.filled = false;
        } else if token.sort == Sort::Word && !self.filled {
            self.filled = true;
            self.meter.parameter();
        }
        self.within(bytes, b'(', b')', State::Body);
    }

    fn body(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match bytes {
            b"{" if self.last != b"interface" => self.enter(Then::EndFunction),
            b"=" if self.rules.equals => self.go(State::Expression),
            // The next function starts: this one is a declaration.
            _ if self.rules.equals && bytes == self.rules.keyword => {
                self.end_function(token.start);
                self.go(State::Code);
                self.token(token, bytes);
            }
            _ => {}
        }
    }

    fn expression(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if token.fresh {
            self.end_function(token.start);
            self.go(State::Code);
            self.token(token, bytes);
        } else if bytes == b"{" {
            self.enter(Then::Go(State::Expression));
        }
    }

    fn protocol(&mut self, bytes: &[u8]) {
        let level = self.level();
        level.depth += i32::from(bytes == b"{") - i32::from(bytes == b"}");
        if level.depth == 0 && bytes == b"}" {
            level.state = State::Code;
        }
    }
}
