//! Goes from level to level, and tells functions from other brackets as lizard does.
//!
//! Each level reads the tokens up to the bracket that closes it. What a level hands on to the next, the next reads; a level that
//! reads a token anew reads it as the first time, patterns too.

use super::bindings::Bindings;
use super::book::Book;
use super::level::{Candidate, Level, Pending, State, Then};
use super::name::Name;
use super::token::{Mark, Token};

/// lizard gives a file up where about this many levels nest: what it has found by then is all it finds.
const DEEPEST: usize = 320;

pub(super) struct Machine<'a> {
    pub(super) text: &'a [u8],
    pub(super) book: Book,
    pub(super) levels: Vec<Level<'a>>,
    /// Whether a key may stand behind the last token.
    pub(super) behind_key: bool,
    /// The end of the last token.
    pub(super) end: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            book: Book::new(),
            levels: vec![Level::default()],
            behind_key: true,
            end: 0,
        }
    }

    /// Reads a token; `false` where it nests too deeply.
    pub(super) fn read(&mut self, token: &Token<'a>) -> bool {
        let turn = match token.mark {
            Mark::Other => Some(self.levels.len() - 1),
            _ => self.descend(token),
        };
        self.end = self.end.max(token.at + token.bytes.len());
        if let Some(index) = turn {
            let done = self.run(index, token);
            self.ascend(index, token, done);
        }
        self.behind_key = is_before_key(token);
        self.levels.len() <= DEEPEST
    }

    /// Shows a bracket, a comma or `=` to the levels that wait for others. The level whose turn it is.
    fn descend(&mut self, token: &Token<'a>) -> Option<usize> {
        let innermost = self.levels.len() - 1;
        for index in 0..=innermost {
            self.feed(index, token.mark, self.behind_key);
            if self.levels[index].initializer && self.default_ends(index, token.mark) {
                return None;
            }
        }
        Some(innermost)
    }

    fn feed(&mut self, index: usize, mark: Mark, behind_key: bool) {
        if let Some(candidate) = &mut self.levels[index].candidate {
            candidate.bindings.read(mark, behind_key);
        }
    }

    /// Shows a token to parameters, the default value of one of which is being read, and says whether it ends there.
    fn default_ends(&mut self, index: usize, mark: Mark) -> bool {
        let Some(parameters) = &mut self.levels[index].parameters else {
            return false;
        };
        let event = parameters.read(mark, self.behind_key);
        if event.ends {
            self.leave(index + 1);
            self.levels.truncate(index + 1);
            self.levels[index].initializer = false;
        }
        if event.ended {
            self.levels[index].state = State::Body;
        }
        event.ends
    }

    /// Goes back to the levels that wait for those that have ended.
    fn ascend(&mut self, mut index: usize, token: &Token<'a>, mut done: bool) {
        loop {
            if done {
                self.back(index, token);
            }
            let waits = |level: &Level| level.state == State::Nested;
            if index == 0 || !self.levels[index].exits || !waits(&self.levels[index - 1]) {
                return;
            }
            index -= 1;
            done = true;
        }
    }

    /// What a level waited for has been read.
    fn back(&mut self, index: usize, token: &Token<'a>) {
        let nested = (self.levels.len() > index + 1).then(|| self.levels.swap_remove(index + 1));
        self.levels.truncate(index + 1);
        let level = &mut self.levels[index];
        level.state = level.saved;
        match std::mem::take(&mut level.then) {
            Then::Nothing => {}
            Then::Close => self.close(index),
            Then::Statement => level.state = State::Statement,
            Then::Block => {
                level.previous = Name::default();
                level.state = State::Code;
            }
            Then::Type { again: true } => self.again(index, token),
            Then::Type { again: false } => {}
            then @ (Then::Pattern | Then::Object | Then::Catch) => {
                let candidate = nested.and_then(|nested| nested.candidate);
                self.resolve(index, then, candidate, token.at);
            }
        }
    }

    /// What may be a pattern has been read.
    fn resolve(&mut self, index: usize, then: Then, candidate: Option<Candidate>, at: usize) {
        let Some(candidate) = candidate else { return };
        let now = self.book.count(candidate.function);
        let tracked = candidate.tracked;
        let pending = Pending {
            defaults: candidate.bindings.defaults,
            expressions: if tracked { now - candidate.count } else { 0 },
            confirmed: if tracked { candidate.confirmed } else { 0 },
        };
        let level = &mut self.levels[index];
        if then == Then::Catch {
            level.state = State::Statement;
            return self.book.add(pending.defaults, at, DEFAULT);
        }
        if then == Then::Object {
            level.state = State::Code;
        }
        level.pending = Some(pending);
    }

    /// Reads a token in another state, as if it came anew.
    pub(super) fn go(&mut self, index: usize, state: State, token: &Token<'a>) {
        self.levels[index].state = state;
        self.again(index, token);
    }

    fn again(&mut self, index: usize, token: &Token<'a>) {
        self.feed(index, token.mark, is_before_key(token));
        if self.run(index, token) {
            self.back(index, token);
        }
    }

    /// Enters a level; `then` is done when it ends.
    pub(super) fn nest(&mut self, index: usize, then: Then) {
        let level = &mut self.levels[index];
        level.saved = level.state;
        level.state = State::Nested;
        level.then = then;
        self.levels.push(Level::default());
    }

    /// Enters what may be a pattern.
    pub(super) fn nest_pattern(&mut self, index: usize, closing: u8, then: Then) {
        let (function, count) = self.book.current();
        let members = then == Then::Object;
        self.nest(index, then);
        if let Some(level) = self.levels.last_mut() {
            level.members = members;
            level.candidate = Some(Candidate {
                bindings: Bindings::new(closing),
                function,
                count,
                tracked: then == Then::Pattern,
                confirmed: 0,
            });
        }
    }

    /// Enters the default value of a parameter.
    pub(super) fn nest_default(&mut self, index: usize) {
        self.levels[index].initializer = true;
        self.levels.push(Level::default());
    }

    /// Ends the function of a level, if it has one.
    pub(super) fn leave(&mut self, index: usize) {
        if self.levels.get(index).is_some_and(|level| level.started) {
            self.close(index);
        }
    }

    /// Ends the function of a level, where the next statement begins.
    pub(super) fn close(&mut self, index: usize) {
        let level = &mut self.levels[index];
        level.in_value = false;
        if std::mem::take(&mut level.started) {
            self.book.close(self.end);
        }
    }

    /// What looked like a function is none.
    pub(super) fn abandon(&mut self, index: usize) {
        self.levels[index].started = false;
        self.book.abandon();
    }
}

/// What default values are called that count.
pub(super) const DEFAULT: &str = "default value";

/// Whether a key may stand behind the token, in an object.
fn is_before_key(token: &Token) -> bool {
    matches!(token.mark, Mark::Curly | Mark::Comma) || token.bytes.is_empty()
}
