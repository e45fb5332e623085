//! Methods of classes in Java and C#: what is a function, and what counts in it.

mod annotation;
mod frame;

use super::curly::{Dialect, Lexer};
use super::flow::{Flow, Step, common_step};
use super::function::{Function, Inner, Meter, Signature, Unreadable, qualified};
use super::token::{Kind, Token, point_of};
use frame::{Bracket, Frame};

/// The functions of a file, in the order they start.
///
/// # Errors
/// A comment or string that is never closed.
pub(super) fn functions(text: &[u8], csharp: bool) -> Result<Vec<Function>, Unreadable> {
    let dialect = Dialect {
        nested_comments: false,
        templates: false,
        csharp,
    };
    let mut scanner = Scanner {
        text,
        csharp,
        lexer: Lexer::new(text, dialect),
        token: Token::START,
        before: Token::START,
        meter: Meter::new(),
        flows: Vec::new(),
        scopes: Vec::new(),
        frames: vec![Frame::new(Bracket::Class)],
        in_case: false,
    };
    loop {
        scanner.before = scanner.token;
        scanner.token = scanner.lexer.next()?;
        if scanner.token.kind == Kind::End {
            return Ok(scanner.meter.finish(text.len(), Inner::Apart));
        }
        scanner.step();
    }
}

/// The words that add a point.
const POINTS: [(&[u8], &str); 6] = [
    (b"if", "if"),
    (b"for", "for"),
    (b"foreach", "foreach"),
    (b"while", "while"),
    (b"catch", "catch"),
    (b"case", "case"),
];

struct Scanner<'a> {
    text: &'a [u8],
    csharp: bool,
    lexer: Lexer<'a>,
    token: Token,
    before: Token,
    meter: Meter,
    flows: Vec<Flow>,
    scopes: Vec<String>,
    frames: Vec<Frame>,
    in_case: bool,
}

