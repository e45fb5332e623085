//! What became of every candidate at a place: which rules looked, and which filter kept or dropped what they saw.

use super::dropped::{Dropped, Filter};
use super::judge::{Candidate, Judge};
use super::scanner::SecretScanner;
use super::{labels, redact};
use crate::model::Sink;
use crate::rules::{Check, Class, Match, Rule, Tried, entropy};
use crate::scan::SourceFile;
use std::ops::Range;

/// What one rule made of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Id of the rule.
    pub rule: String,
    /// Whether it is found.
    pub found: bool,
    /// Column of the candidate, or of the keyword where there is none.
    pub column: u32,
    /// The candidate, redacted; empty where the pattern saw none.
    pub shown: String,
    /// What each filter said, in order; the last one decided.
    pub steps: Vec<String>,
}

/// Looks at line `line` of `file` as `scanner` does. What was found comes first, then what was dropped latest.
pub(super) fn trace(scanner: &SecretScanner, file: &SourceFile<'_>, line: u32) -> Vec<Traced> {
    let tracer = Tracer {
        file,
        line,
        kept: scanner.candidates(file, &mut Sink::new()),
        judge: Judge::new(scanner.set(), file),
    };
    let mut seen: Vec<(usize, Traced)> = tracer.others();
    scanner.set().explain(file.bytes(), |index, at, tried| {
        let rule = scanner.set().rule(index);
        seen.extend(tracer.tried(rule, at, tried));
    });
    seen.sort_by(|(a, one), (b, other)| {
        (b, &one.rule, one.column).cmp(&(a, &other.rule, other.column))
    });
    // A keyword that stands there twice, or twice in a word, tells nothing more the second time.
    seen.dedup_by(|(a, one), (b, other)| {
        one.rule == other.rule && a == b && (one.shown.is_empty() || one.column == other.column)
    });
    seen.into_iter().map(|(_, traced)| traced).collect()
}

/// How far a candidate got: what is found stands above what was dropped.
const FOUND: usize = 100;
const GAVE_WAY: usize = 90;
const MATCHED: usize = 10;

struct Tracer<'a> {
    file: &'a SourceFile<'a>,
    line: u32,
    kept: Vec<Candidate>,
    judge: Judge<'a>,
}

