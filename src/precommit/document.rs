//! The configuration as written: repositories with their hooks, and the keys at the top.

use super::keys::{HookKeys, first_line};
use super::node::{Node, Placed, Source, keys};
use super::{toml, yaml};
use crate::config::ConfigError;
use crate::text::printable;

/// The files hookd looks for, the first one counts.
pub const FILE_NAMES: [&str; 3] = [
    "prek.toml",
    ".pre-commit-config.yaml",
    ".pre-commit-config.yml",
];

/// Keys at the top (<https://pre-commit.com/#pre-commit-configyaml---top-level>; the last three are prek's).
const TOP: [&str; 12] = [
    "repos",
    "files",
    "exclude",
    "fail_fast",
    "default_stages",
    "default_language_version",
    "default_install_hook_types",
    "minimum_pre_commit_version",
    "ci",
    "minimum_prek_version",
    "orphan",
    "update",
];

/// Where the hooks of a repository come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `local`: they are written out in the configuration.
    Local,
    /// `meta`: checks of the configuration itself.
    Meta,
    /// `builtin`: prek's name for hooks that need no repository.
    Builtin,
    /// A git repository, at a revision.
    Remote {
        /// As written.
        url: Placed<String>,
        /// As written.
        rev: Placed<String>,
    },
}

/// An entry of `repos`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repo {
    /// Where the hooks come from.
    pub origin: Origin,
    /// The hooks as the configuration names them.
    pub hooks: Vec<HookKeys>,
}

impl Repo {
    /// The address of a git repository; `None` for the others.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match &self.origin {
            Origin::Remote { url, .. } => Some(&url.value),
            _ => None,
        }
    }
}

/// A configuration as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file.
    pub source: Source,
    /// `repos`.
    pub repos: Vec<Repo>,
    /// `files` at the top.
    pub files: Option<Placed<String>>,
    /// `exclude` at the top.
    pub exclude: Option<Placed<String>>,
    /// `fail_fast` at the top.
    pub fail_fast: bool,
    /// `default_stages`.
    pub default_stages: Option<Vec<Placed<String>>>,
    /// `default_language_version`: language and version.
    pub language_versions: Vec<(String, Placed<String>)>,
    /// `default_install_hook_types`.
    pub install: Option<Vec<Placed<String>>>,
    /// What is odd and stops nothing: unknown keys, a newer minimum version.
    pub notes: Vec<String>,
}

impl Document {
    /// A configuration with every hook of the repository at `url` at `rev`, or with the one that `hook` names: for trying
    /// it out.
    ///
    /// # Errors
    /// The words cannot stand in a configuration.
    pub fn of_repository(url: &str, rev: &str, hooks: &[String]) -> Result<Self, ConfigError> {
        let quoted = |text: &str| format!("{text:?}");
        let empty = if hooks.is_empty() { " []" } else { "" };
        let mut text = format!(
            "repos:\n- repo: {}\n  rev: {}\n  hooks:{empty}\n",
            quoted(url),
            quoted(rev)
        );
        for hook in hooks {
            text.push_str(&format!("  - id: {}\n", quoted(hook)));
        }
        Self::parse(FILE_NAMES[1], text.into_bytes())
    }

    /// Reads the file named `file` with the content `bytes`.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(file: &str, bytes: Vec<u8>) -> Result<Self, ConfigError> {
        let document = crate::config::Document::new(file, bytes)?;
        let source = Source {
            file: document.file,
            text: document.text,
        };
        let root = if file.ends_with(".toml") {
            toml::parse(&source)?
        } else {
            yaml::parse(&source)?
        };
        let Some(root) = root else {
            let error = source.error(&(0..0), "this configuration is empty");
            return Err(error.with_help("it needs `repos:` with a list of repositories"));
        };
        Reader { source }.document(&root)
    }
}

struct Reader {
    source: Source,
}

impl Reader {
    fn document(self, root: &Node) -> Result<Document, ConfigError> {
        let mut document = Document {
            source: self.source.clone(),
            repos: Vec::new(),
            files: None,
            exclude: None,
            fail_fast: false,
            default_stages: None,
            language_versions: Vec::new(),
            install: None,
            notes: Vec::new(),
        };
        let mut repos = None;
        let pairs = keys(
            &self.source,
            root,
            "the configuration",
            &TOP,
            &mut document.notes,
        )?;
        for (key, value) in pairs {
            match key.as_str() {
                "repos" => repos = Some(value),
                "minimum_pre_commit_version" => self.minimum(value, &mut document)?,
                _ => self.top(&key, value, &mut document)?,
            }
        }
        let Some(repos) = repos else {
            let error = self
                .source
                .error(&first_line(&self.source, &root.span), "there is no `repos`");
            return Err(error.with_help("it needs `repos:` with a list of repositories"));
        };
        for repo in repos.list(&self.source, "repos")? {
            let repo = self.repo(repo, &mut document.notes)?;
            document.repos.push(repo);
        }
        Ok(document)
    }

