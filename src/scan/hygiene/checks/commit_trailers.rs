//! Trailers of commit messages: of the one that is being written, and of those that are pushed.
//!
//! Facts: <https://prek.j178.dev/reference/built-in-hooks/>.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, SetIssues, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::run::Run;
use super::super::subject::Subject;
use crate::model::{FileMeta, RepoPath, Severity};
use fancy_regex::Regex;
use std::sync::Arc;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-commit-trailers",
    aliases: &[],
    title: "a trailer that a commit message lacks, or must not have",
    description: "Trailers are the `Key: value` lines that are the last paragraph of a message. As a hook of another tool's \
                  configuration it looks at the message that is written (commit-msg) and at those of the commits that are \
                  pushed (pre-push), without merges. In hookd.toml, `require_trailers` and `forbid_trailers` of \
                  `[scan.message]` do the first.",
    fix: "Put the trailers right, in a paragraph of their own at the end: `git commit --amend`.",
    severity: Severity::Medium,
    types: Types::None,
    names: None,
    options: &[
        Opt::value(
            &["--require"],
            "`KEY` or `KEY=REGEX`: a trailer there must be, with a value, which the expression finds something in",
        ),
        Opt::value(
            &["--deny"],
            "`KEY` or `KEY=REGEX`: a trailer there must not be, or not with a value that the expression finds something in",
        ),
    ],
    build: |setup: &Setup| {
        let rules = |option: &str| -> Result<Vec<Rule>, String> {
            let written = setup.args.all(option).iter();
            written.map(|text| Rule::read(option, text)).collect()
        };
        let (required, denied) = (rules("--require")?, rules("--deny")?);
        if required.is_empty() && denied.is_empty() {
            return Err("`--require KEY` or `--deny KEY` is missing".to_owned());
        }
        Ok(Box::new(Trailers {
            required,
            denied,
            run: Arc::clone(&setup.run),
        }))
    },
};

struct Rule {
    key: String,
    pattern: Option<Regex>,
}

impl Rule {
    fn read(option: &str, text: &str) -> Result<Self, String> {
        let (key, pattern) = match text.split_once('=') {
            Some((_, "")) => return Err(format!("`{option} {text}`: nothing follows the `=`")),
            Some((key, pattern)) => (key, Some(pattern)),
            None => (text, None),
        };
        if !is_key(key) {
            return Err(format!(
                "`{option} {text}`: `{key}` is no key: those have letters, digits and hyphens"
            ));
        }
        let pattern = pattern.map(|text| {
            Regex::new(text).map_err(|error| format!("`{option} {key}={text}`: {error}"))
        });
        Ok(Self {
            key: key.to_owned(),
            pattern: pattern.transpose()?,
        })
    }

    fn is_about(&self, trailer: &Trailer) -> bool {
        self.key.eq_ignore_ascii_case(&trailer.key)
    }

