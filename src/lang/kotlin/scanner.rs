//! Finds functions in Kotlin tokens.

use crate::lang::curly::{Dialect, Lexer};
use crate::lang::flow::Flow;
use crate::lang::function::{Function, Inner, Meter, Signature, Unreadable, qualified};
use crate::lang::token::{Kind, Token};

pub(super) const DIALECT: Dialect = Dialect {
    nested_comments: true,
    templates: true,
    csharp: false,
};

/// The functions of a Kotlin file, in the order they start: `fun` with a body.
///
/// # Errors
/// A comment or string that is never closed.
pub(super) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    functions_with(text, false)
}

/// The same; `blocks_only`: of the entries of a `when` those with a block count, and a `when` without any is one.
///
/// # Errors
/// A comment or string that is never closed.
pub(super) fn functions_with(text: &[u8], blocks_only: bool) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        text,
        lexer: Lexer::new(text, DIALECT),
        token: Token::START,
        before: Token::START,
        fresh: true,
        meter: Meter::new(),
        flow: Flow::default(),
        funs: Vec::new(),
        frames: Vec::new(),
        scopes: Vec::new(),
        scope: None,
        awaits_when: None,
        condition: false,
        after_condition: false,
        call: false,
        blocks_only,
        whens: Vec::new(),
    };
    loop {
        scanner.before = scanner.token;
        scanner.token = scanner.lexer.next()?;
        scanner.fresh = scanner.lexer.fresh;
        if scanner.token.kind == Kind::End {
            scanner.end_expressions(true);
            return Ok(scanner.meter.finish(text.len(), Inner::Apart));
        }
        scanner.step();
    }
}

/// What an open bracket is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `(` or `[`; whether of a condition, and whether of a call that nests.
    Round { condition: bool, call: bool },
    /// The entries of a `when`.
    When,
    /// A class or named object.
    Scope,
    /// An object without a name.
    Object,
    /// The body of a function.
    Body,
    /// Any other `{`.
    Block,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Behind `fun`, in front of the parameters.
    Name,
    Parameters,
    /// Behind the parameters.
    Head,
    Body,
    /// Behind `=`.
    Expression,
}

/// A function that is being read.
struct Fun {
    part: Part,
    /// How many brackets are open around it.
    depth: usize,
    start: usize,
    name: Token,
    /// The flow of the function around it.
    outer: Flow,
    /// Whether an object without a name stands between it and the function around it.
    apart: bool,
    filled: bool,
}

pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    lexer: Lexer<'a>,
    pub(super) token: Token,
    pub(super) before: Token,
    pub(super) fresh: bool,
    pub(super) meter: Meter,
    pub(super) flow: Flow,
    funs: Vec<Fun>,
    pub(super) frames: Vec<Bracket>,
    scopes: Vec<String>,
    /// The class or object whose body may follow: its name, and whether it has none.
    scope: Option<(String, bool)>,
    /// How many brackets were open when the last `when` came whose block may follow: a lambda in its subject stands deeper.
    pub(super) awaits_when: Option<usize>,
    /// Whether the next parenthesis is that of a condition; whether one has just closed.
    pub(super) condition: bool,
    pub(super) after_condition: bool,
    /// Whether the next parenthesis is that of a call that nests.
    pub(super) call: bool,
    /// Whether only entries of a `when` with a block count.
    pub(super) blocks_only: bool,
    /// For each open `when`, whether an entry of it has counted.
    pub(super) whens: Vec<bool>,
}

