//! What `hookd explain` says about the rules.

use super::ID;
use crate::model::{RuleDoc, Severity};

/// The documentation of each rule.
pub(super) fn rules() -> Vec<RuleDoc> {
    vec![
        cyclomatic(),
        cognitive(),
        length(),
        parameters(),
        nesting(),
        ratchet(),
    ]
}

/// The rule about the list of accepted functions.
pub(super) const RATCHET: &str = crate::triage::RATCHET_RULE;

fn ratchet() -> RuleDoc {
    RuleDoc {
        id: RATCHET.to_owned(),
        scanner: ID,
        title: "a list of accepted functions that does not shrink".to_owned(),
        severity: Some(Severity::Medium),
        description: "With `ratchet = true` in `[scan.complexity]`, the entries of this scanner in `hookd.ignore` can only \
                      become fewer and smaller. A commit that adds one, or raises the number that one accepts, is blocked. \
                      A sweep is blocked by an entry that accepts more than is there."
            .to_owned(),
        example: "src/a.py complexity/cyclomatic-complexity=40 $… - legacy\n# in a sweep, where the function has come \
                  down to 35: accepts 40, and 35 are enough"
            .to_owned(),
        fix: "Take the new entry out, and make the function simpler. What is not needed any more goes with `hookd baseline \
              prune`."
            .to_owned(),
        links: Vec::new(),
    }
}

fn cyclomatic() -> RuleDoc {
    RuleDoc {
        id: "cyclomatic-complexity".to_owned(),
        scanner: ID,
        title: "too many paths through a function".to_owned(),
        severity: Some(Severity::Medium),
        description: "Counts the independent paths through a function: one, and one more for each branch, loop and \
                      condition. Each path wants a test of its own, and past ten or so nobody keeps them all in mind. \
                      The count is that of the tool the language's users know: ruff's C901 for Python, ESLint's \
                      `complexity` for JavaScript and TypeScript, gocyclo for Go, checkstyle for Java, rubocop for Ruby, detekt \
                      for Kotlin, lizard for C, C++, PHP, Swift, Scala and Lua. A commit is blocked only where it \
                      makes a function worse or adds a new one over the limit."
            .to_owned(),
        example: "def grade(points):\n    if points > 90:      # +1\n        return \"a\"\n    elif points > 80:    # \
                  +1\n        return \"b\"\n    return \"c\"\n# cyclomatic complexity 3"
            .to_owned(),
        fix: "Move a branch or the body of a loop into a function of its own, return early instead of nesting, or \
              replace a chain of conditions by a table. To accept a function as it is, write `hookd:allow \
              cyclomatic-complexity REASON` on the line above it; the limit is `cyclomatic` in `[scan.complexity]`."
            .to_owned(),
        links: vec![
            "https://docs.astral.sh/ruff/rules/complex-structure/".to_owned(),
            "https://eslint.org/docs/latest/rules/complexity".to_owned(),
            "https://github.com/fzipp/gocyclo".to_owned(),
        ],
    }
}

fn cognitive() -> RuleDoc {
    RuleDoc {
        id: "cognitive-complexity".to_owned(),
        scanner: ID,
        title: "a function that is hard to follow".to_owned(),
        severity: Some(Severity::Medium),
        description: "Counts what makes a function hard to read: each break in the flow, and more for each level it is \
                      nested. A flat `switch` costs little, a condition in a loop in a condition a lot. Off unless \
                      `cognitive` is set in `[scan.complexity]`; it warns and never blocks."
            .to_owned(),
        example: "for row in rows:           # +1\n    if row.open:           # +2, nested once\n        if row.late:       \
                  # +3, nested twice\n            warn(row)\n# cognitive complexity 6"
            .to_owned(),
        fix: "Turn conditions round and leave early, move nested parts into functions of their own, and name conditions. \
              To accept a function as it is, write `hookd:allow cognitive-complexity REASON` on the line above it."
            .to_owned(),
        links: vec!["https://www.sonarsource.com/docs/CognitiveComplexity.pdf".to_owned()],
    }
}

/// A rule about the size of a function: off unless the key that is its limit is set.
fn size(id: &str, key: &str, title: &str, description: &str, example: &str, fix: &str) -> RuleDoc {
    RuleDoc {
        id: id.to_owned(),
        scanner: ID,
        title: title.to_owned(),
        severity: Some(Severity::Medium),
        description: format!(
            "{description} Off unless `{key}` is set in `[scan.complexity]`. As with complexity, a commit is blocked \
             only where it makes a function worse or adds a new one over the limit."
        ),
        example: example.to_owned(),
        fix: format!(
            "{fix} To accept a function as it is, write `hookd:allow {id} REASON` on the line above it."
        ),
        links: Vec::new(),
    }
}

fn length() -> RuleDoc {
    size(
        "function-length",
        "lines",
        "a function of too many lines",
        "Counts the lines of a function from its signature to its end, comments and blank lines included.",
        "[scan.complexity]\nlines = 60",
        "Move parts that can be named into functions of their own.",
    )
}

fn parameters() -> RuleDoc {
    size(
        "parameter-count",
        "parameters",
        "a function of too many parameters",
        "Counts the parameters that a function declares, `self` included where the language lists it.",
        "[scan.complexity]\nparameters = 6",
        "Group parameters that go together in a type of their own.",
    )
}

fn nesting() -> RuleDoc {
    size(
        "nesting-depth",
        "nesting",
        "control structures nested too deep",
        "Counts how many conditions, loops and the like stand in each other at the deepest place of a function.",
        "[scan.complexity]\nnesting = 4",
        "Return early, turn conditions round, or move the inner part into a function of its own.",
    )
}
