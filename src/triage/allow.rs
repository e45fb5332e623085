//! Comments in a file that accept a finding.

use crate::model::Finding;
use memchr::memmem;
use std::borrow::Cow;

/// What one comment accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Accepts {
    /// These rules, or whole scanners.
    Named(Vec<String>),
    /// Whatever the secret scanner finds.
    Secrets,
    /// Whatever is found there.
    Anything,
}

impl Accepts {
    fn cover(&self, finding: &Finding) -> bool {
        match self {
            Self::Anything => true,
            Self::Secrets => finding.scanner == "secrets",
            Self::Named(names) => names
                .iter()
                .any(|name| *name == finding.rule || name == finding.scanner),
        }
    }
}

/// The accepting comments of a file: `hookd:allow RULE reason` on the line of the finding or the line above it, and for
/// secrets the comments of gitleaks, betterleaks, kingfisher, trufflehog and detect-secrets on its line.
#[derive(Debug, Default)]
pub struct Allows {
    /// Line, from 1, and what its comment accepts.
    comments: Vec<(u32, Accepts, Reach)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Line,
    LineAndNext,
    Next,
}

impl Reach {
    /// Whether a comment on line `comment` speaks for line `line`.
    const fn covers(self, comment: u32, line: u32) -> bool {
        match self {
            Self::Line => line == comment,
            Self::Next => line == comment + 1,
            Self::LineAndNext => line == comment || line == comment + 1,
        }
    }
}

/// A marker: what stands before and after the part that it shares with others, how far it reaches, and whether names of
/// rules follow.
struct Marker(&'static str, &'static str, Reach, bool);

/// Markers by what they have in common: a file is searched once for each of that.
const MARKERS: [(&str, &[Marker]); 3] = [
    (
        ":allow",
        &[
            Marker("hookd", "", Reach::LineAndNext, true),
            Marker("gitleaks", "", Reach::Line, false),
            Marker("betterleaks", "", Reach::Line, false),
        ],
    ),
    (
        ":ignore",
        &[
            Marker("kingfisher", "", Reach::Line, false),
            Marker("trufflehog", "", Reach::Line, false),
        ],
    ),
    (
        "pragma: allowlist ",
        &[
            Marker("", "secret", Reach::Line, false),
            Marker("", "nextline secret", Reach::Next, false),
        ],
    ),
];

impl Allows {
    /// Finds the comments of `text`, whose first line is line `first`. Costs three searches where there is none.
    #[must_use]
    pub fn new(text: &[u8], first: u32) -> Self {
        let mut allows = Self::default();
        allows.add(text, first);
        allows
    }

    /// Finds the comments of some lines, each with its number: for few findings in a long file.
    pub fn of_lines<'a>(lines: impl Iterator<Item = (u32, &'a [u8])>) -> Self {
        let mut allows = Self::default();
        for (number, line) in lines {
            allows.add(line, number);
        }
        allows
    }

    fn add(&mut self, text: &[u8], first: u32) {
        for (core, markers) in MARKERS {
            let mut line = first;
            let mut counted = 0;
            for at in memmem::find_iter(text, core) {
                line += u32::try_from(memchr::memchr_iter(b'\n', &text[counted..at]).count())
                    .unwrap_or(u32::MAX);
                counted = at;
                let rest = &text[at + core.len()..];
                let fits = |Marker(head, tail, ..): &&Marker| {
                    text[..at].ends_with(head.as_bytes()) && rest.starts_with(tail.as_bytes())
                };
                let Some(Marker(_, _, reach, names)) = markers.iter().find(fits) else {
                    continue;
                };
                let accepts = if *names {
                    named(rest)
                } else {
                    Some(Accepts::Secrets)
                };
                self.comments
                    .extend(accepts.map(|accepts| (line, accepts, *reach)));
            }
        }
    }

    /// The line of the comment that accepts `finding`.
    #[must_use]
    pub fn accepting(&self, finding: &Finding) -> Option<u32> {
        let lines = finding.span.lines();
        let comment = self.comments.iter().find(|(line, accepts, reach)| {
            let reached = reach.covers(*line, lines.first) || reach.covers(*line, lines.last);
            reached && accepts.cover(finding)
        });
        comment.map(|(line, ..)| *line)
    }
}

