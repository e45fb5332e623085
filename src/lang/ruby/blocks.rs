//! What is open in Ruby code: definitions, blocks, brackets.

use crate::lang::token::Token;
use std::collections::HashSet;

/// What an open thing is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Def,
    Class,
    Begin,
    If,
    Loop,
    Case,
    /// `do … end` of a call.
    Do,
    /// `{ … }` of a call.
    Brace,
    /// `{` of a hash, or of code in a string.
    Hash,
    /// `(` or `[`.
    Round,
}

impl Block {
    /// Whether `end` closes it.
    pub(super) const fn ends(self) -> bool {
        !matches!(self, Self::Brace | Self::Hash | Self::Round)
    }

    /// Whether what stands in it is nested.
    pub(super) const fn nests(self) -> bool {
        matches!(
            self,
            Self::If | Self::Loop | Self::Case | Self::Do | Self::Brace
        )
    }
}

/// Something open.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) block: Block,
    pub(super) nesting: u32,
    /// Whether a function ends with it.
    pub(super) function: bool,
    /// A method without `end`: `def a = b`.
    pub(super) endless: bool,
    /// A loop whose `do` may come.
    pub(super) awaits_do: bool,
    /// Whether a `rescue` has been met.
    pub(super) rescued: bool,
    /// For parentheses: the name in front of them.
    pub(super) call: Option<Token>,
    /// The method of the statement at hand that takes arguments without parentheses.
    pub(super) command: Option<Token>,
    /// The method called last.
    pub(super) last: Option<Token>,
    /// For `define_method`: the name that follows.
    pub(super) defined: Option<Token>,
}

impl Frame {
    pub(super) const fn new(block: Block, nesting: u32) -> Self {
        Self {
            block,
            nesting,
            function: false,
            endless: false,
            awaits_do: false,
            rescued: false,
            call: None,
            command: None,
            last: None,
            defined: None,
        }
    }

    /// A statement is over.
    pub(super) fn end_statement(&mut self) {
        self.awaits_do = false;
        self.end_call();
    }

    /// What follows is an expression of its own.
    pub(super) fn end_call(&mut self) {
        self.command = None;
        self.last = None;
    }
}

/// What is known of local variables in a method.
#[derive(Default)]
pub(super) struct Method<'a> {
    pub(super) variables: HashSet<&'a [u8]>,
    /// Those that `&.` has been counted for since they were assigned.
    pub(super) called: HashSet<&'a [u8]>,
}
