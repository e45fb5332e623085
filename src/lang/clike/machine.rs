//! What lizard remembers of each class and body it is in, and the states that Java and C# share.

use super::Scanner;
use crate::lang::lexeme::{Lexeme, Sort};

/// What a machine reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Class,
    /// The body of a function or initializer.
    Body,
    /// The arguments of `new`.
    Arguments,
}

/// Where a machine is. The order tells kinds of states apart: names, heads, initializers, and what only one language has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum State {
    Code,
    /// Behind a name that may be a function's.
    Name,
    TemplateArguments,
    Operator,
    OperatorSigns,
    Qualified,
    Parameters,
    AfterParameters,
    OldParameters,
    ThrowList,
    Throws,
    Noexcept,
    ReturnType,
    Attribute,
    Initializers,
    Initializer,
    InitializerParens,
    InitializerBraces,
    Body,
    /// What is left of a body in which lizard lost count.
    Lost,
    /// Behind `=>` of a member of C#.
    Expression,
    Decorator,
    Decorated,
    DecoratorArguments,
    ClassHead,
    /// The parameters of a record, or of a class of C#.
    HeadParameters,
    CompactConstructor,
    CompactBody,
    New,
    NewType,
}

/// What happens when the machine within ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Go(State),
    /// The body of a function ends.
    EndBody,
    /// An initializer ends.
    EndInitializer,
}

/// One machine.
pub(super) struct Machine {
    pub(super) kind: Kind,
    pub(super) state: State,
    pub(super) then: Then,
    /// Whether it has read no token yet.
    pub(super) first: bool,
    /// Whether it has ended.
    pub(super) over: bool,
    pub(super) depth: i32,
    pub(super) brackets: Vec<u8>,
    pub(super) saved: Vec<Lexeme>,
    pub(super) class: Option<String>,
    pub(super) record: bool,
    pub(super) in_constructor: bool,
    pub(super) in_body: bool,
    pub(super) dot: bool,
    pub(super) reference: bool,
    pub(super) annotated: bool,
    pub(super) angles: i64,
    /// Braces of the class or body.
    pub(super) braces: i32,
    /// Where `static` stood, behind it.
    pub(super) after_static: Option<Lexeme>,
}

impl Machine {
    pub(super) const fn new(kind: Kind) -> Self {
        Self {
            kind,
            state: State::Code,
            then: Then::Go(State::Code),
            first: true,
            over: false,
            depth: 0,
            brackets: Vec::new(),
            saved: Vec::new(),
            class: None,
            record: false,
            in_constructor: false,
            in_body: matches!(kind, Kind::Body | Kind::Arguments),
            dot: false,
            reference: false,
            annotated: false,
            angles: 0,
            braces: 0,
            after_static: None,
        }
    }
}

/// How many tokens behind a head are kept to be read again.
const OLD_STYLE: usize = 4096;

impl<'a> Scanner<'a> {
    pub(super) fn go(&mut self, state: State) {
        self.top().state = state;
    }

    pub(super) fn again(&mut self, state: State, token: &Lexeme, bytes: &'a [u8]) {
        self.go(state);
        self.step(token, bytes);
    }

    /// Puts a machine on top, which reads `token` first.
    pub(super) fn enter(&mut self, machine: Machine, then: Then, token: &Lexeme, bytes: &'a [u8]) {
        self.top().then = then;
        self.machines.push(machine);
        self.step(token, bytes);
    }

    /// Takes off the machines that have ended.
    pub(super) fn leave(&mut self) {
        while self.machines.len() > 1 && self.top().over {
            self.machines.pop();
            let top = self.top();
            match top.then {
                Then::Go(state) => top.state = state,
                Then::EndBody => {
                    top.in_body = false;
                    top.state = State::Code;
                }
                Then::EndInitializer => {
                    top.braces -= 1;
                    top.state = State::Code;
                }
            }
        }
    }

    pub(super) fn step(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        let state = self.top().state;
        match state {
            State::Code if self.csharp => self.csharp_code(token, bytes),
            State::Code => self.java_code(token, bytes),
            State::Body => self.body(token, bytes),
            State::Lost => {}
            _ if state >= State::Expression && self.csharp => self.csharp_state(token, bytes),
            _ if state >= State::Expression => self.java_state(token, bytes),
            _ => self.head(state, token, bytes),
        }
    }

    /// In the head of a function.
    fn head(&mut self, state: State, token: &Lexeme, bytes: &'a [u8]) {
        match state {
            State::Parameters => self.parameters(bytes),
            State::AfterParameters => self.after_parameters(token, bytes),
            State::OldParameters => self.old_parameters(token, bytes),
            _ if state < State::Parameters => self.name(token, bytes),
            _ if state >= State::Initializers => self.initializers(token, bytes),
            _ => self.qualifier(token, bytes),
        }
    }

    /// Counts brackets; `true` when none is open.
    pub(super) fn closed(&mut self, bytes: &[u8], open: u8, close: u8) -> bool {
        let top = self.top();
        top.depth += i32::from(bytes == [open]) - i32::from(bytes == [close]);
        top.depth == 0
    }

    pub(super) fn within(&mut self, bytes: &[u8], open: u8, close: u8, then: State) {
        if self.closed(bytes, open, close) {
            self.go(then);
        }
    }

