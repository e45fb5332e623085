//! Every blob that commits brought in, each once, with the first commit that has it.

use super::blob::Introduced;
use super::{BlobReader, GitError, Repo, command, pushed};
use crate::model::{Content, FileKind, FileMeta, ObjectId, RepoPath};
use rayon::prelude::*;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

/// Where a blob comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The full id of the oldest commit that brought it in.
    pub commit: String,
    /// That commit's author date (ISO 8601, with its time zone).
    pub author_date: String,
}

/// The blobs of a range of commits.
#[derive(Debug, Default)]
pub struct History {
    /// The blobs as files, in order of path and then of age, the oldest first.
    pub files: Vec<FileMeta>,
    /// Blobs that this clone does not have, with the path of each (partial clones).
    pub missing: Vec<RepoPath>,
    /// Whether the clone ends at some depth, so that older commits are not here.
    pub is_shallow: bool,
    origins: HashMap<ObjectId, usize>,
    commits: Vec<Origin>,
}

impl History {
    /// The oldest commit of the range that brought `blob` in.
    #[must_use]
    pub fn origin(&self, blob: ObjectId) -> Option<&Origin> {
        self.commits.get(*self.origins.get(&blob)?)
    }
}

/// A blob while the commits are read: the place of its commit, its path, its kind.
type First = (usize, RepoPath, FileKind);

/// What introduces a commit in the output that is read here; no entry begins so.
const MARK: u8 = 1;

/// Options of git-rev-list(1) that choose commits. Others would change what is printed.
const CHOOSING: [&str; 13] = [
    "--all",
    "--branches",
    "--tags",
    "--remotes",
    "--glob",
    "--exclude",
    "--since",
    "--after",
    "--until",
    "--before",
    "--author",
    "--first-parent",
    "--reflog",
];

impl Repo {
    /// Every blob that a commit of `range` brought in under a path that `wants` accepts, judged by the oldest such commit.
    /// `range` is one or more words as `git log` takes them; empty means every ref. What a commit added and a later one took
    /// away is there too, and what a merge brought in itself.
    ///
    /// # Errors
    /// `range` names no commits, or git cannot be asked.
    pub fn history(
        &self,
        range: &str,
        wants: impl Fn(&RepoPath) -> bool,
        blobs: &BlobReader,
    ) -> Result<History, GitError> {
        let mut commits = Vec::new();
        let mut firsts: HashMap<ObjectId, First> = HashMap::new();
        self.each_introduced(range, &mut |event| match event {
            Event::Commit(origin) => commits.push(origin),
            // Commits come newest first: what is seen later is older.
            Event::File((path, Some(kind), now, bases))
                if !bases.contains(&now) && wants(&path) =>
            {
                firsts.insert(now, (commits.len() - 1, path, kind));
            }
            Event::File(_) => {}
        })?;
        let shallow = command::output(&self.root, &["rev-parse", "--is-shallow-repository"])?;
        let mut history = History {
            is_shallow: command::one_line(shallow) == b"true",
            commits,
            ..History::default()
        };
        history.fill(firsts, blobs);
        Ok(history)
    }

    /// Calls `found` for every commit of `range`, the newest first, none before its children, and after it for every file
    /// that it brings in.
    fn each_introduced(&self, range: &str, found: &mut dyn FnMut(Event)) -> Result<(), GitError> {
        let mut lister = command::git(&self.root)
            .args(["rev-list", "--date-order"])
            .args(words(range)?)
            .arg("--")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(GitError::Missing)?;
        let listed = lister.stdout.take().ok_or(GitError::Answer("rev-list"))?;
        let mut differ = command::git(&self.root)
            .args(["diff-tree", "--stdin", "-r", "-c", "--root", "--raw", "-z"])
            .args(["--always", "--no-abbrev", "--no-renames", "--no-relative"])
            .arg("--format=%x01%H %aI")
            .stdin(listed)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(GitError::Missing)?;
        let output = differ.stdout.take().ok_or(GitError::Answer("diff-tree"))?;
        let read = read_all(BufReader::with_capacity(1 << 16, output), found);
        ended(lister, |message| GitError::UnknownRange {
            range: range.to_owned(),
            message,
        })?;
        ended(differ, |message| GitError::Command {
            command: "diff-tree".to_owned(),
            message,
        })?;
        read
    }
}

