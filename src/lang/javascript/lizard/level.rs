//! A level of nesting, and what is being read on it.

use super::bindings::Bindings;
use super::name::Name;

/// What is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum State {
    #[default]
    Code,
    /// Behind `function`, or at the bracket of parameters.
    Head,
    /// In parameters.
    Parameters,
    /// Behind parameters.
    Body,
    /// Behind `if`, `for` and the like.
    Condition,
    /// Behind a condition, and behind `else` and the like.
    Statement,
    /// Behind a dot.
    Member,
    /// Behind `=>`.
    Arrow,
    Template,
    /// In the brackets of type parameters.
    Generics(u32),
    /// In the brackets of a name that is computed.
    Computed,
    /// Behind `declare function`.
    Declared,
    Alias(Alias),
    /// Behind `interface`: the braces that are open, and whether one was.
    Interface(i64, bool),
    /// In a type, behind its colon.
    Type(Type),
    /// On the next level.
    Nested,
}

/// Where in the declaration of a type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Alias {
    Name,
    Equals,
    Value,
    Generics(i64),
    Braces(i64),
}

/// Where in a type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Start,
    Simple,
    /// In brackets of this kind, so many of which are open.
    Brackets(u8, u8, i64),
}

/// What to do when the level behind, or the type, has been read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Then {
    #[default]
    Nothing,
    /// The function ends.
    Close,
    /// The statement of a condition follows.
    Statement,
    /// A block was read.
    Block,
    /// It may have been a pattern.
    Pattern,
    /// It was an object, or a pattern.
    Object,
    /// It was the parameter of `catch`.
    Catch,
    /// The token that a type ends at is read as what follows it.
    Type { again: bool },
}

/// What may be a pattern.
pub(super) struct Candidate {
    pub(super) bindings: Bindings,
    /// The function that it stands in, and the complexity of that function in front of it.
    pub(super) function: usize,
    pub(super) count: i64,
    /// Whether conditions in it may belong to an arrow function behind it.
    pub(super) tracked: bool,
    /// Default values that were found to be some, whatever comes behind it.
    pub(super) confirmed: u32,
}

/// What has been a pattern, if what follows says so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) defaults: u32,
    pub(super) expressions: i64,
    pub(super) confirmed: u32,
}

/// A level.
#[derive(Default)]
pub(super) struct Level<'a> {
    pub(super) state: State,
    /// The state in which the next level was entered last.
    pub(super) saved: State,
    pub(super) then: Then,
    pub(super) candidate: Option<Candidate>,
    pub(super) pending: Option<Pending>,
    /// Parameters that are being read, and whether anything was.
    pub(super) parameters: Option<Bindings>,
    pub(super) at_start: bool,
    /// Whether the level behind reads a default value.
    pub(super) initializer: bool,
    /// The last token, with the names in front of its dots.
    pub(super) last: Name<'a>,
    pub(super) name: Name<'a>,
    /// The token in front.
    pub(super) previous: Name<'a>,
    pub(super) computed: Vec<u8>,
    /// Whether a function was opened here.
    pub(super) started: bool,
    /// Whether it holds members.
    pub(super) members: bool,
    pub(super) accessor: Option<&'static [u8]>,
    pub(super) is_declared: bool,
    pub(super) is_static: bool,
    pub(super) is_async: bool,
    pub(super) is_abstract: bool,
    /// Behind the colon of a property.
    pub(super) in_value: bool,
    pub(super) catches: bool,
    pub(super) conditionals: u32,
    pub(super) exits: bool,
}
