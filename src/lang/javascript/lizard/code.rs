//! What the tokens of statements and expressions do.

use super::level::{Level, State, Then, Type};
use super::machine::{DEFAULT, Machine};
use super::name::Name;
use super::token::{Mark, Token};

impl<'a> Machine<'a> {
    /// Reads a token on a level. Whether what the level entered last is over.
    pub(super) fn run(&mut self, index: usize, token: &Token<'a>) -> bool {
        match self.levels[index].state {
            State::Code => self.code(index, token),
            State::Head => self.head(index, &Name::of(token), token),
            State::Parameters => self.parameters(index, token),
            State::Body => self.body(index, token),
            State::Condition => self.condition(index, token),
            State::Statement => self.statement(index, token),
            State::Member => self.member_name(index, token),
            State::Arrow => self.arrow(index, token),
            state => return self.skipped(index, state, token),
        }
        false
    }

    /// Reads what is passed over. Whether what the level entered last is over.
    fn skipped(&mut self, index: usize, state: State, token: &Token<'a>) -> bool {
        match state {
            State::Template if *token.bytes == *b"`" => self.levels[index].state = State::Code,
            State::Generics(depth) => self.generics(index, depth, token),
            State::Computed => return self.computed(index, token),
            State::Declared => return self.declared(index, token),
            State::Alias(alias) => return self.alias(index, alias, token),
            State::Interface(depth, _) => return self.interface(index, depth, state, token),
            State::Type(kind) => return self.type_token(index, kind, token),
            _ => {}
        }
        false
    }

    /// A token of a statement or of an expression, or between members.
    pub(super) fn code(&mut self, index: usize, token: &Token<'a>) {
        self.settle(index, token);
        if self.is_declaration(index, token) || self.is_modifier(index, token) {
            return;
        }
        if self.levels[index].members && self.is_member(index, token) {
            return;
        }
        if matches!(&*token.bytes, b"." | b"?.") {
            let level = &mut self.levels[index];
            level.state = State::Member;
            level.last.push(self.text, token);
            level.previous = Name::word(b".");
            return;
        }
        self.dispatch(index, token);
        self.follow(index, token);
    }

    /// What stands behind what may have been a pattern tells whether it was one.
    fn settle(&mut self, index: usize, token: &Token<'a>) {
        let level = &mut self.levels[index];
        let Some(pending) = level.pending.take() else {
            return;
        };
        match &*token.bytes {
            b"=" | b"of" | b"in" => match &mut level.candidate {
                Some(candidate) => candidate.confirmed += pending.defaults,
                None => self.book.add(pending.defaults, token.at, DEFAULT),
            },
            b"=>" => level.pending = Some(pending),
            _ => self.book.add(pending.confirmed, token.at, DEFAULT),
        }
    }

    /// Words in front of members and calls, and the signs of conditional expressions.
    fn is_modifier(&mut self, index: usize, token: &Token<'a>) -> bool {
        let level = &mut self.levels[index];
        match &*token.bytes {
            b"static" => level.is_static = true,
            b"async" => level.is_async = true,
            b"new" => {}
            b"?" => {
                level.conditionals += 1;
                return false;
            }
            b":" if level.conditionals > 0 => {
                level.conditionals -= 1;
                level.last = Name::of(token);
            }
            _ => return false,
        }
        level.previous = Name::of(token);
        true
    }

    fn dispatch(&mut self, index: usize, token: &Token<'a>) {
        let level = &mut self.levels[index];
        match &*token.bytes {
            b"function" => {
                if level.started && !level.members {
                    self.close(index);
                }
                self.levels[index].state = State::Head;
            }
            b"if" | b"switch" | b"for" | b"while" | b"catch" => {
                level.catches = *token.bytes == *b"catch";
                level.state = State::Condition;
            }
            b"else" | b"do" | b"try" | b"final" => level.state = State::Statement,
            b"=>" => level.state = State::Arrow,
            b"=" => level.take_name(),
            _ => self.bracket(index, token),
        }
    }

    fn bracket(&mut self, index: usize, token: &Token<'a>) {
        let level = &self.levels[index];
        match token.mark {
            Mark::Round => self.round(index, token),
            Mark::Square if !level.is_behind_operand() => self.square(index),
            Mark::Curly if level.started => self.nest(index, Then::Close),
            Mark::Curly => self.object(index),
            Mark::Close(closing) if level.ends_with(closing) => self.exit(index),
            _ if token.ends_statement() => self.end_statement(index),
            _ => {}
        }
    }

