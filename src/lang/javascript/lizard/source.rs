//! The pieces that a text is cut into, blanks and comments among them.

use super::template::{Regexes, Template, Templates, is_space, precedes_regex};
use crate::lang::lexeme::{Dialect, Lexemes, Raw};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

/// What a piece is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// Anything that stands in the text as it is.
    Code,
    /// The text of a template between two expressions.
    Quasi,
    /// What was put together.
    Joined,
}

/// A piece of the text.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) at: usize,
    pub(super) sort: Sort,
}

/// Cuts a text into pieces.
pub(super) struct Source<'a> {
    text: &'a [u8],
    at: usize,
    dialect: Dialect,
    /// Up to the next template.
    lexemes: Lexemes<'a>,
    templates: Templates<'a>,
    /// The next template.
    template: Option<Template>,
    regexes: Regexes,
    /// The pieces of the last template.
    pieces: VecDeque<(Range<usize>, Sort)>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a [u8], dialect: Dialect) -> Self {
        let mut templates = Templates::new(text);
        let template = templates.next();
        let end = template.as_ref().map_or(text.len(), |next| next.start);
        Self {
            text,
            at: 0,
            dialect,
            lexemes: Lexemes::new(&text[..end], 0, dialect),
            templates,
            template,
            regexes: Regexes::default(),
            pieces: VecDeque::new(),
        }
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Option<Piece<'a>> {
        if let Some((range, sort)) = self.pieces.pop_front() {
            return Some(self.piece(range, sort));
        }
        if self.at >= self.lexemes.text.len() {
            return self.template();
        }
        let start = self.at;
        self.at = self.regex(start).unwrap_or_else(|| self.raw(start));
        Some(self.piece(start..self.at, Sort::Code))
    }

    fn piece(&self, range: Range<usize>, sort: Sort) -> Piece<'a> {
        Piece {
            at: range.start,
            bytes: Cow::Borrowed(&self.text[range]),
            sort,
        }
    }

    /// Where a regular expression ends that starts at `start`, behind blanks or not.
    #[inline]
    fn regex(&mut self, start: usize) -> Option<usize> {
        if start > 0 && !precedes_regex(self.text[start - 1]) {
            return None;
        }
        let text = self.lexemes.text;
        let rest = text[start..].iter();
        let slash = start + rest.take_while(|&&byte| is_space(byte)).count();
        if text.get(slash) != Some(&b'/') {
            return None;
        }
        self.regexes.end(text, slash)
    }

    fn raw(&mut self, start: usize) -> usize {
        let (raw, end) = self.lexemes.raw(start);
        if raw != Raw::Hash {
            return end;
        }
        self.lexemes.at = end;
        self.lexemes.directive(start).end
    }

    /// The first piece of the template that is next.
    fn template(&mut self) -> Option<Piece<'a>> {
        let template = self.template.take()?;
        self.at = template.end;
        self.template = self.templates.next();
        let end = self.template.as_ref();
        let end = end.map_or(self.text.len(), |next| next.start);
        self.lexemes = Lexemes::new(&self.text[..end], self.at, self.dialect);
        let (start, end) = (template.start, template.end);
        match template.expressions {
            Some(expressions) if self.dialect == Dialect::Script => {
                self.split(start, end, &expressions);
            }
            _ => self.pieces.push_back((start..end, Sort::Code)),
        }
        self.next()
    }

    fn split(&mut self, start: usize, end: usize, expressions: &[Range<usize>]) {
        self.pieces.push_back((start..start + 1, Sort::Code));
        let mut at = start + 1;
        for expression in expressions {
            let open = expression.start - 2;
            self.quasi(at..open);
            self.pieces.push_back((open..expression.start, Sort::Code));
            self.pieces.push_back((expression.clone(), Sort::Code));
            at = expression.end + 1;
            self.pieces.push_back((expression.end..at, Sort::Code));
        }
        self.quasi(at..end - 1);
        self.pieces.push_back((end - 1..end, Sort::Code));
    }

    fn quasi(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.pieces.push_back((range, Sort::Quasi));
        }
    }
}
