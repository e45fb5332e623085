//! Python as lizard reads it: which functions there are, and what counts in them. What a line's indentation says, it says in strings
//! and brackets too.

use super::pieces::{Piece, Pieces, Sort};
use super::soft::Soft;
use crate::lang::function::{Function, Unreadable, qualified};
use crate::lang::token::point_of;

/// What adds a point.
const POINTS: [(&[u8], &str); 8] = [
    (b"if", "if"),
    (b"elif", "elif"),
    (b"for", "for"),
    (b"while", "while"),
    (b"except", "except"),
    (b"finally", "finally"),
    (b"and", "and"),
    (b"or", "or"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    /// Behind `def`.
    Name,
    /// In the brackets of type parameters, so many of which are open.
    Generics(i64),
    Parameters,
    /// In a value that has commas of its own: brackets and heads of `lambda`.
    Value(i64, u32),
    /// In the brackets of a type.
    Annotation(i64),
    /// Behind the parameters.
    Colon,
}

/// A block, and the function whose body it is.
struct Block {
    function: Option<usize>,
}

#[derive(Default)]
struct Found {
    function: Option<Function>,
    /// Whether its head ends with a bracket so far.
    closed: bool,
}

struct Scanner<'a> {
    text: &'a [u8],
    state: State,
    /// Columns of the blocks that are open.
    indents: Vec<usize>,
    blocks: Vec<Block>,
    /// All functions, the file around them first.
    found: Vec<Found>,
    current: usize,
    /// The function whose body has not begun.
    pending: Option<usize>,
    finished: Vec<usize>,
    /// The end of the last token.
    end: usize,
    /// The indentation of the line at hand, while nothing else was read on it.
    leading: Option<usize>,
}

/// The functions that lizard finds in a file of Python.
///
/// # Errors
/// None: what stays open is read as it stands.
pub(in crate::lang) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        text,
        state: State::Code,
        indents: vec![0],
        blocks: Vec::new(),
        found: vec![Found::default()],
        current: 0,
        pending: None,
        finished: Vec::new(),
        end: 0,
        leading: Some(0),
    };
    let mut pieces = Soft::new(text, Pieces::new(text));
    while let Some((piece, is_case)) = pieces.next() {
        scanner.piece(&piece, is_case);
    }
    scanner.indent(0, b"");
    Ok(scanner.finish())
}

impl<'a> Scanner<'a> {
    fn piece(&mut self, piece: &Piece, is_case: bool) {
        let bytes = &self.text[piece.start..piece.end];
        match piece.sort {
            Sort::Newline => {
                self.leading = Some(0);
                return;
            }
            Sort::Blank => {
                self.leading = self.leading.map(|leading| leading + columns(bytes));
                return;
            }
            Sort::Comment => {
                self.leading = None;
                return;
            }
            Sort::Text => self.line(b"\""),
            Sort::Code => self.line(bytes),
        }
        let word: &[u8] = if piece.sort == Sort::Text {
            b"\"\""
        } else {
            bytes
        };
        let point = if is_case {
            Some("case")
        } else {
            point_of(&POINTS, word)
        };
        if let (Some(point), Some(function)) = (point, &mut self.found[self.current].function) {
            function.cyclomatic = function.cyclomatic.saturating_add(1);
            function.points.push((piece.start, point));
        }
        self.end = piece.end;
        self.token(piece, word);
    }

    /// The first token of a line says which blocks are open, but not in a head.
    fn line(&mut self, bytes: &[u8]) {
        let Some(columns) = self.leading.take() else {
            return;
        };
        if self.current == 0 || self.found[self.current].closed {
            self.indent(columns, bytes);
        }
    }

    fn indent(&mut self, columns: usize, bytes: &[u8]) {
        while self.indents.last().is_some_and(|&last| last > columns) && !bytes.starts_with(b")") {
            self.indents.pop();
            self.leave();
        }
        if self.indents.last().is_none_or(|&last| last < columns) {
            self.indents.push(columns);
            let function = self.pending.take();
            self.blocks.push(Block { function });
        }
    }

    /// A block ends, and the function whose body it is: as the one that was opened last.
    fn leave(&mut self) {
        self.pending = None;
        let Some(Block { function: Some(_) }) = self.blocks.pop() else {
            return;
        };
        if self.current > 0 {
            if let Some(function) = &mut self.found[self.current].function {
                function.span.end = self.end.max(function.span.start);
            }
            self.finished.push(self.current);
        }
        let outer = self.blocks.iter().rev();
        self.current = outer.filter_map(|block| block.function).next().unwrap_or(0);
    }

