//! Finds functions in Rust tokens and counts in them.

use super::lexer::Lexer;
use crate::lang::function::{Function, Inner, Meter, Sequences, Signature, Unreadable, qualified};
use crate::lang::token::{Kind, Token};

/// How many bytes can stand in front of `fn` on its line, such as `pub(crate) const unsafe extern "C"`.
const HEAD: usize = 200;

/// The functions of a Rust file, in order: `fn` items with a body. Closures count for the function around them, items
/// within a function do not.
///
/// # Errors
/// A comment or string that is never closed. Other mistakes stay within the function that holds them, as far as the
/// brackets allow.
pub(super) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner::new(text);
    scanner.advance()?;
    while scanner.token.kind != Kind::End {
        scanner.step()?;
    }
    Ok(scanner.meter.finish(text.len(), Inner::Apart))
}

/// What an open bracket is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `(`, `[`, or a `{` that nothing is known of.
    Plain,
    /// The block of `if`, `while`, `for`, `loop`, or a closure: what stands in it is nested.
    Block,
    /// The arms of a `match`.
    Arms,
    /// The body of a function.
    Body,
    /// `impl`, `trait`, `mod`: a scope that gives names.
    Scope,
    /// A `macro_rules!` definition: nothing in it counts.
    Macro,
}

/// An open bracket.
struct Frame {
    bracket: Bracket,
    /// The nesting around it.
    nesting: u32,
    /// Among arms: whether the pattern at hand is a mere `_`.
    wild: bool,
    /// Among arms: whether one has been read.
    begun: bool,
}

/// What waits for its `{`.
#[derive(Clone, Copy)]
struct Awaited {
    /// How many brackets were open when it came.
    level: usize,
    bracket: Bracket,
    /// Whether a pattern is being read, whose braces are not the awaited one.
    pattern: bool,
}

pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    lexer: Lexer<'a>,
    pub(super) token: Token,
    pub(super) before: Token,
    meter: Meter,
    sequences: Sequences,
    frames: Vec<Frame>,
    awaits: Vec<Awaited>,
    pub(super) scopes: Vec<String>,
    nesting: u32,
    /// How many `macro_rules!` definitions are open.
    macros: u32,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            lexer: Lexer::new(text),
            token: Token::START,
            before: Token::START,
            meter: Meter::new(),
            sequences: Sequences::default(),
            frames: Vec::new(),
            awaits: Vec::new(),
            scopes: Vec::new(),
            nesting: 0,
            macros: 0,
        }
    }

    pub(super) fn advance(&mut self) -> Result<(), Unreadable> {
        self.before = self.token;
        self.token = self.lexer.next()?;
        Ok(())
    }

    pub(super) fn word(&self, token: &Token) -> &'a [u8] {
        if token.kind == Kind::Word {
            token.bytes(self.text)
        } else {
            b""
        }
    }

    fn step(&mut self) -> Result<(), Unreadable> {
        match self.token.kind {
            Kind::Punct(byte) => self.punctuation(byte),
            _ if self.macros > 0 => {}
            Kind::Word => return self.keyword(),
            Kind::AndAnd | Kind::OrOr => self.operator(),
            Kind::FatArrow => self.arm(),
            Kind::Lifetime if matches!(self.word(&self.before), b"break" | b"continue") => {
                self.meter.flat();
            }
            _ => {}
        }
        self.advance()
    }

    fn keyword(&mut self) -> Result<(), Unreadable> {
        let at = self.token.start;
        match self.word(&self.token) {
            b"fn" => return self.function(),
            b"impl" | b"trait" | b"mod" | b"macro_rules" => return self.item(),
            b"for" => return self.for_loop(at),
            b"if" => self.condition(at),
            b"while" => self.structure(at, "while"),
            b"loop" => self.structure(at, "loop"),
            b"match" => self.await_arms(),
            b"else" => self.otherwise(at),
            word => self.in_pattern(word),
        }
        self.advance()
    }

    fn await_arms(&mut self) {
        self.meter.structure(self.nesting);
        self.await_brace(Bracket::Arms, false);
    }

    /// Words that start or end a pattern, and `_` as one.
    fn in_pattern(&mut self, word: &[u8]) {
        let level = self.frames.len();
        match word {
            b"let" | b"in" => {
                if let Some(awaited) = self
                    .awaits
                    .last_mut()
                    .filter(|awaited| awaited.level == level)
                {
                    awaited.pattern = word == b"let";
                }
            }
            b"_" => {
                let rest = self.text[self.token.end..].trim_ascii_start();
                let alone = rest.starts_with(b"=>") || rest.starts_with(b"if");
                let first = matches!(self.before.kind, Kind::Punct(b',' | b'{' | b'}' | b']'));
                if let Some(frame) = self.frames.last_mut() {
                    frame.wild = alone && first;
                }
            }
            _ => {}
        }
    }

    /// `if`, also as the guard of an arm.
    fn condition(&mut self, at: usize) {
        self.meter.point(at, "if");
        if self.word(&self.before) == b"else" {
            // The `else` has been counted, and waits for the same block.
            self.awaits.pop();
        } else {
            self.meter.structure(self.nesting);
        }
        self.sequences.reset();
        self.await_brace(Bracket::Block, false);
    }

    fn structure(&mut self, at: usize, what: &'static str) {
        self.meter.point(at, what);
        self.meter.structure(self.nesting);
        self.sequences.reset();
        self.await_brace(Bracket::Block, what == "for");
    }

    /// `for` of a loop; not that of `impl Trait for Type` or `for<'a>`.
    fn for_loop(&mut self, at: usize) -> Result<(), Unreadable> {
        let after_type = match self.before.kind {
            Kind::Word => !is_keyword(self.before.bytes(self.text)),
            Kind::Punct(byte) => matches!(byte, b'>' | b')'),
            _ => false,
        };
        self.advance()?;
        if !after_type && !self.token.is(b'<') {
            self.structure(at, "for");
        }
        Ok(())
    }

    /// `else` of an `if`, or of `let … else`, which is a branch of its own.
    fn otherwise(&mut self, at: usize) {
        if self.before.is(b'}') {
            self.meter.flat();
        } else {
            self.meter.point(at, "let else");
            self.meter.structure(self.nesting);
        }
        self.await_brace(Bracket::Block, false);
    }

    fn await_brace(&mut self, bracket: Bracket, pattern: bool) {
        let level = self.frames.len();
        self.awaits.push(Awaited {
            level,
            bracket,
            pattern,
        });
    }

    /// Drops what waits in vain at this level, such as the guard of an arm.
    fn settle(&mut self) {
        let level = self.frames.len();
        while self
            .awaits
            .last()
            .is_some_and(|awaited| awaited.level >= level)
        {
            self.awaits.pop();
        }
    }

    /// `&&` and `||` between operands; not `&&` of a double reference, not `||` of a closure.
    fn operator(&mut self) {
        if !ends_operand(&self.before, self.text) {
            return;
        }
        let (number, what) = if self.token.kind == Kind::AndAnd {
            (1, "&&")
        } else {
            (2, "||")
        };
        self.meter.point(self.token.start, what);
        if self.sequences.starts(number) {
            self.meter.flat();
        }
    }

    /// `=>` among arms. An arm whose whole pattern is `_` is like an `else`.
    fn arm(&mut self) {
        let Some(frame) = self
            .frames
            .last_mut()
            .filter(|frame| frame.bracket == Bracket::Arms)
        else {
            return;
        };
        let what = if std::mem::replace(&mut frame.begun, true) {
            "match arm"
        } else {
            "first arm"
        };
        if !std::mem::take(&mut frame.wild) {
            self.meter.point(self.token.start, what);
        }
        self.sequences.reset();
        self.settle();
    }

    fn punctuation(&mut self, byte: u8) {
        match byte {
            b'{' => self.open_brace(),
            b'(' | b'[' => self.open(Bracket::Plain),
            b')' | b']' | b'}' => self.close(),
            b';' => {
                self.sequences.reset();
                self.settle();
            }
            b',' => self.sequences.reset(),
            b'=' => self.end_pattern(),
            _ => {}
        }
    }

    fn end_pattern(&mut self) {
        let level = self.frames.len();
        if let Some(awaited) = self
            .awaits
            .last_mut()
            .filter(|awaited| awaited.level == level)
        {
            awaited.pattern = false;
        }
    }

    pub(super) fn open(&mut self, bracket: Bracket) {
        self.sequences.enter();
        self.frames.push(Frame {
            bracket,
            nesting: self.nesting,
            wild: false,
            begun: false,
        });
        self.nesting += u32::from(matches!(bracket, Bracket::Block | Bracket::Arms));
        self.macros += u32::from(bracket == Bracket::Macro);
    }

    fn open_brace(&mut self) {
        let level = self.frames.len();
        // `match unsafe {…} {…}`: a block before the awaited one.
        let inner = matches!(
            self.word(&self.before),
            b"unsafe" | b"async" | b"const" | b"move" | b"match"
        );
        let closure = self.before.is(b'|') || self.before.kind == Kind::OrOr;
        let bracket = match self.awaits.last() {
            Some(awaited) if awaited.level == level && !inner && !awaited.pattern && !closure => {
                let bracket = awaited.bracket;
                self.awaits.pop();
                bracket
            }
            _ if closure => Bracket::Block,
            _ => Bracket::Plain,
        };
        self.open(bracket);
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        self.sequences.leave();
        self.nesting = frame.nesting;
        let level = self.frames.len();
        while self
            .awaits
            .last()
            .is_some_and(|awaited| awaited.level > level)
        {
            self.awaits.pop();
        }
        match frame.bracket {
            Bracket::Body => {
                self.meter.close(self.token.end, Inner::Apart);
                self.scopes.pop();
            }
            Bracket::Scope => {
                self.scopes.pop();
            }
            Bracket::Macro => self.macros = self.macros.saturating_sub(1),
            Bracket::Plain | Bracket::Block | Bracket::Arms => {}
        }
    }

    /// `macro_rules! name {…}`, also in other brackets.
    pub(super) fn macro_rules(&mut self) -> Result<(), Unreadable> {
        for _ in 0..3 {
            self.advance()?;
            if let Kind::Punct(b'{' | b'(' | b'[') = self.token.kind {
                self.open(Bracket::Macro);
                return self.advance();
            }
        }
        Ok(())
    }

    /// Closes functions that are still open where an item starts at the very start of a line: a bracket is missing.
    fn recover(&mut self) {
        // What stands in front of an item at the start of a line is short; looking further back costs time by the square
        // of the length of a line.
        let from = self.token.start.saturating_sub(HEAD);
        let near = &self.text[from..self.token.start];
        let line = match memchr::memrchr(b'\n', near) {
            Some(at) => from + at + 1,
            None if from == 0 => 0,
            None => return,
        };
        let indented = self
            .text
            .get(line)
            .is_none_or(|&byte| matches!(byte, b' ' | b'\t' | b'}'));
        let Some(body) = self
            .frames
            .iter()
            .position(|frame| frame.bracket == Bracket::Body)
        else {
            return;
        };
        if indented {
            return;
        }
        while self.frames.len() > body {
            self.close();
        }
    }

    /// `fn name<…>(…) -> … {`. A pointer type has no name, a declaration no body.
    fn function(&mut self) -> Result<(), Unreadable> {
        let start = self.token.start;
        let outer = self.before;
        self.advance()?;
        if !matches!(self.token.kind, Kind::Word | Kind::Text) {
            return Ok(());
        }
        if !outer.is(b'(') {
            self.recover();
        }
        let name = self.token;
        let parameters = self.signature()?;
        if !self.token.is(b'{') {
            return Ok(());
        }
        let text = String::from_utf8_lossy(name.bytes(self.text)).into_owned();
        self.open(Bracket::Body);
        self.nesting = 0;
        self.meter.open(
            Signature {
                name: qualified(&self.scopes, &text, "::"),
                name_span: name.start..name.end,
                start,
                parameters,
            },
            0,
        );
        self.scopes.push(text);
        self.advance()
    }
}

/// Whether an operand ends with `token`, so that `&&` and `||` behind it are operators.
fn ends_operand(token: &Token, text: &[u8]) -> bool {
    match token.kind {
        Kind::Word => !is_keyword(token.bytes(text)),
        Kind::Number | Kind::Text => true,
        Kind::Punct(byte) => matches!(byte, b')' | b']' | b'}' | b'?'),
        _ => false,
    }
}

/// Keywords that no operand and no type ends with.
fn is_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"as"
            | b"break"
            | b"const"
            | b"continue"
            | b"dyn"
            | b"else"
            | b"extern"
            | b"fn"
            | b"for"
            | b"if"
            | b"impl"
            | b"in"
            | b"let"
            | b"loop"
            | b"match"
            | b"mod"
            | b"move"
            | b"mut"
            | b"pub"
            | b"ref"
            | b"return"
            | b"static"
            | b"struct"
            | b"trait"
            | b"type"
            | b"unsafe"
            | b"use"
            | b"where"
            | b"while"
            | b"yield"
    )
}
