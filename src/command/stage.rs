//! The git hooks at which a command may run.

/// Every name that `stages` may hold: the hooks of githooks(5), and `manual`, which runs only when asked for
/// (`hookd run --stage manual`, as in pre-commit).
pub const STAGES: [&str; 24] = [
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "post-rewrite",
    "pre-auto-gc",
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "sendemail-validate",
    "post-index-change",
    "reference-transaction",
    "push-to-checkout",
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "manual",
];

/// The stage of this name, also where it is one that pre-commit used before version 3.2
/// (<https://pre-commit.com/#confining-hooks-to-run-at-certain-stages>): `commit`, `push`, `merge-commit`.
#[must_use]
pub fn stage(name: &str) -> Option<&'static str> {
    let name = match name {
        "commit" => "pre-commit",
        "push" => "pre-push",
        "merge-commit" => "pre-merge-commit",
        other => other,
    };
    STAGES.into_iter().find(|stage| *stage == name)
}