    fn end_statement(&mut self, index: usize) {
        self.close(index);
        let level = &mut self.levels[index];
        level.name = Name::default();
        level.previous = Name::default();
        level.is_static = false;
        level.is_async = false;
        level.is_abstract = false;
    }

    /// `[` where no operand ends: an array, or a pattern.
    fn square(&mut self, index: usize) {
        if self.levels[index].may_start_pattern() {
            self.nest_pattern(index, b']', Then::Pattern);
        }
    }

    /// `(`: a call, the parameters of a function that has a name, or what may be those of an arrow function.
    fn round(&mut self, index: usize, token: &Token<'a>) {
        let level = &mut self.levels[index];
        let candidate = level.candidate.as_ref();
        if level.is_call() {
            return self.nest(index, Then::Nothing);
        }
        if candidate.is_some_and(|candidate| candidate.bindings.in_expression())
            || level.name.bytes().is_empty()
        {
            return self.nest_pattern(index, b')', Then::Pattern);
        }
        let starts_value = matches!(level.previous.bytes(), b"=" | b"async" | b">");
        if level.last.bytes() != level.name.bytes() && !starts_value {
            level.name = Name::default();
            return self.nest(index, Then::Nothing);
        }
        if !level.started {
            let name = level.name.clone();
            self.head(index, &name, token);
        }
        self.go(index, State::Head, token);
    }

    fn object(&mut self, index: usize) {
        let level = &mut self.levels[index];
        let is_static = std::mem::take(&mut level.is_static);
        let is_async = std::mem::take(&mut level.is_async);
        self.nest_pattern(index, b'}', Then::Object);
        if let Some(object) = self.levels.last_mut() {
            object.is_static = is_static;
            object.is_async = is_async;
        }
    }

    fn exit(&mut self, index: usize) {
        self.levels[index].exits = true;
        self.leave(index);
    }

    /// Remembers the token for those behind it.
    fn follow(&mut self, index: usize, token: &Token<'a>) {
        let level = &mut self.levels[index];
        match &*token.bytes {
            b"`" => level.state = State::Template,
            b":" if !level.members => {
                self.enter_type(index);
                self.levels[index].previous = Name::of(token);
                return;
            }
            b"," if level.members => level.in_value = false,
            _ => {}
        }
        level.last = Name::of(token);
        if !level.is_call() {
            level.previous = Name::of(token);
        }
    }

    pub(super) fn enter_type(&mut self, index: usize) {
        let level = &mut self.levels[index];
        level.saved = level.state;
        level.state = State::Type(Type::Start);
        level.then = Then::Type { again: false };
    }

    fn condition(&mut self, index: usize, token: &Token<'a>) {
        match &*token.bytes {
            b"await" => {}
            b"(" if self.levels[index].catches => self.nest_pattern(index, b')', Then::Catch),
            b"(" => self.nest(index, Then::Statement),
            _ => self.go(index, State::Code, token),
        }
    }

    fn statement(&mut self, index: usize, token: &Token<'a>) {
        if token.mark == Mark::Curly {
            self.nest(index, Then::Block);
        } else {
            self.go(index, State::Code, token);
        }
    }

    /// Behind a dot.
    fn member_name(&mut self, index: usize, token: &Token<'a>) {
        let level = &mut self.levels[index];
        if matches!(token.mark, Mark::Round | Mark::Square) {
            level.name = Name::default();
            level.previous = Name::word(b".");
            return self.go(index, State::Code, token);
        }
        level.last.push(self.text, token);
        level.state = State::Code;
    }
}

impl Level<'_> {
    /// Whether a bracket here is that of a call.
    fn is_call(&self) -> bool {
        matches!(self.previous.bytes(), b"." | b"new")
    }

    /// The last token names what follows, if it can.
    pub(super) fn take_name(&mut self) {
        if self.last.is_valid() {
            self.name = self.last.clone();
        }
    }

    /// Whether `closing` ends the level: `]` only where it may be a pattern.
    fn ends_with(&self, closing: u8) -> bool {
        closing != b']' || self.candidate.is_some()
    }

    fn is_behind_operand(&self) -> bool {
        matches!(self.previous.bytes(), b"." | b")" | b"]" | b"}")
    }

    fn may_start_pattern(&self) -> bool {
        let word = self.previous.bytes();
        let before = matches!(
            word,
            b"const" | b"let" | b"var" | b"return" | b"throw" | b"yield" | b"await"
        );
        before || !self.previous.is_operand()
    }
}
