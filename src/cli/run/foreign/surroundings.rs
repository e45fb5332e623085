//! What pre-commit tells hooks in environment variables, by the stage and what git gave it
//! (<https://pre-commit.com/#supported-git-hooks>).

use crate::command::Hook;

/// Gives `hook` the variables of `stage`; `given` is what git handed to the hook, `input` its standard input.
pub(super) fn tell(hook: &mut Hook, stage: &str, given: &[String], input: Option<&[u8]>) {
    const BY_PLACE: [(&str, &[&str]); 6] = [
        (
            "prepare-commit-msg",
            &[
                "",
                "PRE_COMMIT_COMMIT_MSG_SOURCE",
                "PRE_COMMIT_COMMIT_OBJECT_NAME",
            ],
        ),
        (
            "pre-push",
            &["PRE_COMMIT_REMOTE_NAME", "PRE_COMMIT_REMOTE_URL"],
        ),
        (
            "post-checkout",
            &[
                "PRE_COMMIT_FROM_REF",
                "PRE_COMMIT_TO_REF",
                "PRE_COMMIT_CHECKOUT_TYPE",
            ],
        ),
        ("post-merge", &["PRE_COMMIT_IS_SQUASH_MERGE"]),
        ("post-rewrite", &["PRE_COMMIT_REWRITE_COMMAND"]),
        (
            "pre-rebase",
            &[
                "PRE_COMMIT_PRE_REBASE_UPSTREAM",
                "PRE_COMMIT_PRE_REBASE_BRANCH",
            ],
        ),
    ];
    let names = BY_PLACE
        .iter()
        .find(|(name, _)| *name == stage)
        .map_or(&[][..], |(_, names)| names);
    let mut set = |name: &str, value: &str| {
        if !name.is_empty() {
            hook.env
                .entry(name.to_owned())
                .or_insert_with(|| value.to_owned());
        }
    };
    for (name, value) in names.iter().zip(given) {
        set(name, value);
    }
    if stage == "pre-push" {
        // githooks(5): local ref, local object, remote ref, remote object; the first ref counts.
        let text = String::from_utf8_lossy(input.unwrap_or_default()).into_owned();
        let words: Vec<&str> = text
            .lines()
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let order = [
            "PRE_COMMIT_LOCAL_BRANCH",
            "PRE_COMMIT_TO_REF",
            "PRE_COMMIT_REMOTE_BRANCH",
            "PRE_COMMIT_FROM_REF",
        ];
        for (name, value) in order.iter().zip(words) {
            set(name, value);
        }
    }
}
