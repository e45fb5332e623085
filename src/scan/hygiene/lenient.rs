//! When a check that nobody asked for keeps silent: files that are meant to be wrong, and templates.

use super::subject::Subject;

/// Whether the file may well be meant as it is, wrong as it looks; lockfiles are the audit's to report.
pub(super) fn tolerable(subject: &Subject<'_>) -> bool {
    subject.bytes.trim_ascii().is_empty()
        || !subject.is_text()
        || crate::lockfile::find(&subject.path)
            .is_some_and(crate::lockfile::LockfileSpec::is_strict)
        || meant_to_be_wrong(&subject.path)
        || template(subject.bytes)
}

/// Folders whose files are there to be read by a test, right or wrong.
const FIXTURES: &[&str] = &[
    "fixtures",
    "__fixtures__",
    "fixture",
    "testdata",
    "test-data",
    "test_data",
    "testfixtures",
    "test_resources",
    "corpus",
    "fuzz",
];

/// How the names of files and folders begin or end that are wrong on purpose.
const WRONG: &[&str] = &["invalid", "malformed", "broken", "corrupt", "bad"];

/// Whether the file at `path` may well be wrong on purpose.
fn meant_to_be_wrong(path: &str) -> bool {
    path.split('/').any(|part| {
        let part = part.to_ascii_lowercase();
        FIXTURES.contains(&part.as_str())
            || part
                .split(['-', '_', '.', ' '])
                .any(|word| WRONG.contains(&word))
    })
}

/// Whether `text` is a template of Jinja, Go, ERB, Handlebars and their like, which another program fills in first.
fn template(bytes: &[u8]) -> bool {
    [
        b"{{".as_slice(),
        b"{%",
        b"<%",
        b"${",
        b"@@",
        b"<?php",
        b"{#",
    ]
    .iter()
    .any(|mark| memchr::memmem::find(bytes, mark).is_some())
}
