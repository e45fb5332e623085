//! Functions that a keyword starts and braces enclose, one in the other, in lizard's manner: Swift and Scala, and others
//! where they are counted as lizard does.

mod accessor;
mod go;
mod kotlin;
mod rust;
mod swift;

use super::flow::{Flow, Step, common_step};
use super::function::{Function, Inner, Meter, Signature, Unreadable};
use super::lexeme::{Dialect, Lexeme, Lexemes, Sort};
use super::token::point_of;
use accessor::Accessor;
use go::Ahead;
use rust::Conditions;

/// What differs between the languages.
pub(super) struct Rules {
    pub(super) dialect: Dialect,
    /// The keyword in front of a function's name.
    pub(super) keyword: &'static [u8],
    /// What adds a point.
    pub(super) points: &'static [(&'static [u8], &'static str)],
    pub(super) flavor: Flavor,
}

/// What else starts and ends functions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavor {
    /// Initializers, accessors and protocols.
    Swift,
    /// `=` starts a body, which ends with its line. As lizard reads it (`exact`), a declaration takes the next body.
    Scala { exact: bool },
    /// `=` starts a body; accessors, arrows and the entries of `when`.
    Kotlin,
    /// Arms of `match`, and `let … else`.
    Rust,
    /// Functions without a name, and types of functions.
    Go,
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
    /// A receiver in front of the name; type parameters there.
    Receiver(u8, u8),
    Body,
    Expression,
    Protocol,
    DeclaredName,
    /// Behind a word that may be an accessor of Swift.
    Accessor,
    /// Behind an arrow of Kotlin: only a brace starts the body.
    Lambda,
    /// Behind `when`, in front of its brace; where to go on behind the entries.
    When,
    /// In a type of a function, in the signature of one without a name, in a variable of Go, and behind its `=`.
    FunctionType,
    Signature,
    Variable,
    Value,
}

/// What happens when the block within a level ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Go(State),
    EndFunction,
    /// The entries of a `when` end; what goes on.
    EndWhen(State),
    EndIf,
}

struct Level {
    state: State,
    then: Then,
    depth: i32,
    /// Whether the entries of a `when` stand in it.
    entries: bool,
    /// Behind the entries of a `when` that is being read.
    resume: State,
    /// How many brackets are open in the subject of a `match`.
    nesting: i32,
    rust: Conditions,
}

impl Level {
    const fn new() -> Self {
        Self {
            state: State::Code,
            then: Then::Go(State::Code),
            depth: 0,
            entries: false,
            resume: State::Code,
            nesting: 0,
            rust: Conditions::new(),
        }
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    rules: &'a Rules,
    /// Whether the tables of first letters hold all that the language asks for.
    plain: bool,
    meter: Meter,
    flows: Vec<Flow>,
    levels: Vec<Level>,
    outer: Level,
    last: &'a [u8],
    filled: bool,
    /// Where the function at hand was opened.
    opened: usize,
    guard: bool,
    accessor: Accessor<'a>,
    /// The tokens of a file of Go, the one at hand, and how many are to be gone over.
    ahead: Ahead<'a>,
    index: usize,
    skip: usize,
    variable: Option<Lexeme>,
    anonymous: usize,
}

/// The functions of a file, in the order they start.
///
/// # Errors
/// A comment that is never closed.
pub(super) fn functions(text: &[u8], rules: &Rules) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        text,
        rules,
        plain: matches!(rules.flavor, Flavor::Swift | Flavor::Scala { exact: false }),
        meter: Meter::new(),
        flows: Vec::new(),
        levels: Vec::new(),
        outer: Level::new(),
        last: b"",
        filled: false,
        opened: 0,
        guard: false,
        accessor: Accessor::default(),
        ahead: if rules.flavor == Flavor::Go {
            Ahead::new(text)?
        } else {
            Ahead::none()
        },
        index: 0,
        skip: 0,
        variable: None,
        anonymous: 0,
    };
    let scala = rules.flavor == Flavor::Scala { exact: false };
    let mut lexemes = Lexemes::new(text, 0, rules.dialect);
    let mut ahead = lexemes.next()?;
    let mut end = 0;
    while let Some(token) = ahead {
        ahead = lexemes.next()?;
        if scanner.is_label(&token, ahead.as_ref()) {
            // A name of its own, whatever it is elsewhere.
            scanner.token(&token, b"_");
        } else {
            scanner.count(&token);
            scanner.token(&token, &text[token.start..token.end]);
        }
        scanner.last = &text[token.start..token.end];
        scanner.index += 1;
        end = token.end;
    }
    if scanner.level().state == State::Expression && (scanner.levels.is_empty() || scala) {
        scanner.end_function(end);
    }
    Ok(scanner.meter.finish_closed())
}

