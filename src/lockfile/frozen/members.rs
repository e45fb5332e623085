//! The members of a workspace: the folders that the patterns of its first manifest match.

use globset::{Glob, GlobBuilder};

/// Gives the names of the folders in a folder, which is seen from the lockfile's; nothing for one that is not there.
pub type Folders<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// How many folders are looked at; no workspace has more members.
const FOLDERS_MOST: usize = 20_000;

/// How deep members are.
const DEPTH_MOST: usize = 16;

/// What a `**` does not go into: nobody's members are there, and many folders.
const NEVER: [&str; 2] = ["node_modules", "target"];

/// The folders, seen from the lockfile's, that one of `patterns` matches and none that begins with `!`: of `*`, `?` and
/// `[…]` within a name, and `**` for any folders.
pub(super) fn members(patterns: &[&str], folders: Folders<'_>) -> Vec<String> {
    let mut walk = Walk {
        folders,
        left: FOLDERS_MOST,
        out: Vec::new(),
    };
    let unwanted: Vec<_> = patterns
        .iter()
        .filter_map(|pattern| pattern.strip_prefix('!'))
        .filter_map(|pattern| {
            let mut glob = GlobBuilder::new(trimmed(pattern));
            Some(glob.literal_separator(true).build().ok()?.compile_matcher())
        })
        .collect();
    for pattern in patterns.iter().filter(|pattern| !pattern.starts_with('!')) {
        let parts: Vec<&str> = trimmed(pattern).split('/').collect();
        let inside = !parts.contains(&"..") && !pattern.starts_with('/');
        if inside {
            walk.go("", &parts);
        }
    }
    let mut out = walk.out;
    out.retain(|folder| !unwanted.iter().any(|glob| glob.is_match(folder)));
    out.sort_unstable();
    out.dedup();
    out
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
            if !at.is_empty() {
                self.out.push(at.to_owned());
            }
            return;
        };
        if *first == "**" {
            self.go(at, rest);
            self.below(at, |name| !NEVER.contains(&name), parts);
        } else if first.contains(['*', '?', '[', '{']) {
            let glob = Glob::new(first).map(|glob| glob.compile_matcher());
            if let Ok(glob) = glob {
                self.below(at, |name| glob.is_match(name), rest);
            }
        } else {
            self.go(&join(at, first), rest);
        }
    }

    /// Goes on in each folder of `at` whose name will do. Those with a dot in front are no project's.
    fn below(&mut self, at: &str, wanted: impl Fn(&str) -> bool, parts: &[&str]) {
        if self.left == 0 || at.matches('/').count() >= DEPTH_MOST {
            return;
        }
        for name in (self.folders)(at) {
            if self.left > 0 && !name.starts_with('.') && wanted(&name) {
                self.left -= 1;
                self.go(&join(at, &name), parts);
            }
        }
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
    use super::members;

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
        assert!(members(&["**/x", "*/*/*/*"], &endless).len() < 30_000);
        let wide = |_: &str| (0..100_000).map(|at| format!("a{at}")).collect();
        assert!(members(&["*/*"], &wide).len() < 30_000);
    }
}
