//! Runs rules over bytes: keywords first, then the pattern of a rule in a bounded window around its keyword.

use super::builtin::{builtin, filter, users};
use super::{Class, Matcher, Rule};
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::OnceLock;

/// Rules of the built-in pack made ready to run. Patterns are compiled when a keyword first needs them.
pub struct RuleSet {
    /// Every rule of the pack, in its order.
    rules: Vec<Ready>,
}

/// There are hundreds, and most never find their keyword: kept small.
struct Ready {
    rule: &'static Rule,
    /// Whether the rule runs.
    on: bool,
    compiled: OnceLock<Box<Compiled>>,
}

/// The patterns of a rule, each compiled when it is first needed.
#[derive(Default)]
struct Compiled {
    pattern: OnceLock<Option<Regex>>,
    allow: OnceLock<Vec<Regex>>,
    path: OnceLock<Option<Regex>>,
}

impl Ready {
    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(Box::default)
    }

    /// What finds the secret; `None` for a rule that is searched by code.
    fn pattern(&self) -> Option<&Regex> {
        let pattern = &self.compiled().pattern;
        pattern.get_or_init(|| regex_of(self.rule)).as_ref()
    }

    /// What a secret must not match.
    fn allow(&self) -> &[Regex] {
        let compile_all = || self.rule.allow.iter().filter_map(compile).collect();
        self.compiled().allow.get_or_init(compile_all)
    }

    /// What a path must match; `None` where any does.
    fn path(&self) -> Option<&Regex> {
        let path = &self.compiled().path;
        path.get_or_init(|| compile(&self.rule.path)).as_ref()
    }
}

/// A place that a rule matched. Nothing has been said yet about whether the secret is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Index of the rule in the set.
    pub rule: usize,
    /// What the pattern matched; the keyword where the rule is searched by code.
    pub whole: Range<usize>,
    /// The secret in it.
    pub secret: Range<usize>,
}

/// How far a rule got at one of its keywords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// The rule does not run.
    Off,
    /// The keyword is part of a longer word.
    Inside,
    /// A text that the rule requires is not near.
    Missing(&'static str),
    /// The pattern does not match there.
    NoMatch,
    /// The pattern matches a part of a longer word.
    Part(Match),
    /// A match.
    Match(Match),
}

/// Compiles `pattern` as rules mean it: over bytes, character classes in ASCII. `None` where it is not well formed.
#[must_use]
pub fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).build().ok()
}

impl RuleSet {
    /// The rules of the built-in pack that `wanted` takes.
    #[must_use]
    pub fn new(wanted: impl Fn(&Rule) -> bool) -> Self {
        let ready = |rule: &'static Rule| Ready {
            rule,
            on: wanted(rule),
            compiled: OnceLock::new(),
        };
        Self {
            rules: builtin().iter().map(ready).collect(),
        }
    }

    /// The rule with this index.
    #[must_use]
    pub fn rule(&self, index: usize) -> &'static Rule {
        self.rules[index].rule
    }

    /// Whether one of the rule's `allow` patterns matches `secret`.
    #[must_use]
    pub fn allows(&self, index: usize, secret: &[u8]) -> bool {
        let allow = self.rules[index].allow();
        allow.iter().any(|pattern| pattern.is_match(secret))
    }

    /// Whether the rule looks into files at `path`.
    #[must_use]
    pub fn reads(&self, index: usize, path: &[u8]) -> bool {
        let ready = &self.rules[index];
        ready.rule.path.is_empty() || ready.path().is_none_or(|pattern| pattern.is_match(path))
    }

    /// Calls `found` for every place that a rule matches. Matches of one rule do not overlap.
    pub fn each(&self, bytes: &[u8], mut found: impl FnMut(Match)) {
        let mut done: Vec<usize> = Vec::new();
        filter().each(bytes, |keyword, at| {
            if done.is_empty() {
                done.resize(self.rules.len(), 0);
            }
            for rule in users(keyword).filter(|&rule| self.rules[rule].on) {
                self.search(rule, bytes, at, &mut done[rule], &mut found);
            }
        });
    }

    /// Calls `tell` for every keyword in `bytes` and every rule that has it: with the rule's index, the place of the keyword and
    /// how far the rule got there. For explaining, not for speed.
    pub fn explain(&self, bytes: &[u8], mut tell: impl FnMut(usize, usize, Tried)) {
        filter().each(bytes, |keyword, at| {
            for index in users(keyword) {
                self.try_at(index, bytes, at, &mut |tried| tell(index, at, tried));
            }
        });
    }

    fn try_at(&self, index: usize, bytes: &[u8], at: usize, tell: &mut impl FnMut(Tried)) {
        let ready = &self.rules[index];
        let rule = ready.rule;
        if !ready.on {
            return tell(Tried::Off);
        }
        if rule.matcher == Matcher::Pattern {
            if rule.before == 0 && !starts_well(rule, bytes, at) {
                return tell(Tried::Inside);
            }
            let window = window(rule, bytes, at, 0);
            if memchr::memmem::find(&bytes[window], rule.requires.as_bytes()).is_none() {
                return tell(Tried::Missing(rule.requires.get()));
            }
        }
        let mut none = true;
        self.search(index, bytes, at, &mut 0, &mut |place| {
            none = false;
            tell(Tried::Match(place));
        });
        if none {
            tell(
                self.part(index, bytes, at)
                    .map_or(Tried::NoMatch, Tried::Part),
            );
        }
    }

    /// A match that was not taken because it is part of a longer word.
    fn part(&self, index: usize, bytes: &[u8], at: usize) -> Option<Match> {
        let ready = &self.rules[index];
        let pattern = ready.pattern()?;
        places(pattern, index, bytes, window(ready.rule, bytes, at, 0)).next()
    }

    /// Runs one rule around the keyword at `at`; `done` is where its last match ended.
    fn search(
        &self,
        index: usize,
        bytes: &[u8],
        at: usize,
        done: &mut usize,
        found: &mut impl FnMut(Match),
    ) {
        let ready = &self.rules[index];
        let rule = ready.rule;
        if rule.matcher != Matcher::Pattern {
            found(Match {
                rule: index,
                whole: at..at,
                secret: at..at,
            });
            return;
        }
        let anchored = rule.before == 0;
        if anchored && (at < *done || !starts_well(rule, bytes, at)) {
            return;
        }
        let window = window(rule, bytes, at, *done);
        let required = rule.requires.as_bytes();
        if memchr::memmem::find(&bytes[window.clone()], required).is_none() {
            return;
        }
        let Some(pattern) = ready.pattern() else {
            return;
        };
        for place in places(pattern, index, bytes, window) {
            *done = place.whole.end.max(*done);
            if is_whole(rule, bytes, &place) {
                found(place);
            }
        }
    }
}

