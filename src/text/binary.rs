//! Is this text?

/// How far into a file git looks for a NUL byte (`buffer_is_binary` in git's `xdiff-interface.c`).
const WINDOW: usize = 8000;

/// Whether the bytes are binary by git's own rule: a NUL byte among the first 8,000.
#[must_use]
pub fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(WINDOW)]).is_some()
}