impl Tracer<'_> {
    fn touches(&self, range: &Range<usize>) -> bool {
        let lines = self.file.span(range.clone()).lines();
        (lines.first..=lines.last).contains(&self.line)
    }

    fn traced(&self, rule: &Rule, range: &Range<usize>, steps: Vec<String>) -> Traced {
        let secret = &self.file.bytes()[range.clone()];
        Traced {
            rule: rule.id.get().to_owned(),
            found: false,
            column: self.file.position(range.start).column,
            shown: if secret.is_empty() {
                String::new()
            } else {
                redact::redact(rule, secret)
            },
            steps,
        }
    }

    /// What is found in decoded text, and by rules of configurations: there are no keywords to follow.
    fn others(&self) -> Vec<(usize, Traced)> {
        let here = self.kept.iter().filter(|one| self.touches(&one.secret));
        here.filter_map(|one| {
            let encoding = one.data.get("encoding").and_then(|value| value.as_str());
            let step = match encoding {
                Some(encoding) => format!("in text decoded from {encoding}: the pattern matches"),
                None if one.order == usize::MAX => {
                    "a rule of a configuration in `rules` matches".to_owned()
                }
                None => return None,
            };
            let mut traced = self.traced(one.rule, &one.secret, vec![step]);
            traced.found = true;
            traced.steps.push(found(one));
            Some((FOUND, traced))
        })
        .collect()
    }

    fn tried(&self, rule: &'static Rule, at: usize, tried: Tried) -> Option<(usize, Traced)> {
        let here = self.file.position(at).line == self.line;
        let keyword = "keyword: there".to_owned();
        let (rank, last) = match tried {
            Tried::Match(place) => return self.matched(rule, &place),
            Tried::Off => (
                0,
                "dropped: the rule does not run here (profile, `disable`)".to_owned(),
            ),
            Tried::Inside => (
                1,
                "dropped: the keyword is part of a longer word".to_owned(),
            ),
            Tried::Missing(text) => (2, format!("dropped: `{text}` is not near")),
            Tried::NoMatch => (3, "dropped: the pattern does not match".to_owned()),
            Tried::Part(_) => (4, "dropped: the match is part of a longer word".to_owned()),
        };
        here.then(|| (rank, self.traced(rule, &(at..at), vec![keyword, last])))
    }

    fn matched(&self, rule: &'static Rule, place: &Match) -> Option<(usize, Traced)> {
        let mut candidates = Vec::new();
        let told = self.judge.tell(place, &mut candidates);
        let one = candidates.iter().find(|one| self.touches(&one.secret));
        let range = one.map_or(&place.secret, |one| &one.secret);
        if !self.touches(range) {
            return None;
        }
        let by_pattern = !place.secret.is_empty();
        let mut steps = vec!["keyword: there".to_owned()];
        if by_pattern {
            steps.push("pattern: matches".to_owned());
        }
        let stop = told.err().map(Dropped::filter);
        if by_pattern {
            steps.extend(self.passed(rule, &place.secret, stop));
        }
        if let Err(dropped) = told {
            let least = match dropped {
                Dropped::Entropy(_) => format!(", the rule wants {:.1}", rule.entropy),
                Dropped::By(..) => String::new(),
            };
            steps.push(format!("dropped: {dropped}{least}"));
            let rank = MATCHED + dropped.filter() as usize;
            return Some((rank, self.traced(rule, range, steps)));
        }
        Some(self.kept(rule, one?, steps))
    }

    /// What the filters before `stop` said.
    fn passed(&self, rule: &Rule, secret: &Range<usize>, stop: Option<Filter>) -> Vec<String> {
        let has = entropy(&self.file.bytes()[secret.clone()]);
        let steps = [
            (
                Filter::Entropy,
                rule.entropy > 0.0,
                format!("entropy: {has:.1}, at least {:.1}", rule.entropy),
            ),
            (
                Filter::StopWords,
                !rule.stop.is_empty(),
                "stop words: none in it".to_owned(),
            ),
            (
                Filter::Allow,
                !rule.allow.is_empty(),
                "allow patterns: none matches".to_owned(),
            ),
            (Filter::Plausible, true, plausible(rule.check)),
        ];
        let passed = |filter: &Filter| stop.is_none_or(|stop| *filter < stop);
        steps
            .into_iter()
            .filter(|(filter, asked, _)| *asked && passed(filter))
            .map(|(.., step)| step)
            .collect()
    }

    /// A candidate that every filter kept: found, unless another rule found the same text, or a configuration allows it.
    fn kept(&self, rule: &Rule, one: &Candidate, mut steps: Vec<String>) -> (usize, Traced) {
        let same = |other: &&Candidate| {
            other.secret.start < one.secret.end && one.secret.start < other.secret.end
        };
        let winner = self.kept.iter().find(same);
        let is_found = winner.is_some_and(|winner| winner.rule.id == rule.id);
        steps.push(match winner {
            Some(_) if is_found => found(one),
            Some(winner) => format!(
                "dropped: gives way to {}, which is more certain",
                winner.rule.id
            ),
            None if rule.class == Class::Generic => {
                "dropped: the rule of its issuer has refused the value, or an allowlist lets it pass"
                    .to_owned()
            }
            None => "dropped: an allowlist of a configuration in `rules` lets it pass".to_owned(),
        });
        let mut traced = self.traced(rule, &one.secret, steps);
        traced.found = is_found;
        (if is_found { FOUND } else { GAVE_WAY }, traced)
    }
}

fn found(one: &Candidate) -> String {
    format!(
        "found: {}, {}",
        labels::severity(one.rule, &one.data).as_str(),
        labels::message(one.rule, &one.data)
    )
}

/// What the test in code of a rule stands for, once passed.
// hookd:allow cyclomatic-complexity a table
fn plausible(check: Check) -> String {
    let what = match check {
        Check::None | Check::Checksum => "no placeholder",
        Check::Jwt => "header and claims decode",
        Check::Basic => "user and password in base64",
        Check::Issuer => "it looks random, or is named a secret and made of no words",
        Check::Random => "it looks random, no placeholder",
        Check::Password => "it may be a password",
        Check::Weak => "it may be a weak password",
        Check::Drawn => "it was drawn at random",
        Check::PrivateKey => "the armour holds a key",
        Check::RegistryAuth => "it is what registries take",
        Check::PasswordHash => "it is no sample",
    };
    format!("plausible: {what}")
}