/// Whether a match is no part of a longer word. The start of an anchored one was looked at before.
fn is_whole(rule: &Rule, bytes: &[u8], place: &Match) -> bool {
    let starts = rule.before == 0 || starts_well(rule, bytes, place.whole.start);
    starts && ends_well(rule, bytes, place.secret.end)
}

/// Every match of `pattern` in a window.
fn places<'a>(
    pattern: &'a Regex,
    rule: usize,
    bytes: &'a [u8],
    window: Range<usize>,
) -> impl Iterator<Item = Match> + 'a {
    let from = window.start;
    pattern
        .captures_iter(&bytes[window])
        .filter_map(move |captures| {
            let whole = captures.get(0)?;
            let secret = captures.name("secret").unwrap_or(whole);
            Some(Match {
                rule,
                whole: from + whole.start()..from + whole.end(),
                secret: from + secret.start()..from + secret.end(),
            })
        })
}

fn regex_of(rule: &Rule) -> Option<Regex> {
    if rule.before == 0 {
        compile(&format!(r"\A(?:{})", rule.pattern))
    } else {
        compile(&rule.pattern)
    }
}

/// The bytes a match of `rule` may lie in, given a keyword at `at`.
fn window(rule: &Rule, bytes: &[u8], at: usize, done: usize) -> Range<usize> {
    let mut end = at.saturating_add(rule.after).min(bytes.len());
    let mut start = at.saturating_sub(rule.before).max(done.min(at));
    if !rule.multiline {
        end = line_end(rule, bytes, at, end);
        start =
            memchr::memrchr(b'\n', &bytes[start..at]).map_or(start, |newline| start + newline + 1);
    }
    start..end
}

/// Where the line ends that holds `at`. The value of an element may stand on the line after its opening tag.
fn line_end(rule: &Rule, bytes: &[u8], at: usize, end: usize) -> usize {
    let next = |from: usize| memchr::memchr(b'\n', &bytes[from..end]).map(|found| from + found);
    match next(at) {
        None => end,
        Some(first)
            if rule.class == Class::Assignment
                && bytes[at..first].trim_ascii_end().ends_with(b">") =>
        {
            next(first + 1).unwrap_or(end)
        }
        Some(first) => first,
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a token may start at `at`: no letter or digit comes before, unless it belongs to an escape (`\n`, `%3D`).
fn starts_well(rule: &Rule, bytes: &[u8], at: usize) -> bool {
    // An option starts with its dash: `ask-password` is a word.
    if rule.class == Class::Context && bytes.get(at) == Some(&b'-') {
        return at == 0 || !is_word(bytes[at - 1]);
    }
    if rule.class != Class::Token || !bytes.get(at).copied().is_some_and(is_word) {
        return true;
    }
    is_break(&bytes[at.saturating_sub(3)..at])
}

/// Whether a token may follow `before`, which is up to three bytes.
fn is_break(before: &[u8]) -> bool {
    match before {
        [.., last] if !last.is_ascii_alphanumeric() => true,
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [b'%', high, low] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
        [] => true,
        _ => false,
    }
}

/// Whether a token may end at `end`: what follows does not go on like one.
fn ends_well(rule: &Rule, bytes: &[u8], end: usize) -> bool {
    let last = end.checked_sub(1).and_then(|last| bytes.get(last));
    if matches!(rule.class, Class::Generic | Class::Context) || !last.copied().is_some_and(is_word)
    {
        return true;
    }
    let mut rest = bytes[end..].iter().copied();
    match rest.next() {
        // A value of no special form that goes on after a sign is a path, a name or a longer value.
        Some(b'-' | b'.' | b'/' | b'+' | b'@') if rule.class == Class::Assignment => {
            !rest.next().is_some_and(is_word)
        }
        next => !next.is_some_and(is_word),
    }
}
