//! What is Java's own: classes within classes and bodies, annotations, records, `new`.

use super::Scanner;
use super::machine::{Kind, Machine, State, Then, is_name};
use crate::lang::lexeme::{Lexeme, Sort};

impl<'a> Scanner<'a> {
    /// A token that starts nothing yet.
    pub(super) fn java_code(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match self.top().kind {
            Kind::File => self.code(token, bytes),
            Kind::Class => self.class(token, bytes),
            Kind::Body | Kind::Arguments => self.in_body(token, bytes),
        }
    }

    fn code(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if self.starts_other(token, bytes) || is_statement(bytes) || self.top().in_constructor {
            return;
        }
        if bytes[0] == b'~' || token.sort == Sort::Word && is_name(bytes) {
            self.try_function(token, bytes);
        }
    }

    /// A member's name behind a dot or `::`, an annotation, a class.
    fn starts_other(&mut self, token: &Lexeme, bytes: &'a [u8]) -> bool {
        if self.member(bytes) {
            return true;
        }
        let annotated = self.top().annotated;
        if bytes != b"record" {
            self.top().annotated = false;
        }
        if bytes == b"@" {
            self.go(State::Decorator);
            return true;
        }
        self.starts_class(token, bytes, annotated)
    }

    /// What is no class: `Foo.class`, `Type::method`.
    fn member(&mut self, bytes: &[u8]) -> bool {
        let top = self.top();
        if bytes == b"::" {
            top.reference = true;
            return true;
        }
        if std::mem::take(&mut top.reference) {
            return true;
        }
        if bytes == b"." && !top.dot {
            top.dot = true;
            return true;
        }
        std::mem::take(&mut top.dot) && bytes == b"class"
    }

    fn starts_class(&mut self, token: &Lexeme, bytes: &'a [u8], annotated: bool) -> bool {
        let record = bytes == b"record";
        let last = if self.top().first { b"" } else { self.last };
        let top = self.top();
        if record && top.in_body || !record && !matches!(bytes, b"class" | b"enum") {
            return false;
        }
        let starts = !record || annotated || declares_record(last);
        top.annotated = false;
        if starts && token.sort == Sort::Word {
            top.class = None;
            top.record = record;
            top.in_constructor = false;
            top.state = State::ClassHead;
        }
        starts
    }

    fn class(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if let Some(word) = self.top().after_static.take() {
            return self.behind_static(&word, token, bytes);
        }
        let last = if self.top().first { b"" } else { self.last };
        match bytes {
            b"static" => self.top().after_static = Some(*token),
            b"{" if matches!(last, b"{" | b"}" | b";") => self.initializer(token, bytes),
            b"new" => self.go(State::New),
            _ => {
                self.code(token, bytes);
                let top = self.top();
                top.braces += i32::from(bytes == b"{") - i32::from(bytes == b"}");
                top.over |= bytes == b"}" && top.braces == 0;
            }
        }
    }

    fn initializer(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        self.top().braces += 1;
        self.enter(Machine::new(Kind::Body), Then::EndInitializer, token, bytes);
    }

    fn behind_static(&mut self, word: &Lexeme, token: &Lexeme, bytes: &'a [u8]) {
        if bytes == b"{" {
            return self.initializer(token, bytes);
        }
        self.code(word, b"static");
        self.code(token, bytes);
        let top = self.top();
        top.over |= bytes == b"}" && top.braces == 0;
    }

    fn in_body(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        self.closed(bytes, b'{', b'}');
        self.closed(bytes, b'(', b')');
        if !self.starts_other(token, bytes) {
            self.statement(bytes);
        }
        let top = self.top();
        if top.depth == 0 {
            top.state = State::Lost;
        }
    }

    fn statement(&mut self, bytes: &[u8]) {
        let top = self.top();
        if bytes == b"new" {
            top.state = State::New;
        } else if top.kind == Kind::Arguments {
            top.over |= top.depth == 0;
        } else if matches!(bytes, b"{" | b"}") {
            top.braces += i32::from(bytes == b"{") - i32::from(bytes == b"}");
            top.over |= top.braces == 0;
        }
    }