    /// A word that may be a function's name.
    pub(super) fn try_function(&mut self, token: &Lexeme, bytes: &[u8]) {
        let name = String::from_utf8_lossy(bytes);
        let class = self.top().class.clone();
        if self.top().record && class.as_deref() == Some(&*name) {
            self.top().in_constructor = true;
            return self.go(State::CompactConstructor);
        }
        self.context.try_function(token, &name, class.as_deref());
        let operator = self.csharp && bytes == b"operator";
        self.go(if operator {
            State::Operator
        } else {
            State::Name
        });
    }

    fn name(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match self.top().state {
            State::Name => self.behind_name(token, bytes),
            State::TemplateArguments => {
                self.context.extend(&String::from_utf8_lossy(bytes));
                self.within(bytes, b'<', b'>', State::Name);
            }
            State::OperatorSigns => match bytes {
                b"(" => self.behind_name(token, bytes),
                b";" | b"{" | b"}" => self.again(State::Code, token, bytes),
                _ => self.extend_sign(bytes),
            },
            State::Operator => {
                if bytes != b"(" {
                    self.go(State::OperatorSigns);
                }
                self.extend_sign(bytes);
            }
            _ => {
                self.go(if bytes == b"operator" {
                    State::Operator
                } else {
                    State::Name
                });
                self.context.extend(&String::from_utf8_lossy(bytes));
            }
        }
    }

    fn extend_sign(&mut self, bytes: &[u8]) {
        self.context.extend(" ");
        self.context.extend(&String::from_utf8_lossy(bytes));
    }

    fn behind_name(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match bytes {
            b"(" => self.again(State::Parameters, token, bytes),
            b"::" => {
                self.context.extend("::");
                self.go(State::Qualified);
            }
            b"<" => self.again(State::TemplateArguments, token, bytes),
            _ => self.again(State::Code, token, bytes),
        }
    }

    fn parameters(&mut self, bytes: &[u8]) {
        let closed = self.closed(bytes, b'(', b')');
        let top = self.top();
        match bytes {
            b"(" | b"<" => top.brackets.push(bytes[0]),
            b")" | b">" if top.brackets.pop().is_none() => top.state = State::Code,
            _ => {}
        }
        if closed {
            top.state = State::AfterParameters;
        }
    }

    fn after_parameters(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match bytes {
            b"const" | b"&" | b"&&" => {}
            b"throw" => self.go(State::ThrowList),
            b"throws" => self.go(State::Throws),
            b"->" => self.go(State::ReturnType),
            b"noexcept" => self.go(State::Noexcept),
            b"(" => self.again(State::Parameters, token, bytes),
            b"{" => self.confirm(token, bytes),
            b":" => self.go(State::Initializers),
            _ => self.no_qualifier(token, bytes),
        }
    }

    fn no_qualifier(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if bytes == b"=>" && self.csharp {
            self.context.confirm();
            self.go(State::Expression);
        } else if bytes == b"[" {
            self.again(State::Attribute, token, bytes);
        } else if token.sort == Sort::Word && is_name(bytes) {
            let top = self.top();
            top.saved.clear();
            top.saved.push(*token);
            top.state = State::OldParameters;
        } else {
            self.again(State::Code, token, bytes);
        }
    }

    fn confirm(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        self.context.confirm();
        self.again(State::Body, token, bytes);
    }

    fn body(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if self.csharp {
            return self.within(bytes, b'{', b'}', State::Code);
        }
        self.top().in_body = true;
        self.enter(Machine::new(Kind::Body), Then::EndBody, token, bytes);
    }

    fn qualifier(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match self.top().state {
            State::ThrowList => self.within(bytes, b'(', b')', State::AfterParameters),
            State::Noexcept if bytes == b"(" => self.again(State::ThrowList, token, bytes),
            State::Attribute => self.within(bytes, b'[', b']', State::AfterParameters),
            State::Throws | State::ReturnType if !matches!(bytes, b";" | b"{") => {}
            _ => self.again(State::AfterParameters, token, bytes),
        }
    }

    fn old_parameters(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        if !self.csharp {
            // In Java the next brace is that of the body, whatever stands in front of it.
            if bytes == b"{" {
                self.confirm(token, bytes);
            }
            return;
        }
        let top = self.top();
        if top.saved.len() < OLD_STYLE {
            top.saved.push(*token);
        }
        match bytes {
            b";" => {
                top.saved.clear();
                top.state = State::AfterParameters;
            }
            b"{" if top.saved.len() == 2 => self.confirm(token, bytes),
            b"{" | b"(" => {
                top.state = State::Code;
                for token in std::mem::take(&mut top.saved) {
                    self.step(&token, token.bytes(self.text));
                }
            }
            _ => {}
        }
    }

    fn initializers(&mut self, token: &Lexeme, bytes: &'a [u8]) {
        match (self.top().state, bytes) {
            (State::Initializers, b"{") => self.confirm(token, bytes),
            (State::Initializers, _) => self.go(State::Initializer),
            (State::Initializer, b"(") => self.again(State::InitializerParens, token, bytes),
            (State::Initializer, b"{") => self.again(State::InitializerBraces, token, bytes),
            (State::Initializer, _) => {}
            (State::InitializerParens, _) => {
                self.within(bytes, b'(', b')', State::Initializers);
            }
            _ => self.within(bytes, b'{', b'}', State::Initializers),
        }
    }
}

/// Whether a word may be a name: not a number.
pub(super) fn is_name(bytes: &[u8]) -> bool {
    !bytes.first().is_some_and(u8::is_ascii_digit)
}
