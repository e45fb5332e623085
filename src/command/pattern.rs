//! The patterns of `glob`, `files` and `exclude`.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::{Regex, RegexBuilder};
use std::path::Path;

/// A regular expression longer than this once compiled is refused, so that a configuration cannot eat the memory.
const REGEX_LIMIT: usize = 10 << 20;

/// The globs of one hook: what any of them matches and no `!glob` takes away.
#[derive(Debug, Clone)]
pub struct Globs {
    wanted: GlobSet,
    unwanted: GlobSet,
    /// There are only `!glob`s: they take away from everything.
    only_unwanted: bool,
}

impl Globs {
    /// Compiles globs as lint-staged and lefthook read them: one without a `/` matches the file name in any folder, one
    /// with a `/` the whole path from the root; `*` and `?` stop at a `/`, `**` does not; `{a,b}` is either, `!` in
    /// front takes away; a glob that ends with `/` is the folder with everything below it.
    ///
    /// # Errors
    /// The position of the first glob that cannot be read, and why.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, (usize, String)> {
        let mut wanted = GlobSetBuilder::new();
        let mut unwanted = GlobSetBuilder::new();
        let mut only_unwanted = true;
        for (at, glob) in globs.iter().enumerate() {
            let text = glob.as_ref();
            let (set, text) = match text.strip_prefix('!') {
                Some(rest) => (&mut unwanted, rest),
                None => {
                    only_unwanted = false;
                    (&mut wanted, text)
                }
            };
            let glob = GlobBuilder::new(&anchored(text))
                .literal_separator(true)
                .backslash_escape(true)
                .empty_alternates(true)
                .build()
                .map_err(|error| (at, error.kind().to_string()))?;
            set.add(glob);
        }
        let build = |set: GlobSetBuilder| set.build().map_err(|error| (0, error.to_string()));
        Ok(Self {
            wanted: build(wanted)?,
            unwanted: build(unwanted)?,
            only_unwanted,
        })
    }

    /// Whether the file at `path`, relative to the root, is matched.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        (self.only_unwanted || self.wanted.is_match(path)) && !self.unwanted.is_match(path)
    }
}

/// The glob as one over whole paths.
fn anchored(glob: &str) -> String {
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    let below = if glob.ends_with('/') { "**" } else { "" };
    match glob.strip_prefix('/') {
        Some(rest) => format!("{rest}{below}"),
        None if glob.contains('/') => format!("{glob}{below}"),
        None => format!("**/{glob}"),
    }
}

/// Compiles a regular expression of Python's `re`, which is what pre-commit's `files` and `exclude` are written in:
/// `$` also matches before a last line end, `\Z` is the end, brackets and braces stand for themselves where Python
/// takes them so.
///
/// # Errors
/// Why it cannot be compiled, in a few words: a mistake, or look-around and back-references, which need an engine that
/// can take exponential time.
pub(super) fn python_regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&translate(pattern))
        .size_limit(REGEX_LIMIT)
        .build()
        .map_err(|error| reason(&error))
}

fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    if text.contains("look-around") {
        return "look-around, as in (?!…), is not supported; use `exclude` for what must not match"
            .to_owned();
    }
    if text.contains("backreferences") {
        return "back-references are not supported".to_owned();
    }
    // The crate draws the pattern with carets over several lines; its last line says what is wrong.
    let last = text.lines().last().unwrap_or("not a regular expression");
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

fn translate(pattern: &str) -> String {
    // In multi-line mode `$` means the end of each line in both engines.
    let flags = ["(?m", "(?sm", "(?im", "(?xm"];
    let end = if flags.iter().any(|flag| pattern.contains(flag)) {
        "$"
    } else {
        "(?:\\n?\\z)"
    };
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let used = match character {
            '\\' => escape(rest, &mut out),
            '[' => class(rest, &mut out),
            '$' => replace(1, end, &mut out),
            '{' => replace(1, brace(rest), &mut out),
            '(' => group(rest, &mut out),
            other => replace(other.len_utf8(), other.encode_utf8(&mut [0; 4]), &mut out),
        };
        rest = &rest[used..];
    }
    out
}

fn brace(rest: &str) -> &'static str {
    if is_repetition(rest) { "{" } else { "\\{" }
}

/// The start of a group; a whole comment `(?#…)` is left out.
fn group(rest: &str, out: &mut String) -> usize {
    if rest.starts_with("(?#") {
        return rest.find(')').map_or(rest.len(), |end| end + 1);
    }
    replace(1, "(", out)
}

fn replace(used: usize, by: &str, out: &mut String) -> usize {
    out.push_str(by);
    used
}

