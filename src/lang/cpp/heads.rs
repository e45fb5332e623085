//! Heads of functions in C and C++: lizard's way of telling a function from everything else.

use crate::lang::lexeme::{Lexeme, Sort};

/// Where the reader is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Code,
    /// Behind a name that may be a function's.
    Name,
    TemplateArguments,
    Operator,
    OperatorSigns,
    Qualified,
    Parameters,
    AfterParameters,
    ThrowList,
    Throws,
    Noexcept,
    ReturnType,
    OldParameters,
    Initializers,
    Initializer,
    InitializerParens,
    InitializerBraces,
    Body,
    Attribute,
    Capture,
    CaptureList,
    LambdaHead,
    LambdaParameters,
    LambdaTail,
    LambdaBody,
}

/// A function whose body may follow.
#[derive(Default)]
pub(super) struct Candidate {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where lizard puts it, if not at its name: at the parameters behind a name that has parentheses of its own.
    pub(super) place: Option<usize>,
    pub(super) parameters: u32,
    /// Whether the parameter at hand has a word.
    filled: bool,
}

/// Reads heads.
pub(super) struct Heads<'a> {
    text: &'a [u8],
    state: State,
    pub(super) candidate: Candidate,
    /// Whether the body of the candidate starts with the token at hand.
    pub(super) starts: bool,
    depth: i32,
    brackets: Vec<u8>,
    saved: Vec<Lexeme>,
}

/// Heads of K&R style are looked through again from their second token; longer ones are not.
const OLD_STYLE: usize = 4096;