    fn token(&mut self, piece: &Piece, bytes: &[u8]) {
        match self.state {
            State::Code if bytes == b"def" => self.state = State::Name,
            State::Code => {}
            State::Colon => self.state = State::Code,
            State::Name => self.name(piece, bytes),
            State::Generics(_) if matches!(bytes, b"def" | b"class") => {
                self.state = State::Code;
                self.token(piece, bytes);
            }
            state => {
                self.found[self.current].closed = bytes == b")";
                self.state = head(state, bytes, piece.inner);
            }
        }
    }

    fn name(&mut self, piece: &Piece, bytes: &[u8]) {
        match bytes {
            b"[" => {
                self.found[self.current].closed = false;
                self.state = State::Generics(1);
            }
            b"(" => {
                self.found[self.current].closed = false;
                self.state = State::Parameters;
            }
            _ => self.open(piece, bytes),
        }
    }

    fn open(&mut self, piece: &Piece, bytes: &[u8]) {
        let outer = self.blocks.iter().filter_map(|block| block.function);
        let scopes: Vec<&str> = outer.filter_map(|index| self.name_of(index)).collect();
        let name = qualified(&scopes, &String::from_utf8_lossy(bytes), ".");
        self.current = self.found.len();
        self.pending = Some(self.current);
        self.found.push(Found {
            function: Some(Function {
                name,
                name_span: piece.start..piece.end,
                span: piece.start..piece.end,
                cyclomatic: 1,
                cognitive: 0,
                parameters: 0,
                nesting: 0,
                points: Vec::new(),
            }),
            closed: bytes.ends_with(b")"),
        });
    }

    /// The function's own name.
    fn name_of(&self, index: usize) -> Option<&str> {
        let name = &self.found[index].function.as_ref()?.name;
        name.rsplit('.').next()
    }

    fn finish(mut self) -> Vec<Function> {
        self.finished.sort_unstable();
        self.finished.dedup();
        let mut found = self.found;
        let functions = self.finished.into_iter();
        functions
            .filter_map(|index| found[index].function.take())
            .collect()
    }
}

/// The columns of blanks at the start of a line.
fn columns(blanks: &[u8]) -> usize {
    let widths = blanks.iter().map(|byte| match byte {
        b'\t' => 8,
        b'\r' => 0,
        _ => 1,
    });
    widths.sum()
}

/// The state behind a token of a head. What stands in a string (`inner`) closes nothing.
fn head(state: State, bytes: &[u8], inner: bool) -> State {
    match state {
        State::Generics(depth) => brackets(depth, bytes, State::Generics, State::Name),
        _ if inner => state,
        State::Annotation(depth) => brackets(depth, bytes, State::Annotation, State::Parameters),
        State::Parameters => parameter(bytes),
        State::Value(depth, lambdas) => value(depth, lambdas, bytes),
        _ => state,
    }
}

/// The state in square brackets, `within` which it stays up to the last that closes.
fn brackets(depth: i64, bytes: &[u8], within: fn(i64) -> State, behind: State) -> State {
    let depth = match bytes {
        b"[" => depth + 1,
        b"]" => depth - 1,
        _ => depth,
    };
    if depth == 0 { behind } else { within(depth) }
}

fn parameter(bytes: &[u8]) -> State {
    match bytes {
        b")" => State::Colon,
        b"[" => State::Annotation(1),
        b"(" | b"{" | b"lambda" => value(0, 0, bytes),
        _ => State::Parameters,
    }
}

fn value(depth: i64, lambdas: u32, bytes: &[u8]) -> State {
    let (depth, lambdas) = match bytes {
        b"(" | b"[" | b"{" => (depth + 1, lambdas),
        b")" | b"]" | b"}" => (depth - 1, lambdas),
        b"lambda" if depth == 0 => (depth, lambdas + 1),
        b":" if depth == 0 => (depth, lambdas.saturating_sub(1)),
        _ => (depth, lambdas),
    };
    match (depth, lambdas) {
        (0, 0) | (i64::MIN..0, _) => State::Parameters,
        _ => State::Value(depth, lambdas),
    }
}
