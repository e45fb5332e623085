//! The functions found so far, and which one what counts belongs to.

use super::token::Token;

/// A function.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) at: usize,
    /// Its line as lizard counts.
    pub(super) line: usize,
    pub(super) end: usize,
    /// Whether it starts behind its arrow.
    pub(super) arrow: bool,
    /// Complexity beyond the first path.
    pub(super) count: i64,
    pub(super) points: Vec<(usize, &'static str)>,
}

/// All functions, the file around them first.
pub(super) struct Book {
    entries: Vec<Entry>,
    current: usize,
    outer: Vec<usize>,
    finished: Vec<usize>,
}

impl Book {
    pub(super) fn new() -> Self {
        let mut book = Self {
            entries: Vec::new(),
            current: 0,
            outer: Vec::new(),
            finished: Vec::new(),
        };
        book.entries.push(entry(String::new(), 0, 0, false));
        book
    }

    /// The innermost function, and its complexity.
    pub(super) fn current(&self) -> (usize, i64) {
        (self.current, self.count(self.current))
    }

    /// The complexity of a function.
    pub(super) fn count(&self, function: usize) -> i64 {
        self.entries[function].count
    }

    pub(super) fn open(&mut self, name: String, token: &Token, arrow: bool) {
        self.outer.push(self.current);
        self.current = self.entries.len();
        self.entries.push(entry(name, token.at, token.line, arrow));
    }

    /// Ends the innermost function.
    pub(super) fn close(&mut self, end: usize) {
        if self.current > 0 {
            self.entries[self.current].end = end;
            self.finished.push(self.current);
        }
        self.current = self.outer.pop().unwrap_or(0);
    }

    /// Ends the innermost function, which proved to be none.
    pub(super) fn abandon(&mut self) {
        self.current = self.outer.pop().unwrap_or(0);
    }

    /// Adds points to the innermost function.
    pub(super) fn add(&mut self, count: u32, at: usize, what: &'static str) {
        let entry = &mut self.entries[self.current];
        entry.count += i64::from(count);
        entry.points.extend((0..count).map(|_| (at, what)));
    }

    /// Takes the last points of the innermost function from it.
    pub(super) fn take(&mut self, count: i64) -> Vec<(usize, &'static str)> {
        let entry = &mut self.entries[self.current];
        entry.count -= count;
        let kept = usize::try_from(entry.count.max(0)).unwrap_or(0);
        entry.points.split_off(kept.min(entry.points.len()))
    }

    /// Gives the innermost function points that were taken from another.
    pub(super) fn give(&mut self, count: i64, points: Vec<(usize, &'static str)>) {
        let entry = &mut self.entries[self.current];
        entry.count += count;
        entry.points.extend(points);
    }

    /// The functions that have ended, in the order they start.
    pub(super) fn finish(mut self) -> Vec<Entry> {
        self.finished.sort_unstable();
        let mut finished = self.finished.into_iter().peekable();
        let entries = self.entries.into_iter().enumerate();
        let ended = entries.filter(|(index, _)| finished.next_if_eq(index).is_some());
        ended.map(|(_, entry)| entry).collect()
    }
}

fn entry(name: String, at: usize, line: usize, arrow: bool) -> Entry {
    Entry {
        name,
        at,
        line,
        end: at,
        arrow,
        count: 0,
        points: Vec::new(),
    }
}