impl History {
    /// Makes files of the blobs, with their sizes, in order.
    fn fill(&mut self, firsts: HashMap<ObjectId, First>, blobs: &BlobReader) {
        let mut firsts: Vec<(ObjectId, First)> = firsts.into_iter().collect();
        // A higher place is an older commit; ids settle what is left, so that every run is alike.
        firsts.par_sort_unstable_by(|(id, (at, path, _)), (other, (place, name, _))| {
            (path, place, other.as_bytes()).cmp(&(name, at, id.as_bytes()))
        });
        let sized: Vec<_> = firsts
            .into_par_iter()
            .map(|(id, first)| (blobs.size(id), id, first))
            .collect();
        for (size, id, (commit, path, kind)) in sized {
            let Ok(size) = size else {
                self.missing.push(path);
                continue;
            };
            self.origins.insert(id, commit);
            let origin = self.commits.get(commit);
            self.files.push(FileMeta {
                path,
                kind,
                size,
                content: Content::Blob(id),
                bases: Vec::new(),
                commit: origin.and_then(|origin| ObjectId::from_hex(origin.commit.as_bytes())),
            });
        }
    }
}

/// What is read, one after the other.
enum Event {
    Commit(Origin),
    File(Introduced),
}

/// The words of a range: revisions, and options that choose commits.
fn words(range: &str) -> Result<Vec<&str>, GitError> {
    let words: Vec<&str> = range.split_whitespace().collect();
    let is_known = |word: &&str| {
        let name = word.split('=').next().unwrap_or(word);
        !word.starts_with('-') || CHOOSING.contains(&name)
    };
    match words.iter().find(|word| !is_known(word)) {
        Some(word) => Err(GitError::UnknownRange {
            range: range.to_owned(),
            message: format!("`{word}` does not choose commits"),
        }),
        None if words.is_empty() => Ok(vec!["--all"]),
        None => Ok(words),
    }
}

/// Reads what `git diff-tree --stdin -z` prints: fields that end in a NUL. A commit's field may be followed by an empty one,
/// and a line end may stand before an entry.
fn read_all(mut output: impl BufRead, found: &mut dyn FnMut(Event)) -> Result<(), GitError> {
    let mut field = Vec::new();
    loop {
        field.clear();
        let count = output
            .read_until(0, &mut field)
            .map_err(GitError::Missing)?;
        if count == 0 {
            return Ok(());
        }
        while field.first() == Some(&b'\n') {
            field.remove(0);
        }
        match field.first() {
            None | Some(0) => {}
            Some(&MARK) => found(Event::Commit(commit(&field)?)),
            _ => {
                output
                    .read_until(0, &mut field)
                    .map_err(GitError::Missing)?;
                if let (Some(introduced), _) = pushed::entry(&field)? {
                    found(Event::File(introduced));
                }
            }
        }
    }
}

fn commit(field: &[u8]) -> Result<Origin, GitError> {
    let text = String::from_utf8_lossy(&field[1..field.len() - 1]);
    let (commit, author_date) = text
        .trim_end()
        .split_once(' ')
        .ok_or(GitError::Answer("diff-tree --format"))?;
    Ok(Origin {
        commit: commit.to_owned(),
        author_date: author_date.to_owned(),
    })
}

/// Waits for a process; where it failed, makes an error of what it said.
fn ended(mut child: Child, error: impl FnOnce(String) -> GitError) -> Result<(), GitError> {
    let mut said = String::new();
    if let Some(mut output) = child.stderr.take() {
        // What cannot be read is not shown; the status counts.
        let _ = output.read_to_string(&mut said);
    }
    let status = child.wait().map_err(GitError::Missing)?;
    if status.success() {
        return Ok(());
    }
    let line = said.lines().next().unwrap_or_default();
    Err(error(
        line.strip_prefix("fatal: ").unwrap_or(line).to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Event, read_all, words};

    #[test]
    fn reads_commits_with_and_without_files() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let text = format!(
            "\u{1}{a} 2024-05-01T10:00:00Z\0\0::100644 100644 100644 {a} {a} {b} MM\0x\ny\0\u{1}{b} 2023-05-01T10:00:00Z\0\u{1}{a} \
             2022-05-01T10:00:00Z\0\n:000000 100644 {zero} {b} A\0z\0:100644 000000 {b} {zero} D\0gone\0",
            zero = "0".repeat(40)
        );
        let mut seen = Vec::new();
        read_all(text.as_bytes(), &mut |event| {
            seen.push(match event {
                Event::Commit(origin) => origin.author_date[..4].to_owned(),
                Event::File((path, ..)) => path.to_text().into_owned(),
            });
        })
        .unwrap();
        assert_eq!(seen, ["2024", "x\ny", "2023", "2022", "z"]);
        assert!(read_all(b"junk\0junk\0".as_slice(), &mut |_| ()).is_err());
    }

    #[test]
    fn only_options_that_choose_commits_are_passed_on() {
        assert_eq!(words("").unwrap(), ["--all"]);
        assert_eq!(
            words(" main ^v1  --since=2024-01-01").unwrap(),
            ["main", "^v1", "--since=2024-01-01"]
        );
        assert!(words("main --output=x").is_err());
    }
}
