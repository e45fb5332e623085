//! The text of a lockfile: encoding, merge conflicts, lines, and where a piece of it stands.

use super::LockfileError;
use std::ops::Range;

/// A lockfile's text. Formats work on slices of it; [`Input::span`] tells where a slice stands.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    /// The whole text, without a byte order mark.
    pub text: &'a str,
    /// Where `text` starts in the file.
    pub base: usize,
}

impl<'a> Input<'a> {
    /// Reads `bytes` as UTF-8.
    ///
    /// # Errors
    ///
    /// For other encodings, for files that are no text, and for a file with unresolved merge conflicts: half of its packages would be wrong.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, LockfileError> {
        // A lockfile may have megabytes, of which the standard library looks at 16 bytes at once and this at 64.
        let text = simdutf8::compat::from_utf8(bytes).map_err(|error| {
            LockfileError::invalid("it is not UTF-8 text", Some(error.valid_up_to()))
        })?;
        if let Some(at) = memchr::memchr(0, bytes) {
            return Err(LockfileError::invalid(
                "it is no text: it has a zero byte",
                Some(at),
            ));
        }
        let stripped = text.strip_prefix('\u{feff}').unwrap_or(text);
        let input = Self {
            text: stripped,
            base: text.len() - stripped.len(),
        };
        match conflict(stripped) {
            Some(at) => Err(LockfileError {
                message: "it has unresolved merge conflicts".to_owned(),
                at: Some(at + input.base),
                help:
                    "resolve the conflict, or take one side and let the package manager update it"
                        .to_owned(),
            }),
            None if has_old_line_ends(stripped) => Err(LockfileError::invalid(
                "its lines end with carriage returns alone",
                None,
            )),
            None => Ok(input),
        }
    }

    /// Where `part`, a slice of the text, stands in the file; the start of the file for any other string.
    pub(super) fn span(&self, part: &str) -> Range<usize> {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if start > self.text.len() || part.len() > self.text.len() - start {
            return 0..0;
        }
        start + self.base..start + self.base + part.len()
    }

    /// An error at `part`, a slice of the text.
    pub(super) fn error(&self, message: impl Into<String>, part: &str) -> LockfileError {
        LockfileError::invalid(message, Some(self.span(part).start))
    }
}

/// Whether a file of lines is one line to every tool of today. JSON and XML do not care.
fn has_old_line_ends(text: &str) -> bool {
    !text.trim_start().starts_with(['{', '<'])
        && memchr::memchr(b'\n', text.as_bytes()).is_none()
        && text.trim_end().contains('\r')
}

/// Where the first conflict marker stands: seven signs at the start of a line, as git writes them.
fn conflict(text: &str) -> Option<usize> {
    let marked = |at: usize| text[at..].starts_with("<<<<<<< ");
    if marked(0) {
        return Some(0);
    }
    memchr::memmem::find_iter(text.as_bytes(), b"\n<<<<<<< ")
        .map(|at| at + 1)
        .next()
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    // Asked for every format and every file: a path is too short to gain from a search that is prepared first.
    let above = path.bytes().rposition(|byte| byte == b'/');
    above.map_or(path, |at| &path[at + 1..])
}

/// The path of the file that the one at `from` calls `named`: relative to its folder, with `/`; `None` where it leads out
/// of the root.
pub(super) fn relative(from: &str, named: &str) -> Option<String> {
    if named.starts_with('/') {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in named.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The commit that an address of a repository names after `#` (or, in an archive's address, as its last part):
/// 40 or 64 hexadecimal digits.
pub(super) fn commit_of(address: &str) -> Option<&str> {
    let tail = address.rsplit(['#', '/', '@', '=', ':']).next()?;
    is_commit(tail).then_some(tail)
}

/// Whether `text` is a full commit id.
pub(super) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{Input, commit_of, relative};

    #[test]
    fn spans_count_the_byte_order_mark() {
        let bytes = "\u{feff}one two".as_bytes();
        let input = Input::new(bytes).expect("text");
        assert_eq!(input.span(&input.text[4..7]), 7..10);
        assert_eq!(input.span("elsewhere"), 0..0);
    }

    #[test]
    fn conflicts_are_named() {
        let text = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n";
        let error = Input::new(text.as_bytes()).err().expect("refused");
        assert_eq!(error.at, Some(2));
        assert!(error.message.contains("merge conflict"), "{error}");
        assert!(Input::new(b"a <<<<<<< b").is_ok());
    }

    #[test]
    fn paths_stay_below_the_root() {
        assert_eq!(
            relative("a/b/c.txt", "../d.txt").as_deref(),
            Some("a/d.txt")
        );
        assert_eq!(relative("c.txt", "./d.txt").as_deref(), Some("d.txt"));
        assert_eq!(relative("c.txt", "../d.txt"), None);
        assert_eq!(relative("a/c.txt", "/etc/passwd"), None);
    }

    #[test]
    fn commits_are_full_ids() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(commit_of(&format!("git+ssh://h/o/r.git#{id}")), Some(id));
        assert_eq!(commit_of(&format!("https://h/o/r/tar.gz/{id}")), Some(id));
        assert_eq!(commit_of("https://h/o/r.git#main"), None);
    }
}
