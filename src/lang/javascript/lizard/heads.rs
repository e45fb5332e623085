//! The heads of functions: names, parameters, arrows.

use super::bindings::Bindings;
use super::level::{State, Then};
use super::machine::{DEFAULT, Machine};
use super::name::Name;
use super::token::{Mark, Token};

impl<'a> Machine<'a> {
    /// A token in front of parameters.
    pub(super) fn head(&mut self, index: usize, word: &Name<'a>, token: &Token<'a>) {
        let level = &mut self.levels[index];
        match word.bytes() {
            b"*" => {}
            b"<" => level.state = State::Generics(1),
            [b'<', .., b'>'] => {}
            b"(" => {
                if !level.started {
                    self.open(index, token, false);
                }
                let level = &mut self.levels[index];
                level.parameters = Some(Bindings::new(b')'));
                level.at_start = true;
                level.state = State::Parameters;
            }
            _ => {
                level.name = if word.is_valid() {
                    word.clone()
                } else {
                    Name::default()
                };
                level.is_static = false;
                level.is_async = false;
            }
        }
    }

    /// Opens a function, but for one without a body.
    fn open(&mut self, index: usize, token: &Token<'a>, arrow: bool) {
        let level = &mut self.levels[index];
        if level.is_abstract {
            return;
        }
        level.started = true;
        let name = match level.name.bytes() {
            b"" => "(anonymous)".to_owned(),
            name => String::from_utf8_lossy(name).into_owned(),
        };
        self.book.open(name, token, arrow);
    }

    pub(super) fn parameters(&mut self, index: usize, token: &Token<'a>) {
        let level = &mut self.levels[index];
        let Some(parameters) = &mut level.parameters else {
            return;
        };
        if token.mark == Mark::Round && level.at_start {
            // A bracket around an expression.
            self.abandon(index);
            self.levels[index].state = State::Code;
            return self.nest_pattern(index, b')', Then::Pattern);
        }
        if *token.bytes == *b"function" && parameters.defaults == 0 {
            self.abandon(index);
            return self.go(index, State::Code, token);
        }
        let event = parameters.read(token.mark, self.behind_key);
        level.at_start &= token.bytes.is_empty();
        if event.ended {
            level.state = State::Body;
        }
        if event.starts {
            self.book.add(1, token.at, DEFAULT);
            self.nest_default(index);
        }
    }

    /// Behind parameters.
    pub(super) fn body(&mut self, index: usize, token: &Token<'a>) {
        let level = &mut self.levels[index];
        match &*token.bytes {
            b":" => {
                level.state = State::Code;
                return self.enter_type(index);
            }
            b"{" | b"=>" => {}
            b";" if level.members && level.is_abstract => {
                self.leave(index);
                self.levels[index].is_abstract = false;
            }
            _ if level.started => self.abandon(index),
            _ => {}
        }
        self.go(index, State::Code, token);
    }

    /// The token behind `=>` starts the body.
    pub(super) fn arrow(&mut self, index: usize, token: &Token<'a>) {
        self.open_arrow(index, token);
        let level = &mut self.levels[index];
        level.name = Name::default();
        level.is_async = false;
        level.is_static = false;
        self.go(index, State::Code, token);
    }

    /// What may have been a pattern were the parameters: what counts in it is the new function's.
    fn open_arrow(&mut self, index: usize, token: &Token<'a>) {
        let pending = self.levels[index].pending.take();
        if self.levels[index].started {
            return;
        }
        let Some(pending) = pending else {
            return self.open(index, token, true);
        };
        let points = self.book.take(pending.expressions);
        self.open(index, token, true);
        self.book.give(pending.expressions, points);
        self.book.add(pending.defaults, token.at, DEFAULT);
    }
}