impl<'a> Heads<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            state: State::Code,
            candidate: Candidate::default(),
            starts: false,
            depth: 0,
            brackets: Vec::new(),
            saved: Vec::new(),
        }
    }

    /// Whether a body is being read.
    pub(super) fn in_body(&self) -> bool {
        self.state == State::Body
    }

    /// Takes the next token.
    pub(super) fn token(&mut self, token: &Lexeme) {
        let bytes = &self.text[token.start..token.end];
        match self.state {
            State::Body => self.body(bytes),
            State::Code => self.code(token, bytes),
            State::Name
            | State::TemplateArguments
            | State::Operator
            | State::OperatorSigns
            | State::Qualified => self.name(token, bytes),
            State::Parameters => self.parameters(token, bytes),
            State::AfterParameters => self.after_parameters(token, bytes),
            State::ThrowList
            | State::Throws
            | State::Noexcept
            | State::ReturnType
            | State::Attribute => self.qualifier(token, bytes),
            State::OldParameters => self.old_parameters(token, bytes),
            State::Initializers
            | State::Initializer
            | State::InitializerParens
            | State::InitializerBraces => self.initializers(bytes),
            _ => self.lambda(bytes),
        }
    }

    fn body(&mut self, bytes: &[u8]) {
        self.count(bytes, b"{", b"}");
        if self.depth == 0 {
            self.state = State::Code;
        }
    }

    fn count(&mut self, bytes: &[u8], open: &[u8], close: &[u8]) {
        self.depth += i32::from(bytes == open) - i32::from(bytes == close);
    }

    fn code(&mut self, token: &Lexeme, bytes: &[u8]) {
        if is_name(token, bytes) {
            self.candidate = Candidate {
                start: token.start,
                end: token.end,
                ..Candidate::default()
            };
            self.state = if bytes == b"operator" {
                State::Operator
            } else {
                State::Name
            };
        } else if bytes == b"[" {
            self.state = State::Capture;
        }
    }

    fn operator_signs(&mut self, token: &Lexeme, bytes: &[u8]) {
        match bytes {
            b"(" => self.go(State::Parameters, token),
            // `using A::operator=;`
            b";" | b"{" | b"}" => self.go(State::Code, token),
            _ => self.candidate.end = token.end,
        }
    }

    fn name(&mut self, token: &Lexeme, bytes: &[u8]) {
        match self.state {
            State::Name => self.behind_name(token, bytes),
            State::TemplateArguments => self.go_template(token, bytes),
            State::Operator => {
                if bytes != b"(" {
                    self.state = State::OperatorSigns;
                }
                self.candidate.end = token.end;
            }
            State::OperatorSigns => self.operator_signs(token, bytes),
            _ => {
                self.state = if bytes == b"operator" {
                    State::Operator
                } else {
                    State::Name
                };
                self.candidate.end = token.end;
            }
        }
    }

    fn behind_name(&mut self, token: &Lexeme, bytes: &[u8]) {
        match bytes {
            b"(" => self.go(State::Parameters, token),
            b"::" => {
                self.candidate.end = token.end;
                self.state = State::Qualified;
            }
            b"<" => self.go_template(token, bytes),
            _ => self.go(State::Code, token),
        }
    }

    fn go(&mut self, state: State, token: &Lexeme) {
        self.state = state;
        match state {
            State::Parameters => self.parameters(token, b"("),
            _ => self.code(token, &self.text[token.start..token.end]),
        }
    }

    fn go_template(&mut self, token: &Lexeme, bytes: &[u8]) {
        self.state = State::TemplateArguments;
        self.count(bytes, b"<", b">");
        self.candidate.end = token.end;
        if self.depth == 0 {
            self.state = State::Name;
        }
    }

    fn parameters(&mut self, token: &Lexeme, bytes: &[u8]) {
        self.count(bytes, b"(", b")");
        match bytes {
            b"(" | b"<" => self.brackets.push(bytes[0]),
            b")" | b">" => self.pop_parameter(),
            _ if self.brackets.len() == 1 => self.parameter(token, bytes),
            _ => {}
        }
        if self.depth == 0 {
            self.state = State::AfterParameters;
        }
    }

    fn pop_parameter(&mut self) {
        if self.brackets.pop().is_none() {
            self.state = State::Code;
        }
    }

    fn parameter(&mut self, token: &Lexeme, bytes: &[u8]) {
        if bytes == b"," {
            self.candidate.filled = false;
        } else if token.sort == Sort::Word && bytes != b"void" && !self.candidate.filled {
            self.candidate.filled = true;
            self.candidate.parameters += 1;
        }
    }

    fn after_parameters(&mut self, token: &Lexeme, bytes: &[u8]) {
        self.state = match bytes {
            b"const" | b"&" | b"&&" => State::AfterParameters,
            b"throw" => State::ThrowList,
            b"throws" => State::Throws,
            b"->" => State::ReturnType,
            b"noexcept" => State::Noexcept,
            b"(" => {
                // The name with its parameters is the name of another head.
                self.candidate.end = token.start;
                self.candidate.place = Some(token.start);
                self.candidate.parameters = 0;
                self.candidate.filled = false;
                return self.go(State::Parameters, token);
            }
            b"{" => return self.enter(),
            b":" => State::Initializers,
            b"[" => {
                self.state = State::Attribute;
                return self.qualifier(token, bytes);
            }
            _ => return self.no_qualifier(token, bytes),
        };
    }

    fn no_qualifier(&mut self, token: &Lexeme, bytes: &[u8]) {
        if is_name(token, bytes) && bytes[0] != b'~' {
            self.saved.clear();
            self.saved.push(*token);
            self.state = State::OldParameters;
        } else {
            self.state = State::Code;
            self.code(token, bytes);
        }
    }

    fn enter(&mut self) {
        self.starts = true;
        self.state = State::Body;
        self.body(b"{");
    }

    fn qualifier(&mut self, token: &Lexeme, bytes: &[u8]) {
        match self.state {
            State::ThrowList => {
                self.count(bytes, b"(", b")");
                if self.depth == 0 {
                    self.state = State::AfterParameters;
                }
            }
            State::Noexcept if bytes == b"(" => {
                self.state = State::ThrowList;
                self.count(bytes, b"(", b")");
            }
            State::Attribute => {
                self.count(bytes, b"[", b"]");
                if self.depth == 0 {
                    self.state = State::AfterParameters;
                }
            }
            State::Throws | State::ReturnType if !matches!(bytes, b";" | b"{") => {}
            _ => {
                self.state = State::AfterParameters;
                self.after_parameters(token, bytes);
            }
        }
    }

    /// `int f(a, b) int a; char b; {`, or a macro between the parameters and the body.
    fn old_parameters(&mut self, token: &Lexeme, bytes: &[u8]) {
        if self.saved.len() < OLD_STYLE {
            self.saved.push(*token);
        }
        match bytes {
            b";" => {
                self.saved.clear();
                self.state = State::AfterParameters;
            }
            b"{" if self.saved.len() == 2 => self.enter(),
            b"{" | b"(" => {
                self.state = State::Code;
                for token in std::mem::take(&mut self.saved) {
                    self.token(&token);
                }
            }
            _ => {}
        }
    }

    fn initializers(&mut self, bytes: &[u8]) {
        match self.state {
            State::Initializers if bytes == b"{" => self.enter(),
            State::Initializers => self.state = State::Initializer,
            State::Initializer if bytes == b"(" => {
                self.depth += 1;
                self.state = State::InitializerParens;
            }
            State::Initializer if bytes == b"{" => {
                self.depth += 1;
                self.state = State::InitializerBraces;
            }
            State::Initializer => {}
            State::InitializerParens => self.initializer_value(bytes, b"(", b")"),
            _ => self.initializer_value(bytes, b"{", b"}"),
        }
    }

    fn initializer_value(&mut self, bytes: &[u8], open: &[u8], close: &[u8]) {
        self.count(bytes, open, close);
        if self.depth == 0 {
            self.state = State::Initializers;
        }
    }

    /// Lambdas outside functions, and what looks like them: the brackets of arrays.
    fn lambda(&mut self, bytes: &[u8]) {
        match self.state {
            State::Capture | State::CaptureList => self.capture(bytes),
            State::LambdaHead if bytes == b"(" => {
                self.brackets.push(b'(');
                self.state = State::LambdaParameters;
            }
            State::LambdaParameters => self.lambda_parameters(bytes),
            State::LambdaHead | State::LambdaTail => self.lambda_tail(bytes),
            _ => match bytes {
                b"{" => self.brackets.push(b'{'),
                b"}" => self.pop_bracket(b'{', State::Code),
                _ => {}
            },
        }
    }

    fn capture(&mut self, bytes: &[u8]) {
        self.state = match bytes {
            b"]" => State::LambdaHead,
            b"[" if self.state == State::Capture => State::Attribute,
            _ => State::CaptureList,
        };
    }

    fn lambda_tail(&mut self, bytes: &[u8]) {
        self.state = match bytes {
            b"{" => {
                self.brackets.push(b'{');
                State::LambdaBody
            }
            b";" | b"," | b")" => State::Code,
            _ => State::LambdaTail,
        };
    }

    fn lambda_parameters(&mut self, bytes: &[u8]) {
        match bytes {
            b"(" | b"<" | b"[" => self.brackets.push(bytes[0]),
            b")" => self.pop_bracket(b'(', State::LambdaTail),
            b">" => self.pop_bracket(b'<', State::LambdaParameters),
            b"]" => self.pop_bracket(b'[', State::LambdaParameters),
            _ => {}
        }
    }

    fn pop_bracket(&mut self, open: u8, then: State) {
        if self.brackets.last() == Some(&open) {
            self.brackets.pop();
            if self.brackets.is_empty() {
                self.state = then;
            }
        }
    }
}

fn is_name(token: &Lexeme, bytes: &[u8]) -> bool {
    bytes[0] == b'~' || token.sort == Sort::Word && !bytes[0].is_ascii_digit()
}
