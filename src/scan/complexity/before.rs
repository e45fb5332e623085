//! Which function of an earlier content a function is: by name, by place among equal names, by body after a rename.

use crate::lang::Function;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A content with its functions.
pub(super) struct Version<'a> {
    pub(super) text: &'a [u8],
    pub(super) functions: &'a [Function],
}

/// For each function of `now`, the index of the same function in `base`.
pub(super) fn counterparts(now: &Version<'_>, base: &Version<'_>) -> Vec<Option<usize>> {
    let mut matcher = Matcher {
        now_bodies: bodies(now),
        base_bodies: bodies(base),
        found: vec![None; now.functions.len()],
        taken: vec![false; base.functions.len()],
    };
    let names = |version: &Version<'_>| {
        group(
            version
                .functions
                .iter()
                .map(|function| function.name.clone()),
        )
    };
    let base_names = names(base);
    for (name, ours) in names(now) {
        if let Some(theirs) = base_names.get(&name) {
            matcher.like_named(&ours, theirs);
        }
    }
    matcher.renamed();
    matcher.found
}

fn group<K: Hash + Eq>(keys: impl Iterator<Item = K>) -> HashMap<K, Vec<usize>> {
    let mut groups: HashMap<K, Vec<usize>> = HashMap::new();
    for (at, key) in keys.enumerate() {
        groups.entry(key).or_default().push(at);
    }
    groups
}

/// A hash of each function from behind its name, blanks left out: the same after a rename or a change of indentation.
fn bodies(version: &Version<'_>) -> Vec<u64> {
    version
        .functions
        .iter()
        .map(|function| {
            let start = function
                .name_span
                .end
                .max(function.span.start)
                .min(function.span.end);
            let mut hasher = DefaultHasher::new();
            for line in version.text[start..function.span.end].split(|&byte| byte == b'\n') {
                line.trim_ascii().hash(&mut hasher);
            }
            hasher.finish()
        })
        .collect()
}

struct Matcher {
    now_bodies: Vec<u64>,
    base_bodies: Vec<u64>,
    found: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Matcher {
    fn pair(&mut self, ours: usize, theirs: usize) {
        self.found[ours] = Some(theirs);
        self.taken[theirs] = true;
    }

    /// Functions of one name: those with equal bodies first, the others in order.
    fn like_named(&mut self, ours: &[usize], theirs: &[usize]) {
        if ours.len() > 1 || theirs.len() > 1 {
            self.by_body(ours, theirs);
        }
        let open: Vec<usize> = ours
            .iter()
            .copied()
            .filter(|&at| self.found[at].is_none())
            .collect();
        let free: Vec<usize> = theirs
            .iter()
            .copied()
            .filter(|&at| !self.taken[at])
            .collect();
        for (ours, theirs) in open.into_iter().zip(free) {
            self.pair(ours, theirs);
        }
    }

    /// Functions that no name was found for.
    fn renamed(&mut self) {
        let ours: Vec<usize> = (0..self.found.len())
            .filter(|&at| self.found[at].is_none())
            .collect();
        let theirs: Vec<usize> = (0..self.taken.len())
            .filter(|&at| !self.taken[at])
            .collect();
        self.by_body(&ours, &theirs);
    }

    fn by_body(&mut self, ours: &[usize], theirs: &[usize]) {
        let mut free: HashMap<u64, Vec<usize>> = HashMap::new();
        for &at in theirs.iter().rev() {
            free.entry(self.base_bodies[at]).or_default().push(at);
        }
        for &at in ours {
            if let Some(theirs) = free.get_mut(&self.now_bodies[at]).and_then(Vec::pop) {
                self.pair(at, theirs);
            }
        }
    }
}
