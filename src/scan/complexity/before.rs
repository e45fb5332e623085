//! Which function of an earlier content a function is: by name, by place among equal names, by body after a rename, by
//! the lines they share where it was renamed and edited.

use crate::lang::Function;
use std::collections::{HashMap, HashSet};
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
    let [ours, theirs] = matcher.open();
    for (ours, theirs) in alike(now, &ours, base, &theirs) {
        matcher.pair(ours, theirs);
    }
    matcher.found
}

/// Past so many functions without a counterpart on a side, a file is another file: looking for pairs would cost more
/// than it tells.
const MOST_COMPARED: usize = 200;

/// Pairs of functions that share more than three lines in five, the most alike first.
fn alike(
    now: &Version<'_>,
    ours: &[usize],
    base: &Version<'_>,
    theirs: &[usize],
) -> Vec<(usize, usize)> {
    if ours.len() > MOST_COMPARED || theirs.len() > MOST_COMPARED {
        return Vec::new();
    }
    let lines = |version: &Version<'_>, indices: &[usize]| -> Vec<Vec<u64>> {
        indices.iter().map(|&at| body_lines(version, at)).collect()
    };
    let (our_lines, their_lines) = (lines(now, ours), lines(base, theirs));
    let mut pairs = Vec::new();
    for (&our, mine) in ours.iter().zip(&our_lines) {
        for (&their, other) in theirs.iter().zip(&their_lines) {
            let (shared, all) = (shared(mine, other), mine.len().max(other.len()));
            if shared * 5 > all * 3 {
                pairs.push((shared * 1000 / all, our, their));
            }
        }
    }
    pairs.sort_by_key(|&(likeness, our, their)| (std::cmp::Reverse(likeness), our, their));
    let (mut used, mut taken) = (HashSet::new(), HashSet::new());
    pairs.retain(|&(_, our, their)| {
        let free = !used.contains(&our) && !taken.contains(&their);
        if free {
            used.insert(our);
            taken.insert(their);
        }
        free
    });
    pairs
        .into_iter()
        .map(|(_, our, their)| (our, their))
        .collect()
}

/// Hashes of the lines of a function's body that say something, sorted.
fn body_lines(version: &Version<'_>, at: usize) -> Vec<u64> {
    let mut lines: Vec<u64> = body(version.text, &version.functions[at])
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| line.iter().any(u8::is_ascii_alphanumeric))
        .map(|line| {
            let mut hasher = DefaultHasher::new();
            line.hash(&mut hasher);
            hasher.finish()
        })
        .collect();
    lines.sort_unstable();
    lines
}

/// How many elements two sorted lists share.
fn shared(one: &[u64], other: &[u64]) -> usize {
    let (mut at, mut count) = (0, 0);
    for line in one {
        while other.get(at).is_some_and(|next| next < line) {
            at += 1;
        }
        if other.get(at) == Some(line) {
            count += 1;
            at += 1;
        }
    }
    count
}

/// What stands behind the name of a function.
fn body<'a>(text: &'a [u8], function: &Function) -> &'a [u8] {
    let start = function
        .name_span
        .end
        .max(function.span.start)
        .min(function.span.end);
    &text[start..function.span.end]
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
            let mut hasher = DefaultHasher::new();
            for line in body(version.text, function).split(|&byte| byte == b'\n') {
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

    /// Functions that no counterpart was found for, on each side.
    fn open(&self) -> [Vec<usize>; 2] {
        let ours = (0..self.found.len()).filter(|&at| self.found[at].is_none());
        let theirs = (0..self.taken.len()).filter(|&at| !self.taken[at]);
        [ours.collect(), theirs.collect()]
    }

    /// Functions that no name was found for.
    fn renamed(&mut self) {
        let [ours, theirs] = self.open();
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
