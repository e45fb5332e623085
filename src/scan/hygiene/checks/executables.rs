//! The `#!` line and the executable bit belong together.

use super::super::check::{Check, CheckSpec};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::{FileKind, Severity};

pub(super) static HAVE_SHEBANGS: CheckSpec = CheckSpec {
    id: "check-executables-have-shebangs",
    aliases: &[],
    title: "an executable text without a `#!` line",
    description: "Without a `#!` line it is chance which program runs a text file.",
    fix: "Add a `#!` line, or make the file an ordinary one: `chmod -x`, `git add --chmod=-x`.",
    severity: Severity::Low,
    types: Types::ExecutableText,
    names: None,
    options: &[],
    build: |_| Ok(Box::new(HaveShebangs)),
};

pub(super) static ARE_EXECUTABLE: CheckSpec = CheckSpec {
    id: "check-shebang-scripts-are-executable",
    aliases: &[],
    title: "a script that is not executable",
    description: "A file with a `#!` line is meant to be run, and cannot be.",
    fix: "Make it executable: `chmod +x`, `git add --chmod=+x`; or remove the `#!` line.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
    options: &[],
    build: |_| Ok(Box::new(AreExecutable)),
};

struct HaveShebangs;

impl Check for HaveShebangs {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if !subject.bytes.starts_with(b"#!") {
            out.whole(0..0, "executable, but without a `#!` line");
        }
    }
}

struct AreExecutable;

impl Check for AreExecutable {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if subject.meta.kind == FileKind::Regular && subject.bytes.starts_with(b"#!") {
            out.whole(0..2, "a `#!` line, but not executable");
        }
    }
}
