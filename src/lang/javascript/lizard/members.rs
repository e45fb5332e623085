//! What the tokens between the members of objects and classes do.

use super::level::{State, Then};
use super::machine::Machine;
use super::name::Name;
use super::token::{Mark, Token};

impl<'a> Machine<'a> {
    /// Reads a token between members; `false` where it is read as anywhere else.
    pub(super) fn is_member(&mut self, index: usize, token: &Token<'a>) -> bool {
        let level = &mut self.levels[index];
        if matches!(&*token.bytes, b"get" | b"set") {
            level.accessor = Some(if *token.bytes == *b"get" {
                b"get "
            } else {
                b"set "
            });
            return true;
        }
        if let Some(accessor) = level.accessor.take() {
            let name = Name::of(token);
            level.last = Name::built([accessor, name.bytes()].concat());
            return true;
        }
        match &*token.bytes {
            b"[" => level.state = State::Computed,
            b":" => {
                level.take_name();
                level.in_value = true;
            }
            b"<" => level.state = State::Generics(1),
            [b'<', .., b'>'] => {}
            b"(" => self.member_round(index, token),
            _ => return self.is_modified(index, token),
        }
        true
    }

    /// Behind `async` and `static` stands a name.
    fn is_modified(&mut self, index: usize, token: &Token<'a>) -> bool {
        let level = &mut self.levels[index];
        if !(level.is_async || level.is_static) {
            return false;
        }
        match &*token.bytes {
            b"*" | b"function" | b"=>" => return false,
            b"=" => {
                level.is_static = false;
                level.is_async = false;
                return false;
            }
            _ => level.last = Name::of(token),
        }
        true
    }

    /// `(` behind a name: a call, or the parameters of a method.
    fn member_round(&mut self, index: usize, token: &Token<'a>) {
        let level = &mut self.levels[index];
        let (last, name) = (level.last.bytes(), level.name.bytes());
        let is_call = matches!(level.previous.bytes(), b"." | b"new");
        if is_call || level.in_value && (name.is_empty() || last != name) {
            self.nest(index, Then::Nothing);
            self.levels[index].previous = Name::of(token);
            return;
        }
        if !level.started {
            let field = last == b"=" && !name.is_empty();
            let name = if field { &level.name } else { &level.last }.clone();
            self.head(index, &name, token);
        }
        self.go(index, State::Head, token);
    }

    /// A token of `[name]`.
    pub(super) fn computed(&mut self, index: usize, token: &Token<'a>) -> bool {
        let level = &mut self.levels[index];
        if token.mark != Mark::Close(b']') {
            let name = Name::of(token);
            if level.computed.len() < name.bytes().len().max(1024) {
                let kept = name.bytes().iter().copied();
                let kept = kept.filter(|byte| !matches!(byte, b'\'' | b'"' | b'+' | b' '));
                level.computed.extend(kept);
            }
            return false;
        }
        let mut name = std::mem::take(&mut level.computed);
        if let Some(first) = name.first_mut() {
            first.make_ascii_lowercase();
        }
        level.last = Name::built(name);
        level.state = State::Code;
        true
    }
}
