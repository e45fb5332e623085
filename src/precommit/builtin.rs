//! What the manifest of pre-commit-hooks says about its hooks, for those that hookd serves itself: which files each looks at.
//!
//! Facts: <https://github.com/pre-commit/pre-commit-hooks/blob/main/.pre-commit-hooks.yaml>, and for the last rows
//! <https://prek.j178.dev/builtin/>.

use super::keys::{HookKeys, Pass};
use super::node::Placed;

/// Id, `types`, `files`.
const HOOKS: [(&str, &[&str], &str); 49] = [
    ("check-added-large-files", FILE, ""),
    ("check-ast", PYTHON, ""),
    ("check-builtin-literals", PYTHON, ""),
    ("check-byte-order-marker", TEXT, ""),
    ("check-case-conflict", FILE, ""),
    ("check-docstring-first", PYTHON, ""),
    (
        "check-executables-have-shebangs",
        &["text", "executable"],
        "",
    ),
    ("check-illegal-windows-names", FILE, ""),
    ("check-json", JSON, ""),
    ("check-merge-conflict", TEXT, ""),
    ("check-shebang-scripts-are-executable", TEXT, ""),
    ("check-symlinks", &["symlink"], ""),
    ("check-toml", &["toml"], ""),
    ("check-vcs-permalinks", TEXT, ""),
    ("check-xml", &["xml"], ""),
    ("check-yaml", &["yaml"], ""),
    ("debug-statements", PYTHON, ""),
    ("destroyed-symlinks", FILE, ""),
    ("detect-aws-credentials", TEXT, ""),
    ("detect-private-key", TEXT, ""),
    ("double-quote-string-fixer", PYTHON, ""),
    ("end-of-file-fixer", TEXT, ""),
    ("file-contents-sorter", FILE, "^$"),
    ("fix-byte-order-marker", TEXT, ""),
    ("fix-encoding-pragma", PYTHON, ""),
    ("forbid-new-submodules", FOLDER, ""),
    ("forbid-submodules", FOLDER, ""),
    ("mixed-line-ending", TEXT, ""),
    ("name-tests-test", PYTHON, r"(^|/)tests/.+\.py$"),
    ("no-commit-to-branch", FILE, ""),
    ("pretty-format-json", JSON, ""),
    (
        "requirements-txt-fixer",
        FILE,
        r"(requirements|constraints).*\.(txt|in)$",
    ),
    ("sort-simple-yaml", FILE, "^$"),
    ("trailing-whitespace", TEXT, ""),
    // Old ids.
    ("autopep8-wrapper", PYTHON, ""),
    ("detect-aws-credential", TEXT, ""),
    ("no-commit-to-master", FILE, ""),
    ("pretty-format-yaml", &["yaml"], ""),
    ("tests-should-end-in-test.py", PYTHON, r"(^|/)tests/.+\.py$"),
    // prek's own.
    ("check-commit-trailers", FILE, ""),
    ("check-json5", &["json5"], ""),
    ("check-jsonc", &["jsonc"], ""),
    ("check-signed-commit", FILE, ""),
    ("deny-pattern", TEXT, ""),
    ("require-pattern", TEXT, ""),
    ("deny-filename-pattern", FILE, ""),
    ("require-filename-pattern", FILE, ""),
    ("normalize-indentation", TEXT, ""),
    ("replace-pattern", TEXT, ""),
];

const FILE: &[&str] = &["file"];
const TEXT: &[&str] = &["text"];
const PYTHON: &[&str] = &["python"];
const JSON: &[&str] = &["json"];
const FOLDER: &[&str] = &["directory"];

/// Hooks whose manifest confines them to stages at which files are at hand.
const AT_FILES: [&str; 5] = [
    "check-added-large-files",
    "check-executables-have-shebangs",
    "check-shebang-scripts-are-executable",
    "end-of-file-fixer",
    "trailing-whitespace",
];

/// The manifest's keys of a hook; `None` for one it does not have.
pub(super) fn manifest(id: &str) -> Option<HookKeys> {
    let (id, types, files) = HOOKS.iter().find(|(known, ..)| *known == id)?;
    let placed = |text: &str| Placed::new(text.to_owned(), 0..0);
    let list = |words: &[&str]| Some(words.iter().map(|word| placed(word)).collect());
    Some(HookKeys {
        id: Some(placed(id)),
        name: Some(placed(id)),
        types: list(types),
        files: (!files.is_empty()).then(|| placed(files)),
        stages: stages(id).map(|names| names.iter().map(|name| placed(name)).collect()),
        always_run: (*id == "no-commit-to-branch").then_some(true),
        pass_filenames: (*id == "no-commit-to-branch").then_some(Pass::Flag(false)),
        ..HookKeys::default()
    })
}

/// The stages that the manifest confines the hook to.
fn stages(id: &str) -> Option<&'static [&'static str]> {
    match id {
        "check-commit-trailers" => Some(&["commit-msg", "pre-push"]),
        "check-signed-commit" => Some(&["pre-push", "manual"]),
        _ if AT_FILES.contains(&id) => Some(&["pre-commit", "pre-push", "manual"]),
        _ => None,
    }
}

/// Whether the check looks at the repository itself, so that it runs where there is no file for it.
pub(super) fn looks_at_repository(id: &str) -> bool {
    matches!(
        id,
        "no-commit-to-branch"
            | "forbid-new-submodules"
            | "forbid-submodules"
            | "check-commit-trailers"
            | "check-signed-commit"
    )
}
