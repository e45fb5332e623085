//! `.gitleaksignore` and `.betterleaksignore`.
//!
//! gitleaks writes `FILE:RULE:LINE` and `COMMIT:FILE:RULE:LINE` (<https://github.com/gitleaks/gitleaks#gitleaksignore>). betterleaks takes
//! these too, then came globs of files, and since its version 2 the SHA-256 of the secret.

use super::super::own::bytes;
use super::{Foreign, Origin, Place, lines, path};
use crate::text::PathSet;

/// Adds what `text` says.
pub(super) fn read(name: &str, text: &[u8], foreign: &mut Foreign) {
    let text = String::from_utf8_lossy(text);
    let mut unread = Vec::new();
    for (number, line, reason) in lines(&text) {
        let origin = Origin {
            by: format!("{name}:{number}"),
            reason: reason.to_owned(),
        };
        if let Some(hash) = bytes::<32>(line) {
            foreign.sha256.insert(hash, origin);
        } else if let Some((file, commit, line)) = place(line) {
            let places = foreign.places.entry(path(file)).or_default();
            places.push(Place {
                line,
                commit: commit.map(str::to_ascii_lowercase),
                origin,
            });
        } else if let Some(globs) = glob(name, line) {
            foreign.globs.push((globs, origin));
        } else {
            unread.push(number.to_string());
        }
    }
    if !unread.is_empty() {
        let lines = unread.join(", ");
        let message =
            format!("line {lines}: not of a form that hookd knows, so it accepts nothing");
        let help = "write FILE:RULE:LINE, or accept the finding with: hookd ignore";
        foreign.complain(name, &message, help);
    }
}

/// File, commit and line of a fingerprint. The rule does not matter: whatever a tool called it, somebody looked at that place.
fn place(text: &str) -> Option<(&str, Option<&str>, u32)> {
    let (rest, line) = text.rsplit_once(':')?;
    let (rest, rule) = rest.rsplit_once(':')?;
    let line = line.parse().ok()?;
    if rule.is_empty() || rest.is_empty() {
        return None;
    }
    let is_commit = |word: &str| {
        matches!(word.len(), 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match rest.split_once(':') {
        Some((commit, file)) if is_commit(commit) => Some((file, Some(commit), line)),
        _ => Some((rest, None, line)),
    }
}

/// Files that betterleaks leaves out; gitleaks knows no such lines.
fn glob(name: &str, text: &str) -> Option<PathSet> {
    let is_glob = name == ".betterleaksignore" && !text.contains([':', '!']);
    is_glob.then(|| PathSet::new(&[text]).ok()).flatten()
}
