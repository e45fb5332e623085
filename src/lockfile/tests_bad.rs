//! Bad bytes for every format: an error, soon, and never "no packages".

use super::{Beside, Contents, LOCKFILES, LockfileError, LockfileSpec};
use std::time::{Duration, Instant};

fn read(format: &LockfileSpec, bytes: &[u8]) -> Result<Contents, LockfileError> {
    let beside = Beside {
        read: &|_| None,
        apart: &|_| false,
    };
    format.read("a/lock", bytes, beside)
}

/// Formats of files that people write, in which lines of any kind may stand.
const ANYTHING: [&str; 3] = ["requirements", "github-actions", "pre-commit"];

#[test]
fn what_is_no_lockfile_is_refused_by_every_format() {
    let wide = "version = 4".encode_utf16();
    let bytes = [
        b"no lockfile at all, but a line of text\n".to_vec(),
        b"a\0b\n".to_vec(),
        vec![0; 64],
        wide.flat_map(u16::to_le_bytes).collect(),
        b"\xff\xfea\0".to_vec(),
        b"a\rb\rc\r".to_vec(),
        b"a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> d\n".to_vec(),
        b"[".repeat(1 << 20),
        b"{".repeat(1 << 20),
        b"{\"packages\":".repeat(100_000),
        b"<a>".repeat(100_000),
        [b"a = ".to_vec(), b"[".repeat(100_000)].concat(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
    ];
    let began = Instant::now();
    for format in LOCKFILES.iter().filter(|one| !ANYTHING.contains(&one.id)) {
        // Bundles write lists of scripts under names of the same form.
        let is_list = |bytes: &[u8]| format.id == "dotnet-json" && bytes == b"[]";
        for bytes in bytes.iter().filter(|bytes| !is_list(bytes)) {
            let start = String::from_utf8_lossy(&bytes[..bytes.len().min(24)]);
            let error = match read(format, bytes) {
                Err(error) => error,
                Ok(contents) => panic!("{} takes {start:?} for {contents:?}", format.id),
            };
            assert!(!error.message.is_empty() && !error.help.is_empty());
            assert!(error.at.is_none_or(|at| at <= bytes.len()), "{start:?}");
        }
    }
    // Three dozen formats; a reader whose time is quadratic takes minutes.
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn formats_that_take_any_line_still_refuse_what_is_no_text() {
    for format in LOCKFILES {
        for bytes in [&b"a\0b\n"[..], b"\xff\xfea\0", b"<<<<<<< HEAD\n"] {
            assert!(read(format, bytes).is_err(), "{} {bytes:?}", format.id);
        }
        for bytes in [&b"["[..], b"{\"a\":", b"- ", b"<a>"] {
            let _ = read(format, &bytes.repeat(100_000));
        }
    }
}

#[test]
fn an_empty_file_holds_nothing_or_is_refused() {
    for format in LOCKFILES {
        for bytes in ["", "\n\n", "\u{feff}"] {
            let packages = read(format, bytes.as_bytes()).map(|contents| contents.packages.len());
            assert!(matches!(packages, Ok(0) | Err(_)), "{}", format.id);
        }
    }
}
