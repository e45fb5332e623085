//! Trailers that must be there, or must not.

use super::parts::{Parts, Trailer};
use super::settings::Settings;
use super::{Issue, rules};

const SIGNED_OFF: &str = "Signed-off-by";

/// Checks the trailers; `author` is asked only where it matters.
///
/// # Errors
/// Nobody can tell who the author is.
pub(super) fn check(
    settings: &Settings,
    parts: &Parts<'_>,
    author: &dyn Fn() -> Result<String, String>,
    issues: &mut Vec<Issue>,
) -> Result<(), String> {
    let trailers = parts.trailers();
    for wanted in &settings.require_trailers {
        if !trailers.iter().any(|one| wanted.matches(one)) {
            issues.push(Issue {
                rule: rules::MISSING_TRAILER,
                at: parts.end(),
                message: format!("the trailer `{}` is missing", wanted.text),
                help: format!(
                    "Add it to the last paragraph, or commit with `--trailer '{}: …'`.",
                    wanted.token
                ),
            });
        }
    }
    for one in &trailers {
        if settings
            .forbid_trailers
            .iter()
            .any(|unwanted| unwanted.matches(one))
        {
            issues.push(Issue {
                rule: rules::FORBIDDEN_TRAILER,
                at: one.at.clone(),
                message: format!("the trailer `{}` is not wanted here", one.token),
                help: "Take the line out.".to_owned(),
            });
        }
    }
    if settings.signed_off {
        signed_off(parts, &trailers, &author()?, issues);
    }
    Ok(())
}

/// The author says with it that the change may be given away (Developer Certificate of Origin 1.1).
fn signed_off(parts: &Parts<'_>, trailers: &[Trailer<'_>], author: &str, issues: &mut Vec<Issue>) {
    let signed = |one: &&Trailer<'_>| one.token.eq_ignore_ascii_case(SIGNED_OFF);
    let mut all = trailers.iter().filter(signed).peekable();
    let (at, message) = match all.peek() {
        None => (parts.end(), "nobody signed the commit off".to_owned()),
        Some(first) => (
            first.at.clone(),
            format!("the author, {author}, did not sign the commit off"),
        ),
    };
    if !all.any(|one| one.value.eq_ignore_ascii_case(author)) {
        issues.push(Issue {
            rule: rules::SIGNED_OFF,
            at,
            message,
            help: format!("Add `{SIGNED_OFF}: {author}`, or commit with `--signoff`."),
        });
    }
}