    pub(super) fn java_state(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        let state = self.top().state;
        match state {
            State::Decorator => self.go(State::Decorated),
            State::Decorated => self.decorated(token, bytes),
            State::DecoratorArguments => self.within(bytes, b'(', b')', State::Code),
            State::ClassHead => self.class_head(token, bytes),
            State::HeadParameters | State::CompactBody => self.record_part(state, bytes),
            State::CompactConstructor if bytes == b"{" => self.go(State::CompactBody),
            State::CompactConstructor => self.again(State::Code, token, bytes),
            State::NewType => self.new_type(token, bytes),
            _ => {
                self.top().angles = 0;
                self.go(State::NewType);
            }
        }
    }

    /// The parameters of a record, and the body of a constructor without any: up to the first bracket that closes.
    fn record_part(&mut self, state: State, bytes: &[u8]) {
        match (state, bytes) {
            (State::HeadParameters, b")") => self.go(State::ClassHead),
            (State::CompactBody, b"}") => {
                self.top().in_constructor = false;
                self.go(State::Code);
            }
            _ => {}
        }
    }

    /// Behind the name of an annotation. Without arguments it hides the token behind it.
    fn decorated(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match bytes {
            b"." => self.go(State::Decorator),
            b"(" => self.again(State::DecoratorArguments, token, bytes),
            _ => {
                self.top().annotated = true;
                self.go(State::Code);
            }
        }
    }

    fn class_head(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        let top = self.top();
        match bytes {
            b"{" => {
                let machine = Machine {
                    class: top.class.clone(),
                    record: top.record,
                    ..Machine::new(Kind::Class)
                };
                self.enter(machine, Then::Go(State::Code), token, bytes);
            }
            b"(" => top.state = State::HeadParameters,
            _ if token.sort == Sort::Word && is_name(bytes) && bytes[0] != b'_' => {
                top.class
                    .get_or_insert_with(|| String::from_utf8_lossy(bytes).into_owned());
            }
            _ => {}
        }
    }

    /// Behind the first token of the type that is made.
    fn new_type(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        let top = self.top();
        if top.angles > 0 || bytes[0] == b'<' {
            let count = |sign: u8| bytes.iter().filter(|&&byte| byte == sign).count();
            top.angles += count(b'<').cast_signed() as i64 - count(b'>').cast_signed() as i64;
            return;
        }
        match bytes {
            b"(" => {
                let machine = Machine::new(Kind::Arguments);
                self.enter(machine, Then::Go(State::NewType), token, bytes);
            }
            b"{" => {
                let machine = Machine {
                    class: Some("(anonymous)".to_owned()),
                    ..Machine::new(Kind::Class)
                };
                self.enter(machine, Then::Go(State::Code), token, bytes);
            }
            b"." => {}
            _ if token.sort == Sort::Word && is_name(bytes) => {}
            _ => self.again(State::Code, token, bytes),
        }
    }
}

/// Whether `record` behind `last` is the keyword: not where it is the name of a member, behind its type.
fn declares_record(last: &[u8]) -> bool {
    match last {
        b"" => true,
        b"void" | b"boolean" | b"byte" | b"char" | b"short" | b"int" | b"long" | b"float"
        | b"double" | b"var" => false,
        b"public" | b"private" | b"protected" | b"static" | b"final" | b"strictfp"
        | b"abstract" | b"synchronized" | b"native" | b"default" | b"transient" | b"volatile"
        | b"sealed" => true,
        b"}" | b";" | b")" | b"@" => true,
        _ => false,
    }
}

/// Words of statements, which are no names of functions.
fn is_statement(word: &[u8]) -> bool {
    matches!(
        word,
        b"if"
            | b"else"
            | b"for"
            | b"while"
            | b"do"
            | b"switch"
            | b"catch"
            | b"try"
            | b"finally"
            | b"synchronized"
            | b"return"
            | b"throw"
            | b"assert"
            | b"break"
            | b"continue"
            | b"instanceof"
    )
}
