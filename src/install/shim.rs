//! The texts by which git calls hookd.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

const HOOK: &str = include_str!("../../hooks/shims/hook.sh");
const EVERYWHERE: &str = include_str!("../../hooks/shims/global.sh");
const PASS_ON: &str = include_str!("../../hooks/shims/pass-on.sh");
const CONFIGURED: &str = include_str!("../../hooks/shims/configured.sh");

/// The start of a line by which a shim is known, whatever its version.
const MARK: &[u8] = b"# hookd shim ";
/// The same for a script that only hands a git hook on to the repository's own.
const PASS_ON_MARK: &[u8] = b"# hookd passes ";

/// Hooks to which git hands something on standard input (githooks(5)).
const WITH_INPUT: [&str; 5] = [
    "pre-push",
    "post-rewrite",
    "pre-receive",
    "post-receive",
    "reference-transaction",
];

/// What a file in a folder of hooks is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// It ends in a call of hookd.
    Calls,
    /// It hands the git hook on to the one in the repository.
    PassesOn,
    /// Anything else.
    Foreign,
}

/// The shim for the git hook `hook` that calls the program at `hookd`; `shared` where other repositories use it too.
pub(super) fn text(hook: &str, hookd: &Path, shared: bool) -> Vec<u8> {
    fill(HOOK, hook, hookd, shared)
}

/// The script for `hook` in a folder that stands for those of all repositories: it runs the repository's own hook, and
/// where `checks` then hookd.
pub(super) fn everywhere(hook: &str, hookd: &Path, checks: bool) -> Vec<u8> {
    let template = if checks { EVERYWHERE } else { PASS_ON };
    fill(template, hook, hookd, true)
}

/// The command for git's configuration, on one line. git appends the arguments of the hook.
pub(super) fn configured(hook: &str, hookd: &Path, global: bool) -> Vec<u8> {
    let lines = CONFIGURED.lines().filter(|line| !line.starts_with('#'));
    let line: Vec<&str> = lines.map(str::trim).collect();
    fill(&line.join(" "), hook, hookd, global)
}

/// `@HOOKD@`, `@HOOK@`, `@INPUT@` and `@GLOBAL@` of `template` with their values as words of the shell.
fn fill(template: &str, hook: &str, hookd: &Path, global: bool) -> Vec<u8> {
    let mut text = Vec::with_capacity(template.len() + 128);
    let input: &[u8] = if WITH_INPUT.contains(&hook) {
        b"1"
    } else {
        b""
    };
    for part in template.split_inclusive('@') {
        // `@HOOKD@` comes as `…@` and `HOOKD@`: the first loses its `@`, the second gives way to the value.
        match part {
            "HOOKD@" => replace(&mut text, &quote(hookd.as_os_str().as_bytes())),
            "HOOK@" => replace(&mut text, &quote(hook.as_bytes())),
            "INPUT@" => replace(&mut text, input),
            "GLOBAL@" => replace(&mut text, if global { b"--global " } else { b"" }),
            _ => text.extend_from_slice(part.as_bytes()),
        }
    }
    text
}

fn replace(text: &mut Vec<u8>, value: &[u8]) {
    text.pop();
    text.extend_from_slice(value);
}

/// What a script is, by the mark in its first lines.
pub(super) fn kind(text: &[u8]) -> Script {
    let mut lines = text.split(|&byte| byte == b'\n').take(3);
    let found = lines.find_map(|line| {
        let calls = line.starts_with(MARK).then_some(Script::Calls);
        calls.or_else(|| line.starts_with(PASS_ON_MARK).then_some(Script::PassesOn))
    });
    found.unwrap_or(Script::Foreign)
}

/// A word for the POSIX shell that means exactly `bytes` (POSIX.1-2024, XCU 2.2.2 "Single-Quotes").
fn quote(bytes: &[u8]) -> Vec<u8> {
    let mut word = vec![b'\''];
    for &byte in bytes {
        if byte == b'\'' {
            word.extend_from_slice(br"'\''");
        } else {
            word.push(byte);
        }
    }
    word.push(b'\'');
    word
}

/// The program that a shim or a configured command calls, as `fill` has written it.
#[must_use]
pub fn called_program(text: &[u8]) -> Option<PathBuf> {
    const BEFORE: &[u8] = b"hookd='";
    let start = memchr::memmem::find(text, BEFORE)? + BEFORE.len();
    let mut path = Vec::new();
    let mut rest = &text[start..];
    loop {
        let end = memchr::memchr(b'\'', rest)?;
        path.extend_from_slice(&rest[..end]);
        match rest[end..].strip_prefix(br"'\''") {
            Some(more) => {
                path.push(b'\'');
                rest = more;
            }
            None => return Some(PathBuf::from(OsString::from_vec(path))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Script, called_program, configured, everywhere, kind, text};
    use std::path::Path;

    #[test]
    fn the_program_is_read_as_it_was_written() {
        let path = Path::new("/odd dir/it's $HOME/hookd");
        let shim = text("pre-commit", path, false);
        assert_eq!(called_program(&shim).as_deref(), Some(path));
        let line = configured("pre-commit", path, false);
        assert_eq!(called_program(&line).as_deref(), Some(path));
        assert_eq!(called_program(b"#!/bin/sh\nhookd run\n"), None);
    }

    #[test]
    fn the_path_is_one_shell_word() {
        let shim = text("pre-commit", Path::new("/odd dir/it's $HOME/hookd"), false);
        let shim = String::from_utf8(shim).unwrap();
        assert!(
            shim.contains("hookd='/odd dir/it'\\''s $HOME/hookd'\n"),
            "{shim}"
        );
        assert!(shim.contains("\nhook='pre-commit'\n"));
        assert_eq!(kind(shim.as_bytes()), Script::Calls);
        assert_eq!(kind(b"#!/bin/sh\nhookd run\n"), Script::Foreign);
    }

    #[test]
    fn what_passes_on_is_told_from_what_checks() {
        let hookd = Path::new("/bin/hookd");
        assert_eq!(kind(&everywhere("update", hookd, false)), Script::PassesOn);
        assert_eq!(kind(&everywhere("update", hookd, true)), Script::Calls);
    }

    #[test]
    fn the_command_for_the_configuration_is_one_line_without_arguments() {
        let line = String::from_utf8(configured("commit-msg", Path::new("/bin/hookd"), true));
        let line = line.unwrap();
        assert!(!line.contains('\n') && !line.contains("$@"), "{line}");
        assert!(line.ends_with("--configured --global --"), "{line}");
    }
}
