//! Cognitive complexity and nesting of languages with braces, token by token.

use super::function::{Meter, Sequences};

/// What a token is for the flow of control.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// `if` and what is like it.
    If,
    /// `else`.
    Else,
    /// `elseif`: an `else` with its `if`.
    ElseIf,
    /// A loop, `switch`, `catch`: weighs more the deeper it stands, and nests what is in it.
    Structure,
    /// `do` or `repeat`: the `while` behind its block is part of it.
    Do,
    /// `while`.
    While,
    /// A conditional expression.
    Ternary,
    /// `&&` (1) or `||` (2).
    Operator(u8),
    /// `goto`, or a jump to a label.
    Jump,
    /// `{`; whether it is the body of a lambda or of another thing that nests by itself.
    OpenBrace(bool),
    /// `}`
    CloseBrace,
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
    /// The end of a statement.
    End,
    /// `,`
    Comma,
}

#[derive(Clone, Copy, Default)]
struct Frame {
    nesting: u32,
    /// Structures whose block has not come yet.
    heads: u32,
    /// Whether this is the block of a `do`.
    body_of_do: bool,
    /// Whether the next block is that of a `do`.
    awaits_do: bool,
    /// Whether the `do` has had its block, and its `while` is to come.
    had_do: bool,
    /// Whether the last word was an `else`.
    after_else: bool,
}

/// Follows the brackets and heads of control structures.
#[derive(Default)]
pub(super) struct Flow {
    frames: Vec<Frame>,
    now: Frame,
    sequences: Sequences,
}

impl Flow {
    /// The nesting that something which starts here has.
    pub(super) fn nesting(&self) -> u32 {
        self.now.nesting + self.now.heads
    }

    /// The flow of a function that itself nests `base` deep.
    pub(super) fn nested(base: u32) -> Self {
        Self {
            now: Frame {
                nesting: base,
                ..Frame::default()
            },
            ..Self::default()
        }
    }

    /// Whether a head waits for its block.
    pub(super) fn awaits(&self) -> bool {
        self.now.heads > 0
    }

    /// Whether the block of a `do` has just closed.
    pub(super) fn had_do(&self) -> bool {
        self.now.had_do
    }

    /// Whether [`Step::Comma`] would change anything.
    pub(super) fn heeds_commas(&self) -> bool {
        self.sequences.at_hand() || self.now.after_else
    }

    /// Forgets everything: a function starts.
    pub(super) fn restart(&mut self) {
        self.frames.clear();
        self.now = Frame::default();
        self.sequences.clear();
    }

    /// Takes the next token of a function's body.
    pub(super) fn step(&mut self, step: Step, meter: &mut Meter) {
        let after_else = std::mem::take(&mut self.now.after_else);
        match step {
            Step::If => self.condition(after_else, meter),
            Step::Else | Step::ElseIf => {
                meter.flat();
                self.head();
                self.now.after_else = step == Step::Else;
            }
            Step::Structure => self.structure(meter),
            Step::Do => {
                self.structure(meter);
                self.now.awaits_do = true;
            }
            Step::While if self.now.had_do => self.now.had_do = false,
            Step::While => self.structure(meter),
            Step::Ternary => meter.structure(self.nesting()),
            Step::Operator(_) | Step::Jump => self.flat(step, meter),
            _ => self.bracket(step),
        }
    }

    fn flat(&mut self, step: Step, meter: &mut Meter) {
        let adds = match step {
            Step::Operator(kind) => self.sequences.starts(kind),
            _ => true,
        };
        if adds {
            meter.flat();
        }
    }

    fn condition(&mut self, after_else: bool, meter: &mut Meter) {
        if after_else {
            // The `else` has been counted, and waits for the same block.
            self.sequences.reset();
            return;
        }
        self.structure(meter);
    }

    fn structure(&mut self, meter: &mut Meter) {
        meter.structure(self.nesting());
        self.head();
    }

    fn head(&mut self) {
        self.now.heads += 1;
        self.sequences.reset();
    }

    fn bracket(&mut self, step: Step) {
        match step {
            Step::OpenBrace(nests) => self.open(Frame {
                nesting: self.nesting() + u32::from(nests),
                body_of_do: self.now.awaits_do,
                ..Frame::default()
            }),
            Step::Open => self.open(Frame {
                nesting: self.now.nesting + self.now.heads.saturating_sub(1),
                ..Frame::default()
            }),
            Step::CloseBrace => {
                let body_of_do = self.now.body_of_do;
                self.close();
                self.now.heads = 0;
                self.now.awaits_do = false;
                self.now.had_do = body_of_do;
            }
            Step::Close => self.close(),
            Step::Comma => self.sequences.reset(),
            _ => {
                self.sequences.reset();
                self.now.heads = 0;
            }
        }
    }

    fn open(&mut self, frame: Frame) {
        self.frames.push(std::mem::replace(&mut self.now, frame));
        self.sequences.enter();
    }

    fn close(&mut self) {
        self.now = self.frames.pop().unwrap_or_default();
        self.sequences.leave();
    }
}

/// The step that a word or sign is in most languages with braces.
#[inline]
pub(super) fn common_step(bytes: &[u8]) -> Option<Step> {
    if bytes.len() == 1 {
        return sign_step(bytes[0]);
    }
    Some(match bytes {
        b"if" => Step::If,
        b"else" => Step::Else,
        b"for" | b"foreach" | b"catch" | b"switch" => Step::Structure,
        b"while" => Step::While,
        b"do" => Step::Do,
        b"goto" => Step::Jump,
        b"&&" => Step::Operator(1),
        b"||" => Step::Operator(2),
        _ => return None,
    })
}

#[inline]
const fn sign_step(byte: u8) -> Option<Step> {
    Some(match byte {
        b'?' => Step::Ternary,
        b'{' => Step::OpenBrace(false),
        b'}' => Step::CloseBrace,
        b'(' | b'[' => Step::Open,
        b')' | b']' => Step::Close,
        b';' => Step::End,
        b',' => Step::Comma,
        _ => return None,
    })
}
