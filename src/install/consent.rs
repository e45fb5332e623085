//! Which commands of a configuration the user has let run in this clone.
//!
//! A cloned repository's configuration is somebody else's text. Nothing of it runs before `hookd install`; what is new after
//! that is named once before it runs.

use super::InstallError;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A command of the configuration: its id, and everything that decides what it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandText {
    /// The hook's id.
    pub id: String,
    /// What is run, in any form that changes with it.
    pub text: String,
}

/// The record of a clone.
#[derive(Debug)]
pub struct Consent {
    path: PathBuf,
    known: Option<BTreeSet<String>>,
}

impl Consent {
    /// Reads the record of the clone whose shared git directory is `common_dir`.
    #[must_use]
    pub fn read(common_dir: &Path) -> Self {
        let path = common_dir.join("hookd").join("consent");
        let known = fs::read_to_string(&path).ok();
        let known = known.map(|text| text.lines().map(str::to_owned).collect());
        Self { path, known }
    }

    /// Whether hookd was installed in this clone.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.known.is_some()
    }

    /// Those of `commands` that were not there when consent was last given.
    #[must_use]
    pub fn unknown<'c>(&self, commands: &'c [CommandText]) -> Vec<&'c CommandText> {
        let known = |command: &&CommandText| {
            let digest = digest(command);
            self.known
                .as_ref()
                .is_some_and(|known| known.contains(&digest))
        };
        commands.iter().filter(|command| !known(command)).collect()
    }

    /// Records `commands`, beside those that are known.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn give(&mut self, commands: &[CommandText]) -> Result<(), InstallError> {
        let mut known = self.known.take().unwrap_or_default();
        known.extend(commands.iter().map(digest));
        let text: String = known.iter().map(|line| format!("{line}\n")).collect();
        self.known = Some(known);
        self.write(&text).map_err(|source| self.failed(source))
    }

    /// Takes the record away.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn withdraw(self) -> Result<(), InstallError> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(error)),
            _ => Ok(()),
        }
    }

    fn write(&self, text: &str) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        // The folder also holds what the worktree guard keeps: nobody else's business.
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&self.path)
            .map(drop)
            .map_err(|error| error.error)
    }

    fn failed(&self, source: io::Error) -> InstallError {
        InstallError::File {
            path: self.path.clone(),
            source,
        }
    }
}

fn digest(command: &CommandText) -> String {
    let mut hash = Sha256::new();
    hash.update(command.id.as_bytes());
    hash.update([0]);
    hash.update(command.text.as_bytes());
    let mut line = String::new();
    for byte in hash.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(line, "{byte:02x}");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{CommandText, Consent};

    #[test]
    fn what_is_new_is_known_by_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let command = |id: &str, text: &str| CommandText {
            id: id.into(),
            text: text.into(),
        };
        let mut consent = Consent::read(folder.path());
        assert!(!consent.is_given());
        consent.give(&[command("a", "x")]).unwrap();
        let again = Consent::read(folder.path());
        assert!(again.is_given());
        let now = [command("a", "x"), command("a", "y"), command("b", "x")];
        assert_eq!(again.unknown(&now), [&now[1], &now[2]]);
        again.withdraw().unwrap();
        assert!(!Consent::read(folder.path()).is_given());
    }
}
