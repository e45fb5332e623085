//! Putting everything back, in reverse. Each step looks at the disk for what is left to do, so that it may be repeated
//! after a kill at any point.

use super::disk;
use super::journal::Op;
use super::merge::{self, Merge};
use super::plan::parents;
use super::saved::Saver;
use super::transaction::Transaction;
use crate::model::RepoPath;
use std::collections::HashSet;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The permission bits that make a file executable.
const EXECUTABLE: u32 = 0o111;

/// What becomes of the changes that commands made to files with unstaged work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// They are merged into the user's version; what conflicts is set aside.
    Merge,
    /// They are set aside: after an interruption they may be half of what was meant.
    SetAside,
}

/// What putting back came to.
pub(super) struct Undone {
    /// Paths whose changes by commands are now in the user's version.
    pub(super) merged: Vec<RepoPath>,
    /// Steps that failed; the folder must stay.
    pub(super) failed: Vec<(RepoPath, io::Error)>,
}

impl Transaction {
    /// Undoes every step that was done. A step that fails does not keep the others from being undone.
    pub(super) fn undo(&self, changes: Changes, saver: &mut Saver) -> Undone {
        let originals = self.ops.iter().filter_map(|op| match op {
            Op::Aside(number, _) => Some(*number),
            Op::MakeDir(_) | Op::Place(..) => None,
        });
        let mut undo = Undo {
            originals: originals.collect(),
            transaction: self,
            changes,
            saver,
            merged: Vec::new(),
        };
        let mut failed = Vec::new();
        for op in self.ops.iter().rev() {
            let (Op::MakeDir(path) | Op::Aside(_, path) | Op::Place(_, path)) = op;
            let done = match op {
                Op::MakeDir(_) => disk::remove_empty_dir(&self.place(path)).map(drop),
                Op::Aside(number, _) => undo.put_back(*number, path),
                Op::Place(number, _) => undo.take_out(*number, path),
            };
            failed.extend(done.err().map(|error| (path.clone(), error)));
        }
        Undone {
            merged: undo.merged,
            failed,
        }
    }
}

struct Undo<'a> {
    transaction: &'a Transaction,
    /// The numbers of what was moved aside, as far as it had been planned.
    originals: HashSet<usize>,
    changes: Changes,
    saver: &'a mut Saver,
    merged: Vec<RepoPath>,
}

