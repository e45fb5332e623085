//! By which rule functions are counted: the language's own, another tool's, or its own with options of its linter.

/// A tool whose cyclomatic complexity is counted in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compat {
    /// [lizard](https://github.com/terryyin/lizard)'s CCN.
    Lizard,
    /// SonarSource's cyclomatic complexity.
    Sonar,
}

impl Compat {
    /// The names that the configuration knows.
    pub const NAMES: [&'static str; 2] = ["lizard", "sonar"];

    /// The tool called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "lizard" => Some(Self::Lizard),
            "sonar" => Some(Self::Sonar),
            _ => None,
        }
    }
}

/// detekt's options for `CyclomaticComplexMethod`, as they come where nothing is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KotlinOptions {
    /// `ignoreSimpleWhenEntries`: only entries with a block count, and a `when` without such an entry is one.
    pub simple_when_entries: bool,
    /// `ignoreSingleWhenExpression`: a function that is nothing but a `when` is not judged.
    pub single_when: bool,
    /// `ignoreNestingFunctions`: `let`, `run`, `forEach` and the like add nothing.
    pub nesting_functions: bool,
}

/// How functions are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counting {
    /// The tool to count as; without it each language has its own rule.
    pub compat: Option<Compat>,
    /// Options of Kotlin's own rule.
    pub kotlin: KotlinOptions,
    /// Whether a `switch` of JavaScript and TypeScript is one point, however many cases it has: ESLint's `variant: "modified"`.
    pub modified: bool,
}
