//! Finds methods in Ruby tokens and counts in them.

use super::arguments::{is_assigned, starts_argument};
use super::blocks::{Block, Frame, Method};
use super::iterating::iterates;
use super::lexer::{Lexer, ends_operand};
use crate::lang::function::{Function, Inner, Meter, Sequences, Signature, Unreadable, qualified};
use crate::lang::token::{Kind, Token};

/// The methods of a Ruby file, in the order they start: `def`, and `define_method` with a block.
///
/// # Errors
/// A string or here-document that is never closed.
pub(super) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        text,
        lexer: Lexer::new(text),
        token: Token::START,
        before: Token::START,
        meter: Meter::new(),
        sequences: Sequences::default(),
        frames: Vec::new(),
        outer: Frame::new(Block::Begin, 0),
        scopes: Vec::new(),
        methods: Vec::new(),
        head: None,
        closed: Block::Hash,
        pipes: false,
        filled: false,
    };
    loop {
        scanner.before = scanner.token;
        scanner.token = scanner.lexer.next()?;
        if scanner.token.kind == Kind::End {
            return Ok(scanner.meter.finish(text.len(), Inner::Whole("")));
        }
        scanner.step();
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    lexer: Lexer<'a>,
    token: Token,
    before: Token,
    meter: Meter,
    sequences: Sequences,
    frames: Vec<Frame>,
    outer: Frame,
    scopes: Vec<String>,
    methods: Vec<Method<'a>>,
    /// While the head of a `def` is read: how many things are open in it.
    head: Option<usize>,
    /// What has been closed last.
    closed: Block,
    /// Between the `|` of a block's parameters.
    pipes: bool,
    filled: bool,
}

