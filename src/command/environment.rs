//! The environment that commands get.

use crate::env::GIT_REPOSITORY;
use std::ffi::{OsStr, OsString};

/// Every argument and variable also takes a pointer in what a new process gets.
pub(super) const POINTER: usize = size_of::<usize>();

/// Whether a variable ties git to the repository that is being committed to, so that commands must not inherit it.
#[must_use]
pub fn binds_to_repository(name: &OsStr) -> bool {
    name.to_str()
        .is_some_and(|name| GIT_REPOSITORY.contains(&name))
}

/// A list of variables, each name once.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: Vec<(OsString, OsString)>,
}

impl Environment {
    /// What is left of `variables` (the process's own) once those are taken out that [`binds_to_repository`] names.
    pub fn scrubbed(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut kept = Self::default();
        for (name, value) in variables {
            if !binds_to_repository(&name) {
                kept.set(name, value);
            }
        }
        kept
    }

    /// Sets a variable; a name that cannot be one (empty, with `=` or NUL) is left out.
    pub fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        let (name, value) = (name.into(), value.into());
        let wrong = |text: &OsStr, bytes: &[u8]| {
            text.as_encoded_bytes()
                .iter()
                .any(|byte| bytes.contains(byte))
        };
        if name.is_empty() || wrong(&name, b"=\0") || wrong(&value, b"\0") {
            return;
        }
        match self.variables.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.variables.push((name, value)),
        }
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let (_, value) = self.variables.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// All variables, in the order in which they were first set.
    #[must_use]
    pub fn variables(&self) -> &[(OsString, OsString)] {
        &self.variables
    }

    /// These, with `more` over them.
    #[must_use]
    pub fn with<'m>(&self, more: impl IntoIterator<Item = (&'m String, &'m String)>) -> Self {
        let mut all = self.clone();
        for (name, value) in more {
            all.set(name, value);
        }
        all
    }

    /// What the operating system counts against the limit of an argument list: `NAME=value`, NUL and a pointer each.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let size = |(name, value): &(OsString, OsString)| name.len() + value.len() + 2 + POINTER;
        self.variables.iter().map(size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;
    use std::ffi::OsString;

    #[test]
    fn what_binds_git_to_the_repository_is_taken_out() {
        let own = [
            ("GIT_DIR", ".git"),
            ("GIT_INDEX_FILE", ".git/next-index-1.lock"),
            ("GIT_SSH_COMMAND", "ssh -v"),
            ("GIT_CONFIG_PARAMETERS", "'core.worktree'='.'"),
            ("PATH", "/bin"),
        ];
        let own = own.map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let mut environment = Environment::scrubbed(own);
        environment.set("PATH", "/usr/bin");
        environment.set("A=B", "x");
        let names: Vec<_> = environment
            .variables()
            .iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["GIT_SSH_COMMAND", "PATH"]);
        assert_eq!(environment.get("PATH").unwrap(), "/usr/bin");
        assert_eq!(environment.bytes(), 15 + 6 + 2 + 8 + 4 + 8 + 2 + 8);
    }
}