/// What follows `hookd:allow`: a blank, then ids with commas between them, then the reason.
/// `None` where the marker is part of a longer word.
fn named(rest: &[u8]) -> Option<Accepts> {
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let line: Cow<'_, str> = String::from_utf8_lossy(line);
    if !line.is_empty() && !line.starts_with([' ', '\t', '\r', '*', '-', '"', '\'']) {
        return None;
    }
    let ids = line.split_whitespace().next().unwrap_or("");
    let names: Vec<String> = ids
        .split(',')
        .map(|id| id.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
        .collect();
    Some(if names.is_empty() {
        Accepts::Anything
    } else {
        Accepts::Named(names)
    })
}

#[cfg(test)]
mod tests {
    use super::Allows;
    use crate::model::{Excerpt, Finding, Novelty, Position, RepoPath, Severity, Span};

    fn finding(scanner: &'static str, rule: &'static str, line: u32) -> Finding {
        let at = Position {
            line,
            column: 1,
            byte: 0,
        };
        Finding {
            scanner,
            rule: rule.into(),
            severity: Severity::High,
            blocking: true,
            novelty: Novelty::New,
            path: RepoPath::from("a"),
            span: Span { start: at, end: at },
            message: String::new(),
            help: String::new(),
            excerpt: Excerpt::default(),
            identity: vec![],
            data: serde_json::Map::new(),
        }
    }

    fn accepted(text: &str, scanner: &'static str, rule: &'static str, line: u32) -> bool {
        Allows::new(text.as_bytes(), 1)
            .accepting(&finding(scanner, rule, line))
            .is_some()
    }

    #[test]
    fn an_allow_speaks_for_its_line_and_the_next() {
        let text = "a\n# hookd:allow jwt a test token\nb\nc\n";
        for (line, want) in [(1, false), (2, true), (3, true), (4, false)] {
            assert_eq!(accepted(text, "secrets", "jwt", line), want, "line {line}");
        }
        assert!(!accepted(text, "secrets", "aws", 3));
    }

    #[test]
    fn it_names_rules_or_scanners() {
        assert!(accepted(
            "x // hookd:allow jwt,aws both are fine",
            "secrets",
            "aws",
            1
        ));
        assert!(accepted(
            "x // hookd:allow complexity a state machine",
            "complexity",
            "cyclomatic-complexity",
            1
        ));
        assert!(accepted(
            "/* hookd:allow */",
            "complexity",
            "cyclomatic-complexity",
            1
        ));
        assert!(!accepted("x // hookd:allowed jwt", "secrets", "jwt", 1));
    }

    #[test]
    fn markers_of_other_tools_accept_secrets_only() {
        for marker in [
            "gitleaks:allow",
            "betterleaks:allow",
            "kingfisher:ignore",
            "trufflehog:ignore",
        ] {
            let text = format!("a\nx # {marker}\nb\n");
            for (line, want) in [(1, false), (2, true), (3, false)] {
                assert_eq!(accepted(&text, "secrets", "jwt", line), want, "{marker}");
            }
        }
        assert!(!accepted(
            "x # gitleaks:allow",
            "complexity",
            "cyclomatic-complexity",
            1
        ));
        assert!(accepted(
            "x # pragma: allowlist secret",
            "secrets",
            "jwt",
            1
        ));
        assert!(accepted(
            "# pragma: allowlist nextline secret\nx",
            "secrets",
            "jwt",
            2
        ));
        assert!(!accepted(
            "# pragma: allowlist nextline secret\nx",
            "secrets",
            "jwt",
            1
        ));
    }
}
