//! The patterns of `glob`.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::Path;

/// The globs of one hook: what any of them matches and no `!glob` takes away.
#[derive(Debug, Clone)]
pub struct Globs {
    wanted: GlobSet,
    unwanted: GlobSet,
    /// There are only `!glob`s: they take away from everything.
    only_unwanted: bool,
}

impl Globs {
    /// Compiles globs as lint-staged and lefthook read them: one without a `/` matches the file name in any folder, one
    /// with a `/` the whole path from the root; `*` and `?` stop at a `/`, `**` does not; `{a,b}` is either, `!` in
    /// front takes away; a glob that ends with `/` is the folder with everything below it.
    ///
    /// # Errors
    /// The position of the first glob that cannot be read, and why.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, (usize, String)> {
        let mut wanted = GlobSetBuilder::new();
        let mut unwanted = GlobSetBuilder::new();
        let mut only_unwanted = true;
        for (at, glob) in globs.iter().enumerate() {
            let text = glob.as_ref();
            let (set, text) = match text.strip_prefix('!') {
                Some(rest) => (&mut unwanted, rest),
                None => {
                    only_unwanted = false;
                    (&mut wanted, text)
                }
            };
            let glob = GlobBuilder::new(&anchored(text))
                .literal_separator(true)
                .backslash_escape(true)
                .empty_alternates(true)
                .build()
                .map_err(|error| (at, error.kind().to_string()))?;
            set.add(glob);
        }
        let build = |set: GlobSetBuilder| set.build().map_err(|error| (0, error.to_string()));
        Ok(Self {
            wanted: build(wanted)?,
            unwanted: build(unwanted)?,
            only_unwanted,
        })
    }

    /// Whether the file at `path`, relative to the root, is matched.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        (self.only_unwanted || self.wanted.is_match(path)) && !self.unwanted.is_match(path)
    }
}

/// The glob as one over whole paths.
fn anchored(glob: &str) -> String {
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    let below = if glob.ends_with('/') { "**" } else { "" };
    match glob.strip_prefix('/') {
        Some(rest) => format!("{rest}{below}"),
        None if glob.contains('/') => format!("{glob}{below}"),
        None => format!("**/{glob}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Globs;
    use std::path::Path;

    #[test]
    fn globs_without_a_slash_match_names_anywhere() {
        for (globs, path, want) in [
            (&["*.ts"][..], "a/b/c.ts", true),
            (&["*.ts"], "c.tsx", false),
            (&["*.{ts,tsx}"], "a/c.tsx", true),
            (&["src/*.ts"], "src/a.ts", true),
            (&["src/*.ts"], "src/b/a.ts", false),
            (&["src/*.ts"], "x/src/a.ts", false),
            (&["src/**/*.ts"], "src/a.ts", true),
            (&["src/**/*.ts"], "src/b/c/a.ts", true),
            (&["**/*.ts"], "a.ts", true),
            (&["/a.ts"], "b/a.ts", false),
            (&["./a.ts"], "b/a.ts", true),
            (&["src/"], "src/b/x", true),
            (&["*.ts", "!*.d.ts"], "a.d.ts", false),
            (&["!*.d.ts"], "a.py", true),
            (&["!*.d.ts"], "x/a.d.ts", false),
            (&["*"], ".hidden", true),
            (&["file[0-9].c"], "file7.c", true),
            (&[][..], "anything", true),
        ] {
            let set = Globs::new(globs).unwrap();
            assert_eq!(set.matches(Path::new(path)), want, "{globs:?} {path}");
        }
        assert_eq!(Globs::new(&["a", "[z-a]"]).unwrap_err().0, 1);
        assert_eq!(Globs::new(&["{a"]).unwrap_err().0, 0);
    }
}
