//! Finds functions in Go tokens and counts in them.

use super::bracket::{Awaits, Bracket, ends_operand};
use super::lexer::Lexer;
use crate::lang::function::{Function, Inner, Meter, Sequences, Signature, Unreadable};
use crate::lang::marks::Look;
use crate::lang::token::{Kind, Token};

/// The functions of a Go file, in order: declarations with a name, and function literals that are the value of a
/// variable at the top level. Other literals count for the function around them.
///
/// # Errors
/// A comment or raw string that is never closed. Other mistakes stay within the function that holds them.
pub(super) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    Scanner::new(text).run()
}

pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    pub(super) lexer: Lexer<'a>,
    pub(super) token: Token,
    meter: Meter,
    sequences: Sequences,
    brackets: Vec<Bracket>,
    awaits: Vec<(usize, Awaits)>,
    nesting: u32,
    /// The name that a call must have to be a recursion; empty in methods and literals.
    own_name: &'a [u8],
    /// At the top level: the first name after `var` or `const`, where a literal may be its value.
    variable: Option<Token>,
    /// Where the declaration at hand starts, and whether a directive says to leave it out.
    ignored: bool,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            lexer: Lexer::new(text),
            token: Token::START,
            meter: Meter::new(),
            sequences: Sequences::default(),
            brackets: Vec::new(),
            awaits: Vec::new(),
            nesting: 0,
            own_name: b"",
            variable: None,
            ignored: false,
        }
    }

    fn run(mut self) -> Result<Vec<Function>, Unreadable> {
        self.advance()?;
        while self.token.kind != Kind::End {
            self.top_level()?;
        }
        Ok(self.meter.finish(self.text.len(), Inner::Apart))
    }

    pub(super) fn advance(&mut self) -> Result<(), Unreadable> {
        self.token = self.lexer.next()?;
        Ok(())
    }

    fn word(&self) -> &'a [u8] {
        if self.token.kind == Kind::Word {
            self.token.bytes(self.text)
        } else {
            b""
        }
    }

    /// Whether a named function starts here, whatever brackets are open: `func` and a space at the start of a line,
    /// as every formatter leaves it. Keeps a missing bracket from swallowing what follows.
    pub(super) fn at_declaration(&self) -> bool {
        let start = self.token.start;
        self.word() == b"func"
            && (start == 0 || self.text[start - 1] == b'\n')
            && self.text.get(self.token.end) == Some(&b' ')
    }

    /// One token outside of functions.
    fn top_level(&mut self) -> Result<(), Unreadable> {
        if self.at_declaration() {
            self.brackets.clear();
        }
        match self.token.kind {
            Kind::Word if self.is_outer() => return self.declaration(),
            Kind::Newline if self.is_outer() => self.variable = None,
            Kind::Punct(byte) => self.top_level_bracket(byte),
            _ => {}
        }
        if self.is_outer() {
            return self.advance();
        }
        self.token = self.lexer.next_mark(Look::Over)?;
        Ok(())
    }

    /// Whether no bracket is open but those of groups of declarations.
    fn is_outer(&self) -> bool {
        self.brackets
            .iter()
            .all(|bracket| *bracket == Bracket::Group)
    }

    fn top_level_bracket(&mut self, byte: u8) {
        match byte {
            b'(' if self.brackets.is_empty() && self.after_declarator() => {
                self.brackets.push(Bracket::Group);
            }
            b'(' | b'[' | b'{' => self.brackets.push(Bracket::Plain),
            b')' | b']' | b'}' => {
                self.brackets.pop();
            }
            _ => {}
        }
    }

    fn after_declarator(&self) -> bool {
        self.lexer.before().kind == Kind::Word
            && matches!(self.lexer.before().bytes(self.text), b"var" | b"const")
    }

    /// Whether a declaration can start here, at the top level.
    fn starts(&self) -> bool {
        self.lexer.before().kind == Kind::Newline
            || self.lexer.before().is(b';')
            || self.lexer.before().is(b'(')
    }

    /// A word at the start of, or in, a declaration at the top level.
    fn declaration(&mut self) -> Result<(), Unreadable> {
        match self.word() {
            b"func" if self.starts() || self.at_declaration() => {
                self.note_directive();
                return self.function();
            }
            b"func" if self.lexer.before().is(b'=') || self.lexer.before().is(b',') => {
                return self.variable_literal();
            }
            b"var" | b"const" | b"type" | b"import" if self.brackets.is_empty() => {
                self.note_directive();
            }
            _ => self.note_variable(),
        }
        self.advance()
    }

    /// The first name of `var a, b = …`, also in a group.
    fn note_variable(&mut self) {
        if self.after_declarator() || self.starts() && !self.brackets.is_empty() {
            self.variable = Some(self.token);
        }
    }

    /// Whether a directive stands right above the declaration that starts here.
    fn note_directive(&mut self) {
        let start = self.token.start;
        self.ignored = self.lexer.ignore.take().is_some_and(|end| {
            let between = &self.text[end..start];
            memchr::memchr_iter(b'\n', between).count() == 1
                || between.trim_ascii().starts_with(b"//")
        });
    }

    /// `func name(…)`, `func (receiver) name(…)`.
    fn function(&mut self) -> Result<(), Unreadable> {
        let start = self.token.start;
        self.advance()?;
        let mut name = String::new();
        if self.token.is(b'(') {
            name = self.receiver()?;
        }
        if self.token.kind != Kind::Word {
            return Ok(());
        }
        let name_span = self.token.start..self.token.end;
        let bare = self.token.bytes(self.text);
        self.own_name = if name.is_empty() { bare } else { b"" };
        name.push_str(&String::from_utf8_lossy(bare));
        self.advance()?;
        self.measure(Signature {
            name,
            name_span,
            start,
            parameters: 0,
        })
    }

    /// `var name = func(…) {…}` at the top level; a call of it, `func() {…}()`, is not a function.
    fn variable_literal(&mut self) -> Result<(), Unreadable> {
        let Some(variable) = self.variable else {
            return self.advance();
        };
        let start = self.token.start;
        self.own_name = b"";
        let name = String::from_utf8_lossy(variable.bytes(self.text)).into_owned();
        self.advance()?;
        let depth = self.brackets.len();
        self.measure(Signature {
            name,
            name_span: variable.start..variable.end,
            start,
            parameters: 0,
        })?;
        // A call or an operator after the literal makes the value something else.
        if self.brackets.len() == depth
            && !matches!(
                self.token.kind,
                Kind::Newline | Kind::End | Kind::Punct(b',' | b';' | b')')
            )
        {
            self.meter.forget_last(start);
        }
        Ok(())
    }

    /// From behind the name to the end of the body.
    fn measure(&mut self, mut signature: Signature) -> Result<(), Unreadable> {
        let floor = self.brackets.len();
        signature.parameters = self.parameters()?;
        let ignored = std::mem::take(&mut self.ignored);
        let start = signature.start;
        self.nesting = 0;
        self.sequences.clear();
        self.awaits.clear();
        self.meter.open(signature, 0);
        if self.result()? {
            self.brackets.push(Bracket::Body);
            self.advance()?;
            while self.brackets.len() > floor && self.token.kind != Kind::End {
                if self.at_declaration() {
                    self.brackets.truncate(floor);
                    break;
                }
                self.statement();
                self.after_statement(floor)?;
            }
        }
        self.meter.close(self.lexer.before().end, Inner::Apart);
        if ignored {
            self.meter.forget_last(start);
        }
        Ok(())
    }

    /// One token of a body.
    fn statement(&mut self) {
        match self.token.kind {
            Kind::Word => self.keyword(),
            Kind::AndAnd | Kind::OrOr => self.operator(),
            Kind::Punct(byte) => self.punctuation(byte),
            Kind::Newline => {
                self.sequences.reset();
                self.settle();
            }
            _ => {}
        }
    }

    /// Goes on to the next token of a body that matters, which any does behind a jump and behind the body.
    fn after_statement(&mut self, floor: usize) -> Result<(), Unreadable> {
        if self.brackets.len() <= floor || is_jump(self.word()) {
            return self.advance();
        }
        let look = if self.sequences.at_hand() || self.settles() {
            Look::Close
        } else {
            Look::Over
        };
        self.token = self.lexer.next_mark(look)?;
        Ok(())
    }

    fn operator(&mut self) {
        let (number, what) = match self.token.kind {
            Kind::AndAnd => (1, "&&"),
            _ => (2, "||"),
        };
        self.meter.point(self.token.start, what);
        if self.sequences.starts(number) {
            self.meter.flat();
        }
    }

    fn keyword(&mut self) {
        let at = self.token.start;
        match self.word() {
            b"if" => {
                self.meter.point(at, "if");
                self.structure(self.lexer.before().bytes(self.text) == b"else");
            }
            b"for" => {
                self.meter.point(at, "for");
                self.structure(false);
            }
            b"switch" | b"select" => self.structure(false),
            b"case" => self.meter.point(at, "case"),
            b"else" => self.meter.flat(),
            b"func" | b"struct" | b"interface" => self.await_type(),
            _ => self.jump(),
        }
    }

    /// The label of `break label`, `continue label`, `goto label`.
    fn jump(&mut self) {
        let before = self.lexer.before();
        if before.kind == Kind::Word && is_jump(before.bytes(self.text)) {
            self.meter.flat();
        }
    }

    /// Whether the function calls itself with the `(` that stands here.
    fn recurs(&self) -> bool {
        !self.own_name.is_empty()
            && self.text[..self.token.start].ends_with(self.own_name)
            && self.lexer.calls(self.own_name)
    }

    /// `if`, `for`, `switch`, `select`. `else if` has been counted with its `else`.
    fn structure(&mut self, chained: bool) {
        if !chained {
            self.meter.structure(self.nesting);
        }
        self.sequences.reset();
        self.awaits.push((self.brackets.len(), Awaits::Block));
    }

    /// `func`, `struct`, `interface`. `func() struct {…} {…}` has two braces, `[]func() T {…}` is a type with one.
    fn await_type(&mut self) {
        let literal = self.word() == b"func" && !self.lexer.before().is(b']');
        let level = self.brackets.len();
        if self.word() == b"func" && self.awaits.last() == Some(&(level, Awaits::Value)) {
            return;
        }
        let what = if literal {
            Awaits::Literal
        } else {
            Awaits::Type
        };
        self.awaits.push((level, what));
    }

    /// Drops literals and types that wait in vain at this level: `func()` was a type.
    fn settle(&mut self) {
        while self.settles() {
            self.awaits.pop();
        }
    }

    /// Whether there are such.
    fn settles(&self) -> bool {
        let level = self.brackets.len();
        let last = self.awaits.last();
        last.is_some_and(|&(at, what)| at > level || at == level && what != Awaits::Block)
    }

    fn punctuation(&mut self, byte: u8) {
        match byte {
            b'(' | b'[' => {
                if byte == b'(' && self.recurs() {
                    self.meter.flat();
                }
                self.note_value(byte);
                self.sequences.enter();
                self.brackets.push(Bracket::Plain);
            }
            b'{' => self.open_brace(),
            b')' | b']' | b'}' => self.close_bracket(),
            b',' | b';' | b':' => {
                self.sequences.reset();
                self.settle();
            }
            b'=' => self.settle(),
            _ => {}
        }
    }

    /// In the head of a structure a value may be written with its type, `range []T{…} {`, where the type does not start with
    /// a name. `range []T(…) {` has no such braces.
    fn note_value(&mut self, byte: u8) {
        let level = self.brackets.len();
        let waiting = self.awaits.last().filter(|(at, _)| *at == level);
        match (waiting.map(|&(_, what)| what), byte) {
            (Some(Awaits::Block), b'[') if !ends_operand(&self.lexer.before(), self.text) => {
                self.awaits.push((level, Awaits::Value));
            }
            (Some(Awaits::Value), b'(') if self.lexer.before().bytes(self.text) != b"func" => {
                self.awaits.pop();
            }
            _ => {}
        }
    }

    /// The type whose braces open may be that of a value in the head of a structure: `range struct{…}{…} {`.
    fn note_struct(&mut self) {
        let level = self.brackets.len();
        if self.awaits.last() == Some(&(level, Awaits::Block)) {
            self.awaits.push((level, Awaits::Value));
        }
    }

    fn open_brace(&mut self) {
        let level = self.brackets.len();
        let awaited = match self.awaits.last() {
            Some(&(at, what)) if at == level => {
                self.awaits.pop();
                Some(what)
            }
            _ => None,
        };
        let bracket = match awaited {
            Some(Awaits::Block) => Bracket::Block,
            Some(Awaits::Literal) => Bracket::Literal,
            Some(Awaits::Type) => {
                self.note_struct();
                Bracket::Brace
            }
            Some(Awaits::Value) | None => Bracket::Brace,
        };
        if matches!(bracket, Bracket::Block | Bracket::Literal) {
            self.nesting += 1;
        }
        self.sequences.enter();
        self.brackets.push(bracket);
    }

    fn close_bracket(&mut self) {
        self.settle();
        self.sequences.leave();
        if matches!(self.brackets.pop(), Some(Bracket::Block | Bracket::Literal)) {
            self.nesting = self.nesting.saturating_sub(1);
        }
        let level = self.brackets.len();
        while self.awaits.last().is_some_and(|&(at, _)| at > level) {
            self.awaits.pop();
        }
    }
}

/// Whether a label may stand behind this word.
fn is_jump(word: &[u8]) -> bool {
    matches!(word, b"break" | b"continue" | b"goto")
}
