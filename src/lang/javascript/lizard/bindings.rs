//! Patterns of names with default values, as in parameters: which `=` gives a default, and what is an expression.

use super::token::Mark;

/// A bracket of the pattern.
#[derive(Clone, Copy)]
struct Frame {
    closing: u8,
    /// Whether a default value is being read.
    initializing: bool,
}

impl Frame {
    /// Whether an expression goes on or starts with the token: brackets of keys that are computed start one too.
    fn holds_expression(&self, mark: Mark, behind_key: bool) -> bool {
        let computed = mark == Mark::Square && self.closing == b'}' && behind_key;
        self.initializing || computed || mark == Mark::Round
    }
}

/// What a token did.
#[derive(Clone, Copy, Default)]
pub(super) struct Event {
    /// Whether the pattern has ended.
    pub(super) ended: bool,
    /// Whether a default value starts behind it.
    pub(super) starts: bool,
    /// Whether a default value ends in front of it.
    pub(super) ends: bool,
}

/// A pattern that is being read, up to the bracket that closes it.
pub(super) struct Bindings {
    frames: Vec<Frame>,
    /// The brackets of expressions, by what closes them.
    brackets: Vec<u8>,
    /// How many default values there are.
    pub(super) defaults: u32,
}

impl Bindings {
    pub(super) fn new(closing: u8) -> Self {
        Self {
            frames: vec![Frame {
                closing,
                initializing: false,
            }],
            brackets: Vec::new(),
            defaults: 0,
        }
    }

    /// Whether an expression is being read.
    pub(super) fn in_expression(&self) -> bool {
        !self.brackets.is_empty() || self.frames.last().is_some_and(|frame| frame.initializing)
    }

    /// Reads a token; `behind_key` says that a key may stand there, as behind `{` and `,`.
    pub(super) fn read(&mut self, mark: Mark, behind_key: bool) -> Event {
        let in_expression = self.in_expression();
        let Some(frame) = self.frames.last_mut() else {
            return Event {
                ended: true,
                ..Event::default()
            };
        };
        let closes = mark == Mark::Close(frame.closing);
        let ends = in_expression && self.brackets.is_empty() && (closes || mark == Mark::Comma);
        let defaults = self.defaults;
        self.step(mark, behind_key, closes);
        Event {
            ended: self.frames.is_empty(),
            starts: self.defaults > defaults,
            ends,
        }
    }

    fn step(&mut self, mark: Mark, behind_key: bool, closes: bool) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        if let Some(&top) = self.brackets.last() {
            return self.bracket(mark, Some(top));
        }
        let expression = frame.holds_expression(mark, behind_key);
        match mark {
            _ if closes => {
                self.frames.pop();
            }
            Mark::Comma => frame.initializing = false,
            _ if expression => self.bracket(mark, None),
            Mark::Equal => {
                frame.initializing = true;
                self.defaults += 1;
            }
            _ => self.nest(mark),
        }
    }

    /// A token of an expression.
    fn bracket(&mut self, mark: Mark, top: Option<u8>) {
        if let Some(closing) = mark.closing() {
            self.brackets.push(closing);
        } else if top.is_some_and(|top| mark == Mark::Close(top)) {
            self.brackets.pop();
        }
    }

    fn nest(&mut self, mark: Mark) {
        let closing = match mark {
            Mark::Square => b']',
            Mark::Curly => b'}',
            _ => return,
        };
        self.frames.push(Frame {
            closing,
            initializing: false,
        });
    }
}
