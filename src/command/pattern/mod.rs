//! The patterns of `glob`, `files` and `exclude`.

mod globs;
mod python;

pub use globs::Globs;

use fancy_regex::Error;
use regex::{Regex, RegexBuilder};
use std::ops::Range;

/// A regular expression longer than this once compiled is refused, so that a configuration cannot eat the memory.
const REGEX_LIMIT: usize = 10 << 20;

/// How often the backtracking engine may go back for one path: some milliseconds. A path is short, so what needs more
/// is a pattern that takes exponential time.
const BACKTRACKS: usize = 100_000;

/// A regular expression of Python's `re`, which is what `files` and `exclude` are written in, here and in
/// `.pre-commit-config.yaml`. Look-around, back-references, conditions, atomic groups and possessive repetitions go to a
/// backtracking engine with a limit, everything else to one that takes linear time.
#[derive(Debug, Clone)]
pub struct Pattern {
    engine: Engine,
}

#[derive(Debug, Clone)]
enum Engine {
    Linear(Regex),
    /// With the pattern as it was written.
    Backtracking(Box<fancy_regex::Regex>, String),
}

/// Two are equal where they are written alike.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        match (&self.engine, &other.engine) {
            (Engine::Linear(one), Engine::Linear(two)) => one.as_str() == two.as_str(),
            (Engine::Backtracking(_, one), Engine::Backtracking(_, two)) => one == two,
            _ => false,
        }
    }
}

/// A search that was given up: whether the pattern matches is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the regular expression `{pattern}` takes too long for `{text}`")]
pub struct GivenUp {
    /// The pattern as it was written.
    pub pattern: String,
    /// What was searched.
    pub text: String,
}

impl Pattern {
    /// Compiles `pattern`, written as for Python's `re.compile` without flags.
    ///
    /// # Errors
    /// Why Python would not take it either, or that it is too large once compiled; in a few words, on one line.
    pub fn python(pattern: &str) -> Result<Self, String> {
        let translated = python::translate(pattern)?;
        let engine = if translated.backtracks {
            Engine::Backtracking(
                Box::new(backtracking(&translated.text)?),
                pattern.to_owned(),
            )
        } else {
            let built = RegexBuilder::new(&translated.text)
                .size_limit(REGEX_LIMIT)
                .build();
            Engine::Linear(built.map_err(|error| last_line(&error.to_string()))?)
        };
        Ok(Self { engine })
    }

    /// Whether it is found anywhere in `text`, as `re.search` does.
    ///
    /// # Errors
    /// The search was given up. Only patterns for the backtracking engine can do that.
    pub fn is_match(&self, text: &str) -> Result<bool, GivenUp> {
        match &self.engine {
            Engine::Linear(regex) => Ok(regex.is_match(text)),
            Engine::Backtracking(regex, pattern) => regex.is_match(text).map_err(|_| GivenUp {
                pattern: pattern.clone(),
                text: text.to_owned(),
            }),
        }
    }
}

impl Pattern {
    /// Where it is found first in `text`, in bytes.
    ///
    /// # Errors
    /// The search was given up.
    pub fn find(&self, text: &str) -> Result<Option<Range<usize>>, GivenUp> {
        match &self.engine {
            Engine::Linear(regex) => Ok(regex.find(text).map(|found| found.range())),
            Engine::Backtracking(regex, pattern) => regex
                .find(text)
                .map(|found| found.map(|found| found.range()))
                .map_err(|_| GivenUp {
                    pattern: pattern.clone(),
                    text: text.to_owned(),
                }),
        }
    }
}

fn backtracking(pattern: &str) -> Result<fancy_regex::Regex, String> {
    let built = fancy_regex::RegexBuilder::new(pattern)
        .backtrack_limit(BACKTRACKS)
        .delegate_size_limit(REGEX_LIMIT)
        .build();
    built.map_err(|error| match error {
        Error::ParseError(_, error) => last_line(&error.to_string()),
        Error::CompileError(error) => last_line(&error.to_string()),
        other => last_line(&other.to_string()),
    })
}

