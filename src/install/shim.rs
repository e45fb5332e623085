//! The text of a shim.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

const TEMPLATE: &str = include_str!("../../hooks/shims/hook.sh");
/// The start of a line by which a shim is known, whatever its version.
const MARK: &[u8] = b"# hookd shim ";

/// The shim for the git hook `hook` that calls the program at `hookd`.
pub(super) fn text(hook: &str, hookd: &Path) -> Vec<u8> {
    let mut text = Vec::with_capacity(TEMPLATE.len() + 128);
    for part in TEMPLATE.split_inclusive('@') {
        // `@HOOKD@` comes as `…@` and `HOOKD@`: the first loses its `@`, the second gives way to the value.
        match part {
            "HOOKD@" => replace(&mut text, &quote(hookd.as_os_str().as_bytes())),
            "HOOK@" => replace(&mut text, &quote(hook.as_bytes())),
            _ => text.extend_from_slice(part.as_bytes()),
        }
    }
    text
}

fn replace(text: &mut Vec<u8>, value: &[u8]) {
    text.pop();
    text.extend_from_slice(value);
}

/// Whether `text` is a shim of hookd's.
pub(super) fn is_shim(text: &[u8]) -> bool {
    text.split(|&byte| byte == b'\n')
        .take(3)
        .any(|line| line.starts_with(MARK))
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

#[cfg(test)]
mod tests {
    use super::{is_shim, text};
    use std::path::Path;

    #[test]
    fn the_path_is_one_shell_word() {
        let shim = text("pre-commit", Path::new("/odd dir/it's $HOME/hookd"));
        let shim = String::from_utf8(shim).unwrap();
        assert!(
            shim.contains("hookd='/odd dir/it'\\''s $HOME/hookd'\n"),
            "{shim}"
        );
        assert!(shim.contains("\nhook='pre-commit'\n"));
        assert!(shim.contains("\"$@\" || exit"));
        assert!(is_shim(shim.as_bytes()));
        assert!(!is_shim(b"#!/bin/sh\nhookd run\n"));
    }
}