impl<'a> Scanner<'a> {
    fn bytes(&self, token: &Token) -> &'a [u8] {
        &self.text[token.start..token.end]
    }

    /// The innermost bracket. The file itself is the outermost and never closes.
    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(Bracket::Class));
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn step(&mut self) {
        self.count();
        let token = self.token;
        let frame = self.frame();
        if frame.bracket == Bracket::Round {
            frame.filled |= !matches!(token.kind, Kind::Punct(b')' | b']'));
        }
        // Behind the arrow of a `case` no guard can come.
        self.in_case &= self.before.kind != Kind::ThinArrow;
        match token.kind {
            Kind::Word => self.word(token),
            Kind::Punct(byte) => self.punctuation(byte),
            Kind::FatArrow if self.csharp => self.arrow(),
            Kind::Operator if self.bytes(&token) == b"?." => {}
            Kind::Text | Kind::Number => {
                let frame = self.frame();
                frame.annotation = false;
                frame.new = false;
            }
            _ => {}
        }
    }

    // What is counted.

    fn count(&mut self) {
        if self.flows.is_empty() {
            return;
        }
        let token = self.token;
        let point = match token.kind {
            Kind::AndAnd => "&&",
            Kind::OrOr => "||",
            Kind::Coalesce => "??",
            Kind::Punct(b'?') if self.ternary() => "?",
            Kind::Word => self.word_point(),
            _ => "",
        };
        if !point.is_empty() {
            self.meter.point(token.start, point);
        }
        let step = self.flow_step();
        if let (Some(step), Some(flow)) = (step, self.flows.last_mut()) {
            flow.step(step, &mut self.meter);
        }
    }

    fn word_point(&mut self) -> &'static str {
        if self.before.is(b'.') {
            return "";
        }
        let bytes = self.bytes(&self.token);
        match bytes {
            b"case" => self.in_case = true,
            b"when" if self.in_case && !self.csharp => {
                self.in_case = false;
                return "when";
            }
            b"foreach" if !self.csharp => return "",
            _ => {}
        }
        point_of(&POINTS, bytes).unwrap_or_default()
    }

    /// Whether `?` is that of a conditional expression: not of a wildcard (`<?`, `, ?`), not of a nullable type (`int?`).
    fn ternary(&self) -> bool {
        if self.csharp {
            return self.before.end < self.token.start;
        }
        !matches!(self.before.kind, Kind::Punct(b'<' | b','))
    }

    fn flow_step(&self) -> Option<Step> {
        match self.token.kind {
            Kind::Punct(b'?') => self.ternary().then_some(Step::Ternary),
            Kind::Punct(b'{') => {
                let arrow = if self.csharp {
                    Kind::FatArrow
                } else {
                    Kind::ThinArrow
                };
                Some(Step::OpenBrace(self.before.kind == arrow && !self.in_case))
            }
            Kind::Word => {
                let jump = matches!(self.bytes(&self.before), b"break" | b"continue");
                if jump && self.before.kind == Kind::Word {
                    return Some(Step::Jump);
                }
                let member = self.before.is(b'.');
                common_step(self.bytes(&self.token)).filter(|_| !member)
            }
            Kind::Punct(_) | Kind::AndAnd | Kind::OrOr => common_step(self.bytes(&self.token)),
            _ => None,
        }
    }

    // What is a function.

    fn word(&mut self, token: Token) {
        let before = self.before;
        let next = self.text[token.end..].trim_ascii_start();
        let frame = self.frame();
        let name = frame.annotation && matches!(before.kind, Kind::Punct(b'@' | b'.'));
        // `@interface` is no annotation: it declares one.
        if name && !(before.is(b'@') && token.bytes(self.text) == b"interface") {
            return;
        }
        let frame = self.frame();
        frame.annotation = false;
        frame.created = false;
        if let Some(None) = frame.head {
            frame.head = Some(Some(token));
            return;
        }
        if matches!(before.kind, Kind::Punct(b'.') | Kind::Operator) {
            frame.word = token;
            return;
        }
        self.keyword(token, next);
    }

    fn keyword(&mut self, token: Token, next: &[u8]) {
        let (bytes, csharp) = (self.bytes(&token), self.csharp);
        let frame = self.frame();
        if frame.may_start_type() && starts_type(bytes, next, csharp) {
            frame.head = Some(None);
            frame.constants = bytes == b"enum";
        } else {
            self.word_in_member(token, next);
        }
    }

    fn word_in_member(&mut self, token: Token, next: &[u8]) {
        let (bytes, before, csharp) = (self.bytes(&token), self.before, self.csharp);
        let frame = self.frame();
        let member = frame.bracket == Bracket::Class && !frame.value;
        match bytes {
            b"new" => frame.new = !(csharp && member),
            b"default" => frame.value |= member && frame.name.is_some(),
            b"switch" => frame.arms = csharp && next.first() == Some(&b'{'),
            b"_" if frame.bracket == Bracket::Arms => {
                frame.wild = matches!(before.kind, Kind::Punct(b'{' | b','));
            }
            _ => frame.word = token,
        }
    }

    fn punctuation(&mut self, byte: u8) {
        let token = self.token;
        match byte {
            b'(' | b'[' => self.open_round(byte),
            b')' | b']' | b'}' => self.close(),
            b'{' => self.open_brace(),
            b';' => self.end_member(),
            b'@' => self.annotation(token.start),
            b':' => self.in_case = false,
            _ => self.sign(byte, token),
        }
    }

    fn annotation(&mut self, at: usize) {
        let frame = self.frame();
        frame.annotation = true;
        frame.marked.get_or_insert(at);
    }

    fn sign(&mut self, byte: u8, token: Token) {
        let csharp = self.csharp;
        let frame = self.frame();
        match byte {
            b'=' => {
                frame.value = true;
                frame.new = false;
            }
            b'<' => frame.open_angle(),
            b'>' => frame.close_angle(),
            b',' => self.comma(),
            b'.' | b'?' => {}
            _ => {
                frame.new = false;
                frame.created = false;
                if csharp && frame.bracket == Bracket::Class {
                    // The sign of an operator stands where a name would.
                    frame.word = token;
                }
            }
        }
    }

    fn comma(&mut self) {
        let frame = self.frame();
        frame.wild = false;
        if frame.angles == 0 {
            frame.new = false;
            if frame.bracket == Bracket::Round && std::mem::take(&mut frame.filled) {
                frame.commas += 1;
            }
        }
    }

    fn open_round(&mut self, byte: u8) {
        let named = self.ends_name();
        let frame = self.frame();
        let square = byte == b'[';
        if square {
            // An array, unless it is part of the arguments of a generic type.
            frame.new &= frame.angles > 0;
        } else {
            frame.angles = 0;
            if named && frame.may_start_parameters() {
                frame.name = Some(frame.word);
            }
        }
        frame.annotation = false;
        self.frames.push(Frame {
            square,
            ..Frame::new(Bracket::Round)
        });
    }

    /// Whether the token in front can be the end of a method's name. `public (int, int) F()` has a tuple there.
    fn ends_name(&self) -> bool {
        if self.csharp {
            return !is_modifier(self.bytes(&self.before));
        }
        matches!(self.before.kind, Kind::Word | Kind::Punct(b'>'))
    }

    fn close(&mut self) {
        let closed = *self.frame();
        if closed.expression {
            self.end_function(self.token.start);
        }
        if self.frames.len() > 1 {
            self.frames.pop();
        }
        match closed.bracket {
            Bracket::Round => return self.frame().close_round(&closed),
            Bracket::Body => self.end_function(self.token.end),
            Bracket::Class | Bracket::Constants | Bracket::Accessors => {
                self.scopes.pop();
            }
            Bracket::Arms | Bracket::Block => {}
        }
        let frame = self.frame();
        if matches!(frame.bracket, Bracket::Class | Bracket::Accessors) && !frame.value {
            self.reset_member();
        }
    }

    fn reset_member(&mut self) {
        let frame = self.frame();
        let bracket = frame.bracket;
        *frame = Frame::new(bracket);
    }

    fn end_member(&mut self) {
        if self.frame().expression {
            self.end_function(self.token.end);
        }
        self.in_case = false;
        let frame = self.frame();
        let bracket = match frame.bracket {
            Bracket::Constants => Bracket::Class,
            other => other,
        };
        *frame = Frame::new(bracket);
    }

    fn open_brace(&mut self) {
        let frame = *self.frame();
        let before = self.before;
        if let Some(name) = frame.head {
            return self.open_class(name, frame.constants);
        }
        let member = matches!(frame.bracket, Bracket::Class | Bracket::Accessors) && !frame.value;
        match frame.bracket {
            _ if frame.created && !self.csharp => self.open_class(None, false),
            Bracket::Constants if before.is(b')') || before.kind == Kind::Word => {
                self.open_class(Some(frame.word), false);
            }
            _ if !member => {
                let arms = std::mem::take(&mut self.frame().arms);
                let bracket = if arms { Bracket::Arms } else { Bracket::Block };
                self.frames.push(Frame::new(bracket));
            }
            _ => self.open_member(&frame),
        }
    }

    /// `{` of a member: a function with parameters, an initializer, a property, an accessor.
    fn open_member(&mut self, frame: &Frame) {
        let word = self.bytes(&frame.word);
        if let Some(name) = frame.name {
            self.open_function(name, frame.parameters);
            self.frames.push(Frame::new(Bracket::Body));
        } else if self.csharp && frame.bracket == Bracket::Class && !word.is_empty() {
            self.scopes.push(String::from_utf8_lossy(word).into_owned());
            self.frames.push(Frame::new(Bracket::Accessors));
        } else if self.frames.len() > 1 {
            let name = if word.is_empty() {
                self.token
            } else {
                frame.word
            };
            self.open_function(name, 0);
            self.frames.push(Frame::new(Bracket::Body));
        } else {
            self.frames.push(Frame::new(Bracket::Block));
        }
    }

    fn open_class(&mut self, name: Option<Token>, constants: bool) {
        let name = name.map_or(&b"(anonymous)"[..], |name| self.bytes(&name));
        self.scopes.push(String::from_utf8_lossy(name).into_owned());
        let frame = self.frame();
        frame.head = None;
        frame.created = false;
        let constants = constants && !self.csharp;
        let bracket = if constants {
            Bracket::Constants
        } else {
            Bracket::Class
        };
        self.frames.push(Frame::new(bracket));
    }

    fn open_function(&mut self, name: Token, parameters: u32) {
        let text = String::from_utf8_lossy(self.bytes(&name)).into_owned();
        let marked = self.frame().marked.filter(|_| !self.csharp);
        let place = marked.and_then(|at| annotation::taken(&self.text[..name.start], at));
        self.meter.open(
            Signature {
                name: qualified(&self.scopes, &text, "."),
                name_span: place.unwrap_or(name.start..name.end),
                start: name.start,
                parameters,
            },
            0,
        );
        self.flows.push(Flow::default());
    }

    fn end_function(&mut self, end: usize) {
        self.meter.close(end, Inner::Apart);
        self.flows.pop();
    }

    /// `=>`: an arm of a `switch` expression, or the body of a member.
    fn arrow(&mut self) {
        let frame = *self.frame();
        if frame.bracket == Bracket::Arms {
            if !std::mem::take(&mut self.frame().wild) && !self.flows.is_empty() {
                self.meter.point(self.token.start, "switch arm");
            }
            return;
        }
        let member = matches!(frame.bracket, Bracket::Class | Bracket::Accessors);
        if member && !frame.value && self.frames.len() > 1 {
            let name = frame.name.unwrap_or(frame.word);
            self.open_function(name, frame.parameters);
            let frame = self.frame();
            frame.expression = true;
            frame.value = true;
        }
    }
}

/// Whether `word` is the keyword of a type here: `record` and `enum` may be names elsewhere.
fn starts_type(word: &[u8], next: &[u8], csharp: bool) -> bool {
    let named = next
        .first()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | 0x80..));
    match word {
        b"namespace" | b"struct" => csharp && named,
        b"class" | b"interface" | b"enum" | b"record" => named,
        _ => false,
    }
}

/// Modifiers of members that a type in parentheses may follow.
fn is_modifier(word: &[u8]) -> bool {
    matches!(
        word,
        b"public"
            | b"private"
            | b"protected"
            | b"internal"
            | b"static"
            | b"async"
            | b"readonly"
            | b"override"
            | b"virtual"
            | b"abstract"
            | b"sealed"
            | b"unsafe"
            | b"partial"
            | b"new"
    )
}
