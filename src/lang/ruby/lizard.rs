//! Ruby as lizard reads it: which functions there are, and what counts in them. A block of `it` is one.

use super::pieces::{Piece, Pieces, Sort};
use crate::lang::function::{Function, Inner, Meter, Signature, Unreadable};
use crate::lang::token::point_of;

/// What adds a point.
const POINTS: [(&[u8], &str); 14] = [
    (b"if", "if"),
    (b"elsif", "elsif"),
    (b"elseif", "elseif"),
    (b"until", "until"),
    (b"for", "for"),
    (b"while", "while"),
    (b"rescue", "rescue"),
    (b"ensure", "ensure"),
    (b"when", "when"),
    (b"and", "and"),
    (b"or", "or"),
    (b"||", "||"),
    (b"&&", "&&"),
    (b"?", "?"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    /// Behind `def`.
    Name,
    /// Behind the name.
    Head,
    /// Behind the dot of `def self.name`.
    Member,
    Parameters,
    /// Behind `it`.
    It,
    /// Behind an `if` that starts no line.
    Modifier,
    /// Behind a loop's keyword.
    Loop,
    Documentation,
}

/// A block that is open, and whether it is the body of a function.
struct Level {
    state: State,
    function: bool,
}

struct Scanner<'a> {
    meter: Meter,
    outer: State,
    levels: Vec<Level>,
    last: &'a [u8],
}

/// The functions that lizard finds in a Ruby file.
///
/// # Errors
/// None: what stays open is read as it stands.
pub(in crate::lang) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner {
        meter: Meter::new(),
        outer: State::Code,
        levels: Vec::new(),
        last: b"",
    };
    let mut pieces = Pieces::new(text);
    while let Some(piece) = pieces.next() {
        let bytes = match piece.sort {
            Sort::Part => b"\"\"",
            _ => &text[piece.start..piece.end],
        };
        if let Some(point) = point_of(&POINTS, bytes) {
            scanner.meter.point(piece.start, point);
        }
        scanner.token(&piece, bytes);
        scanner.last = bytes;
    }
    Ok(scanner.meter.finish_closed())
}

impl<'a> Scanner<'a> {
    fn state(&mut self) -> &mut State {
        let level = self.levels.last_mut();
        level.map_or(&mut self.outer, |level| &mut level.state)
    }

    fn go(&mut self, state: State) {
        *self.state() = state;
    }

    fn enter(&mut self, function: bool) {
        self.levels.push(Level {
            state: State::Code,
            function,
        });
    }

    fn leave(&mut self, end: usize) {
        let closed = self.levels.pop();
        if closed.is_some_and(|level| level.function) {
            self.meter.close(end, Inner::Apart);
            self.go(State::Code);
        }
    }

    fn starts_line(&self, piece: &Piece) -> bool {
        piece.fresh || self.last == b";"
    }

    fn token(&mut self, piece: &Piece, bytes: &'a [u8]) {
        match *self.state() {
            State::Code => self.code(piece, bytes),
            State::Head => self.head(piece, bytes),
            State::Modifier => self.modifier(piece, bytes),
            State::Loop => self.looped(piece, bytes),
            State::Name | State::It => self.introduced(piece, bytes),
            State::Member => {
                self.extend(bytes);
                self.go(State::Head);
            }
            State::Parameters | State::Documentation => self.skipped(bytes),
        }
    }

    fn skipped(&mut self, bytes: &[u8]) {
        let (close, then): (&[u8], _) = match *self.state() {
            State::Parameters => (b")", State::Head),
            _ => (b"=end", State::Code),
        };
        if bytes == close {
            self.go(then);
        }
    }

    fn code(&mut self, piece: &Piece, bytes: &[u8]) {
        match bytes {
            _ if piece.sort == Sort::Code => self.enter(false),
            b"end" | b"}" => self.leave(piece.end),
            b"def" => self.go(State::Name),
            b"it" => self.go(State::It),
            b"=begin" => self.go(State::Documentation),
            b"while" | b"for" | b"if" | b"unless" => self.condition(piece, bytes),
            b"begin" | b"do" | b"class" | b"module" | b"{" if self.last != b"." => {
                self.enter(false);
            }
            _ => {}
        }
    }

    /// A word that opens a block where it starts a line.
    fn condition(&mut self, piece: &Piece, bytes: &[u8]) {
        let looped = matches!(bytes, b"while" | b"for");
        match self.starts_line(piece) {
            true if looped => self.go(State::Loop),
            true => self.enter(false),
            false if !looped => self.go(State::Modifier),
            false => {}
        }
    }

    /// Behind `def` the name; behind `it` the block.
    fn introduced(&mut self, piece: &Piece, bytes: &[u8]) {
        if *self.state() == State::Name {
            let anonymous = bytes == b"(";
            let name: &[u8] = if anonymous { b"(anonymous)" } else { bytes };
            self.open(piece, &String::from_utf8_lossy(name));
            self.go(if anonymous {
                State::Parameters
            } else {
                State::Head
            });
        } else if matches!(bytes, b"do" | b"{") {
            self.open(piece, &String::from_utf8_lossy(self.last));
            self.go(State::Head);
        }
    }

    fn open(&mut self, piece: &Piece, name: &str) {
        let signature = Signature {
            name: name.to_owned(),
            name_span: piece.start..piece.end,
            start: piece.start,
            parameters: 0,
        };
        self.meter.open(signature, 0);
    }

    fn extend(&mut self, bytes: &[u8]) {
        let more = String::from_utf8_lossy(bytes);
        self.meter.rename(|name| name.push_str(&more));
    }

    /// Behind a name: parameters, more of the name, or the body.
    fn head(&mut self, piece: &Piece, bytes: &'a [u8]) {
        match bytes {
            b"." => {
                self.extend(bytes);
                self.go(State::Member);
            }
            b"(" => self.go(State::Parameters),
            _ => {
                self.enter(true);
                self.token(piece, bytes);
            }
        }
    }

    /// Behind an `if` that may be a modifier: with `then` on its line it has an end.
    fn modifier(&mut self, piece: &Piece, bytes: &'a [u8]) {
        if self.starts_line(piece) {
            self.go(State::Code);
            self.token(piece, bytes);
        } else if bytes == b"then" {
            self.go(State::Code);
            self.enter(false);
        }
    }

    /// The condition of a loop ends with its line or `do`; the token there is passed over.
    fn looped(&mut self, piece: &Piece, bytes: &[u8]) {
        if self.starts_line(piece) || bytes == b"do" {
            self.go(State::Code);
            if bytes != b"end" {
                self.enter(false);
            }
        }
    }
}
