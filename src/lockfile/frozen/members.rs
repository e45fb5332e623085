//! The members of a workspace: the folders that the patterns of its first manifest match.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::HashMap;
use std::rc::Rc;

/// Gives the names of the folders in a folder, which is seen from the lockfile's; nothing for one that is not there.
pub type Folders<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// How many names of folders are looked at; no workspace has more.
const NAMES_MOST: usize = 100_000;

/// What a pattern costs before the first name, in names.
const PATTERN_COST: usize = 100;

/// How long a pattern is, and how deep its braces nest: the library calls itself for each, and for long ones it needs much
/// memory.
const PATTERN_MOST: (usize, usize) = (250, 8);

/// How many patterns may take folders away.
const UNWANTED_MOST: usize = 200;

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
        names: HashMap::new(),
        globs: HashMap::new(),
        out: Vec::new(),
    };
    let mut wanted: Vec<&str> = patterns.iter().map(|pattern| trimmed(pattern)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    for pattern in wanted.iter().filter(|pattern| !pattern.starts_with('!')) {
        let parts = pattern.split('/').filter(|part| !matches!(*part, "" | "."));
        let parts: Vec<&str> = parts.collect();
        let inside = !parts.contains(&"..") && !pattern.starts_with('/');
        if inside && parts.len() <= DEPTH_MOST {
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
    let patterns = patterns.iter().filter_map(|one| one.strip_prefix('!'));
    let patterns: Vec<&str> = patterns.take(UNWANTED_MOST).map(trimmed).collect();
    (!patterns.is_empty()).then(|| globs(&patterns)).flatten()
}

/// What any of the patterns matches; those that the library can't read or that are no real project's match nothing.
fn globs(patterns: &[&str]) -> Option<GlobSet> {
    let mut set = GlobSetBuilder::new();
    let fits = |pattern: &&&str| {
        let braces = pattern.matches('{').count();
        pattern.len() <= PATTERN_MOST.0 && braces <= PATTERN_MOST.1
    };
    for pattern in patterns.iter().filter(fits) {
        if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().ok()
}

/// A pattern without what means nothing.
pub(super) fn trimmed(pattern: &str) -> &str {
    pattern.trim_start_matches("./").trim_end_matches('/')
}

struct Walk<'a> {
    folders: Folders<'a>,
    left: usize,
    /// The names in the folders that were looked into.
    names: HashMap<String, Rc<Vec<String>>>,
    /// The parts of patterns.
    globs: HashMap<String, Option<Rc<GlobSet>>>,
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
            if let Some(glob) = self.glob(first) {
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
        let names = self.names.entry(at.to_owned());
        let names = Rc::clone(names.or_insert_with(|| Rc::new((self.folders)(at))));
        for name in names.iter() {
            if !self.pays(1) {
                return;
            }
            if !name.starts_with('.') && wanted(name) {
                self.go(&join(at, name), parts);
            }
        }
    }

    /// A part of a pattern that is for several names.
    fn glob(&mut self, part: &str) -> Option<Rc<GlobSet>> {
        if !self.globs.contains_key(part) {
            let set = self.pays(PATTERN_COST).then(|| globs(&[part])).flatten();
            self.globs.insert(part.to_owned(), set.map(Rc::new));
        }
        self.globs.get(part)?.clone()
    }

    /// Whether so many names may still be looked at.
    fn pays(&mut self, names: usize) -> bool {
        let left = self.left.checked_sub(names);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

fn join(folder: &str, name: &str) -> String {
    let slash = if folder.is_empty() { "" } else { "/" };
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
        let deep = format!("{}a{}", "{".repeat(60_000), "}".repeat(60_000));
        let unwanted = format!("!{deep}");
        let long = "*a".repeat(200_000);
        assert_eq!(members(&[&deep, &unwanted, &long], &wide).len(), 0);
        let many = vec!["a/*"; NAMES_MOST];
        assert!(members(&many, &wide).len() < NAMES_MOST);
    }
}
