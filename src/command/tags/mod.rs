//! File type tags (`python`, `text`, `executable`, …), the words of `types`, `types_or` and `exclude_types`.

mod shebang;
mod table;

use crate::model::{FileKind, RepoPath};
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

/// How many bytes from the start of a file are looked at.
pub const HEAD: usize = 1024;

/// The tags of one file.
pub type Tags = BTreeSet<&'static str>;

/// Every tag there is, sorted: what `types` may name.
#[must_use]
pub fn all_tags() -> &'static Tags {
    &index().all
}

/// The tags of the file at `path`, as pre-commit's `identify` gives them.
///
/// `head` gives its first [`HEAD`] bytes (more does no harm); it is called only where neither name nor extension tell
/// whether the file is text, and `None` from it (the file cannot be read) counts as an empty file.
pub fn tags_of(path: &RepoPath, kind: FileKind, head: impl FnOnce() -> Option<Vec<u8>>) -> Tags {
    let mode = match kind {
        FileKind::Symlink => return Tags::from(["symlink"]),
        FileKind::Executable => "executable",
        FileKind::Regular => "non-executable",
    };
    let mut tags = tags_of_name(path);
    let unknown = tags.is_empty();
    tags.extend(["file", mode]);
    if tags.contains("text") || tags.contains("binary") {
        return tags;
    }
    let head = head().unwrap_or_default();
    if unknown && kind == FileKind::Executable {
        tags.extend(shebang::interpreter(&head).map_or(&[][..], |program| of_program(&program)));
    }
    let text = is_text(&head[..head.len().min(HEAD)]);
    tags.insert(if text { "text" } else { "binary" });
    tags
}

/// The tags that the name alone gives: of the whole file name, else of the first of its parts between dots that is a
/// known name (`Dockerfile.dev`), and of the extension.
fn tags_of_name(path: &RepoPath) -> Tags {
    let index = index();
    let name = String::from_utf8_lossy(path.file_name());
    let known = std::iter::once(&*name)
        .chain(name.split('.'))
        .find_map(|part| index.names.get(part));
    let extension = extension(&name).and_then(|extension| index.extensions.get(&*extension));
    known
        .into_iter()
        .chain(extension)
        .flat_map(|tags| tags.iter().copied())
        .collect()
}

/// What follows the last dot in lower case; leading dots do not count, as in Python's `os.path.splitext`.
fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.trim_start_matches('.').rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_lowercase())
}

/// The tags of an interpreter: its name without folder, and without version numbers from the right until it is known.
fn of_program(program: &str) -> &'static [&'static str] {
    let mut name = program.rsplit('/').next().unwrap_or(program);
    loop {
        if let Some(tags) = index().interpreters.get(name) {
            return tags;
        }
        match name.rsplit_once('.') {
            Some((shorter, _)) => name = shorter,
            None => return &[],
        }
    }
}

/// Whether no control character stands in the bytes but BEL, BS, TAB, LF, FF, CR and ESC: the set of file(1).
fn is_text(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|&byte| matches!(byte, 7..=10 | 12 | 13 | 27 | 0x20..=0x7e | 0x80..))
}

type Table = HashMap<&'static str, Vec<&'static str>>;

struct Index {
    names: Table,
    extensions: Table,
    interpreters: Table,
    all: Tags,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut extensions = expand(table::TEXT_EXTENSIONS, Some("text"));
        extensions.extend(expand(table::BINARY_EXTENSIONS, Some("binary")));
        extensions.extend(expand(table::EITHER_EXTENSIONS, None));
        let names = expand(table::FILE_NAMES, Some("text"));
        let interpreters = expand(table::INTERPRETERS, None);
        let all = [&extensions, &names, &interpreters]
            .into_iter()
            .flat_map(|table| table.values().flatten().copied())
            .chain(table::KINDS)
            .collect();
        Index {
            names,
            extensions,
            interpreters,
            all,
        }
    })
}

