//! Which files a hook gets.

use super::pattern::{GivenUp, Globs, Pattern};
use super::tags::Tags;
use crate::model::{FileKind, RepoPath};
use std::cell::OnceCell;
use std::fmt;

/// A file that hooks choose from. Its tags are made when the first hook asks for them.
pub struct Candidate<'a> {
    /// The file, relative to the root.
    pub path: &'a RepoPath,
    kind: FileKind,
    head: &'a dyn Fn(&RepoPath) -> Option<Vec<u8>>,
    tags: OnceCell<Tags>,
}

impl<'a> Candidate<'a> {
    /// `head` gives the first [`super::HEAD`] bytes of the file, `None` where it cannot be read; it is called at most
    /// once, and only for hooks with types that the name does not decide.
    #[must_use]
    pub fn new(
        path: &'a RepoPath,
        kind: FileKind,
        head: &'a dyn Fn(&RepoPath) -> Option<Vec<u8>>,
    ) -> Self {
        Self {
            path,
            kind,
            head,
            tags: OnceCell::new(),
        }
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> FileKind {
        self.kind
    }

    /// The tags of the file, see [`super::tags_of`].
    pub fn tags(&self) -> &Tags {
        self.tags
            .get_or_init(|| super::tags::tags_of(self.path, self.kind, || (self.head)(self.path)))
    }
}

impl fmt::Debug for Candidate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({:?})", self.path, self.kind)
    }
}

/// Which files a hook gets: all that pass every one of these.
#[derive(Debug, Clone, Default)]
pub struct FileFilter {
    /// Folder that the files must be below.
    pub(super) dir: Option<RepoPath>,
    pub(super) glob: Option<Globs>,
    pub(super) files: Option<Pattern>,
    pub(super) exclude: Option<Pattern>,
    pub(super) types: Vec<String>,
    pub(super) types_or: Vec<String>,
    pub(super) exclude_types: Vec<String>,
    /// Symbolic links are judged by their tag alone.
    pub(super) links: bool,
}

/// Why a hook does not get a file: the key that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// It is a symbolic link, and `types` does not ask for those.
    Symlink,
    /// It is not below `dir`.
    Dir,
    /// `glob` does not match.
    Glob,
    /// `files` does not match.
    Files,
    /// `exclude` matches.
    Exclude,
    /// It lacks this one of `types`.
    Types(String),
    /// It has none of `types_or`.
    TypesOr,
    /// It has this one of `exclude_types`.
    ExcludeTypes(String),
    /// Whether it gets the file is not known: a search was given up.
    Unknown(GivenUp),
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symlink => {
                f.write_str("it is a symbolic link, and `types` does not ask for those")
            }
            Self::Dir => f.write_str("it is not below `dir`"),
            Self::Glob => f.write_str("`glob` does not match"),
            Self::Files => f.write_str("`files` does not match"),
            Self::Exclude => f.write_str("`exclude` matches"),
            Self::Types(tag) => write!(f, "`types` wants `{tag}`"),
            Self::TypesOr => f.write_str("it has none of `types_or`"),
            Self::ExcludeTypes(tag) => write!(f, "`exclude_types` has `{tag}`"),
            Self::Unknown(given_up) => given_up.fmt(f),
        }
    }
}

impl FileFilter {
    /// Whether both plainly select the same files, so that choosing once is enough.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let paths = |one: &Self| (one.dir.clone(), one.links, one.glob.is_none());
        paths(self) == paths(other)
            && self.glob.is_none()
            && (&self.files, &self.exclude) == (&other.files, &other.exclude)
            && (&self.types, &self.types_or) == (&other.types, &other.types_or)
            && self.exclude_types == other.exclude_types
    }

    /// Whether the hook gets this file.
    ///
    /// # Errors
    /// A search was given up, so that it is not known.
    pub fn selects(&self, file: &Candidate<'_>) -> Result<bool, GivenUp> {
        match self.judge(file) {
            Ok(()) => Ok(true),
            Err(Rejection::Unknown(given_up)) => Err(given_up),
            Err(_) => Ok(false),
        }
    }

    /// Like [`FileFilter::selects`], with the reason: for `hookd list --explain`.
    ///
    /// # Errors
    /// The first reason why the hook does not get the file, the cheapest to find out first.
    pub fn judge(&self, file: &Candidate<'_>) -> Result<(), Rejection> {
        self.judge_kind(file)?;
        self.judge_path(file.path)?;
        self.judge_types(file)
    }

    /// A link's content is a path, and what it points at may lie outside the repository: no fixer should write there.
    fn judge_kind(&self, file: &Candidate<'_>) -> Result<(), Rejection> {
        let asked = self
            .types
            .iter()
            .chain(&self.types_or)
            .any(|tag| tag == "symlink");
        if file.kind == FileKind::Symlink && !asked && !self.links {
            return Err(Rejection::Symlink);
        }
        Ok(())
    }

    fn judge_path(&self, path: &RepoPath) -> Result<(), Rejection> {
        if self
            .dir
            .as_ref()
            .is_some_and(|dir| below(dir, path).is_none())
        {
            return Err(Rejection::Dir);
        }
        if self
            .glob
            .as_ref()
            .is_some_and(|glob| !glob.matches(path.to_path()))
        {
            return Err(Rejection::Glob);
        }
        // Each stray byte becomes one replacement character, which `.` matches, as Python's surrogates do.
        let text = path.to_text();
        let found = |pattern: &Option<Pattern>| {
            let found = pattern.as_ref().map(|pattern| pattern.is_match(&text));
            found.transpose().map_err(Rejection::Unknown)
        };
        if found(&self.files)? == Some(false) {
            return Err(Rejection::Files);
        }
        if found(&self.exclude)? == Some(true) {
            return Err(Rejection::Exclude);
        }
        Ok(())
    }

    fn judge_types(&self, file: &Candidate<'_>) -> Result<(), Rejection> {
        if self.types.is_empty() && self.types_or.is_empty() && self.exclude_types.is_empty() {
            return Ok(());
        }
        let tags = file.tags();
        let has = |tag: &&String| tags.contains(tag.as_str());
        if let Some(tag) = self.types.iter().find(|tag| !has(tag)) {
            return Err(Rejection::Types(tag.clone()));
        }
        if !self.types_or.is_empty() && !self.types_or.iter().any(|tag| has(&tag)) {
            return Err(Rejection::TypesOr);
        }
        match self.exclude_types.iter().find(has) {
            Some(tag) => Err(Rejection::ExcludeTypes(tag.clone())),
            None => Ok(()),
        }
    }
}

