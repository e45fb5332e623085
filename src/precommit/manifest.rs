//! `.pre-commit-hooks.yaml`: the hooks that a repository offers.

use super::keys::HookKeys;
use super::node::Source;
use super::yaml;
use crate::config::ConfigError;
use std::path::Path;

/// The name of the file at the top of a repository.
pub(super) const FILE_NAME: &str = ".pre-commit-hooks.yaml";

/// The hooks of a repository.
#[derive(Debug, Clone)]
pub(super) struct Manifest {
    pub(super) source: Source,
    pub(super) hooks: Vec<HookKeys>,
}

impl Manifest {
    /// Reads the manifest of the clone at `dir`; `name` is what errors call the file.
    ///
    /// # Errors
    /// There is none, or it makes no sense.
    pub(super) fn read(dir: &Path, name: &str) -> Result<Self, ConfigError> {
        let source = |text: String| Source {
            file: name.to_owned(),
            text,
        };
        let bytes = std::fs::read(dir.join(FILE_NAME)).map_err(|error| {
            let message = format!("this repository offers no hooks: {error}");
            source(String::new()).error(&(0..0), message)
        })?;
        Self::parse(source(crate::config::Document::new(name, bytes)?.text))
    }

    fn parse(source: Source) -> Result<Self, ConfigError> {
        let mut hooks = Vec::new();
        if let Some(root) = yaml::parse(&source)? {
            for node in root.list(&source, "the manifest")? {
                // What a foreign manifest has too much is not the user's to mend.
                hooks.push(HookKeys::read(&source, node, &mut Vec::new())?);
            }
        }
        Ok(Self { source, hooks })
    }

    /// The hook with this id.
    pub(super) fn hook(&self, id: &str) -> Option<&HookKeys> {
        self.hooks.iter().find(|hook| hook.id() == id)
    }
}