fn expand(rows: &[(&'static str, &'static str)], common: Option<&'static str>) -> Table {
    let mut table = Table::new();
    for (tags, members) in rows {
        let tags: Vec<&str> = tags.split_whitespace().chain(common).collect();
        for member in members.split_whitespace() {
            table.insert(member, tags.clone());
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{Tags, all_tags, table, tags_of};
    use crate::model::{FileKind, RepoPath};
    use std::collections::BTreeSet;

    fn tags(path: &str, kind: FileKind, head: &[u8]) -> String {
        let tags = tags_of(&RepoPath::from(path), kind, || Some(head.to_vec()));
        Vec::from_iter(tags).join(" ")
    }

    #[test]
    fn names_extensions_and_content_decide() {
        use FileKind::{Executable, Regular, Symlink};
        for (path, kind, head, want) in [
            ("a/b.py", Regular, "", "file non-executable python text"),
            ("a/B.PY", Executable, "", "executable file python text"),
            ("link.py", Symlink, "", "symlink"),
            (
                "Dockerfile.dev",
                Regular,
                "",
                "dockerfile file non-executable text",
            ),
            (
                "pyproject.toml",
                Regular,
                "",
                "file non-executable pyproject text toml",
            ),
            (
                ".gitignore",
                Regular,
                "",
                "file gitignore non-executable text",
            ),
            (".py", Regular, "x", "file non-executable text"),
            ("noname", Regular, "a\0b", "binary file non-executable"),
            ("noname", Regular, "", "file non-executable text"),
            (
                "a.plist",
                Regular,
                "bplist\0",
                "binary file non-executable plist",
            ),
            (
                "a.png",
                Regular,
                "text",
                "binary file image non-executable png",
            ),
            ("tool", Regular, "#!/bin/sh\n", "file non-executable text"),
            (
                "tool",
                Executable,
                "#!/bin/sh\n",
                "executable file sh shell text",
            ),
        ] {
            assert_eq!(tags(path, kind, head.as_bytes()), want, "{path}");
        }
    }

    #[test]
    fn interpreters_are_followed_through_env_and_versions() {
        for (line, want) in [
            ("#!/usr/bin/env python3.11\n", "python python3"),
            ("#!/usr/bin/env -S node --harmony\n", "javascript"),
            ("#! /usr/bin/perl -w\r\n", "perl"),
            (
                "#!/usr/bin/env nix-shell\n#! nix-shell -p x -i bash\n",
                "bash shell",
            ),
            ("#!'/opt/my tools/ruby' -x\n", "ruby"),
            ("#!/usr/bin/env\n", ""),
            ("#!/bin/\u{e9}sh\n", ""),
            ("#!\n", ""),
            ("#!\"bash\n", ""),
        ] {
            let got = tags("tool", FileKind::Executable, line.as_bytes());
            let rest: Vec<&str> = got
                .split(' ')
                .filter(|tag| !["executable", "file", "text"].contains(tag))
                .collect();
            assert_eq!(rest.join(" "), want, "{line:?}");
        }
    }

    #[test]
    fn content_is_read_only_where_the_name_says_nothing() {
        let unread = || -> Option<Vec<u8>> { panic!("was read") };
        tags_of(&RepoPath::from("a.rs"), FileKind::Regular, unread);
        tags_of(&RepoPath::from("Makefile"), FileKind::Executable, unread);
        let gone = tags_of(&RepoPath::from("gone"), FileKind::Regular, || None);
        assert!(gone.contains("text"));
    }

    #[test]
    fn no_member_stands_twice_and_every_tag_is_known() {
        for rows in [
            &[
                table::TEXT_EXTENSIONS,
                table::BINARY_EXTENSIONS,
                table::EITHER_EXTENSIONS,
            ]
            .concat()[..],
            table::FILE_NAMES,
            table::INTERPRETERS,
        ] {
            let mut seen = BTreeSet::new();
            for member in rows.iter().flat_map(|(_, members)| members.split(' ')) {
                assert!(seen.insert(member), "{member} stands twice");
            }
        }
        let some: Tags = ["python", "executable", "cargo-lock", "symlink"].into();
        assert!(all_tags().is_superset(&some));
    }

    /// Compares with a listing made elsewhere: `HOOKD_TAGS_TRUTH` names a file of lines `tags TAB path`.
    #[test]
    fn agrees_with_a_listing_of_real_files() {
        let Some(listing) = crate::env::var("HOOKD_TAGS_TRUTH") else {
            eprintln!("skipped: HOOKD_TAGS_TRUTH is not set");
            return;
        };
        let listing = std::fs::read_to_string(listing).unwrap();
        let mut wrong = Vec::new();
        let mut count = 0;
        for line in listing.lines() {
            let (want, path) = line.split_once('\t').unwrap();
            count += 1;
            let kind = if want.split(' ').any(|tag| tag == "symlink") {
                FileKind::Symlink
            } else if want.split(' ').any(|tag| tag == "executable") {
                FileKind::Executable
            } else {
                FileKind::Regular
            };
            let got = tags_of(&RepoPath::from(path), kind, || {
                use std::io::Read;
                let mut head = Vec::new();
                let file = std::fs::File::open(path).ok()?;
                file.take(super::HEAD as u64).read_to_end(&mut head).ok()?;
                Some(head)
            });
            let got = Vec::from_iter(got).join(" ");
            if got != want {
                wrong.push(format!("{path}: {got}, want {want}"));
            }
        }
        eprintln!("{} of {count} agree", count - wrong.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
