//! Loose objects: one file each, packed by zlib, with the kind and the size in front of the content
//! (<https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_object_storage>).
//!
//! Most of what is staged is one. libgit2 (1.9.7) never comes back from one whose file ends too early, as a crash or a full disk
//! leaves it, so they are read here.

use super::GitError;
use crate::model::ObjectId;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags as flags};
use std::path::{Path, PathBuf};

/// The longest head, `blob`, a blank, twenty digits and a zero, is shorter.
const HEAD_MOST: usize = 32;

/// Deflate makes nothing smaller than this part of it (RFC 1951: 258 bytes of two bits).
const RATIO_MOST: usize = 1032;

/// How far one folder of objects may lend from another, as git has it (`alt_odb` in `object-file.c`).
const ALTERNATES_MOST: usize = 5;

/// The folders that may have an object as a file: those given, and those that they lend from
/// (<https://git-scm.com/docs/gitrepository-layout#Documentation/gitrepository-layout.txt-objectsinfoalternates>).
pub(super) fn folders(given: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut out = given;
    let (mut at, mut depth) = (0, 0);
    while at < out.len() && depth < ALTERNATES_MOST {
        let end = out.len();
        for from in at..end {
            let list = std::fs::read_to_string(out[from].join("info/alternates"));
            let list = list.unwrap_or_default();
            let named = list
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'));
            let named: Vec<PathBuf> = named.map(|line| out[from].join(line)).collect();
            for folder in named {
                if !out.contains(&folder) {
                    out.push(folder);
                }
            }
        }
        (at, depth) = (end, depth + 1);
    }
    out
}

/// The blob `id`, if a folder of objects has it as a file of its own. `None` where it has not, or where the file is none that
/// git writes today: others know more places and forms.
///
/// # Errors
/// The file is damaged.
pub(super) fn read(folders: &[PathBuf], id: ObjectId) -> Option<Result<Vec<u8>, GitError>> {
    let name = id.to_string();
    let path = Path::new(&name[..2]).join(&name[2..]);
    let packed = folders
        .iter()
        .find_map(|folder| std::fs::read(folder.join(&path)).ok())?;
    let content = is_zlib(&packed).then(|| unpack(&packed)).flatten()?;
    let damaged =
        |why| GitError::Library(format!("object {id} is damaged: {why} (see `git fsck`)"));
    Some(content.map_err(damaged))
}

/// Whether bytes begin as zlib does (RFC 1950, section 2.2).
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..]
        if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31))
}

/// The content of a blob; `None` for another kind of object.
fn unpack(packed: &[u8]) -> Option<Result<Vec<u8>, &'static str>> {
    let mut start = [0; HEAD_MOST];
    let (_, _, written) = inflate(packed, &mut start);
    let Some((head, size)) = head(&start[..written]) else {
        let is_other = start.starts_with(b"tree ") || start.starts_with(b"commit ");
        return (!is_other).then_some(Err("it has no head"));
    };
    if size / RATIO_MOST > packed.len() {
        return Some(Err("it says that it is larger than it can be"));
    }
    let mut content = vec![0; head + size];
    let (status, read, written) = inflate(packed, &mut content);
    Some(match status {
        TINFLStatus::Done if written == content.len() && read == packed.len() => {
            content.drain(..head);
            Ok(content)
        }
        TINFLStatus::Done | TINFLStatus::HasMoreOutput => {
            Err("its size is not the one that it says")
        }
        TINFLStatus::Adler32Mismatch => Err("its checksum is not the one that it says"),
        TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress => {
            Err("its file ends too early")
        }
        _ => Err("it does not unpack"),
    })
}

/// Unpacks into `out`: how it ended, how much was read, and how much written.
fn inflate(packed: &[u8], out: &mut [u8]) -> (TINFLStatus, usize, usize) {
    let how = flags::TINFL_FLAG_PARSE_ZLIB_HEADER
        | flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF
        | flags::TINFL_FLAG_COMPUTE_ADLER32;
    decompress(&mut DecompressorOxide::new(), packed, out, 0, how)
}

/// How long the head of a blob is, and the size that it gives.
fn head(start: &[u8]) -> Option<(usize, usize)> {
    let end = memchr::memchr(0, start)?;
    let digits = start[..end].strip_prefix(b"blob ")?;
    let size = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((end + 1, size))
}

#[cfg(test)]
mod tests {
    use super::{is_zlib, unpack};
    use miniz_oxide::deflate::compress_to_vec_zlib;

    fn object(head: &str, content: &[u8]) -> Vec<u8> {
        compress_to_vec_zlib(&[head.as_bytes(), b"\0", content].concat(), 6)
    }

    #[test]
    fn blobs_are_unpacked() {
        let numbers: Vec<u8> = (0..30_000_u32).flat_map(u32::to_le_bytes).collect();
        for content in [&b""[..], b"a", b"line\n", &numbers] {
            let packed = object(&format!("blob {}", content.len()), content);
            assert!(is_zlib(&packed));
            assert_eq!(unpack(&packed), Some(Ok(content.to_vec())));
        }
        assert_eq!(unpack(&object("tree 1", b"a")), None);
        assert_eq!(unpack(&object("commit 1", b"a")), None);
    }

    #[test]
    fn damage_is_told_and_never_waited_for() {
        let content: Vec<u8> = (0..30_000_u32).flat_map(u32::to_be_bytes).collect();
        let packed = object("blob 120000", &content);
        for end in (2..packed.len()).step_by(997) {
            let found = unpack(&packed[..end]).expect("a blob, or nothing");
            assert!(found.is_err(), "{end}");
        }
        let mut other = packed.clone();
        *other.last_mut().expect("a byte") ^= 1;
        assert_eq!(
            unpack(&other),
            Some(Err("its checksum is not the one that it says"))
        );
        let longer = [&packed[..], b"more"].concat();
        for odd in [
            longer,
            object("blob 119999", &content),
            object("blob 120001", &content),
            object("blob 99999999999999999", &content),
            object("blob -1", b"a"),
            object("blob", b"a"),
            object("", b""),
        ] {
            assert!(matches!(unpack(&odd), Some(Err(_))));
        }
    }
}