impl<'a> Scanner<'a> {
    pub(super) fn bytes(&self, token: &Token) -> &'a [u8] {
        &self.text[token.start..token.end]
    }

    /// Whether a function is open whose body or parameters are being read.
    pub(super) fn counts(&self) -> bool {
        self.meter.depth() > 0
    }

    /// The name of the innermost function.
    pub(super) fn current(&self) -> &'a [u8] {
        self.funs.last().map_or(b"", |fun| self.bytes(&fun.name))
    }

    fn step(&mut self) {
        self.end_expressions(false);
        self.head();
        if self.counts() {
            self.count();
        }
        self.after_condition = false;
        match self.token.kind {
            Kind::Word => self.word(),
            Kind::Punct(b'(' | b'[') => {
                let frame = Bracket::Round {
                    condition: std::mem::take(&mut self.condition),
                    call: std::mem::take(&mut self.call),
                };
                self.frames.push(frame);
            }
            Kind::Punct(b'{') => self.open_brace(),
            Kind::Punct(b')' | b']' | b'}') => self.close(),
            _ => {}
        }
    }

    fn word(&mut self) {
        let member = matches!(self.before.kind, Kind::Punct(b'.') | Kind::Operator);
        if member {
            return;
        }
        let rest = self.text[self.token.end..].trim_ascii_start();
        match self.bytes(&self.token) {
            b"fun" if !rest.starts_with(b"interface") => {
                self.scope = None;
                self.funs.push(Fun {
                    part: Part::Name,
                    depth: self.frames.len(),
                    start: self.token.start,
                    name: self.token,
                    outer: Flow::default(),
                    apart: self.inside_object(),
                    filled: false,
                });
            }
            b"class" | b"interface" => self.scope = Some((leading_name(rest), false)),
            b"object" => {
                let name = leading_name(rest);
                let companion = self.bytes(&self.before) == b"companion";
                let anonymous = name.is_empty() && !companion;
                self.scope = Some((name, anonymous));
            }
            b"val" | b"var" => self.scope = None,
            _ => {}
        }
    }

    /// Whether an object without a name stands between here and the innermost function.
    fn inside_object(&self) -> bool {
        let from = self.funs.last().map_or(0, |fun| fun.depth);
        self.frames[from.min(self.frames.len())..]
            .iter()
            .rev()
            .take(64)
            .any(|&frame| frame == Bracket::Object)
    }

    /// The parts of a function in front of its body.
    fn head(&mut self) {
        let depth = self.frames.len();
        let Some(fun) = self.funs.last_mut() else {
            return;
        };
        match fun.part {
            Part::Name => self.head_name(),
            Part::Parameters if depth == fun.depth + 1 => self.head_parameters(),
            Part::Head if depth <= fun.depth => self.head_end(),
            _ => {}
        }
    }

    fn head_name(&mut self) {
        let (token, depth) = (self.token, self.frames.len());
        let Some(fun) = self.funs.last_mut() else {
            return;
        };
        match token.kind {
            Kind::Word => fun.name = token,
            Kind::Punct(b'(') if !self.before.is(b'.') && depth == fun.depth => {
                fun.part = Part::Parameters;
                self.open();
            }
            Kind::Punct(b'{' | b'}' | b'=' | b';') => {
                self.funs.pop();
            }
            _ => {}
        }
    }

    fn head_parameters(&mut self) {
        let Some(fun) = self.funs.last_mut() else {
            return;
        };
        match self.token.kind {
            Kind::Punct(b')') => fun.part = Part::Head,
            Kind::Punct(b',') => fun.filled = false,
            _ if !std::mem::replace(&mut fun.filled, true) => self.meter.parameter(),
            _ => {}
        }
    }

    /// Behind the parameters: the body, or the end of a declaration.
    fn head_end(&mut self) {
        let token = self.token;
        let Some(fun) = self.funs.last_mut() else {
            return;
        };
        match token.kind {
            Kind::Punct(b'=') => fun.part = Part::Expression,
            Kind::Punct(b'{') => fun.part = Part::Body,
            Kind::Punct(b'}' | b')' | b';') => self.drop_declaration(),
            kind if self.fresh => {
                let goes_on = matches!(kind, Kind::Punct(b':' | b'>') | Kind::ThinArrow)
                    || matches!(self.before.kind, Kind::Punct(b':' | b'<' | b','))
                    || self.bytes(&token) == b"where";
                if !goes_on {
                    self.drop_declaration();
                }
            }
            _ => {}
        }
    }

    fn open(&mut self) {
        let nesting = if self.counts() {
            self.flow.nesting() + 1
        } else {
            0
        };
        let Some(fun) = self.funs.last_mut() else {
            return;
        };
        let base = if fun.apart { 0 } else { nesting };
        fun.outer = std::mem::replace(&mut self.flow, Flow::nested(base));
        let name = fun.name;
        let (start, anonymous) = (fun.start, name.start == fun.start);
        let text = if anonymous {
            "(anonymous)".to_owned()
        } else {
            String::from_utf8_lossy(self.bytes(&name)).into_owned()
        };
        self.meter.open(
            Signature {
                name: qualified(&self.scopes, &text, "."),
                name_span: name.start..name.end,
                start,
                parameters: 0,
            },
            base,
        );
    }

    /// A function without a body is no function here.
    fn drop_declaration(&mut self) {
        let start = self.funs.last().map_or(0, |fun| fun.start);
        self.end_function(self.token.start, true);
        self.meter.forget_last(start);
    }

    fn end_function(&mut self, end: usize, declaration: bool) {
        let Some(fun) = self.funs.pop() else { return };
        let inner = if fun.apart || declaration {
            Inner::Apart
        } else {
            Inner::Whole("fun")
        };
        self.meter.close(end, inner);
        self.flow = fun.outer;
    }

    /// Ends functions whose expression ends in front of the token at hand.
    fn end_expressions(&mut self, all: bool) {
        while let Some(fun) = self.funs.last() {
            let here = fun.part == Part::Expression && self.frames.len() <= fun.depth;
            let over = all || here && self.ends_expression();
            if !over {
                return;
            }
            if fun.part == Part::Name {
                self.funs.pop();
                continue;
            }
            self.end_function(self.before.end, false);
        }
    }

    fn ends_expression(&self) -> bool {
        match self.token.kind {
            Kind::Punct(b')' | b']' | b'}' | b',' | b';') => true,
            _ => self.fresh && !self.goes_on(),
        }
    }

    /// Whether a token on a new line goes on with the expression in front of it.
    pub(super) fn goes_on(&self) -> bool {
        self.ends_open() || self.after_condition || self.starts_continuation()
    }

    /// Whether the token in front wants another one.
    fn ends_open(&self) -> bool {
        match self.before.kind {
            Kind::Punct(byte) => !matches!(byte, b')' | b']' | b'}'),
            Kind::Word => matches!(
                self.bytes(&self.before),
                b"else" | b"in" | b"is" | b"as" | b"return" | b"throw" | b"try" | b"do"
            ),
            Kind::Operator => !matches!(self.bytes(&self.before), b"++" | b"--"),
            Kind::Number | Kind::Text | Kind::Newline => false,
            _ => true,
        }
    }

    /// Whether the token at hand cannot start anything.
    fn starts_continuation(&self) -> bool {
        match self.token.kind {
            Kind::Punct(byte) => byte == b'.',
            Kind::Operator => matches!(self.bytes(&self.token), b"?." | b"::"),
            Kind::Elvis | Kind::AndAnd | Kind::OrOr => true,
            Kind::Word => matches!(
                self.bytes(&self.token),
                b"else" | b"catch" | b"finally" | b"as"
            ),
            _ => false,
        }
    }

    /// Whether a `{` here is that of the function or class whose head has been read.
    pub(super) fn opens_body(&self) -> bool {
        self.scope.is_some() || self.opens_function()
    }

    fn opens_function(&self) -> bool {
        self.funs
            .last()
            .is_some_and(|fun| fun.part == Part::Body && fun.depth == self.frames.len())
    }

    fn open_brace(&mut self) {
        let frame = if self.opens_function() {
            Bracket::Body
        } else if let Some((name, anonymous)) = self.scope.take() {
            self.scopes.push(name);
            if anonymous {
                Bracket::Object
            } else {
                Bracket::Scope
            }
        } else if self.awaits_when == Some(self.frames.len()) {
            self.awaits_when = None;
            self.whens.push(false);
            Bracket::When
        } else {
            Bracket::Block
        };
        self.frames.push(frame);
    }

    fn close(&mut self) {
        match self.frames.pop() {
            Some(Bracket::Body) => self.end_function(self.token.end, false),
            Some(Bracket::Scope | Bracket::Object) => {
                self.scopes.pop();
            }
            Some(Bracket::When) => self.end_when(),
            Some(Bracket::Round { condition, call }) => {
                self.after_condition = condition;
                if call && self.counts() {
                    self.count_call();
                }
            }
            _ => {}
        }
    }
}

/// The name that `text` starts with; empty where it starts with none.
fn leading_name(text: &[u8]) -> String {
    let length = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | 0x80..))
        .count();
    String::from_utf8_lossy(&text[..length]).into_owned()
}
