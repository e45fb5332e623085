//! Giving the user's git configuration back byte for byte: git itself tidies more than the line it takes out.

use super::InstallError;
use super::place::at;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The user's git configuration file, and hookd's memory of how it was before and after.
#[derive(Debug, Clone)]
pub struct UserConfig {
    file: PathBuf,
    memory: PathBuf,
}

impl UserConfig {
    /// `file` is what `git config --global` writes; the memory is kept in a folder of `data`.
    #[must_use]
    pub fn new(file: PathBuf, data: &Path) -> Self {
        Self {
            // What a link points to is written, not the link.
            file: file.canonicalize().unwrap_or(file),
            memory: data.join("git-config"),
        }
    }

    /// Lets `change` write to the file through git, and remembers both versions.
    ///
    /// # Errors
    /// Those of `change`, and files that cannot be read or written.
    pub fn remember<T>(
        &self,
        change: impl FnOnce() -> Result<T, InstallError>,
    ) -> Result<T, InstallError> {
        let before = read(&self.file)?;
        let result = change()?;
        let after = read(&self.file)?;
        if before == after {
            return Ok(result);
        }
        let first = read(&self.after())?;
        if first.is_some() && first != before {
            // Somebody else wrote in between: there is no version to go back to any more.
            self.forget()?;
            return Ok(result);
        }
        let folder = self.memory.as_path();
        fs::create_dir_all(folder).map_err(|source| at(folder, source))?;
        if let (None, Some(before)) = (&first, &before) {
            write(&self.before(), before)?;
        }
        write(&self.after(), &after.unwrap_or_default())?;
        Ok(result)
    }

    /// Puts the version from before back if the file is as hookd left it, else takes hookd's part out with `change`.
    ///
    /// # Errors
    /// Those of `change`, and files that cannot be read or written.
    pub fn give_back(
        &self,
        change: impl FnOnce() -> Result<(), InstallError>,
    ) -> Result<(), InstallError> {
        let left = read(&self.after())?;
        if left.is_none() || left != read(&self.file)? {
            change()?;
        } else {
            match read(&self.before())? {
                Some(before) => write(&self.file, &before)?,
                None => fs::remove_file(&self.file).map_err(|source| at(&self.file, source))?,
            }
        }
        self.forget()
    }

    fn before(&self) -> PathBuf {
        self.memory.join("before")
    }

    fn after(&self) -> PathBuf {
        self.memory.join("after")
    }

    fn forget(&self) -> Result<(), InstallError> {
        match fs::remove_dir_all(&self.memory) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&self.memory, error)),
            _ => Ok(()),
        }
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, InstallError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, error)),
    }
}

/// Writes a whole file by a rename, with the permissions of the one that is there; a new one is for its owner only.
fn write(path: &Path, bytes: &[u8]) -> Result<(), InstallError> {
    let failed = |source| at(path, source);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    if let Ok(meta) = fs::metadata(path) {
        file.as_file()
            .set_permissions(meta.permissions())
            .map_err(failed)?;
    }
    file.persist(path)
        .map(drop)
        .map_err(|error| failed(error.error))
}

#[cfg(test)]
mod tests {
    use super::UserConfig;
    use std::fs;

    #[test]
    fn only_an_untouched_file_goes_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        let config = UserConfig::new(file.clone(), folder.path());
        let append = |text: &'static str| {
            let old = fs::read(&file).unwrap_or_default();
            fs::write(&file, [&old, text.as_bytes()].concat()).unwrap();
            Ok(())
        };
        // It was not there at all.
        config.remember(|| append("a")).unwrap();
        config.remember(|| append("b")).unwrap();
        config.give_back(|| panic!("it is as it was left")).unwrap();
        assert!(!file.exists());
        // Somebody wrote to it since.
        fs::write(&file, "mine").unwrap();
        config.remember(|| append("a")).unwrap();
        append(" and mine").unwrap();
        config
            .give_back(|| {
                fs::write(&file, "mine and mine").unwrap();
                Ok(())
            })
            .unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine and mine");
        assert!(!folder.path().join("git-config").exists());
    }
}
