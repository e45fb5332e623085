//! Globs with the meaning they have in `.gitignore`.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::Path;

/// A list of globs as in `.gitignore` (gitignore(5)): a later `!glob` takes back what an earlier one matched,
/// a glob with a `/` inside is anchored at the root, one that names a folder covers everything below it.
#[derive(Debug, Clone)]
pub struct PathSet {
    globs: Gitignore,
}

impl Default for PathSet {
    /// Matches nothing.
    fn default() -> Self {
        Self {
            globs: Gitignore::empty(),
        }
    }
}

impl PathSet {
    /// Compiles the globs.
    ///
    /// # Errors
    /// The position of the first glob that cannot be read, and why.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, (usize, String)> {
        let mut builder = GitignoreBuilder::new("");
        for (at, glob) in globs.iter().enumerate() {
            builder
                .add_line(None, glob.as_ref())
                .map_err(|error| (at, error.to_string()))?;
        }
        let globs = builder.build().map_err(|error| (0, error.to_string()))?;
        Ok(Self { globs })
    }

    /// Whether the file at `path`, relative to the root, or any folder above it is matched.
    #[must_use]
    pub fn contains(&self, path: &Path) -> bool {
        if self.globs.is_empty() || path.is_absolute() {
            return false;
        }
        matches!(
            self.globs.matched_path_or_any_parents(path, false),
            Match::Ignore(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::PathSet;
    use std::path::Path;

    #[test]
    fn means_what_gitignore_means() {
        let set = PathSet::new(&[
            "vendor/**",
            "*.min.js",
            "!keep.min.js",
            "/top.txt",
            "build/",
        ])
        .unwrap();
        for (path, want) in [
            ("vendor/a/b.c", true),
            ("x/vendor/a.c", false),
            ("x/y.min.js", true),
            ("x/keep.min.js", false),
            ("top.txt", true),
            ("x/top.txt", false),
            ("x/build/out.o", true),
            ("src/main.rs", false),
        ] {
            assert_eq!(set.contains(Path::new(path)), want, "{path}");
        }
    }

    #[test]
    fn a_bad_glob_is_named() {
        assert_eq!(PathSet::new(&["ok", "[z-a]"]).unwrap_err().0, 1);
    }
}
