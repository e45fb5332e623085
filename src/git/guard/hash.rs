//! The ids that files of the worktree would have if they were staged.

use super::super::{GitError, command};
use super::disk;
use super::stdin::with_input;
use crate::model::{ObjectId, RepoPath};
use sha2::{Digest, Sha256};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The id of each of `paths` as git would stage it now, clean filters and line ends included; `None` where there is no
/// file, or a filter fails.
///
/// # Errors
/// git cannot be started.
pub(super) fn files(root: &Path, paths: &[&RepoPath]) -> Result<Vec<Option<ObjectId>>, GitError> {
    let mut ids = vec![None; paths.len()];
    let mut regular = Vec::new();
    let mut links = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        match disk::entry(&root.join(path.to_path())) {
            Ok(Some(meta)) if meta.is_file() => regular.push(number),
            Ok(Some(meta)) if meta.is_symlink() => links.push(number),
            _ => {}
        }
    }
    let mut is_sha256 = false;
    if !regular.is_empty() {
        let found = hash_objects(root, regular.iter().map(|number| paths[*number]))?;
        for (number, id) in regular.into_iter().zip(found) {
            is_sha256 |= id.is_some_and(|id| id.as_bytes().len() == 32);
            ids[number] = id;
        }
    } else if !links.is_empty() {
        let format = command::output(root, &["rev-parse", "--show-object-format"])?;
        is_sha256 = command::one_line(format) == b"sha256";
    }
    for number in links {
        ids[number] = link(&root.join(paths[number].to_path()), is_sha256);
    }
    Ok(ids)
}

fn hash_objects<'a>(
    root: &Path,
    paths: impl Iterator<Item = &'a RepoPath>,
) -> Result<Vec<Option<ObjectId>>, GitError> {
    let mut input = Vec::new();
    let mut count = 0;
    for path in paths {
        quote(path, &mut input);
        count += 1;
    }
    let mut git = command::git(root);
    git.args(["hash-object", "--stdin-paths"]);
    let done = with_input(&mut git, &input)?;
    let mut ids: Vec<_> = done
        .stdout
        .split(|&byte| byte == b'\n')
        .map(ObjectId::from_hex)
        .collect();
    // It stops at the first file that it cannot read: nothing is known of that one and of those after it.
    ids.resize(count, None);
    Ok(ids)
}

/// The form in which git reads a path that may hold a line end (quote.c of git: C strings with octal escapes).
fn quote(path: &RepoPath, out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in path.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("\\{byte:03o}").as_bytes());
        }
    }
    out.extend_from_slice(b"\"\n");
}

/// A link is stored as the path it names, whatever is there.
fn link(path: &Path, is_sha256: bool) -> Option<ObjectId> {
    let target = std::fs::read_link(path).ok()?;
    let target = target.as_os_str().as_bytes();
    if is_sha256 {
        let mut hash = Sha256::new();
        hash.update(format!("blob {}\0", target.len()));
        hash.update(target);
        return ObjectId::from_bytes(hash.finalize().as_slice());
    }
    let id = git2::Oid::hash_object(git2::ObjectType::Blob, target).ok()?;
    ObjectId::from_bytes(id.as_bytes())
}
