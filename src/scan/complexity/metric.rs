//! What is measured on a function and can be over a limit.

use crate::lang::Function;

/// A number of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Metric {
    Cyclomatic,
    Cognitive,
    Lines,
    Parameters,
    Nesting,
}

impl Metric {
    /// All of them, in the order they are judged.
    pub(super) const ALL: [Self; 5] = [
        Self::Cyclomatic,
        Self::Cognitive,
        Self::Lines,
        Self::Parameters,
        Self::Nesting,
    ];

    /// The number of `function`, which stands in `text`.
    pub(super) fn value(self, function: &Function, text: &[u8]) -> u32 {
        match self {
            Self::Cyclomatic => function.cyclomatic,
            Self::Cognitive => function.cognitive,
            Self::Parameters => function.parameters,
            Self::Nesting => function.nesting,
            Self::Lines => lines(&text[function.span.clone()]),
        }
    }

    /// Its name in reports and in the configuration.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Cyclomatic => "cyclomatic",
            Self::Cognitive => "cognitive",
            Self::Lines => "lines",
            Self::Parameters => "parameters",
            Self::Nesting => "nesting",
        }
    }

    /// The rule that holds its limit.
    pub(super) const fn rule(self) -> &'static str {
        match self {
            Self::Cyclomatic => "cyclomatic-complexity",
            Self::Cognitive => "cognitive-complexity",
            Self::Lines => "function-length",
            Self::Parameters => "parameter-count",
            Self::Nesting => "nesting-depth",
        }
    }

    /// Whether the markers by which other linters accept a complex function speak of it.
    pub(super) const fn is_complexity(self) -> bool {
        matches!(self, Self::Cyclomatic | Self::Cognitive)
    }

    /// Whether going over the limit stops a commit. Cognitive complexity is a matter of judgement: it only warns.
    pub(super) const fn blocks(self) -> bool {
        !matches!(self, Self::Cognitive)
    }

    /// The value as one says it: `cyclomatic complexity 12`, `40 lines`, `1 parameter`.
    pub(super) fn told(self, value: u32) -> String {
        match self {
            Self::Cyclomatic | Self::Cognitive => format!("{} complexity {value}", self.name()),
            Self::Nesting => format!("control structures nested {value} deep"),
            Self::Lines | Self::Parameters if value == 1 => {
                format!("1 {}", self.name().trim_end_matches('s'))
            }
            Self::Lines | Self::Parameters => format!("{value} {}", self.name()),
        }
    }
}

/// Lines from the first byte of a function to its last.
fn lines(function: &[u8]) -> u32 {
    let breaks = memchr::memchr_iter(b'\n', function).count();
    let ends_in_break = function.last() == Some(&b'\n');
    u32::try_from(breaks + 1 - usize::from(ends_in_break)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Metric, lines};

    #[test]
    fn lines_are_those_that_a_reader_counts() {
        assert_eq!(lines(b"fn a() {}"), 1);
        assert_eq!(lines(b"fn a() {\n}"), 2);
        assert_eq!(lines(b"def a():\n  pass\n"), 2);
    }

    #[test]
    fn values_are_told_in_words() {
        assert_eq!(Metric::Parameters.told(1), "1 parameter");
        assert_eq!(Metric::Lines.told(40), "40 lines");
        assert_eq!(Metric::Cyclomatic.told(12), "cyclomatic complexity 12");
    }
}
