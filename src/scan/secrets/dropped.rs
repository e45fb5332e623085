//! Why a match is no finding: which of the filters let it fall.

use std::fmt;

/// The filters in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Filter {
    /// Where the match stands: path, kind of file.
    Place,
    /// How mixed the secret is.
    Entropy,
    /// Words that no secret of the kind contains.
    StopWords,
    /// Patterns of secrets to let pass.
    Allow,
    /// What the rule has tested by code: placeholders, names, the look of random values.
    Plausible,
}

/// What became of a match that does not count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Dropped {
    /// By the entropy it has.
    Entropy(f32),
    /// By this filter, for this reason.
    By(Filter, &'static str),
}

impl Dropped {
    /// Dropped by the tests in code.
    pub(super) const fn implausible(why: &'static str) -> Self {
        Self::By(Filter::Plausible, why)
    }

    /// The filter.
    pub(super) const fn filter(self) -> Filter {
        match self {
            Self::Entropy(_) => Filter::Entropy,
            Self::By(filter, _) => filter,
        }
    }
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entropy(has) => write!(f, "entropy {has:.1} is too low"),
            Self::By(_, why) => f.write_str(why),
        }
    }
}

/// `Ok` where `holds`.
pub(super) fn unless(dropped: Dropped, holds: bool) -> Result<(), Dropped> {
    if holds { Ok(()) } else { Err(dropped) }
}
