//! The shortest ways from what the project asks for to everything else.

use super::{NOWHERE, number};

/// A longer way is cut in the middle by whoever shows it; a search that goes deeper has met a cycle.
const DEEPEST: usize = 64;

/// Those of `count` packages that are not `needed`.
pub(super) fn unneeded(count: usize, needed: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut is_needed = vec![false; count];
    for at in needed {
        is_needed[at as usize] = true;
    }
    let others = is_needed.iter().zip(0..).filter(|(needed, _)| !**needed);
    others.map(|(_, at)| at).collect()
}

/// What a search in the breadth found so far.
#[derive(Debug)]
pub(super) struct Ways {
    /// The packages that are reached, the nearest first.
    order: Vec<u32>,
    /// How each is reached.
    steps: Vec<Step>,
    /// Of how many in the order what they lead to is reached too.
    done: usize,
}

/// The last step to a package.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// The package before: itself for the first of a way, [`NOWHERE`] for one that is not reached.
    from: u32,
    /// Its place in the order.
    rank: u32,
}

impl Step {
    const NONE: Self = Self {
        from: NOWHERE,
        rank: NOWHERE,
    };
}

impl Ways {
    /// From `starts` through `count` packages, without a step yet.
    pub(super) fn new(count: usize, starts: impl IntoIterator<Item = u32>) -> Self {
        let mut ways = Self {
            order: Vec::with_capacity(count),
            steps: vec![Step::NONE; count],
            done: 0,
        };
        for start in starts {
            ways.reach(start, start);
        }
        ways
    }

    fn reach(&mut self, at: u32, before: u32) {
        let step = &mut self.steps[at as usize];
        if step.from == NOWHERE {
            *step = Step {
                from: before,
                rank: number(self.order.len()),
            };
            self.order.push(at);
        }
    }

    /// Goes on, each package leading to those that `next` adds to a list, until one is reached that `is_it` takes: then no
    /// other of those is nearer. `None` where the end is reached before.
    pub(super) fn go_on(
        &mut self,
        is_it: impl Fn(u32) -> bool,
        next: impl Fn(u32, &mut Vec<u32>),
    ) -> Option<u32> {
        let mut ends = Vec::new();
        while let Some(&at) = self.order.get(self.done) {
            self.done += 1;
            let known = self.order.len();
            next(at, &mut ends);
            for to in ends.drain(..) {
                self.reach(to, at);
            }
            let found = self.order[known..].iter().find(|at| is_it(**at));
            if found.is_some() {
                return found.copied();
            }
        }
        None
    }

    /// The nearest of `some` that are reached by now.
    pub(super) fn nearest(&self, some: &[u32]) -> Option<u32> {
        let rank = |at: &u32| self.steps[*at as usize].rank;
        let reached = some.iter().copied().filter(|at| rank(at) != NOWHERE);
        reached.min_by_key(rank)
    }

    /// The way to one that is reached, both ends included.
    pub(super) fn to(&self, end: u32) -> impl Iterator<Item = u32> {
        let before = |at: &u32| Some(self.steps[*at as usize].from).filter(|before| before != at);
        let way: Vec<u32> = std::iter::successors(Some(end), before)
            .take(DEEPEST)
            .collect();
        way.into_iter().rev()
    }
}
