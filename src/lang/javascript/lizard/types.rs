//! Types and their declarations, which hold no functions.

use super::level::{Alias, State, Then, Type};
use super::machine::Machine;
use super::name::{Name, starts_with_letter};
use super::token::Token;

impl<'a> Machine<'a> {
    /// A word that starts a declaration without a body.
    pub(super) fn is_declaration(&mut self, index: usize, token: &Token<'a>) -> bool {
        let level = &mut self.levels[index];
        let declared = std::mem::take(&mut level.is_declared);
        match &*token.bytes {
            b"declare" => level.is_declared = true,
            b"function" if declared => level.state = State::Declared,
            b"type" if !level.members => level.state = State::Alias(Alias::Name),
            b"interface" => level.state = State::Interface(0, false),
            b"abstract" if level.members => level.is_abstract = true,
            _ => return false,
        }
        true
    }

    pub(super) fn declared(&mut self, index: usize, token: &Token<'a>) -> bool {
        let ends = token.ends_statement();
        if ends {
            self.levels[index].state = State::Code;
        }
        ends
    }

    /// A token of `interface A { … }`.
    pub(super) fn interface(
        &mut self,
        index: usize,
        depth: i64,
        state: State,
        token: &Token<'a>,
    ) -> bool {
        let level = &mut self.levels[index];
        let started = state != State::Interface(depth, false);
        match &*token.bytes {
            b"{" => level.state = State::Interface(depth + 1, true),
            b"}" if started => level.state = State::Interface(depth - 1, true),
            _ => {}
        }
        let ends = level.state == State::Interface(0, true);
        if ends {
            level.state = State::Code;
        }
        ends
    }

    /// A token behind `type`.
    pub(super) fn alias(&mut self, index: usize, alias: Alias, token: &Token<'a>) -> bool {
        let ends = match (alias, &*token.bytes) {
            (Alias::Equals | Alias::Value, b";") | (Alias::Braces(1), b"}") => true,
            (Alias::Value, b"{") => false,
            (Alias::Value, _) if token.fresh => return self.no_alias(index, token),
            (Alias::Name, bytes) if !starts_with_letter(bytes) => {
                self.levels[index].last = Name::word(b"type");
                return self.no_alias(index, token);
            }
            _ => false,
        };
        self.levels[index].state = if ends {
            State::Code
        } else {
            State::Alias(behind(alias, &token.bytes))
        };
        ends
    }

    fn no_alias(&mut self, index: usize, token: &Token<'a>) -> bool {
        self.levels[index].state = State::Code;
        self.code(index, token);
        true
    }

    pub(super) fn generics(&mut self, index: usize, depth: u32, token: &Token<'a>) {
        let depth = match &*token.bytes {
            b"<" => depth + 1,
            b">" => depth - 1,
            _ => return,
        };
        self.levels[index].state = match depth {
            0 => State::Code,
            _ => State::Generics(depth),
        };
    }

    /// A token of a type behind a colon.
    pub(super) fn type_token(&mut self, index: usize, kind: Type, token: &Token<'a>) -> bool {
        let level = &mut self.levels[index];
        let next = match (kind, &*token.bytes) {
            (Type::Brackets(open, close, depth), bytes) => {
                let depth = depth + i64::from(bytes == [open]) - i64::from(bytes == [close]);
                level.state = State::Type(Type::Brackets(open, close, depth));
                return depth == 0;
            }
            (Type::Start, b"{") => Type::Brackets(b'{', b'}', 1),
            (_, b"<") => Type::Brackets(b'<', b'>', 1),
            (_, b"(") => Type::Brackets(b'(', b')', 1),
            (_, b"{" | b"=" | b";" | b")" | b"=>") => {
                level.then = Then::Type { again: true };
                return true;
            }
            (_, b"") => return true,
            _ => Type::Simple,
        };
        level.state = State::Type(next);
        false
    }
}

/// Where in the declaration of a type one is behind `bytes`.
fn behind(alias: Alias, bytes: &[u8]) -> Alias {
    match (alias, bytes) {
        (Alias::Name, _) | (Alias::Generics(1), b">") => Alias::Equals,
        (Alias::Equals, b"<") => Alias::Generics(1),
        (Alias::Equals, b"=") => Alias::Value,
        (Alias::Value, b"{") => Alias::Braces(1),
        (Alias::Generics(depth), b">") => Alias::Generics(depth - 1),
        (Alias::Generics(depth), b"<") => Alias::Generics(depth + 1),
        (Alias::Braces(depth), b"}") => Alias::Braces(depth - 1),
        (Alias::Braces(depth), b"{") => Alias::Braces(depth + 1),
        _ => alias,
    }
}
