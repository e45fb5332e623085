//! Paths as machines write them.

use crate::model::RepoPath;

/// Percent-encodes everything but the unreserved characters of RFC 3986 section 2.3 and `/`.
pub(super) fn percent(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The path as it is where it is UTF-8, percent-encoded where it is not; the second says which.
pub(super) fn readable(path: &RepoPath) -> (String, bool) {
    match std::str::from_utf8(path.as_bytes()) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (percent(path.as_bytes()), true),
    }
}

#[cfg(test)]
mod tests {
    use super::{percent, readable};
    use crate::model::RepoPath;

    #[test]
    fn paths_that_are_not_utf8_are_percent_encoded() {
        assert_eq!(percent(b"a b/\xff%"), "a%20b/%FF%25");
        let odd = RepoPath::new(b"a\xff".as_slice());
        assert_eq!(readable(&odd), ("a%FF".to_owned(), true));
        assert_eq!(readable(&RepoPath::from("é b")), ("é b".to_owned(), false));
    }
}
