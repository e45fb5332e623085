//! Which function is being read, as lizard keeps it: a name that may be a function's takes the place of the function around it
//! at once, and what ends with a brace is whatever is being read then.

use super::levels::{Brace, Levels};
use crate::lang::function::Function;
use crate::lang::lexeme::Lexeme;

/// Longer names are cut.
const LONGEST: usize = 200;

/// How many of the scopes around a function are part of its name.
const SCOPES: usize = 16;

/// An open brace.
enum Nest {
    Block,
    Scope(String),
    Function(usize),
}

/// Follows functions through a file.
pub(super) struct Context {
    levels: Levels,
    functions: Vec<Function>,
    /// Of each, whether its body has started, or it has ended.
    kept: Vec<bool>,
    /// The function at hand; none outside of all.
    current: Option<usize>,
    /// The function whose brace comes next.
    pending: Option<usize>,
    nests: Vec<Nest>,
    /// The functions among `nests`.
    bodies: Vec<usize>,
    ended: Vec<usize>,
}

impl Context {
    pub(super) fn new() -> Self {
        Self {
            levels: Levels::new(),
            functions: Vec::new(),
            kept: Vec::new(),
            current: None,
            pending: None,
            nests: Vec::new(),
            bodies: Vec::new(),
            ended: Vec::new(),
        }
    }

    /// Adds a point to the function at hand.
    pub(super) fn point(&mut self, at: usize, what: &'static str) {
        if let Some(current) = self.current {
            self.functions[current].points.push((at, what));
        }
    }

    /// `token` may be the name of a function, in the class `class`.
    pub(super) fn try_function(&mut self, token: &Lexeme, name: &str, class: Option<&str>) {
        // A name that came to nothing is forgotten.
        if self.kept.last() == Some(&false) {
            self.kept.pop();
            self.functions.pop();
        }
        let mut full = String::new();
        match class {
            Some(class) => full.push_str(class),
            None => self.scopes(&mut full),
        }
        if class.is_some() {
            full.push_str("::");
        }
        full.push_str(&name[..name.floor_char_boundary(LONGEST)]);
        self.current = Some(self.functions.len());
        self.kept.push(false);
        self.functions.push(Function {
            name: full,
            name_span: token.start..token.end,
            span: token.start..token.end,
            cyclomatic: 1,
            cognitive: 0,
            parameters: 0,
            nesting: 0,
            points: Vec::new(),
        });
    }

    fn scopes(&self, name: &mut String) {
        for nest in &self.nests[self.nests.len().saturating_sub(SCOPES)..] {
            match nest {
                Nest::Scope(scope) if !scope.is_empty() => {
                    name.push_str(&scope[..scope.floor_char_boundary(LONGEST)]);
                    name.push_str("::");
                }
                Nest::Function(index) => {
                    let outer = &self.functions[*index].name;
                    name.push_str(&outer[..outer.floor_char_boundary(LONGEST)]);
                    name.push('.');
                }
                _ => {}
            }
        }
    }

    /// The name at hand goes on.
    pub(super) fn extend(&mut self, more: &str) {
        if let Some(current) = self.current {
            let name = &mut self.functions[current].name;
            if name.len() < 2 * LONGEST {
                name.push_str(more);
            }
        }
    }

    /// The body of the function at hand starts.
    pub(super) fn confirm(&mut self) {
        if let Some(current) = self.current {
            self.functions[current].points.clear();
            self.kept[current] = true;
        }
        self.pending = self.current;
    }

    /// The function at hand ends at byte `end`.
    pub(super) fn end_function(&mut self, end: usize) {
        if let Some(current) = self.current.take() {
            self.functions[current].span.end = end;
            self.kept[current] = true;
            self.ended.push(current);
        }
    }

    /// Follows the braces.
    pub(super) fn brace(&mut self, token: &Lexeme, bytes: &[u8]) {
        match self.levels.token(token, bytes) {
            Brace::None => {}
            Brace::Open => {
                let nest = self.pending.take().map_or(Nest::Block, |function| {
                    self.bodies.push(function);
                    Nest::Function(function)
                });
                self.nests.push(nest);
            }
            Brace::Scope(name) => {
                self.pending = None;
                self.nests.push(Nest::Scope(name));
            }
            Brace::Close => {
                self.pending = None;
                if matches!(self.nests.pop(), Some(Nest::Function(_))) {
                    self.bodies.pop();
                    self.end_function(token.end);
                    self.current = self.bodies.last().copied();
                }
            }
        }
    }

    /// The functions that have ended, in the order they start.
    pub(super) fn finish(mut self) -> Vec<Function> {
        self.ended.sort_unstable();
        let functions = self.ended.iter().map(|&index| {
            let mut function = self.functions[index].clone();
            let points = u32::try_from(function.points.len());
            function.cyclomatic = points.map_or(u32::MAX, |points| points.saturating_add(1));
            function
        });
        functions.collect()
    }
}