impl<'a> Scanner<'a> {
    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().unwrap_or(&mut self.outer)
    }

    fn is(&self, flavor: Flavor) -> bool {
        self.rules.flavor == flavor
    }

    fn go(&mut self, state: State) {
        self.level().state = state;
    }

    /// `for` in `(for: x)` is a label.
    fn is_label(&self, token: &Lexeme, ahead: Option<&Lexeme>) -> bool {
        // Most tokens are told by the sign behind them.
        if ahead.is_none_or(|next| self.text[next.start..next.end] != *b":") {
            return false;
        }
        let label = match self.rules.flavor {
            Flavor::Swift => true,
            Flavor::Kotlin => point_of(self.rules.points, token.bytes(self.text)).is_some(),
            Flavor::Rust | Flavor::Go | Flavor::Scala { .. } => false,
        };
        label && token.sort == Sort::Word && matches!(self.last, b"(" | b",")
    }

    fn count(&mut self, token: &Lexeme) {
        if self.flows.is_empty() {
            return;
        }
        let bytes = &self.text[token.start..token.end];
        if self.plain && (!COUNTS[bytes[0] as usize] || bytes.len() > LONGEST) {
            return;
        }
        if self.is(Flavor::Swift) && bytes == b"?" && !self.after_blank(token.start) {
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

    fn step(&mut self, bytes: &[u8]) -> Option<Step> {
        match bytes {
            b"guard" if self.is(Flavor::Swift) => {
                self.guard = true;
                Some(Step::Structure)
            }
            b"else" if std::mem::take(&mut self.guard) => None,
            b"repeat" if self.is(Flavor::Swift) => Some(Step::Do),
            b"match" if !self.is(Flavor::Swift) => Some(Step::Structure),
            _ => common_step(bytes),
        }
    }

    #[inline]
    fn token(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        let state = self.level().state;
        if state != State::Code || !self.plain || OPENS[bytes[0] as usize] {
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
            State::Value => self.go_value(token, bytes),
            _ => self.skipped(state, bytes),
        }
    }

    /// What is gone over without a look at it.
    fn skipped(&mut self, state: State, bytes: &[u8]) {
        match state {
            State::TypeName => self.go(State::AfterTypeName),
            State::AfterTypeName if matches!(bytes, b"struct" | b"interface") => {
                self.go(State::TypeBody);
            }
            State::TypeBody => self.within(bytes, b'{', b'}', State::Code),
            State::TypeParameters(open, close) => self.within(bytes, open, close, State::Head),
            State::Receiver(open, close) => self.within(bytes, open, close, State::Name),
            State::Protocol => self.protocol(bytes),
            State::FunctionType | State::Signature | State::Variable => self.go_skipped(state),
            State::Lambda | State::When => self.before_brace(state, bytes),
            _ => self.go(State::Code),
        }
    }

    /// Behind what only a brace ends.
    fn before_brace(&mut self, state: State, bytes: &[u8]) {
        if self.is(Flavor::Rust) {
            self.subject(bytes);
        } else if state == State::When {
            self.when(bytes);
        } else if bytes == b"{" {
            self.enter(Then::EndFunction);
        }
    }

    fn within(&mut self, bytes: &[u8], open: u8, close: u8, then: State) {
        let level = self.level();
        level.depth += i32::from(bytes == [open]) - i32::from(bytes == [close]);
        if level.depth == 0 {
            level.state = then;
        }
    }

    /// A token among statements; whether it was one that only this language has.
    fn own(&mut self, token: &Lexeme, bytes: &'a [u8]) -> bool {
        match self.rules.flavor {
            Flavor::Swift => self.swift(token, bytes),
            Flavor::Kotlin => self.kotlin(token, bytes),
            Flavor::Rust => self.rust(token, bytes),
            Flavor::Go => self.go_code(token, bytes),
            Flavor::Scala { .. } => false,
        }
    }

    fn code(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if self.own(token, bytes) {
            return;
        }
        match bytes {
            _ if bytes == self.rules.keyword => {
                self.open(token, "");
                self.go(State::Name);
            }
            b"type" if !self.is(Flavor::Swift) => self.go(State::TypeName),
            b"{" => self.enter(Then::Go(State::Code)),
            b"}" => self.leave(token.end),
            _ => {}
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
        self.opened = token.start;
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
            Then::EndIf => self.end_if(),
            Then::EndWhen(state) => {
                self.end_when();
                self.go(state);
            }
        }
    }

    fn name(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match bytes {
            b"`" => {}
            b"<" if self.is(Flavor::Kotlin) => {
                self.go(State::Receiver(b'<', b'>'));
                self.within(bytes, b'<', b'>', State::Name);
            }
            b"(" if self.meter.depth() > 1 => {
                self.go(State::Parameters);
                self.parameters(token, bytes);
            }
            b"(" => {
                self.go(State::Receiver(b'(', b')'));
                self.within(bytes, b'(', b')', State::Name);
            }
            b"{" => {
                self.go(State::Body);
                self.body(token, bytes);
            }
            _ => {
                let name = String::from_utf8_lossy(bytes);
                self.meter.rename(|whole| whole.push_str(&name));
                // On a line of its own it does not say where the function starts.
                let lines = memchr::memchr(b'\n', &self.text[self.opened..token.start]);
                if lines.is_none() {
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
            b"{" if self.last != b"interface" || self.is(Flavor::Kotlin) => {
                self.enter(Then::EndFunction);
            }
            b"=" if matches!(self.rules.flavor, Flavor::Scala { .. } | Flavor::Kotlin) => {
                self.go(State::Expression);
            }
            // The next function starts: this one is a declaration.
            _ if self.is(Flavor::Scala { exact: false }) && bytes == self.rules.keyword => {
                self.end_function(token.start);
                self.go(State::Code);
                self.token(token, bytes);
            }
            _ => {}
        }
    }

    fn expression(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if self.is(Flavor::Kotlin) {
            self.kotlin_expression(token, bytes);
        } else if token.fresh {
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
