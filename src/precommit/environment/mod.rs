//! Environments: what a hook of a language needs on disk before it can run, made once and kept in the cache.

mod golang;
mod node;
mod python;
mod ruby;
mod rust;

use super::cache::{Cache, Entry};
use super::tool::{Failed, Tools};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

/// A language for which hookd makes environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    Node,
    Rust,
    Golang,
    Ruby,
    Docker,
}

impl Language {
    /// The language with this name in configurations.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "python" | "python_venv" => Self::Python,
            "node" => Self::Node,
            "rust" => Self::Rust,
            "golang" => Self::Golang,
            "ruby" => Self::Ruby,
            "docker" => Self::Docker,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
            Self::Rust => "rust",
            Self::Golang => "golang",
            Self::Ruby => "ruby",
            Self::Docker => "docker",
        }
    }
}

/// An environment that a hook wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) language: Language,
    pub(super) version: String,
    /// Address, revision and clone of the repository it is made from; `None` for hooks of `local`.
    pub(super) repo: Option<(String, String, Entry)>,
    pub(super) dependencies: Vec<String>,
}

/// What a maker works with.
struct Site<'a> {
    /// Where the environment is to stand.
    dir: &'a Path,
    /// The hook repository.
    clone: Option<&'a Path>,
    version: &'a str,
    dependencies: &'a [String],
    tools: &'a Tools<'a>,
}

impl Wanted {
    /// Its place in the cache.
    pub(super) fn entry(&self, cache: &Cache) -> Entry {
        let (url, rev) = self
            .repo
            .as_ref()
            .map_or(("", ""), |(url, rev, _)| (url, rev));
        let mut parts = vec![self.language.name(), &self.version, url, rev];
        parts.extend(self.dependencies.iter().map(String::as_str));
        cache.environment(&parts)
    }

    /// Whether it is there, and was not broken since by an update of the language.
    pub(super) fn is_ready(&self, cache: &Cache) -> bool {
        let entry = self.entry(cache);
        entry.is_ready()
            && (self.language != Language::Python || entry.dir.join("bin/python").exists())
    }

    /// Makes it; the caller holds the lock of the cache.
    ///
    /// # Errors
    /// A tool is missing or fails.
    pub(super) fn make(&self, cache: &Cache, tools: &Tools<'_>) -> Result<(), Failed> {
        let entry = self.entry(cache);
        let disk = |error| Failed::disk(&entry.dir, &error);
        // Environments hold their own path, so they are made where they stay; without its mark a half one is made anew.
        if entry.dir.exists() {
            fs::remove_dir_all(&entry.dir).map_err(disk)?;
        }
        fs::create_dir_all(&entry.dir).map_err(disk)?;
        let site = Site {
            dir: &entry.dir,
            clone: self.repo.as_ref().map(|(_, _, clone)| clone.dir.as_path()),
            version: &self.version,
            dependencies: &self.dependencies,
            tools,
        };
        match self.language {
            Language::Python => python::make(&site),
            Language::Node => node::make(&site),
            Language::Rust => rust::make(&site),
            Language::Golang => golang::make(&site),
            Language::Ruby => ruby::make(&site),
            Language::Docker => super::docker::build(&self.tag(cache), site.clone, tools),
        }?;
        entry.finish(&self.about()).map_err(disk)
    }

    /// The name of the image, for docker.
    pub(super) fn tag(&self, cache: &Cache) -> String {
        let dir = self.entry(cache).dir;
        let name = dir
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        format!("hookd-{name}")
    }

    /// What it is, for people.
    pub(super) fn about(&self) -> String {
        let repo = self
            .repo
            .as_ref()
            .map_or_else(String::new, |(url, rev, _)| format!(" for {url} {rev}"));
        let more = if self.dependencies.is_empty() {
            String::new()
        } else {
            format!(" with {}", self.dependencies.join(", "))
        };
        format!("{}{repo}{more}", self.language.name())
    }

    /// The variables that its hooks get; `path` is PATH without it.
    pub(super) fn variables(&self, cache: &Cache, path: &OsStr) -> Vec<(String, String)> {
        let dir = self.entry(cache).dir;
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let mut variables = match self.language {
            Language::Python => vec![("VIRTUAL_ENV", text(&dir))],
            Language::Node => vec![("NODE_PATH", text(&dir.join("lib/node_modules")))],
            Language::Ruby => vec![
                ("GEM_HOME", text(&dir.join("gems"))),
                ("GEM_PATH", text(&dir.join("gems"))),
                ("BUNDLE_IGNORE_CONFIG", "1".to_owned()),
            ],
            Language::Rust | Language::Golang | Language::Docker => Vec::new(),
        };
        let mut folders = vec![dir.join("bin")];
        folders.extend(std::env::split_paths(path));
        let joined = std::env::join_paths(folders).unwrap_or_else(|_| path.to_owned());
        variables.push(("PATH", joined.to_string_lossy().into_owned()));
        variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

impl Site<'_> {
    /// A copy of the hook repository for tools that write beside what they build.
    fn copy(&self) -> Result<Option<tempfile::TempDir>, Failed> {
        let Some(clone) = self.clone else {
            return Ok(None);
        };
        let disk = |error| Failed::disk(self.dir, &error);
        let copy = tempfile::tempdir_in(self.dir).map_err(disk)?;
        let words = [
            OsString::from("-R"),
            "--".into(),
            clone.join(".").into(),
            copy.path().into(),
        ];
        self.tools.run("cp", &words, self.dir, &[])?;
        Ok(Some(copy))
    }

    /// Refuses a version where the language is taken as it is found on the machine.
    fn only_installed(&self, program: &str, printed: &str) -> Result<(), Failed> {
        let wanted = self.version.trim_start_matches('v');
        if matches!(wanted, "" | "default" | "system" | "stable" | "lts") {
            return Ok(());
        }
        let found = printed
            .trim()
            .trim_start_matches(|c: char| !c.is_ascii_digit());
        let fits = found
            .strip_prefix(wanted)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
        if fits {
            return Ok(());
        }
        Err(Failed::new(
            format!(
                "it wants {program} {wanted}, and here is {}",
                printed.trim()
            ),
            format!("put {program} {wanted} first on PATH, or correct `language_version`"),
        ))
    }
}
