//! The numbers against those that each tool's own tests expect; each test prints how many agree.

#![allow(clippy::print_stderr, reason = "the agreement is the result")]

use super::{cases, functions, line};
use crate::lang::{Compat, Counting, Function, find};
use serde_json::Value;
use std::path::PathBuf;

/// How many of all cases agree.
#[derive(Default)]
struct Tally {
    right: usize,
    all: usize,
}

impl Tally {
    fn add(&mut self, agrees: bool, case: &Value) {
        self.all += 1;
        self.right += usize::from(agrees);
        if !agrees {
            eprintln!("differs: {case}");
        }
    }

    /// Prints the agreement, and holds it to `least` per cent. Without data there is nothing to hold.
    fn close(&self, name: &str, least: usize) {
        eprintln!("{name}: {} of {} agree", self.right, self.all);
        assert!(self.right * 100 >= self.all * least, "{name}");
    }
}

/// Functions that stand in no other.
fn outermost(all: &[Function]) -> impl Iterator<Item = &Function> {
    all.iter().filter(|function| {
        !all.iter().any(|other| {
            other != *function
                && other.span.start <= function.span.start
                && other.span.end >= function.span.end
        })
    })
}

fn column(text: &str, at: usize) -> u64 {
    let before = text[..at].chars().rev();
    before.take_while(|&letter| letter != '\n').count() as u64 + 1
}

#[test]
fn go_counts_as_gocyclo_does() {
    let mut tally = Tally::default();
    for case in cases("gocyclo").unwrap_or_default() {
        let text = case["text"].as_str().expect("text");
        let all = functions("a.go", text);
        let found = all.iter().find(|function| {
            function.name == case["function"]
                && case["start_line"] == line(text, function.name_span.start)
        });
        let found = found.map(|function| u64::from(function.cyclomatic));
        tally.add(found == case["cyclomatic"].as_u64(), &case);
    }
    tally.close("gocyclo", 100);
}

/// gocognit's cases name functions of its test data; `GOCOGNIT` names a checkout of it.
#[test]
fn go_weighs_as_gocognit_does() {
    let Some(checkout) = std::env::var_os("GOCOGNIT").map(PathBuf::from) else {
        eprintln!("skipped: GOCOGNIT names no checkout of gocognit");
        return;
    };
    let mut tally = Tally::default();
    for case in cases("gocognit").unwrap_or_default() {
        let path = checkout.join(case["path"].as_str().expect("a path"));
        let text = std::fs::read_to_string(path).expect("readable");
        let all = functions("a.go", &text);
        let mut found = all
            .iter()
            .filter(|function| function.name == case["function"]);
        tally.add(
            found.any(|function| case["cognitive"] == function.cognitive),
            &case,
        );
    }
    tally.close("gocognit", 100);
}

#[test]
fn python_counts_as_ruff_does() {
    let mut tally = Tally::default();
    for case in cases("ruff").unwrap_or_default() {
        let all = functions("a.py", case["text"].as_str().expect("text"));
        let sum: u64 = outermost(&all)
            .map(|function| u64::from(function.cyclomatic))
            .sum();
        tally.add(Some(sum) == case["suite_complexity"].as_u64(), &case);
    }
    tally.close("ruff", 100);
}

/// Whether `function` stands where the case says: ESLint points at the head, at an arrow, or at a name.
fn stands_there(text: &str, function: &Function, at: (Option<u64>, Option<u64>)) -> bool {
    let near = function.span.start.min(function.name_span.start);
    let column_at = at.1.unwrap_or(0) as usize;
    let arrow = text[function.span.clone()].contains("=>")
        && text
            .get(..=column_at)
            .is_some_and(|head| head.ends_with("=>"))
        && function.span.contains(&column_at);
    let place = |&place: &usize| (Some(line(text, place)), Some(column(text, place))) == at;
    arrow
        || at.1.is_none()
        || [near, function.name_span.start, function.span.start]
            .iter()
            .any(place)
}

#[test]
fn javascript_counts_as_eslint_does() {
    let mut tally = Tally::default();
    for case in cases("eslint").unwrap_or_default() {
        let text = case["text"].as_str().expect("text");
        let at = (case["start_line"].as_u64(), case["column"].as_u64());
        let counting = Counting {
            modified: case["variant"] == "modified",
            ..Counting::default()
        };
        let language = find("a.js", b"").expect("a known language");
        let all = language.count(text.as_bytes(), &counting);
        let agrees = all.expect("readable").iter().any(|function| {
            stands_there(text, function, at)
                && Some(u64::from(function.cyclomatic)) == case["cyclomatic"].as_u64()
        });
        tally.add(agrees, &case);
    }
    tally.close("ESLint", 100);
}

/// The cases of `tool` in files that end in `extension`, by the language's own rule.
fn agreement(tool: &str, extension: &str) -> Tally {
    agreement_by(tool, extension, &Counting::default())
}

fn agreement_by(tool: &str, extension: &str, counting: &Counting) -> Tally {
    let path = format!("a.{extension}");
    let language = find(&path, b"").expect("a known language");
    let mut tally = Tally::default();
    for case in cases(tool).unwrap_or_default() {
        let file = case["file"].as_str().unwrap_or("");
        let named = file.is_empty() || file.ends_with(&format!(".{extension}"));
        let plain = case["extensions"].as_array().is_none_or(Vec::is_empty);
        if !(named && plain) {
            continue;
        }
        let text = case["text"].as_str().expect("text");
        let found = language.count(text.as_bytes(), counting).expect("readable");
        let agrees = found.iter().any(|function| {
            case["cyclomatic"] == function.cyclomatic
                && case["start_line"] == line(text, function.name_span.start)
        });
        tally.add(agrees, &case);
    }
    tally
}

#[test]
fn lizards_languages_count_as_lizard_does() {
    // The rest is explained in docs/scanners/complexity.md.
    for (extension, least) in [
        ("c", 100),
        ("cpp", 100),
        ("php", 97),
        ("swift", 100),
        ("scala", 100),
        ("lua", 100),
        ("java", 100),
    ] {
        agreement("lizard", extension).close(&format!("lizard, .{extension}"), least);
    }
}

#[test]
fn what_is_to_count_as_lizard_does_does() {
    let lizard = Counting {
        compat: Some(Compat::Lizard),
        ..Counting::default()
    };
    // They are of lizard 1.24.0, which did not count default values yet; what 1.24.3 says is what hookd says.
    for (extension, least) in [("js", 97), ("jsx", 97), ("ts", 97), ("tsx", 95)] {
        let tally = agreement_by("lizard", extension, &lizard);
        tally.close(&format!("as lizard, .{extension}"), least);
    }
}

#[test]
fn ruby_counts_as_rubocop_does() {
    agreement("rubocop", "rb").close("rubocop", 100);
}
