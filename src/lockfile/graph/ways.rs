//! The shortest ways from what the project asks for to everything else.

use super::NOWHERE;

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

/// What a search in the breadth found.
#[derive(Debug)]
pub(super) struct Ways {
    /// The packages that are reached, the nearest first.
    order: Vec<u32>,
    /// The package before each: itself for the first of a way, [`NOWHERE`] for one that is not reached.
    from: Vec<u32>,
}

impl Ways {
    /// Goes from `starts` through `count` packages, of which each leads to those that `next` adds to a list.
    pub(super) fn new(
        count: usize,
        starts: impl IntoIterator<Item = u32>,
        next: impl Fn(u32, &mut Vec<u32>),
    ) -> Self {
        let mut from = vec![NOWHERE; count];
        let mut order = Vec::with_capacity(count);
        let mut reach = |order: &mut Vec<u32>, at: u32, before: u32| {
            let place = &mut from[at as usize];
            if *place == NOWHERE {
                *place = before;
                order.push(at);
            }
        };
        for start in starts {
            reach(&mut order, start, start);
        }
        let mut done = 0;
        let mut ends = Vec::new();
        while let Some(&at) = order.get(done) {
            done += 1;
            next(at, &mut ends);
            for to in ends.drain(..) {
                reach(&mut order, to, at);
            }
        }
        Self { order, from }
    }

    /// The first that is reached of those that `is_it` takes.
    pub(super) fn nearest(&self, is_it: impl Fn(&u32) -> bool) -> Option<u32> {
        self.order.iter().copied().find(is_it)
    }

    /// Whether there is a way to it.
    pub(super) fn reaches(&self, at: u32) -> bool {
        self.from[at as usize] != NOWHERE
    }

    /// The way to one that is reached, both ends included.
    pub(super) fn to(&self, end: u32) -> impl Iterator<Item = u32> {
        let before = |at: &u32| Some(self.from[*at as usize]).filter(|before| before != at);
        let way: Vec<u32> = std::iter::successors(Some(end), before)
            .take(DEEPEST)
            .collect();
        way.into_iter().rev()
    }
}
