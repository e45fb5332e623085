//! What `hookd explain` says about the rules for messages.

use super::ID;
use crate::model::{RuleDoc, Severity};

pub(super) const FORMAT: &str = "message-format";
pub(super) const TYPE: &str = "message-type";
pub(super) const SCOPE: &str = "message-scope";
pub(super) const SUBJECT_LENGTH: &str = "message-subject-length";
pub(super) const BODY_LINE_LENGTH: &str = "message-line-length";
pub(super) const MISSING_TRAILER: &str = "message-trailer-missing";
pub(super) const FORBIDDEN_TRAILER: &str = "message-trailer-forbidden";
pub(super) const SIGNED_OFF: &str = "message-signed-off";

/// How bad all of them are.
pub(super) const SEVERITY: Severity = Severity::Low;

/// Id, title, what it finds, how to put it right.
const RULES: [(&str, &str, &str, &str); 8] = [
    (
        FORMAT,
        "a message that is no Conventional Commit",
        "With `conventional = true` the first line is `type(scope)!: description`, scope and `!` as needed, an empty line \
         follows it, and a footer that tells of a breaking change begins with `BREAKING CHANGE:`. Versions and change logs \
         are made from that.",
        "Begin the first line with what kind of change it is, as in `fix: …`.",
    ),
    (
        TYPE,
        "a type of changes that the project does not have",
        "The word before the colon is none of `types` in `[scan.message]`.",
        "Take one of the types that the finding names.",
    ),
    (
        SCOPE,
        "a scope that the project does not have, or none",
        "The word in brackets is none of `scopes`, or is missing where `require_scope` asks for one.",
        "Name the part of the project that changes.",
    ),
    (
        SUBJECT_LENGTH,
        "a long first line",
        "The first line has more characters than `subject_length`: logs and mails cut it.",
        "Say it in fewer words; the rest goes below an empty line.",
    ),
    (
        BODY_LINE_LENGTH,
        "a long line in the message",
        "A line has more characters than `body_line_length`. One without a space inside, such as an address, may.",
        "Break it.",
    ),
    (
        MISSING_TRAILER,
        "a trailer that is missing",
        "The last paragraph has no trailer that fits an entry of `require_trailers`.",
        "Add it, or commit with `--trailer`.",
    ),
    (
        FORBIDDEN_TRAILER,
        "a trailer that is not wanted",
        "A trailer fits an entry of `forbid_trailers`.",
        "Take the line out.",
    ),
    (
        SIGNED_OFF,
        "a commit that its author did not sign off",
        "With `signed_off = true` there must be a `Signed-off-by` with name and address of the commit's author: the Developer \
         Certificate of Origin asks for it.",
        "Commit with `--signoff`.",
    ),
];

/// The documentation of every rule.
pub(super) fn docs() -> Vec<RuleDoc> {
    let doc = |(id, title, description, fix): &(&str, &str, &str, &str)| RuleDoc {
        id: (*id).to_owned(),
        scanner: ID,
        title: (*title).to_owned(),
        severity: Some(SEVERITY),
        description: (*description).to_owned(),
        example: String::new(),
        fix: (*fix).to_owned(),
        links: Vec::new(),
    };
    RULES.iter().map(doc).collect()
}
