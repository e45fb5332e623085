//! What is open in Java and C# code, and what has been read of the member in it.

use crate::lang::token::Token;

/// What an open bracket is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// The body of a class: members stand in it.
    Class,
    /// The constants of an `enum`, up to the first `;`.
    Constants,
    /// The accessors of a property.
    Accessors,
    /// The body of a function.
    Body,
    /// The arms of a `switch` expression.
    Arms,
    /// `(` or `[`.
    Round,
    /// Any other `{`.
    Block,
}

/// An open bracket, and what has been read of the member or expression at hand in it.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) bracket: Bracket,
    /// The last word, and the one in front of `<`.
    pub(super) word: Token,
    pub(super) generic: Token,
    pub(super) angles: u32,
    /// The name in front of the parameters, once they have been read.
    pub(super) name: Option<Token>,
    pub(super) parameters: u32,
    /// Behind `=`: what follows is no member.
    pub(super) value: bool,
    /// Behind `@Name` of an annotation.
    pub(super) annotation: bool,
    /// Where the first annotation of the member starts.
    pub(super) marked: Option<usize>,
    /// Behind `class` and the like; the name once it is known.
    pub(super) head: Option<Option<Token>>,
    pub(super) constants: bool,
    /// Behind `new`; behind the arguments of `new`.
    pub(super) new: bool,
    pub(super) created: bool,
    /// Whether a function without braces is being read: `=> x;`.
    pub(super) expression: bool,
    /// In parentheses: commas, and whether something stands behind the last one.
    pub(super) commas: u32,
    pub(super) filled: bool,
    /// `[`, not `(`.
    pub(super) square: bool,
    /// Behind `switch` without parentheses.
    pub(super) arms: bool,
    pub(super) wild: bool,
}

impl Frame {
    pub(super) const fn new(bracket: Bracket) -> Self {
        Self {
            bracket,
            word: Token::START,
            generic: Token::START,
            angles: 0,
            name: None,
            parameters: 0,
            value: false,
            annotation: false,
            marked: None,
            head: None,
            constants: false,
            new: false,
            created: false,
            expression: false,
            commas: 0,
            filled: false,
            square: false,
            arms: false,
            wild: false,
        }
    }
}

impl Frame {
    pub(super) fn may_start_parameters(&self) -> bool {
        let free = !self.value && !self.annotation && self.may_start_type();
        free && self.bracket == Bracket::Class
    }

    /// Parentheses or square brackets in it have closed.
    pub(super) fn close_round(&mut self, closed: &Self) {
        if closed.square {
            return;
        }
        self.created = std::mem::take(&mut self.new);
        if self.bracket == Bracket::Class && self.parameters == 0 {
            self.parameters = closed.commas + u32::from(closed.filled);
        }
    }

    pub(super) const fn may_start_type(&self) -> bool {
        self.head.is_none() && self.name.is_none()
    }

    pub(super) fn open_angle(&mut self) {
        if self.angles == 0 {
            self.generic = self.word;
        }
        self.angles += 1;
    }

    pub(super) fn close_angle(&mut self) {
        self.angles = self.angles.saturating_sub(1);
        if self.angles == 0 {
            self.word = self.generic;
        }
    }
}
