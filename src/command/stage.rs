//! The git hooks at which a command may run.

/// Every name that `stages` may hold: the hooks of githooks(5), and `manual`, which runs only when asked for
/// (`hookd run --stage manual`, as in pre-commit).
pub const STAGES: [&str; 28] = [
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
    "p4-changelist",
    "p4-prepare-changelist",
    "p4-post-changelist",
    "p4-pre-submit",
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

/// Hooks that git runs in a repository that a push arrives in (githooks(5)): it is their git directory that they start in.
pub const RECEIVER_STAGES: [&str; 6] = [
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "push-to-checkout",
];

/// Why hookd cannot stand for a hook that git has, if it cannot.
#[must_use]
pub fn cannot_stand_for(name: &str) -> Option<&'static str> {
    match name {
        "fsmonitor-watchman" => Some(
            "git does not look for it among the hooks: core.fsmonitor names the program, and git reads what it prints",
        ),
        "proc-receive" => {
            Some("git talks to it in a protocol of its own over standard input and output")
        }
        _ => None,
    }
}
