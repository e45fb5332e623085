//! Java and C# as lizard reads them: which functions there are, and what counts in them.
//!
//! Every word outside bodies may be the name of a function; parentheses behind it, and a brace behind those, make it one.

mod context;
mod csharp;
mod java;
mod levels;
mod machine;

pub(super) use levels::{Brace, Levels};

use super::function::{Function, Unreadable};
use super::lexeme::{Dialect, Lexeme, Lexemes, Sort};
use super::token::point_of;
use context::Context;
use machine::{Kind, Machine};

const DIALECT: Dialect = Dialect::C;

/// What adds a point.
const POINTS: [(&[u8], &str); 9] = [
    (b"if", "if"),
    (b"for", "for"),
    (b"while", "while"),
    (b"catch", "catch"),
    (b"case", "case"),
    (b"&&", "&&"),
    (b"||", "||"),
    (b"?", "?"),
    (b"??", "??"),
];

/// Deeper nested classes and bodies are not read: lizard gives up long before.
const DEEPEST: usize = 4096;

struct Scanner<'a> {
    text: &'a [u8],
    csharp: bool,
    context: Context,
    machines: Vec<Machine>,
    /// The token in front.
    last: &'a [u8],
    /// Where a `~` stands that is one token with what follows.
    tilde: Option<usize>,
    /// Where the second sign of a `??` stands.
    question: usize,
}

/// The functions that lizard finds in a file of Java, or of C#.
///
/// # Errors
/// A comment that is never closed.
pub(super) fn functions(text: &[u8], csharp: bool) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        text,
        csharp,
        context: Context::new(),
        machines: vec![Machine::new(Kind::File)],
        last: b"",
        tilde: None,
        question: usize::MAX,
    };
    let mut lexemes = Lexemes::new(text, 0, DIALECT);
    while let Some(token) = lexemes.next()? {
        if scanner.machines.len() > DEEPEST {
            break;
        }
        if token.sort == Sort::Macro {
            scanner.directive(&token);
        } else if let Some(token) = scanner.whole(token) {
            scanner.token(&token);
        }
    }
    Ok(scanner.context.finish())
}

impl<'a> Scanner<'a> {
    fn top(&mut self) -> &mut Machine {
        if self.machines.is_empty() {
            self.machines.push(Machine::new(Kind::File));
        }
        let last = self.machines.len() - 1;
        &mut self.machines[last]
    }

    /// `token` with the sign that lizard takes for a part of it; nothing for a sign that waits for its token or is a part itself.
    fn whole(&mut self, mut token: Lexeme) -> Option<Lexeme> {
        let next = self.text.get(token.end).copied().unwrap_or(b' ');
        if let Some(start) = self.tilde.take() {
            token.start = start;
        } else if self.text[token.start] == b'~' && !next.is_ascii_whitespace() {
            self.tilde = Some(token.start);
            return None;
        }
        if self.csharp && token.bytes(self.text) == b"?" {
            if self.question == token.start {
                return None;
            }
            if next == b'?' {
                self.question = token.end;
                token.end += 1;
            }
        }
        Some(token)
    }

    fn token(&mut self, token: &Lexeme) {
        let bytes = token.bytes(self.text);
        if let Some(point) = point_of(&POINTS, bytes) {
            self.context.point(token.start, point);
        }
        self.step(token, bytes);
        self.leave();
        self.top().first = false;
        self.context.brace(token, bytes);
        self.last = bytes;
    }

    fn directive(&mut self, token: &Lexeme) {
        let line = self.text[token.start + 1..token.end].trim_ascii_start();
        let name = line.iter().take_while(|byte| byte.is_ascii_alphanumeric());
        match &line[..name.count()] {
            b"if" => self.context.point(token.start, "#if"),
            b"elif" => self.context.point(token.start, "#elif"),
            _ => {}
        }
    }
}
