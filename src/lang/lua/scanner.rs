//! Finds functions in Lua and counts in them.

use crate::lang::function::{Function, Inner, Meter, Sequences, Signature, Unreadable};
use crate::lang::lexeme::{Dialect, Lexeme, Lexemes, Sort};
use crate::lang::token::point_of;

const DIALECT: Dialect = Dialect::Lua;

/// The functions of a Lua file, in the order they start.
///
/// # Errors
/// None: Lua is read in lizard's manner, which takes anything.
pub(super) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        text,
        meter: Meter::new(),
        sequences: Sequences::default(),
        levels: Vec::new(),
        outer: Level::new(0),
        last: b"",
        filled: false,
    };
    let mut lexemes = Lexemes::new(text, 0, DIALECT);
    while let Some(token) = lexemes.next()? {
        let bytes = &text[token.start..token.end];
        if token.sort != Sort::Macro {
            scanner.count(&token, bytes);
        }
        scanner.token(&token, bytes);
        scanner.last = bytes;
    }
    Ok(scanner.meter.finish_closed())
}

/// What adds a point.
const POINTS: [(&[u8], &str); 14] = [
    (b"if", "if"),
    (b"elseif", "elseif"),
    (b"for", "for"),
    (b"while", "while"),
    (b"until", "until"),
    (b"and", "and"),
    (b"or", "or"),
    // Words of Ruby, which lizard reads in the same way; some dialects of Lua have the signs.
    (b"?", "?"),
    (b"&&", "&&"),
    (b"||", "||"),
    (b"elsif", "elsif"),
    (b"when", "when"),
    (b"rescue", "rescue"),
    (b"ensure", "ensure"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    /// Behind `function`.
    Name,
    /// Behind the name or the parameters.
    Head,
    /// Behind a dot of the name.
    Member,
    Parameters,
    /// In the condition of an `if` within a line.
    Condition,
    /// In the head of a loop.
    Loop,
    /// Behind `=`.
    Value,
    /// Behind `= function`.
    Anonymous,
    /// Behind `it`, which starts a test.
    Test,
}

/// A block.
struct Level {
    state: State,
    then: State,
    function: bool,
    /// How many structures are around it.
    nesting: u32,
    /// What may be the name of a function behind `=`.
    name: (usize, usize),
}

impl Level {
    const fn new(nesting: u32) -> Self {
        Self {
            state: State::Code,
            then: State::Code,
            function: false,
            nesting,
            name: (0, 0),
        }
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    meter: Meter,
    sequences: Sequences,
    levels: Vec<Level>,
    outer: Level,
    last: &'a [u8],
    filled: bool,
}

impl<'a> Scanner<'a> {
    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().unwrap_or(&mut self.outer)
    }

    fn go(&mut self, state: State) {
        self.level().state = state;
    }

    fn count(&mut self, token: &Lexeme, bytes: &[u8]) {
        let nesting = self.level().nesting;
        let point = point_of(&POINTS, bytes);
        if let Some(point) = point {
            self.meter.point(token.start, point);
        }
        match bytes {
            b"and" | b"or" => self.operator(bytes[0]),
            b"else" | b"elseif" => self.meter.flat(),
            _ if point.is_some() => {
                self.sequences.clear();
                self.meter.structure(nesting);
            }
            _ => {}
        }
    }

    fn operator(&mut self, kind: u8) {
        if self.sequences.starts(kind) {
            self.meter.flat();
        }
    }

    fn token(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        let fresh = token.fresh || self.last == b";";
        match self.level().state {
            State::Code => self.code(token, bytes, fresh),
            State::Name => self.name(token, bytes),
            State::Head => self.head(token, bytes),
            State::Member => self.member(bytes),
            State::Parameters => self.parameters(token, bytes),
            State::Condition | State::Loop => self.structure_head(token, bytes, fresh),
            State::Value | State::Anonymous => self.value(token, bytes, fresh),
            State::Test => self.test(token, bytes),
        }
    }

    fn test(&mut self, token: &Lexeme, bytes: &[u8]) {
        if matches!(bytes, b"do" | b"{") {
            self.open(token.start, token.start, token.start);
            self.go(State::Head);
        }
    }

    fn member(&mut self, bytes: &[u8]) {
        let member = String::from_utf8_lossy(bytes);
        self.meter.rename(|name| {
            name.push('.');
            name.push_str(&member);
        });
        self.go(State::Head);
    }

    fn structure_head(&mut self, token: &Lexeme, bytes: &[u8], fresh: bool) {
        if self.level().state == State::Condition {
            if fresh {
                self.go(State::Code);
                self.code(token, bytes, fresh);
            } else if bytes == b"then" {
                self.enter(State::Code, false, 1);
            }
        } else if fresh || bytes == b"do" {
            self.go(State::Code);
            if bytes != b"end" {
                self.enter(State::Code, false, 1);
            }
        }
    }

    fn value(&mut self, token: &Lexeme, bytes: &[u8], fresh: bool) {
        match (self.level().state, bytes) {
            (State::Value, b"function") => self.go(State::Anonymous),
            (State::Value, _) => {
                self.go(State::Code);
                self.code(token, bytes, fresh);
            }
            (_, b"(") => {
                let (start, end) = self.level().name;
                self.open(start, end, token.start);
                // lizard puts it where its parameters are.
                if memchr::memchr(b'\n', &self.text[end..token.start]).is_some() {
                    self.meter.place_name(token.start..token.end);
                }
                self.go(State::Parameters);
            }
            _ => self.name(token, bytes),
        }
    }

    fn code(&mut self, token: &Lexeme, bytes: &[u8], fresh: bool) {
        if bytes == b"=" {
            return self.go(State::Value);
        }
        self.level().name = (token.start, token.end);
        match bytes {
            b"end" | b"}" => self.leave(token.end),
            b"function" => self.go(State::Name),
            b"it" => self.go(State::Test),
            b"begin" | b"do" | b"class" | b"module" | b"{" if self.last != b"." => {
                self.enter(State::Code, false, 0);
            }
            b"while" | b"for" if fresh => self.go(State::Loop),
            b"if" => self.condition(fresh),
            _ => {}
        }
    }

    fn condition(&mut self, fresh: bool) {
        if fresh {
            self.enter(State::Code, false, 1);
        } else {
            self.go(State::Condition);
        }
    }

    fn enter(&mut self, then: State, function: bool, deeper: u32) {
        let level = self.level();
        level.then = then;
        level.function = function;
        let nesting = if function { 0 } else { level.nesting + deeper };
        self.levels.push(Level::new(nesting));
    }

    fn leave(&mut self, end: usize) {
        if self.levels.pop().is_none() {
            return;
        }
        let level = self.level();
        level.state = level.then;
        if std::mem::take(&mut level.function) {
            self.meter.close(end, Inner::Apart);
        }
    }

    fn open(&mut self, start: usize, end: usize, at: usize) {
        let name = match &self.text[start..end] {
            b"" => "(anonymous)".into(),
            name => String::from_utf8_lossy(name),
        };
        let signature = Signature {
            name: name.into_owned(),
            name_span: if end > start { start..end } else { at..at },
            start: start.min(at),
            parameters: 0,
        };
        self.meter.open(signature, 0);
        self.filled = false;
    }

    fn name(&mut self, token: &Lexeme, bytes: &[u8]) {
        if bytes == b"(" {
            self.open(token.start, token.start, token.start);
            self.go(State::Parameters);
        } else {
            self.open(token.start, token.end, token.start);
            self.go(State::Head);
        }
    }

    fn head(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match bytes {
            b"." => self.go(State::Member),
            b"(" => self.go(State::Parameters),
            _ => {
                self.enter(State::Code, true, 0);
                self.token(token, bytes);
            }
        }
    }

    fn parameters(&mut self, token: &Lexeme, bytes: &[u8]) {
        match bytes {
            b")" => self.go(State::Head),
            b"," => self.filled = false,
            _ if token.sort == Sort::Word && !self.filled => {
                self.filled = true;
                self.meter.parameter();
            }
            _ => {}
        }
    }
}