impl Undo<'_> {
    /// Takes what is in the place of a staged version out, and decides what becomes of it.
    fn take_out(&mut self, number: usize, path: &RepoPath) -> io::Result<()> {
        let here = self.transaction;
        if disk::entry(&here.staged(path))?.is_some() {
            return Ok(());
        }
        if self.is_merged(number)? {
            self.merged.push(path.clone());
            return Ok(());
        }
        let had_original = self.originals.contains(&number);
        let command = here.numbered("command", number);
        if disk::entry(&command)?.is_none() {
            let is_back = had_original && disk::entry(&here.original(number))?.is_none();
            let place = here.place(path);
            if is_back || !self.is_reachable(path)? || disk::entry(&place)?.is_none() {
                return Ok(());
            }
            disk::rename_new(&place, &command)?;
        }
        self.judge(number, path, &command, had_original)
    }

    /// Whether a merge was complete before a kill: its result is there, or already in its place.
    fn is_merged(&self, number: usize) -> io::Result<bool> {
        let at = |folder| disk::entry(&self.transaction.numbered(folder, number));
        Ok(at("merged")?.is_some() || at("spent")?.is_some())
    }

    /// What was in the place is now at `command`: is it the staged version, as it was put there?
    fn judge(
        &mut self,
        number: usize,
        path: &RepoPath,
        command: &Path,
        had_original: bool,
    ) -> io::Result<()> {
        let here = self.transaction;
        let base = here.numbered("base", number);
        let same = disk::same_content(&base, command)?;
        if self.changes == Changes::Merge && had_original && self.merge(number, path, same)? {
            return Ok(());
        }
        if same {
            return Ok(());
        }
        if std::fs::symlink_metadata(command)?.is_dir() && disk::remove_empty_dir(command)? {
            return Ok(());
        }
        self.saver.keep(command, path)
    }

    /// Brings a command's change of one file into the user's version of it; whether nothing is left to be kept.
    fn merge(&mut self, number: usize, path: &RepoPath, same: bool) -> io::Result<bool> {
        let here = self.transaction;
        let [original, base, command] =
            ["original", "base", "command"].map(|folder| here.numbered(folder, number));
        let Some(mode) = merged_mode(&original, &base, &command)? else {
            return Ok(false);
        };
        if same {
            if mode != std::fs::symlink_metadata(&original)?.permissions().mode() {
                disk::set_mode(&original, mode)?;
            }
            return Ok(true);
        }
        let Merge::Clean(bytes) = merge::three_way(&here.data, [&original, &base, &command])?
        else {
            return Ok(false);
        };
        // A full disk: the original needs no space to come back, and the command's version is kept as it is.
        if write_merged(&here.numbered("merged", number), &bytes, mode).is_err() {
            return Ok(false);
        }
        self.merged.push(path.clone());
        Ok(true)
    }

    /// Puts an original, or what it was merged into, back into its place. Whatever is there by now is kept.
    fn put_back(&mut self, number: usize, path: &RepoPath) -> io::Result<()> {
        let here = self.transaction;
        let (original, merged) = (here.original(number), here.numbered("merged", number));
        let is_merged = disk::entry(&merged)?.is_some();
        let source = if is_merged { &merged } else { &original };
        if disk::entry(source)?.is_none() {
            return Ok(());
        }
        self.clear(path)?;
        if is_merged && disk::entry(&original)?.is_some() {
            disk::rename_new(&original, &here.numbered("spent", number))?;
        }
        disk::rename_new(source, &here.place(path))
    }

    /// Whether the folders above a path are folders: a command may have put a link to elsewhere there.
    fn is_reachable(&self, path: &RepoPath) -> io::Result<bool> {
        for folder in parents(path) {
            let meta = disk::entry(&self.transaction.place(&folder))?;
            if !meta.as_ref().is_some_and(Metadata::is_dir) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Makes the place of a path free, and the folders above it folders.
    fn clear(&mut self, path: &RepoPath) -> io::Result<()> {
        for folder in parents(path) {
            let place = self.transaction.place(&folder);
            match disk::entry(&place)? {
                Some(meta) if meta.is_dir() => continue,
                Some(_) => self.saver.keep(&place, &folder)?,
                None => {}
            }
            disk::make_dir(&place)?;
        }
        let place = self.transaction.place(path);
        match disk::entry(&place)? {
            Some(meta) if meta.is_dir() && disk::remove_empty_dir(&place)? => Ok(()),
            Some(_) => self.saver.keep(&place, path),
            None => Ok(()),
        }
    }
}

/// The mode of the merged file: the user's, executable if a command has changed that. `None` unless all three are files.
fn merged_mode(original: &Path, base: &Path, command: &Path) -> io::Result<Option<u32>> {
    let mut modes = [0; 3];
    for (mode, path) in modes.iter_mut().zip([original, base, command]) {
        match disk::entry(path)?.filter(Metadata::is_file) {
            Some(meta) => *mode = meta.permissions().mode(),
            None => return Ok(None),
        }
    }
    let [original, base, command] = modes;
    let unchanged = (base & 0o100) == (command & 0o100);
    Ok(Some(match command & 0o100 {
        _ if unchanged => original,
        0 => original & !EXECUTABLE,
        _ => original | (original & 0o444) >> 2,
    }))
}

/// Complete or not there at all: what is named `merged` is what the merge came to.
fn write_merged(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let part = path.with_extension("part");
    if disk::entry(&part)?.is_some() {
        std::fs::remove_file(&part)?;
    }
    disk::write_new(&part, bytes)?;
    disk::set_mode(&part, mode)?;
    disk::rename_new(&part, path)
}