/// `{n}`, `{n,}`, `{,m}`, `{n,m}`: everything else in braces is literal in Python.
fn is_repetition(rest: &str) -> bool {
    rest[1..].split_once('}').is_some_and(|(inner, _)| {
        let (low, high) = inner.split_once(',').unwrap_or((inner, inner));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        digits(low) && digits(high) && !(low.is_empty() && high.is_empty())
    })
}

/// A backslash and the character behind it.
fn escape(rest: &str, out: &mut String) -> usize {
    match rest[1..].chars().next() {
        Some('Z') => replace(2, "\\z", out),
        // Word ends in the regex crate, plain characters in Python.
        Some(plain @ ('<' | '>')) => replace(2, plain.encode_utf8(&mut [0; 4]), out),
        Some(other) => replace(1 + other.len_utf8(), &rest[..1 + other.len_utf8()], out),
        None => replace(1, "\\", out),
    }
}

/// A character class. What the regex crate reads as nesting, set operations or (in verbose mode) as nothing is escaped.
fn class(rest: &str, out: &mut String) -> usize {
    out.push('[');
    let mut at = 1;
    if rest[at..].starts_with('^') {
        at += replace(1, "^", out);
    }
    if rest[at..].starts_with(']') {
        at += replace(1, "\\]", out);
    }
    while let Some(character) = rest[at..].chars().next() {
        at += match character {
            ']' => return at + replace(1, "]", out),
            '\\' => escape(&rest[at..], out),
            '[' | '&' | '~' | ' ' | '#' => {
                out.push('\\');
                replace(1, character.encode_utf8(&mut [0; 4]), out)
            }
            other => replace(other.len_utf8(), other.encode_utf8(&mut [0; 4]), out),
        };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{Globs, python_regex};
    use std::path::Path;

    #[test]
    fn globs_without_a_slash_match_names_anywhere() {
        for (globs, path, want) in [
            (&["*.ts"][..], "a/b/c.ts", true),
            (&["*.ts"], "c.tsx", false),
            (&["*.{ts,tsx}"], "a/c.tsx", true),
            (&["src/*.ts"], "src/a.ts", true),
            (&["src/*.ts"], "src/b/a.ts", false),
            (&["src/*.ts"], "x/src/a.ts", false),
            (&["src/**/*.ts"], "src/a.ts", true),
            (&["src/**/*.ts"], "src/b/c/a.ts", true),
            (&["**/*.ts"], "a.ts", true),
            (&["/a.ts"], "b/a.ts", false),
            (&["./a.ts"], "b/a.ts", true),
            (&["src/"], "src/b/x", true),
            (&["*.ts", "!*.d.ts"], "a.d.ts", false),
            (&["!*.d.ts"], "a.py", true),
            (&["!*.d.ts"], "x/a.d.ts", false),
            (&["*"], ".hidden", true),
            (&["file[0-9].c"], "file7.c", true),
            (&[][..], "anything", true),
        ] {
            let set = Globs::new(globs).unwrap();
            assert_eq!(set.matches(Path::new(path)), want, "{globs:?} {path}");
        }
        assert_eq!(Globs::new(&["a", "[z-a]"]).unwrap_err().0, 1);
        assert_eq!(Globs::new(&["{a"]).unwrap_err().0, 0);
    }

    #[test]
    fn regexes_mean_what_python_means() {
        for (pattern, text, want) in [
            (r"\.py$", "a.py", true),
            (r"\.py$", "a.py\n", true),
            (r"\.py\Z", "a.py\n", false),
            (r"\.pyi?$", "a.pyc", false),
            (r"^src/", "x/src/a", false),
            (
                "(?x)^(\n  docs/.* |  # the docs\n  a[ ]b\\.txt\n)$",
                "a b.txt",
                true,
            ),
            (r"a{b}", "a{b}", true),
            (r"[[&&a]", "&", true),
            (r"[]x]", "]", true),
            (r"[^]x]", "]", false),
            (r"\<a\>", "<a>", true),
            (r"a(?#said)b", "ab", true),
            (r"(?i)READ", "readme", true),
            (r"x{2}", "xx", true),
            (r"a/b\/c", "a/b/c", true),
        ] {
            assert_eq!(
                python_regex(pattern).unwrap().is_match(text),
                want,
                "{pattern}"
            );
        }
    }

    #[test]
    fn what_does_not_compile_is_said_in_one_line() {
        for (pattern, part) in [
            ("a(", "unclosed group"),
            ("^(?!docs/)", "look-around"),
            (r"(a)\1", "back-references"),
            ("[a", "unclosed character class"),
            ("*a", "repetition operator"),
            (r"(\w{1000}){1000}", "limit"),
        ] {
            let error = python_regex(pattern).unwrap_err();
            assert!(
                error.contains(part) && !error.contains('\n'),
                "{pattern}: {error}"
            );
        }
    }
}
