//! The hooks of `repo: meta`: whether every hook has a file, whether every `exclude` excludes something, and `identity`.

use crate::command::{Candidate, PythonPattern};
use crate::model::{Check, CheckKind, CheckStatus, RepoPath};
use crate::precommit::{Planned, Work};
use crate::text::printable;

/// What a meta hook says: a failure where it says anything, but for `identity`, which only shows its files.
pub(super) fn check(hook: &Planned, files: &[&RepoPath], said: String) -> Check {
    let mut check = Check::new(&hook.id, CheckKind::Hook, CheckStatus::Passed);
    check.files = files.len();
    check.verbose = hook.verbose;
    if hook.id == "identity" {
        let lines = files
            .iter()
            .map(|file| format!("{}\n", printable(&file.to_text())));
        check.output = lines.collect::<String>().into_bytes();
    } else if !said.is_empty() {
        check.status = CheckStatus::Failed;
        check.output = said.into_bytes();
    }
    check
}

/// The hooks that no file of the repository is for.
pub(super) fn hooks_apply(hooks: &[Planned], all: &[Candidate<'_>]) -> String {
    let idle = hooks.iter().filter(|hook| {
        let meta = matches!(
            hook.work,
            Work::Meta
                | Work::Absent {
                    files_known: false,
                    ..
                }
        );
        !hook.always_run
            && !meta
            && !hook.is_fail
            && !all
                .iter()
                .any(|file| hook.filter.selects(file).unwrap_or(true))
    });
    idle.map(|hook| format!("{} does not apply to this repository\n", hook.id))
        .collect()
}

/// The `exclude`s that take nothing away: of the top, judged by every tracked file, and of each hook, judged by the files
/// of its types.
pub(super) fn useless_excludes(
    top: Option<&str>,
    tracked: &[RepoPath],
    hooks: &[Planned],
    all: &[Candidate<'_>],
) -> String {
    let mut said = String::new();
    let pattern = top.and_then(|text| Some((text, PythonPattern::new(text, "").ok()?)));
    if let Some((text, pattern)) = pattern
        && text != "^$"
        && !tracked
            .iter()
            .any(|path| pattern.is_match(&path.to_text()).unwrap_or(true))
    {
        said.push_str(&format!(
            "the global exclude `{}` matches no file\n",
            printable(text)
        ));
    }
    for hook in hooks {
        let Some(text) = &hook.exclude else { continue };
        let Ok(pattern) = PythonPattern::new(text, "") else {
            continue;
        };
        let excludes = |file: &Candidate<'_>| {
            hook.unexcluded.selects(file).unwrap_or(true)
                && pattern.is_match(&file.path.to_text()).unwrap_or(true)
        };
        if !all.iter().any(excludes) {
            said.push_str(&format!(
                "the exclude `{}` of {} matches no file\n",
                printable(text),
                hook.id
            ));
        }
    }
    said
}
