//! File names that Windows cannot hold.

use super::super::check::{Check, CheckSpec};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-illegal-windows-names",
    aliases: &[],
    title: "a file name that Windows cannot hold",
    description: "Names of devices (`con`, `aux`, `nul`, …), the characters `<>:\"\\|?*` and control characters, and a blank \
                  or a dot at the end of a name cannot be checked out on Windows \
                  (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file>).",
    fix: "Rename the file: `git mv`.",
    severity: Severity::Medium,
    types: Types::Any,
    names: None,
    options: &[],
    build: |_| Ok(Box::new(WindowsNames)),
};

struct WindowsNames;

/// Whether one part of a path is the name of a device, whatever its extension.
fn device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).to_ascii_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") {
        return true;
    }
    let number = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    let mut rest = number.unwrap_or_default().chars();
    let digit = rest
        .next()
        .is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'));
    digit && rest.next().is_none()
}

fn fault(path: &str) -> Option<&'static str> {
    let forbidden = |c: char| {
        matches!(
            c,
            '<' | '>' | ':' | '"' | '\\' | '|' | '?' | '*' | '\0'..='\x1f'
        )
    };
    if path.contains(forbidden) {
        return Some("the name holds a character that Windows does not allow");
    }
    path.split('/').find_map(|part| {
        if device(part) {
            Some("the name is that of a device on Windows")
        } else if part.ends_with(|c: char| c == '.' || c.is_whitespace()) {
            Some("a name that ends with a dot or a blank does not exist on Windows")
        } else {
            None
        }
    })
}

impl Check for WindowsNames {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if let Some(fault) = fault(&subject.path) {
            out.whole(0..0, fault);
        }
    }
}