    fn top(&self, key: &str, value: &Node, document: &mut Document) -> Result<(), ConfigError> {
        let source = &self.source;
        match key {
            "files" => document.files = Some(value.text(source, key)?),
            "exclude" => document.exclude = Some(value.text(source, key)?),
            "fail_fast" => document.fail_fast = value.flag(source, key)?,
            "default_stages" => document.default_stages = Some(value.texts(source, key)?),
            "default_install_hook_types" => document.install = Some(value.texts(source, key)?),
            "default_language_version" => {
                for (language, version) in value.map(source, key)? {
                    let pair = (
                        language.text(source, key)?.value,
                        version.text(source, key)?,
                    );
                    document.language_versions.push(pair);
                }
            }
            // `ci` is for pre-commit.ci; the others are prek's own.
            _ => {}
        }
        Ok(())
    }

    /// The version of pre-commit whose configurations hookd reads. A newer one may have keys that hookd does not know.
    fn minimum(&self, value: &Node, document: &mut Document) -> Result<(), ConfigError> {
        const READ: (u64, u64) = (4, 99);
        let text = value.text(&self.source, "minimum_pre_commit_version")?;
        let mut parts = text.value.split('.').map(|part| part.parse().unwrap_or(0));
        let wanted: (u64, u64) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if wanted > READ {
            let place = self.source.place(&text.span);
            document.notes.push(format!(
                "{place}: it wants pre-commit {}; hookd reads configurations of version {}",
                printable(&text.value),
                READ.0
            ));
        }
        Ok(())
    }

    fn repo(&self, node: &Node, notes: &mut Vec<String>) -> Result<Repo, ConfigError> {
        let source = &self.source;
        let (mut url, mut rev, mut hooks) = (None, None, None);
        for (key, value) in keys(
            source,
            node,
            "a repository",
            &["repo", "rev", "sha", "hooks"],
            notes,
        )? {
            match key.as_str() {
                "repo" => url = Some(value.text(source, "repo")?),
                "hooks" => hooks = Some(value),
                _ => rev = Some(value.text(source, "rev")?),
            }
        }
        let line = first_line(source, &node.span);
        let missing = |key: &str, help: &str| {
            source
                .error(&line, format!("this repository has no `{key}`"))
                .with_help(help)
        };
        let url = url.ok_or_else(|| {
            missing(
                "repo",
                "repo: an address that git can clone, `local`, `meta` or `builtin`",
            )
        })?;
        let hooks = hooks.ok_or_else(|| missing("hooks", "hooks: a list of `- id: …`"))?;
        let origin = self.origin(url, rev, &line)?;
        let mut read = Vec::new();
        for hook in hooks.list(source, "hooks")? {
            read.push(HookKeys::read(source, hook, notes)?);
        }
        Ok(Repo {
            origin,
            hooks: read,
        })
    }
}

impl Reader {
    /// Where the hooks of a repository come from; `line` is where it begins.
    fn origin(
        &self,
        url: Placed<String>,
        rev: Option<Placed<String>>,
        line: &std::ops::Range<usize>,
    ) -> Result<Origin, ConfigError> {
        let option = |span| Err(self.source.error(span, "git would take this as an option"));
        match (url.value.as_str(), rev) {
            ("local", _) => Ok(Origin::Local),
            ("meta", _) => Ok(Origin::Meta),
            ("builtin", _) => Ok(Origin::Builtin),
            (text, _) if !is_plain(text) => option(&url.span),
            (_, Some(rev)) if !is_plain(&rev.value) => option(&rev.span),
            (_, Some(rev)) => Ok(Origin::Remote { url, rev }),
            (_, None) => Err(self
                .source
                .error(line, "this repository has no `rev`")
                .with_help("rev: a tag or a commit of the repository")),
        }
    }
}

/// What can be handed to git without being taken for an option.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('-') && !text.contains(['\n', '\r'])
}