/// `path` as seen from the folder `dir`; `None` where it is not below it.
pub(super) fn below<'p>(dir: &RepoPath, path: &'p RepoPath) -> Option<&'p [u8]> {
    path.as_bytes()
        .strip_prefix(dir.as_bytes())?
        .strip_prefix(b"/")
}

#[cfg(test)]
mod tests {
    use super::{Candidate, FileFilter, Rejection};
    use crate::command::pattern::{Globs, Pattern};
    use crate::model::{FileKind, RepoPath};
    use std::cell::Cell;

    fn judge(filter: &FileFilter, path: &str, kind: FileKind) -> Result<(), Rejection> {
        let path = RepoPath::from(path);
        filter.judge(&Candidate::new(&path, kind, &|_| {
            Some(b"#!/bin/sh\n".to_vec())
        }))
    }

    #[test]
    fn every_key_must_agree() {
        use FileKind::{Executable, Regular, Symlink};
        let filter = FileFilter {
            dir: Some(RepoPath::from("web")),
            glob: Some(Globs::new(&["!*.min.js"]).unwrap()),
            files: Some(Pattern::python("src").unwrap()),
            exclude: Some(Pattern::python(r"old\.").unwrap()),
            types: vec!["text".to_owned()],
            types_or: vec!["javascript".to_owned(), "shell".to_owned()],
            exclude_types: vec!["pyi".to_owned(), "zsh".to_owned()],
            links: false,
        };
        for (path, kind, want) in [
            ("web/src/a.js", Regular, Ok(())),
            ("web/src/tool", Executable, Ok(())),
            ("web/src/tool", Regular, Err(Rejection::TypesOr)),
            ("web/src/a.js", Symlink, Err(Rejection::Symlink)),
            ("webs/src/a.js", Regular, Err(Rejection::Dir)),
            ("web/src/a.min.js", Regular, Err(Rejection::Glob)),
            ("web/a.js", Regular, Err(Rejection::Files)),
            ("web/src/old.js", Regular, Err(Rejection::Exclude)),
            (
                "web/src/a.png",
                Regular,
                Err(Rejection::Types("text".to_owned())),
            ),
            (
                "web/src/a.zsh",
                Regular,
                Err(Rejection::ExcludeTypes("zsh".to_owned())),
            ),
        ] {
            assert_eq!(judge(&filter, path, kind), want, "{path}");
        }
        let links = FileFilter {
            types: vec!["symlink".to_owned()],
            ..FileFilter::default()
        };
        assert_eq!(judge(&links, "a", Symlink), Ok(()));
    }

    #[test]
    fn filters_written_alike_are_the_same() {
        let made = |files: &str, types: &[&str]| FileFilter {
            files: Some(Pattern::python(files).unwrap()),
            types: types.iter().map(|&tag| tag.to_owned()).collect(),
            ..FileFilter::default()
        };
        assert!(made("a", &["text"]).is_same(&made("a", &["text"])));
        assert!(made("(?=a)", &["text"]).is_same(&made("(?=a)", &["text"])));
        assert!(!made("a", &["text"]).is_same(&made("b", &["text"])));
        assert!(!made("(?=a)", &["text"]).is_same(&made("(?=b)", &["text"])));
        assert!(!made("a", &["text"]).is_same(&made("a", &["file"])));
        assert!(!made("a", &["text"]).is_same(&FileFilter::default()));
    }

    #[test]
    fn content_is_read_at_most_once_and_only_for_types() {
        let reads = Cell::new(0);
        let path = RepoPath::from("noname");
        let head = |_: &RepoPath| {
            reads.set(reads.get() + 1);
            None
        };
        let file = Candidate::new(&path, FileKind::Regular, &head);
        assert_eq!(FileFilter::default().selects(&file), Ok(true));
        assert_eq!(reads.get(), 0);
        let text = FileFilter {
            types: vec!["text".to_owned()],
            ..FileFilter::default()
        };
        assert_eq!(
            (text.selects(&file), text.selects(&file)),
            (Ok(true), Ok(true))
        );
        assert_eq!(reads.get(), 1);
    }
}