impl<'a> Scanner<'a> {
    fn bytes(&self, token: &Token) -> &'a [u8] {
        &self.text[token.start..token.end]
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().unwrap_or(&mut self.outer)
    }

    fn after_operand(&self) -> bool {
        ends_operand(&self.before, self.text)
    }

    fn next_bytes(&self) -> &'a [u8] {
        self.text[self.token.end..].trim_ascii_start()
    }

    fn step(&mut self) {
        self.definition_head();
        match self.token.kind {
            Kind::Word => self.word(),
            Kind::Member => self.called(),
            Kind::Newline => self.end_statement(),
            Kind::AndAnd => self.operator("&&", 1),
            Kind::OrOr => self.operator("||", 2),
            Kind::Operator if self.bytes(&self.token) == b"&." => self.safe_call(),
            Kind::Lifetime | Kind::Text => self.defined_name(),
            Kind::Punct(byte) => self.punctuation(byte),
            _ => {}
        }
    }

    // Counting.

    fn point(&mut self, what: &'static str) {
        self.meter.point(self.token.start, what);
    }

    fn structure(&mut self) {
        let nesting = self.frame().nesting;
        self.meter.structure(nesting);
        self.sequences.reset();
    }

    fn operator(&mut self, what: &'static str, kind: u8) {
        self.point(what);
        let assigns = self.text.get(self.token.end) == Some(&b'=');
        if !assigns && self.sequences.starts(kind) {
            self.meter.flat();
        }
    }

    /// `&.` on one local variable counts once, until it is assigned to again.
    fn safe_call(&mut self) {
        let name = self.bytes(&self.before);
        let plain = self.before.kind == Kind::Word;
        if let Some(method) = self.methods.last_mut()
            && plain
            && method.variables.contains(name)
            && !method.called.insert(name)
        {
            return;
        }
        self.point("&.");
    }

    fn assign(&mut self, token: &Token) {
        let name = self.bytes(token);
        if let Some(method) = self.methods.last_mut() {
            method.variables.insert(name);
            method.called.remove(name);
        }
    }

    // Words.

    fn word(&mut self) {
        let word = self.bytes(&self.token);
        match word {
            b"if" | b"unless" => self.condition(),
            b"while" | b"until" => self.while_loop(),
            b"for" => {
                self.point("for");
                self.structure();
                self.push(Block::Loop);
                self.frame().awaits_do = true;
            }
            b"when" => self.point("when"),
            b"in" => self.pattern(),
            b"elsif" => {
                self.point("elsif");
                self.meter.flat();
            }
            b"rescue" => self.rescue(),
            b"and" => self.operator("and", 1),
            b"or" => self.operator("or", 2),
            _ => self.bracket_word(word),
        }
    }

    /// Words that open or close something.
    fn bracket_word(&mut self, word: &[u8]) {
        match word {
            b"case" => {
                self.structure();
                self.push(Block::Case);
            }
            b"else" => self.meter.flat(),
            b"begin" => self.push(Block::Begin),
            b"do" => self.open_do(),
            b"def" => self.definition(),
            b"class" | b"module" => self.open_class(),
            b"end" => self.close_keyword(),
            _ => self.name(word),
        }
    }

    fn condition(&mut self) {
        self.point("if");
        self.structure();
        if !self.after_operand() {
            self.push(Block::If);
        }
    }

    fn while_loop(&mut self) {
        let modifier = self.after_operand();
        // `begin … end while` runs once before it asks: rubocop does not count it.
        let behind_begin =
            modifier && self.bytes(&self.before) == b"end" && self.closed == Block::Begin;
        if !behind_begin {
            self.point("while");
        }
        self.structure();
        if !modifier {
            self.push(Block::Loop);
            self.frame().awaits_do = true;
        }
    }

    fn pattern(&mut self) {
        let starts = matches!(self.before.kind, Kind::Newline | Kind::Punct(b';'));
        if starts && self.frame().block == Block::Case {
            self.point("in");
        }
    }

    fn rescue(&mut self) {
        if self.after_operand() {
            self.point("rescue");
            return;
        }
        let first = !std::mem::replace(&mut self.frame().rescued, true);
        if first {
            self.point("rescue");
        }
        self.structure();
    }

    fn name(&mut self, word: &[u8]) {
        if self.pipes {
            let token = self.token;
            return self.assign(&token);
        }
        let caught = self.before.kind == Kind::FatArrow && self.frame().rescued;
        if caught || is_assigned(self.next_bytes()) || self.bytes(&self.before) == b"for" {
            let token = self.token;
            self.assign(&token);
        } else {
            if word == b"define_method" {
                self.frame().defined = None;
            }
            self.called();
        }
    }

    /// A name that may be that of a method: the word at hand.
    fn called(&mut self) {
        let token = self.token;
        let takes = self.takes_argument();
        let frame = self.frame();
        frame.last = Some(token);
        if takes && frame.command.is_none() {
            frame.command = Some(token);
        }
    }

    /// Whether an argument without parentheses follows.
    fn takes_argument(&self) -> bool {
        let rest = &self.text[self.token.end..];
        let blanks = rest.iter().take_while(|&&byte| byte == b' ').count();
        blanks > 0 && starts_argument(&rest[blanks..])
    }

    /// The name behind `define_method`.
    fn defined_name(&mut self) {
        let token = self.token;
        let behind = |token: Option<Token>| token.map_or(&b""[..], |token| self.bytes(&token));
        let before = if self.before.is(b'(') {
            behind(self.frames.last().and_then(|frame| frame.call))
        } else {
            self.bytes(&self.before)
        };
        if before == b"define_method" {
            let place = self
                .frames
                .len()
                .saturating_sub(1 + usize::from(self.before.is(b'(')));
            let inside = self.before.is(b'(') && self.frames.len() == 1 || self.frames.is_empty();
            let frame = if inside {
                Some(&mut self.outer)
            } else {
                self.frames.get_mut(place)
            };
            if let Some(frame) = frame {
                frame.defined = Some(token);
            }
        }
    }

    // Blocks.

    fn push(&mut self, block: Block) {
        let nesting = self.frame().nesting + u32::from(block.nests());
        self.frames.push(Frame::new(block, nesting));
        self.sequences.enter();
    }

    fn open_do(&mut self) {
        if std::mem::take(&mut self.frame().awaits_do) {
            return;
        }
        let frame = *self.frame();
        let name = frame.command.or(frame.last);
        self.open_block(Block::Do, name);
    }

    fn open_block(&mut self, block: Block, name: Option<Token>) {
        let name = name.map_or(&b""[..], |name| self.bytes(&name));
        if iterates(name) {
            self.point("block");
        }
        let defined = self.frame().defined.take();
        self.push(block);
        match defined {
            Some(defined) if name == b"define_method" => self.open_method(defined),
            _ => {}
        }
    }

    fn open_class(&mut self) {
        let rest = self.next_bytes();
        let name = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | 0x80..))
            .count();
        self.scopes
            .push(String::from_utf8_lossy(&rest[..name]).into_owned());
        self.push(Block::Class);
    }

    fn definition(&mut self) {
        let start = self.token.start;
        let name = self.lexer.definition();
        self.push(Block::Def);
        self.open_method(name);
        self.token = Token { start, ..name };
        self.head = Some(self.frames.len());
    }

    fn open_method(&mut self, name: Token) {
        let written = String::from_utf8_lossy(self.bytes(&name)).into_owned();
        let written = written.trim_matches([':', '"', '\'']);
        let frame = self.frame();
        frame.function = true;
        frame.nesting = 0;
        self.meter.open(
            Signature {
                name: qualified(&self.scopes, written, "#"),
                name_span: name.start..name.end,
                start: name.start,
                parameters: 0,
            },
            0,
        );
        self.methods.push(Method::default());
        self.filled = false;
    }

    /// Parameters of a `def`, and the `=` of one without `end`.
    fn definition_head(&mut self) {
        let Some(depth) = self.head else { return };
        let open = self.frames.len();
        if open > depth {
            self.parameter();
            return;
        }
        match self.token.kind {
            Kind::Punct(b'(') if self.before.kind == Kind::Word => {}
            Kind::Punct(b'=') => {
                self.frame().endless = true;
                self.head = None;
            }
            _ => self.head = None,
        }
    }

    fn parameter(&mut self) {
        let token = self.token;
        match token.kind {
            Kind::Punct(b',') => self.filled = false,
            Kind::Word | Kind::Lifetime => {
                self.assign(&token);
                if !std::mem::replace(&mut self.filled, true) {
                    self.meter.parameter();
                }
            }
            _ => {}
        }
    }

    fn close_keyword(&mut self) {
        while let Some(frame) = self.frames.last() {
            let block = frame.block;
            self.close();
            if block.ends() {
                return;
            }
        }
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        self.sequences.leave();
        self.closed = frame.block;
        if frame.function {
            self.meter.close(self.token.end, Inner::Whole(""));
            self.methods.pop();
        }
        match frame.block {
            Block::Class => {
                self.scopes.pop();
            }
            Block::Round => self.frame().last = frame.call,
            _ => {}
        }
    }

    fn end_statement(&mut self) {
        self.sequences.reset();
        let done = self.after_operand();
        while done && self.frames.last().is_some_and(|frame| frame.endless) {
            self.close();
        }
        let round = self.frame().block == Block::Round;
        if !round && (done || self.before.kind == Kind::Word) {
            self.frame().end_statement();
        }
        self.frame().awaits_do = false;
    }

    // Signs.

    fn punctuation(&mut self, byte: u8) {
        match byte {
            b'(' | b'[' => self.open_round(byte),
            b')' | b']' => self.close_bracket(&[Block::Round]),
            b'{' => self.open_brace(),
            b'}' => self.close_bracket(&[Block::Brace, Block::Hash]),
            b';' => self.end_statement(),
            b'?' => self.ternary(),
            b'&' => self.block_argument(),
            b'|' => self.pipe(),
            b'=' => self.frame().end_call(),
            _ => self.sequences.reset(),
        }
    }

    fn ternary(&mut self) {
        if self.after_operand() {
            self.point("? :");
            self.structure();
        }
    }

    fn pipe(&mut self) {
        let first = self.before.is(b'{') || self.bytes(&self.before) == b"do";
        self.pipes = first && !self.pipes;
    }

    fn open_round(&mut self, byte: u8) {
        let named = matches!(self.before.kind, Kind::Word | Kind::Member)
            && self.before.end == self.token.start
            && self.after_operand()
            && self.head.is_none()
            && byte == b'(';
        let call = named.then_some(self.before);
        self.push(Block::Round);
        self.frame().call = call;
    }

    fn close_bracket(&mut self, blocks: &[Block]) {
        let expected = self.frames.last().map(|frame| frame.block);
        if expected.is_some_and(|block| blocks.contains(&block)) {
            self.close();
        }
    }

    fn open_brace(&mut self) {
        let name = match self.before.kind {
            Kind::Word | Kind::Member if self.after_operand() => Some(self.before),
            Kind::Punct(b')') => self.frame().last,
            Kind::ThinArrow => None,
            _ => return self.push(Block::Hash),
        };
        self.open_block(Block::Brace, name);
    }

    /// `&:name` and `&block` as an argument.
    fn block_argument(&mut self) {
        let next = self.text.get(self.token.end).copied().unwrap_or(b' ');
        let spaced = self.before.end < self.token.start;
        let argument = !self.after_operand()
            || matches!(self.before.kind, Kind::Word | Kind::Member) && spaced;
        if next.is_ascii_whitespace() || !argument {
            return;
        }
        let frame = self.frame();
        let name = if frame.block == Block::Round {
            frame.call
        } else {
            frame.command
        };
        if name.is_some_and(|name| iterates(self.bytes(&name))) {
            self.point("&block");
        }
    }
}
