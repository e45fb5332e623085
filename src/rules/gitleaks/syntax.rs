//! Patterns of Go's `regexp` package (RE2, <https://github.com/google/re2/wiki/Syntax>) written for the Rust `regex` crate.
//!
//! The two differ in what `\d`, `\s`, `\w` and `\b` mean (ASCII in Go), in what may be escaped, in braces that are no
//! repetition, in classes within classes. Here every pattern is taken apart as Go does and every literal written so that it
//! can only be read as one.

use super::class::{self, PatternError, literal};
use std::collections::BTreeSet;

/// The most that a repetition may count to in Go.
const MOST_REPEATS: u32 = 1000;

/// A pattern in Rust's syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Translated {
    /// The pattern, over bytes.
    pub(super) text: String,
    /// Capture groups in it.
    pub(super) groups: usize,
}

/// Translates a pattern.
///
/// # Errors
/// Go would refuse it.
pub(super) fn translate(pattern: &str) -> Result<Translated, PatternError> {
    let mut translator = Translator {
        pattern,
        at: 0,
        out: String::with_capacity(pattern.len() * 2),
        groups: 0,
        names: BTreeSet::new(),
        open: 0,
        before: Before::Nothing,
    };
    while translator.at < pattern.len() {
        translator.step()?;
    }
    if translator.open > 0 {
        return Err(translator.error(pattern.len(), "missing closing `)`"));
    }
    Ok(Translated {
        text: translator.out,
        groups: translator.groups,
    })
}

/// What stands before the place that is read, as far as repetitions care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The start, `(` or `|`.
    Nothing,
    /// Something that can be repeated.
    Atom,
    /// A repetition.
    Repeat,
}

struct Translator<'p> {
    pattern: &'p str,
    at: usize,
    out: String,
    groups: usize,
    names: BTreeSet<&'p str>,
    open: usize,
    before: Before,
}

