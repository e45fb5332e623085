//! Conventional Commits 1.0 (<https://www.conventionalcommits.org/en/v1.0.0/>).

use super::parts::{Line, Parts};
use super::{Issue, rules};
use crate::config::suggest;
use std::ops::Range;

/// What is asked of the form.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// Types there are.
    pub(super) types: Vec<String>,
    /// Scopes there are; any where empty.
    pub(super) scopes: Vec<String>,
    /// Whether there must be a scope.
    pub(super) require_scope: bool,
}

/// A subject of the form `type(scope)!: description`.
struct Header<'a> {
    kind: (&'a str, Range<usize>),
    scope: Option<(&'a str, Range<usize>)>,
    description: &'a str,
}

/// Cuts up the subject; `None` where it is not of that form.
fn header<'a>(line: &Line<'a>) -> Option<Header<'a>> {
    let (head, description) = line.text.split_once(':')?;
    let start = line.at.start;
    let head = head.strip_suffix('!').unwrap_or(head);
    let (kind, scope) = match head.split_once('(') {
        Some((kind, rest)) => (kind, Some(rest.strip_suffix(')')?)),
        None => (head, None),
    };
    let is_word = !kind.is_empty()
        && kind
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    is_word.then(|| Header {
        kind: (kind, start..start + kind.len()),
        scope: scope.map(|scope| {
            let from = start + kind.len() + 1;
            (scope, from..from + scope.len())
        }),
        description,
    })
}

/// Checks the form of a message.
pub(super) fn check(form: &Form, parts: &Parts<'_>, issues: &mut Vec<Issue>) {
    let Some(subject) = parts.subject() else {
        return;
    };
    match header(subject) {
        Some(header) => check_header(form, subject, &header, issues),
        None => issues.push(Issue {
            rule: rules::FORMAT,
            at: subject.at.clone(),
            message: "the first line is not of the form `type(scope): description`".to_owned(),
            help: format!(
                "Begin it with what kind of change it is, as in `{}: …`. Types here: {}.",
                form.types.first().map_or("feat", String::as_str),
                form.types.join(", ")
            ),
        }),
    }
    if let Some(line) = parts.crowding() {
        issues.push(Issue {
            rule: rules::FORMAT,
            at: line.at.clone(),
            message: "no empty line stands between the first line and the rest".to_owned(),
            help: "Put one there.".to_owned(),
        });
    }
    breaking(parts, issues);
}

fn check_header(form: &Form, subject: &Line<'_>, header: &Header<'_>, issues: &mut Vec<Issue>) {
    let known = |list: &[String], word: &str| list.iter().any(|one| one == word);
    let hint = |list: &[String], word: &str| suggest(word, list.iter().map(String::as_str));
    let (kind, at) = &header.kind;
    if !known(&form.types, kind) {
        issues.push(Issue {
            rule: rules::TYPE,
            at: at.clone(),
            message: format!("there is no type `{kind}` of changes here"),
            help: sentence(&hint(&form.types, kind)),
        });
    }
    if let Some((scope, at)) = &header.scope {
        let unknown = !form.scopes.is_empty()
            && !scope
                .split([',', '/'])
                .all(|one| known(&form.scopes, one.trim()));
        if scope.trim().is_empty() || unknown {
            issues.push(Issue {
                rule: rules::SCOPE,
                at: at.clone(),
                message: format!("there is no scope `{scope}` here"),
                help: if form.scopes.is_empty() {
                    "Name one, or leave the brackets out.".to_owned()
                } else {
                    sentence(&hint(&form.scopes, scope))
                },
            });
        }
    } else if form.require_scope {
        issues.push(Issue {
            rule: rules::SCOPE,
            at: at.clone(),
            message: "the change has no scope".to_owned(),
            help: format!(
                "Name the part of the project in brackets, as in `{kind}({}): …`.",
                form.scopes.first().map_or("scope", String::as_str)
            ),
        });
    }
    let text = header.description;
    if text.trim().is_empty() || !text.starts_with(' ') {
        issues.push(Issue {
            rule: rules::FORMAT,
            at: subject.at.end - text.len()..subject.at.end,
            message: "no space and description follow the colon".to_owned(),
            help: "Say behind it what changes.".to_owned(),
        });
    }
}

/// A breaking change is told in capital letters, with a colon, and in words.
fn breaking(parts: &Parts<'_>, issues: &mut Vec<Issue>) {
    const TOKENS: [&str; 2] = ["BREAKING CHANGE", "BREAKING-CHANGE"];
    for line in parts.body() {
        let (token, text) = line.text.split_once(':').unwrap_or((line.text, ""));
        let is_token = TOKENS.iter().any(|known| known.eq_ignore_ascii_case(token));
        let is_right = TOKENS.contains(&token) && !text.trim().is_empty();
        if is_token && !is_right {
            issues.push(Issue {
                rule: rules::FORMAT,
                at: line.at.clone(),
                message: "a breaking change is not told as tools read it".to_owned(),
                help: "Write `BREAKING CHANGE: what breaks`, in capital letters.".to_owned(),
            });
        }
    }
}

/// `words` as a sentence.
fn sentence(words: &str) -> String {
    let end = if words.ends_with('?') { "" } else { "." };
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(letters)
        .collect::<String>()
        + end
}