/// The engines draw the pattern with carets over several lines; the last line says what is wrong.
fn last_line(text: &str) -> String {
    let last = text.lines().last().unwrap_or("not a regular expression");
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    /// Each with what `re.search` of Python 3.11 says.
    const MEANINGS: [(&str, &str, bool); 53] = [
        (r"\.py$", "a.py", true),
        (r"\.py$", "a.py\n", true),
        (r"\.py\Z", "a.py\n", false),
        (r"\.pyi?$", "a.pyc", false),
        (r"^src/", "x/src/a", false),
        (r"\Asrc/", "src/a", true),
        (
            "(?x)^(\n  docs/.* |  # the docs, and don't [read this(\n  a[ ]b\\.txt\n)$",
            "a b.txt",
            true,
        ),
        ("(?x)a\\ b", "a b", true),
        ("(?x)a\\ b", "ab", false),
        ("(?x: a b )c d", "abc d", true),
        ("(?x)(?-x:a b)", "a b", true),
        (r"a{b}", "a{b}", true),
        (r"a{,2}$", "aa", true),
        (r"x{2}", "xx", true),
        (r"x{2,}?", "xxx", true),
        (r"[[&&a]", "&", true),
        (r"[]x]", "]", true),
        (r"[^]x]", "]", false),
        (r"[a\-z]", "m", false),
        (r"[a-]", "-", true),
        (r"[+--]", ",", true),
        (r"[\w-]", "-", true),
        (r"[\b]", "\u{8}", true),
        (r"\<a\>", "<a>", true),
        (r"a(?#said)b", "ab", true),
        (r"(?i)READ", "readme", true),
        (r"(?i:R)EAD", "rEAD", true),
        (r"(?i:R)EAD", "read", false),
        (r"(?s)a.b", "a\nb", true),
        (r"a.b", "a\nb", false),
        (r"(?m)^b$", "a\nb\nc", true),
        (r"^b$", "a\nb\nc", false),
        (r"(?a)\w", "é", false),
        (r"\w", "é", true),
        (r"\x41\u0042\103\0", "ABC\0", true),
        (r"a/b\/c", "a/b/c", true),
        (r"#a~", "#a~", true),
        (r"^(?!docs/)", "docs/a", false),
        (r"^(?!docs/)", "src/docs/a", true),
        (r"^(?!docs/).*\.py$", "a.py", true),
        (r"(?<!test_)a\.py", "test_a.py", false),
        (r"(?<=src/)a", "src/a", true),
        (r"(a|b)\1", "ab", false),
        (r"(a|b)\1", "bb", true),
        (r"(?P<x>a|b)/(?P=x)$", "b/b", true),
        (r"(?P<x>a|b)/(?P=x)$", "b/a", false),
        (r"(a)?b(?(1)c|d)$", "abc", true),
        (r"(a)?b(?(1)c|d)$", "bc", false),
        (r"(?P<q>a)?b(?(q)c|d)$", "bd", true),
        (r"(?>a+)ab", "aaab", false),
        (r"a++ab", "aaab", false),
        (r"(?x) ^ (?! docs/ ) # not these", "src", true),
        (r"(a)\1 2", "aa 2", true),
    ];

    #[test]
    fn regexes_mean_what_python_means() {
        for (pattern, text, want) in MEANINGS {
            let compiled = Pattern::python(pattern);
            let compiled = compiled.unwrap_or_else(|error| panic!("{pattern}: {error}"));
            assert_eq!(compiled.is_match(text), Ok(want), "{pattern} in {text:?}");
        }
    }

    #[test]
    fn what_does_not_compile_is_said_in_one_line() {
        for (pattern, part) in [
            ("a(", "unclosed group"),
            ("a)", "unopened group"),
            ("[a", "unterminated character set"),
            ("*a", "repetition operator"),
            ("a**", "multiple repeat"),
            (r"(\w{1000}){1000}", "limit"),
            (r"\q", r"bad escape \q"),
            (r"\x4", "hexadecimal"),
            ("a\\", "end of pattern"),
            ("a(?i)", "not at the start"),
            ("(?y)a", "unknown flag"),
            ("(?<n>a)", "unknown extension"),
            ("(?P<n", "unterminated"),
            (r"(?!a)\2", "back reference"),
            ("(?!a", "parenthesis"),
        ] {
            let error = Pattern::python(pattern).unwrap_err();
            assert!(
                error.contains(part) && !error.contains('\n'),
                "{pattern}: {error}"
            );
        }
    }

    #[test]
    fn a_search_without_end_is_given_up() {
        let pattern = Pattern::python(r"^(?!x)(a|a)*\1$").unwrap();
        let began = std::time::Instant::now();
        let given_up = pattern.is_match(&("a".repeat(60) + "b")).unwrap_err();
        assert!(
            given_up.to_string().contains("takes too long"),
            "{given_up}"
        );
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
        // Linear time, however bad it looks.
        let linear = Pattern::python(r"^(a|a)*c$").unwrap();
        assert_eq!(linear.is_match(&"a".repeat(10_000)), Ok(false));
    }
}
