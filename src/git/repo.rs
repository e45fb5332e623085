//! Opening a repository: the environment first, as git does in hooks.

use super::{GitError, command};
use crate::env;
use std::path::{Path, PathBuf};

/// An index file larger than this is listed by the git command, which skips unchanged folders by the cached trees;
/// libgit2 compares every entry. `benches/staged.sh` measures where the two meet.
const LARGE_INDEX: u64 = 400 * 1024;

/// A repository with a worktree.
pub struct Repo {
    pub(super) root: PathBuf,
    pub(super) git_dir: PathBuf,
    /// `None` where libgit2 cannot read the repository.
    pub(super) library: Option<git2::Repository>,
}

impl Repo {
    /// Opens the repository that git itself would use in `dir`: `GIT_DIR`, `GIT_WORK_TREE` and `GIT_INDEX_FILE` first,
    /// then the folders above. [`make_git_paths_absolute`] must have been called.
    ///
    /// # Errors
    /// There is none, git does not trust it, it is bare, or neither libgit2 nor git can read it.
    pub fn open(dir: &Path) -> Result<Self, GitError> {
        match git2::Repository::open_from_env() {
            Ok(library) => match library.workdir().map(Path::to_path_buf) {
                Some(root) if is_meant(&root, library.path()) => Ok(Self {
                    root,
                    git_dir: library.path().to_path_buf(),
                    library: Some(library),
                }),
                // libgit2 does not know every way in which a worktree can be named: git has the last word.
                _ => Self::from_command(dir),
            },
            Err(error) if error.code() == git2::ErrorCode::Owner => {
                Err(GitError::Untrusted(error.message().to_owned()))
            }
            Err(_) => Self::from_command(dir),
        }
    }

    fn from_command(dir: &Path) -> Result<Self, GitError> {
        let git_dir = Self::asked_git_dir(dir)?;
        let root =
            command::output(dir, &["rev-parse", "--show-toplevel"]).map_err(|_| GitError::Bare)?;
        Ok(Self {
            root: path(command::one_line(root)),
            git_dir,
            library: None,
        })
    }

    /// Opens the repository around `dir` by its git directory, whether it has a worktree or not: what stands for the
    /// root is the git directory itself. Git starts the hooks of a receiving repository there (githooks(5)).
    /// [`make_git_paths_absolute`] must have been called.
    ///
    /// # Errors
    /// There is none, git does not trust it, or neither libgit2 nor git can read it.
    pub fn open_git_dir(dir: &Path) -> Result<Self, GitError> {
        let library = match git2::Repository::open_from_env() {
            Ok(library) => Some(library),
            Err(error) if error.code() == git2::ErrorCode::Owner => {
                return Err(GitError::Untrusted(error.message().to_owned()));
            }
            Err(_) => None,
        };
        let git_dir = match &library {
            Some(library) => library.path().to_path_buf(),
            None => Self::asked_git_dir(dir)?,
        };
        Ok(Self {
            root: git_dir.clone(),
            git_dir,
            library,
        })
    }

    /// The git directory, as git itself finds it from `dir`.
    fn asked_git_dir(dir: &Path) -> Result<PathBuf, GitError> {
        if !may_be_in_one(dir) {
            return Err(GitError::NotARepository(dir.to_path_buf()));
        }
        let asked = command::run(dir, &["rev-parse", "--absolute-git-dir"])?;
        if asked.status.success() {
            return Ok(path(command::one_line(asked.stdout)));
        }
        let message = command::message(&asked);
        Err(if message.contains("not a git repository") {
            GitError::NotARepository(dir.to_path_buf())
        } else if message.contains("dubious ownership") {
            GitError::Untrusted(message)
        } else {
            GitError::Unreadable(message)
        })
    }

    /// The top folder of the worktree, absolute.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The git directory of this worktree, absolute.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The git directory that all worktrees of this clone share (gitrepository-layout(5), `commondir`).
    #[must_use]
    pub fn common_dir(&self) -> PathBuf {
        match std::fs::read_to_string(self.git_dir.join("commondir")) {
            Ok(path) => self.git_dir.join(path.trim_end_matches('\n')),
            Err(_) => self.git_dir.clone(),
        }
    }

    /// What git is in the middle of, by the words `merge`, `rebase`, `cherry-pick`, `revert`.
    #[must_use]
    pub fn operations(&self) -> Vec<&'static str> {
        const STATES: [(&str, &str); 5] = [
            ("MERGE_HEAD", "merge"),
            ("rebase-merge", "rebase"),
            ("rebase-apply", "rebase"),
            ("CHERRY_PICK_HEAD", "cherry-pick"),
            ("REVERT_HEAD", "revert"),
        ];
        let present = STATES
            .iter()
            .filter(|(file, _)| self.git_dir.join(file).exists());
        present.map(|&(_, word)| word).collect()
    }

    /// The index that git uses now: during a commit that may be a temporary one.
    #[must_use]
    pub fn index_path(&self) -> PathBuf {
        env::var("GIT_INDEX_FILE").map_or_else(|| self.git_dir.join("index"), PathBuf::from)
    }

    /// libgit2's view of the repository, where it is right and the cheaper way to read the index.
    pub(super) fn library_for_index(&self) -> Option<(&git2::Repository, git2::Index)> {
        let size = std::fs::metadata(self.index_path()).map_or(0, |meta| meta.len());
        let library = self.library.as_ref().filter(|_| size <= LARGE_INDEX)?;
        // A split or sparse index is refused here, by libgit2 itself.
        let index = library.index().ok()?;
        Some((library, index))
    }
}

/// Whether the worktree that libgit2 found is the one that git means. With `GIT_DIR` alone, which git sets for the hooks of a
/// repository with a separate git directory, libgit2 takes the folder around that directory, git the present one: then it
/// is right only if the folder names the git directory itself.
fn is_meant(root: &Path, git_dir: &Path) -> bool {
    if env::var("GIT_DIR").is_none() || env::var("GIT_WORK_TREE").is_some() {
        return true;
    }
    let link = root.join(".git");
    // A file with the path (gitrepository-layout(5)), or the directory itself.
    let named = std::fs::read(&link).ok().and_then(|text| {
        let target = text.strip_prefix(b"gitdir: ")?.to_vec();
        Some(root.join(path(command::one_line(target))))
    });
    let named = named.unwrap_or(link).canonicalize();
    matches!((named, git_dir.canonicalize()), (Ok(named), Ok(known)) if named == known)
}

/// Makes the paths in git's environment variables absolute, so that they mean the same for every part of hookd and for
/// every command it starts. Git hands hooks relative ones. Call it once, before any thread is started.
pub fn make_git_paths_absolute() {
    let Ok(here) = std::env::current_dir() else {
        return;
    };
    for name in env::GIT_PATHS {
        if let Some(value) = env::var(name)
            .map(PathBuf::from)
            .filter(|value| value.is_relative())
        {
            // SAFETY: called by `main` before any other thread exists.
            unsafe { std::env::set_var(name, here.join(value)) };
        }
    }
}

/// A path from the bytes git prints.
#[cfg(unix)]
pub(super) fn path(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}
/// Whether `dir` can be in a repository at all: starting git to ask costs more than everything else a run does. A
/// repository has `.git` in a folder above, or is one itself (gitrepository-layout(5)), or the environment names it.
fn may_be_in_one(dir: &Path) -> bool {
    let named = env::var("GIT_DIR").is_some();
    named
        || dir.ancestors().any(|folder| {
            folder.join(".git").symlink_metadata().is_ok()
                || (folder.join("HEAD").exists() && folder.join("objects").exists())
        })
}
