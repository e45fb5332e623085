//! The members of a workspace: the folders that the patterns of its first manifest match.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Gives the names of the folders in a folder, which is seen from the lockfile's; nothing for one that is not there.
pub type Folders<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// How many names of folders are looked at; no workspace has more.
const NAMES_MOST: usize = 100_000;

/// What a pattern costs before the first name, in names.
const PATTERN_COST: usize = 20;

/// How deep members are.
const DEPTH_MOST: usize = 16;

/// What a `**` does not go into: nobody's members are there, and many folders.
const NEVER: [&str; 2] = ["node_modules", "target"];

/// The folders, seen from the lockfile's, that one of `patterns` matches and none that begins with `!`: of `*`, `?` and
/// `[…]` within a name, and `**` for any folders.
pub(super) fn members(patterns: &[&str], folders: Folders<'_>) -> Vec<String> {
    let mut walk = Walk {
        folders,
        left: NAMES_MOST,
        out: Vec::new(),
    };
    for pattern in patterns.iter().filter(|pattern| !pattern.starts_with('!')) {
        let parts: Vec<&str> = trimmed(pattern).split('/').collect();
        let inside = !parts.contains(&"..") && !pattern.starts_with('/');
        let inside = inside && parts.len() <= DEPTH_MOST;
        if inside {
            walk.go("", &parts);
        }
    }
    let mut out = walk.out;
    if let Some(unwanted) = unwanted(patterns) {
        out.retain(|folder| !unwanted.is_match(folder));
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// What begins with `!`; `None` where nothing does.
fn unwanted(patterns: &[&str]) -> Option<GlobSet> {
    let mut set = GlobSetBuilder::new();
    let patterns = patterns.iter().filter_map(|one| one.strip_prefix('!'));
    let mut any = false;
    for pattern in patterns.take(NAMES_MOST / PATTERN_COST) {
        let mut glob = GlobBuilder::new(trimmed(pattern));
        if let Ok(glob) = glob.literal_separator(true).build() {
            set.add(glob);
            any = true;
        }
    }
    any.then(|| set.build().ok()).flatten()
}

/// A pattern without what means nothing.
fn trimmed(pattern: &str) -> &str {
    pattern.trim_start_matches("./").trim_end_matches('/')
}

struct Walk<'a> {
    folders: Folders<'a>,
    left: usize,
    out: Vec<String>,
}

impl Walk<'_> {
    /// Goes from the folder `at` to those that the `parts` match.
    fn go(&mut self, at: &str, parts: &[&str]) {
        let Some((first, rest)) = parts.split_first() else {
            if !at.is_empty() && self.pays(1) {
                self.out.push(at.to_owned());
            }
            return;
        };
        if *first == "**" {
            self.go(at, rest);
            self.below(at, |name| !NEVER.contains(&name), parts);
        } else if first.contains(['*', '?', '[', '{']) {
            let glob = self.pays(PATTERN_COST).then(|| Glob::new(first));
            if let Some(Ok(glob)) = glob {
                let glob = glob.compile_matcher();
                self.below(at, |name| glob.is_match(name), rest);
            }
        } else {
            self.go(&join(at, first), rest);
        }
    }

    /// Goes on in each folder of `at` whose name will do. Those with a dot in front are no project's.
    fn below(&mut self, at: &str, wanted: impl Fn(&str) -> bool, parts: &[&str]) {
        if at.matches('/').count() >= DEPTH_MOST || !self.pays(1) {
            return;
        }
        for name in (self.folders)(at) {
            if !self.pays(1) {
                return;
            }
            if !name.starts_with('.') && wanted(&name) {
                self.go(&join(at, &name), parts);
            }
        }
    }

    /// Whether so many names may still be looked at.
    fn pays(&mut self, names: usize) -> bool {
        let left = self.left.checked_sub(names);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

fn join(folder: &str, name: &str) -> String {
    let slash = if folder.is_empty() || name.is_empty() || name == "." {
        ""
    } else {
        "/"
    };
    let name = if name == "." { "" } else { name };
    format!("{folder}{slash}{name}")
}

#[cfg(test)]
mod tests {
    use super::{NAMES_MOST, members};

    fn folders(at: &str) -> Vec<String> {
        let names: &[&str] = match at {
            "" => &["packages", "apps", "node_modules", ".git"],
            "packages" => &["a", "b", "b-old", ".hidden"],
            "packages/b" => &["deep", "node_modules"],
            "apps" => &["web"],
            "apps/web" => &["plugins"],
            "apps/web/plugins" => &["one", "two"],
            _ => &[],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn patterns_match_folders() {
        for (patterns, want) in [
            (
                &["packages/*"][..],
                &["packages/a", "packages/b", "packages/b-old"][..],
            ),
            (&["./packages/*/", "!packages/b*"], &["packages/a"]),
            (
                &["packages/?", "packages/[ab]"],
                &["packages/a", "packages/b"],
            ),
            (
                &["apps/*/plugins/*", "tool"],
                &["apps/web/plugins/one", "apps/web/plugins/two", "tool"],
            ),
            (
                &["packages/**"],
                &[
                    "packages",
                    "packages/a",
                    "packages/b",
                    "packages/b-old",
                    "packages/b/deep",
                ],
            ),
            (&["../out/*", "/etc/*", "none/*", "[", "."], &[]),
        ] {
            assert_eq!(members(patterns, &folders), want, "{patterns:?}");
        }
    }

    #[test]
    fn a_tree_without_an_end_is_left() {
        let endless = |_: &str| vec!["a".to_owned(), "b".to_owned()];
        assert!(members(&["**/x", "*/*/*/*"], &endless).len() < NAMES_MOST);
        let wide = |_: &str| (0..1_000).map(|at| format!("a{at}")).collect();
        assert!(members(&["*/*", "*/*/*"], &wide).len() < NAMES_MOST);
        assert_eq!(members(&["a/".repeat(NAMES_MOST).as_str()], &wide).len(), 0);
        let many = vec!["a/*"; NAMES_MOST];
        assert!(members(&many, &wide).len() < NAMES_MOST);
    }
}