    /// Whether its expression finds something in `value`. A search that is given up counts against the message: where it
    /// must be found it is not, where it must not be it is.
    fn finds(&self, value: &str, given_up: bool) -> bool {
        let found = |pattern: &Regex| pattern.is_match(value).unwrap_or(given_up);
        self.pattern.as_ref().is_none_or(found)
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

struct Trailer {
    key: String,
    value: String,
}

/// The last paragraph of a message.
#[derive(Default)]
struct Last {
    trailers: Vec<Trailer>,
    /// There are lines in it that are none.
    mixed: bool,
}

impl Last {
    fn of(message: &str) -> Self {
        let lines: Vec<&str> = message.lines().map(str::trim_end).collect();
        let end = lines.iter().rposition(|line| !line.is_empty());
        let lines = &lines[..end.map_or(0, |at| at + 1)];
        let Some(before) = lines.iter().rposition(|line| line.is_empty()) else {
            return Self::default();
        };
        if lines[..before].iter().all(|line| line.is_empty()) {
            // It is the subject.
            return Self::default();
        }
        let mut last = Self::default();
        for line in &lines[before + 1..] {
            last.add(line);
        }
        last
    }

    fn add(&mut self, line: &str) {
        if line.starts_with([' ', '\t']) {
            match self.trailers.last_mut() {
                Some(trailer) => {
                    trailer.value.push(' ');
                    trailer.value.push_str(line.trim());
                }
                None => self.mixed = true,
            }
            return;
        }
        let parts = line.split_once(':');
        match parts.map(|(key, value)| (key.trim_end(), value.trim())) {
            Some((key, value)) if is_key(key) => self.trailers.push(Trailer {
                key: key.to_owned(),
                value: value.to_owned(),
            }),
            _ => self.mixed = true,
        }
    }
}

struct Trailers {
    required: Vec<Rule>,
    denied: Vec<Rule>,
    run: Arc<Run>,
}

impl Trailers {
    /// What is wrong with `message`, a sentence each.
    fn judge(&self, message: &str) -> Vec<String> {
        let mut last = Last::of(message);
        if last.mixed {
            let mut rules = self.required.iter().chain(&self.denied);
            let meant = |rule: &Rule| last.trailers.iter().any(|one| rule.is_about(one));
            if rules.any(meant) {
                return vec![
                    "there is other text between the trailers; it belongs above them, with an empty line between"
                        .to_owned(),
                ];
            }
            last.trailers.clear();
        }
        let mut wrong: Vec<String> = self
            .required
            .iter()
            .filter_map(|rule| missing(rule, &last.trailers))
            .collect();
        for rule in &self.denied {
            let met = last
                .trailers
                .iter()
                .find(|one| rule.is_about(one) && rule.finds(&one.value, true));
            wrong.extend(met.map(|one| match &rule.pattern {
                Some(_) => format!("the trailer `{}` must not be `{}`", rule.key, one.value),
                None => format!("the trailer `{}` must not be there", rule.key),
            }));
        }
        wrong
    }
}

fn missing(rule: &Rule, trailers: &[Trailer]) -> Option<String> {
    let mut own = trailers.iter().filter(|one| rule.is_about(one)).peekable();
    if own.peek().is_none() {
        return Some(format!("the trailer `{}` is missing", rule.key));
    }
    let fits = |one: &Trailer| !one.value.trim().is_empty() && rule.finds(one.value.trim(), false);
    if own.any(fits) {
        return None;
    }
    Some(match &rule.pattern {
        Some(pattern) => format!(
            "the trailer `{}` has no value that `{}` fits",
            rule.key,
            pattern.as_str()
        ),
        None => format!("the trailer `{}` has no value", rule.key),
    })
}

impl Check for Trailers {
    /// The file at hand is the message that is written, with what git takes out of it.
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if !self.run.reads_message() {
            return;
        }
        let cleaned = match self.run.cleaned(subject.bytes) {
            Ok(cleaned) => cleaned,
            Err(_) => subject.bytes.to_vec(),
        };
        for message in self.judge(&String::from_utf8_lossy(&cleaned)) {
            out.whole(0..0, message);
        }
    }

    fn set(&self, _files: &[&FileMeta], out: &mut SetIssues) {
        if self.run.reads_message() {
            return;
        }
        match self.run.commits() {
            Ok(Some(commits)) => {
                for commit in commits {
                    for message in self.judge(&String::from_utf8_lossy(&commit.message)) {
                        out.push(
                            RepoPath::from("."),
                            format!("commit {}: {message}", commit.short),
                        );
                    }
                }
            }
            Ok(None) => out.error(
                "no commits are named whose messages could be looked at",
                "name them: hookd run --stage pre-push --from-ref A --to-ref B",
            ),
            Err(error) => out.error(error, "see that `git log` works here"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::args::Args;
    use super::{Last, Rule, Trailers};
    use std::sync::Arc;

    fn judge(args: &[&str], message: &str) -> usize {
        let words: Vec<String> = args.iter().map(|&word| word.to_owned()).collect();
        let args = Args::parse(super::SPEC.options, &words).unwrap();
        let rules = |option: &str| {
            args.all(option)
                .iter()
                .map(|text| Rule::read(option, text).unwrap())
                .collect()
        };
        let trailers = Trailers {
            required: rules("--require"),
            denied: rules("--deny"),
            run: Arc::new(super::Run::new(&super::super::super::tests::context(
                crate::model::Mode::Staged,
            ))),
        };
        trailers.judge(message).len()
    }

    #[test]
    fn what_is_required_must_be_in_the_last_paragraph() {
        let required = ["--require", "Issue"];
        for (message, wrong) in [
            ("s\n\nIssue: 1\n", 0),
            ("s\n\nissue: 1\n", 0),
            ("s\n\nIssue : 1\n\n\n", 0),
            ("s\n\nIssue:\n  folded\n", 0),
            ("s\n\nFoo: 1\n bar: 2\nIssue: 1\n", 0),
            ("s\n\nhttp://x\nIssue: 1\r\n", 0),
            ("\n\ns\n\nIssue: 1\n", 0),
            ("Issue: 1\n", 1),
            ("s\nIssue: 1\n", 1),
            ("s\n\nIssue:\n", 1),
            ("s\n\nIssue: 1\n\ntext\n", 1),
            ("s\n\n Issue: 1\n", 1),
            ("", 1),
        ] {
            assert_eq!(judge(&required, message), wrong, "{message:?}");
        }
    }

    #[test]
    fn other_text_among_trailers_that_are_meant_is_reported() {
        for args in [["--require", "Issue"], ["--deny", "Issue"]] {
            assert_eq!(judge(&args, "s\n\ntext\nIssue: 1\n"), 1);
        }
        assert!(Last::of("s\n\nNote: a\nmore text\n").mixed);
        assert_eq!(judge(&["--deny", "Issue"], "s\n\nNote: a\nmore text\n"), 0);
    }

    #[test]
    fn values_are_searched() {
        let number = ["--require", "Issue=^\\d+$"];
        assert_eq!(judge(&number, "s\n\nIssue: x\nIssue:  2 \n"), 0);
        assert_eq!(judge(&number, "s\n\nIssue: 1\n  2\n"), 1);
        let bot = ["--deny", "Issue=bot|1 2", "--require=Foo"];
        assert_eq!(judge(&bot, "s\n\nIssue: robot\n"), 2);
        assert_eq!(judge(&bot, "s\n\nFoo: x\nIssue: 1\n 2\n"), 1);
        assert_eq!(judge(&bot, "s\n\nFoo: x\nIssue: Bot\n"), 0);
    }

    #[test]
    fn arguments_that_make_no_sense_are_refused() {
        for text in ["a b", "=x", "Issue=", "Issue=("] {
            assert!(Rule::read("--require", text).is_err(), "{text}");
        }
    }
}