impl<'p> Translator<'p> {
    fn rest(&self) -> &'p str {
        &self.pattern[self.at..]
    }

    fn error(&self, at: usize, reason: impl Into<String>) -> PatternError {
        PatternError {
            at,
            reason: reason.into(),
        }
    }

    fn step(&mut self) -> Result<(), PatternError> {
        let Some(first) = self.rest().chars().next() else {
            return Ok(());
        };
        match first {
            '(' => self.group(),
            ')' => self.close(),
            '[' => self.class(),
            '{' => self.brace(),
            '\\' => self.escape(),
            '*' | '+' | '?' => self.repeat(1),
            _ => {
                self.plain(first);
                Ok(())
            }
        }
    }

    /// What means the same in both, or only itself.
    fn plain(&mut self, first: char) {
        match first {
            '|' => self.copy(1, Before::Nothing),
            '.' | '^' | '$' => self.copy(1, Before::Atom),
            _ => self.literal(first),
        }
    }

    fn class(&mut self) -> Result<(), PatternError> {
        let (len, text) = class::translate(self.rest())
            .map_err(|error| self.error(self.at + error.at, error.reason))?;
        self.emit(len, &text);
        Ok(())
    }

    /// A repetition, or a brace that stands for itself.
    fn brace(&mut self) -> Result<(), PatternError> {
        let Some((len, least, most)) = counted(self.rest()) else {
            self.literal('{');
            return Ok(());
        };
        let most = most.unwrap_or(least);
        if least > MOST_REPEATS || most > MOST_REPEATS || most < least {
            return Err(self.error(self.at, "invalid repeat count (Go counts to 1000)"));
        }
        self.repeat(len)
    }

    fn literal(&mut self, character: char) {
        literal(character, &mut self.out);
        self.at += character.len_utf8();
        self.before = Before::Atom;
    }

    /// Takes `len` bytes of the pattern as they are.
    fn copy(&mut self, len: usize, before: Before) {
        self.out.push_str(&self.pattern[self.at..self.at + len]);
        self.at += len;
        self.before = before;
    }

    /// Writes `text` for `len` bytes of the pattern that make something repeatable.
    fn emit(&mut self, len: usize, text: &str) {
        self.out.push_str(text);
        self.at += len;
        self.before = Before::Atom;
    }

    /// A repetition whose operator has `len` bytes, lazy if `?` follows.
    fn repeat(&mut self, len: usize) -> Result<(), PatternError> {
        let reason = match self.before {
            Before::Atom => {
                let lazy = self.rest()[len..].starts_with('?');
                self.copy(len + usize::from(lazy), Before::Repeat);
                return Ok(());
            }
            Before::Nothing => "missing argument to repetition operator",
            Before::Repeat => "invalid nested repetition operator",
        };
        Err(self.error(self.at, reason))
    }

    fn close(&mut self) -> Result<(), PatternError> {
        if self.open == 0 {
            return Err(self.error(self.at, "unexpected `)`"));
        }
        self.open -= 1;
        self.copy(1, Before::Atom);
        Ok(())
    }

    /// `(`, `(?:`, `(?flags)`, `(?flags:`, `(?P<name>`, `(?<name>`. Names are checked and left out: nothing asks for them.
    fn group(&mut self) -> Result<(), PatternError> {
        let rest = self.rest();
        let Some(inner) = rest.strip_prefix("(?") else {
            self.begin(1, "(", true);
            return Ok(());
        };
        let lookaround = ["=", "!", "<=", "<!"];
        if lookaround.iter().any(|sign| inner.starts_with(sign)) {
            return Err(self.error(self.at, "Go's patterns have no lookaround"));
        }
        if let Some(name) = inner.strip_prefix("P<").or_else(|| inner.strip_prefix('<')) {
            return self.named(name, rest.len() - name.len());
        }
        let end = inner.find([':', ')']).unwrap_or(inner.len());
        let flags = &inner[..end];
        if end == inner.len() || !are_flags(flags) {
            return Err(self.error(self.at, "invalid or unsupported Perl syntax"));
        }
        if inner[end..].starts_with(':') {
            self.begin(end + 3, &format!("(?{flags}:"), false);
        } else {
            // `(?)` says nothing, and Rust refuses it. What can be repeated stays what it was.
            let text = if flags.is_empty() {
                String::new()
            } else {
                format!("(?{flags})")
            };
            self.out.push_str(&text);
            self.at += end + 3;
        }
        Ok(())
    }

    fn named(&mut self, name: &'p str, opener: usize) -> Result<(), PatternError> {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = name.find('>').unwrap_or(0);
        let valid = end > 0 && name[..end].chars().all(word);
        if !valid {
            return Err(self.error(self.at, "invalid name of a group"));
        }
        if !self.names.insert(&name[..end]) {
            return Err(self.error(self.at, "two groups have one name"));
        }
        self.begin(opener + end + 1, "(", true);
        Ok(())
    }

    fn begin(&mut self, len: usize, text: &str, captures: bool) {
        self.emit(len, text);
        self.groups += usize::from(captures);
        self.open += 1;
        self.before = Before::Nothing;
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let rest = self.rest();
        match rest.as_bytes().get(1) {
            Some(b'A') => self.emit(2, r"\A"),
            Some(b'z') => self.emit(2, r"\z"),
            Some(b'b') => self.emit(2, r"(?-u:\b)"),
            Some(b'B') => self.emit(2, r"(?-u:\B)"),
            Some(b'Q') => self.quoted(),
            _ => {
                if let Some((len, text)) = class::named(rest)
                    .map_err(|error| self.error(self.at + error.at, error.reason))?
                {
                    self.emit(len, &text);
                    return Ok(());
                }
                let (character, len) = class::escaped(rest)
                    .map_err(|error| self.error(self.at + error.at, error.reason))?;
                literal(character, &mut self.out);
                self.at += len;
                self.before = Before::Atom;
            }
        }
        Ok(())
    }

    /// `\Q…\E`, or to the end.
    fn quoted(&mut self) {
        let text = &self.rest()[2..];
        let (text, after) = text
            .split_once(r"\E")
            .map_or((text, 0), |(inner, _)| (inner, 2));
        for character in text.chars() {
            literal(character, &mut self.out);
            self.before = Before::Atom;
        }
        self.at += 2 + text.len() + after;
    }
}

/// `{n}`, `{n,}`, `{n,m}` at the start of `text`: its length and its bounds. Anything else in braces is literal.
fn counted(text: &str) -> Option<(usize, u32, Option<u32>)> {
    let end = text.find('}')?;
    let inner = &text[1..end];
    let (least, most) = inner
        .split_once(',')
        .map_or((inner, None), |(least, most)| (least, Some(most)));
    let number = |digits: &str| {
        let right = !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            // `{01}` is no repetition in Go.
            && (digits.len() == 1 || !digits.starts_with('0'));
        right.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let least_count = number(least)?;
    let most_count = match most {
        None => Some(least_count),
        Some("") => None,
        Some(digits) => Some(number(digits)?),
    };
    Some((end + 1, least_count, most_count))
}

/// Whether `text` is what may stand between `(?` and `)`: `i`, `m`, `s`, `U`, and one `-` with something behind it.
fn are_flags(text: &str) -> bool {
    let known = |flags: &str| flags.chars().all(|flag| "imsU".contains(flag));
    match text.split_once('-') {
        Some((on, off)) => known(on) && known(off) && !off.is_empty(),
        None => known(text),
    }
}
