//! What is known about a function, and the meter that language scanners measure it with.

use std::ops::Range;

/// One function with its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its qualified name, as the language writes it: `Class.method`, `outer.inner`, `(*T).Method`, `Type::method`.
    pub name: String,
    /// The bytes of its name, or of what stands for it where it has none (`=>`, `function`, `static`).
    pub name_span: Range<usize>,
    /// Its bytes from the start of the signature to the end of the body.
    pub span: Range<usize>,
    /// Cyclomatic complexity by the rule of the language (`docs/scanners/complexity.md`), at least 1.
    pub cyclomatic: u32,
    /// Cognitive complexity as SonarSource defines it.
    pub cognitive: u32,
    /// How many parameters it declares, receivers such as `self` included where the language lists them.
    pub parameters: u32,
    /// How deep its control structures nest; 0 where it has none.
    pub nesting: u32,
    /// Where each point of cyclomatic complexity beyond the first is added: the byte, and what adds it (`if`, `&&`).
    pub points: Vec<(usize, &'static str)>,
}

/// Why a file could not be read as its language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unreadable {
    /// What is wrong.
    pub message: String,
    /// The byte where it went wrong.
    pub at: usize,
    /// Up to which byte it was read all the same; 0 where nothing was.
    pub read_to: usize,
    /// The functions that end before that byte, in the order they start.
    pub before: Vec<Function>,
}

impl Unreadable {
    /// An error at byte `at`.
    #[must_use]
    pub fn new(message: impl Into<String>, at: usize) -> Self {
        Self {
            message: message.into(),
            at,
            read_to: 0,
            before: Vec::new(),
        }
    }
}

/// How a qualified name is put together past this many scopes: the outer ones are left out, so that names
/// stay short however deep hostile input nests.
const NAME_SCOPES: usize = 16;

/// How many bytes of each scope's name are kept.
const NAME_BYTES: usize = 200;

/// `scopes` and `name` joined by `separator`, outer scopes left out past a limit.
#[must_use]
pub(super) fn qualified<S: AsRef<str>>(scopes: &[S], name: &str, separator: &str) -> String {
    let kept = &scopes[scopes.len().saturating_sub(NAME_SCOPES)..];
    let mut out = String::with_capacity(name.len() + 16);
    for scope in kept.iter().filter(|scope| !scope.as_ref().is_empty()) {
        let scope = scope.as_ref();
        out.push_str(&scope[..scope.floor_char_boundary(NAME_BYTES)]);
        out.push_str(separator);
    }
    out.push_str(name);
    out
}

/// What a function is when its signature has been read.
pub(super) struct Signature {
    pub(super) name: String,
    pub(super) name_span: Range<usize>,
    pub(super) start: usize,
    pub(super) parameters: u32,
}

/// How much of an inner function counts for the one around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// Nothing.
    Apart,
    /// Its cognitive complexity only.
    Cognitive,
    /// Everything; it adds the given word as a point of its own, unless the word is empty.
    Whole(&'static str),
}

/// Sums of one open function. Cognitive complexity of nested structures is kept as a count and a sum of absolute
/// nesting, so that a function can be closed and added to its parent without another look at its structures.
#[derive(Clone, Copy, Default)]
struct Sums {
    structures: i64,
    nesting: i64,
    flat: i64,
}

struct Open {
    index: usize,
    base: u32,
    deepest: u32,
    sums: Sums,
}

/// Measures functions while a scanner walks through a file.
#[derive(Default)]
pub(super) struct Meter {
    functions: Vec<Function>,
    open: Vec<Open>,
}

/// Points of inner functions are copied into outer ones up to this depth; beyond it only the numbers are added,
/// which keeps the work linear.
const POINTS_DEPTH: usize = 32;

impl Meter {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Opens a function; `nesting` is the absolute nesting of its body.
    pub(super) fn open(&mut self, signature: Signature, nesting: u32) {
        self.open.push(Open {
            index: self.functions.len(),
            base: nesting,
            deepest: nesting,
            sums: Sums::default(),
        });
        self.functions.push(Function {
            name: signature.name,
            name_span: signature.name_span,
            span: signature.start..signature.start,
            cyclomatic: 1,
            cognitive: 0,
            parameters: signature.parameters,
            nesting: 0,
            points: Vec::new(),
        });
    }

    /// Adds a point of cyclomatic complexity to the innermost function.
    #[inline]
    pub(super) fn point(&mut self, at: usize, what: &'static str) {
        if let Some(open) = self.open.last() {
            let function = &mut self.functions[open.index];
            function.cyclomatic = function.cyclomatic.saturating_add(1);
            function.points.push((at, what));
        }
    }

    /// Adds a structure that weighs more the deeper it stands; `nesting` is absolute.
    #[inline]
    pub(super) fn structure(&mut self, nesting: u32) {
        if let Some(open) = self.open.last_mut() {
            open.sums.structures += 1;
            open.sums.nesting += i64::from(nesting);
            open.deepest = open.deepest.max(nesting + 1);
        }
    }

    /// Adds one to cognitive complexity, wherever it stands.
    #[inline]
    pub(super) fn flat(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.sums.flat += 1;
        }
    }

    /// How many functions are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes the innermost function at byte `end`.
    pub(super) fn close(&mut self, end: usize, inner: Inner) {
        let Some(open) = self.open.pop() else { return };
        let Sums {
            structures,
            nesting,
            flat,
        } = open.sums;
        let cognitive = structures * (1 - i64::from(open.base)) + nesting + flat;
        let depth = self.open.len();
        let function = &mut self.functions[open.index];
        function.span.end = end.max(function.span.start);
        function.cognitive = u32::try_from(cognitive).unwrap_or(u32::MAX);
        function.nesting = open.deepest - open.base;
        if inner == Inner::Apart {
            return;
        }
        let Some(parent) = self.open.last_mut() else {
            return;
        };
        parent.sums.structures += structures;
        parent.sums.nesting += nesting;
        parent.sums.flat += flat;
        parent.deepest = parent.deepest.max(open.deepest);
        if let Inner::Whole(word) = inner {
            let parent = parent.index;
            self.add_points(parent, open.index, depth, word);
        }
    }

    fn add_points(&mut self, parent: usize, child: usize, depth: usize, word: &'static str) {
        let (before, after) = self.functions.split_at_mut(child);
        let (parent, child) = (&mut before[parent], &after[0]);
        let own = u32::from(word.is_empty());
        parent.cyclomatic = parent.cyclomatic.saturating_add(child.cyclomatic - own);
        if depth < POINTS_DEPTH {
            if !word.is_empty() {
                parent.points.push((child.name_span.start, word));
            }
            parent.points.extend_from_slice(&child.points);
        }
    }

    /// Takes back the point at byte `at` of the innermost function.
    pub(super) fn take_back(&mut self, at: usize) {
        let Some(open) = self.open.last() else { return };
        let function = &mut self.functions[open.index];
        let near = function.points.iter().rposition(|point| point.0 <= at);
        if let Some(index) = near.filter(|&index| function.points[index].0 == at) {
            function.points.remove(index);
            function.cyclomatic = function.cyclomatic.saturating_sub(1);
        }
    }

    /// Takes one from the innermost function, and the last of its points that is called `what` from the list.
    pub(super) fn withdraw(&mut self, what: &str) {
        let Some(open) = self.open.last() else { return };
        let function = &mut self.functions[open.index];
        function.cyclomatic = function.cyclomatic.saturating_sub(1);
        let points = &mut function.points;
        let near = points.iter().rev().take(64);
        if let Some(back) = near.map(|point| point.1).position(|point| point == what) {
            points.remove(points.len() - 1 - back);
        }
    }

    /// The functions in the order they open, without those that are still open.
    pub(super) fn finish_closed(mut self) -> Vec<Function> {
        let mut index = 0;
        let open = std::mem::take(&mut self.open);
        self.functions.retain(|_| {
            index += 1;
            open.binary_search_by_key(&(index - 1), |open| open.index)
                .is_err()
        });
        self.functions
    }

    /// Names the innermost function.
    pub(super) fn rename(&mut self, extend: impl FnOnce(&mut String)) {
        if let Some(open) = self.open.last() {
            extend(&mut self.functions[open.index].name);
        }
    }

    /// Sets where the innermost function has its name.
    pub(super) fn place_name(&mut self, span: Range<usize>) {
        if let Some(open) = self.open.last() {
            self.functions[open.index].name_span = span;
        }
    }

    /// Adds a parameter to the innermost function.
    pub(super) fn parameter(&mut self) {
        if let Some(open) = self.open.last() {
            self.functions[open.index].parameters += 1;
        }
    }

    /// Drops the function opened last where it starts at byte `start`.
    pub(super) fn forget_last(&mut self, start: usize) {
        if self
            .functions
            .last()
            .is_some_and(|last| last.span.start == start)
        {
            self.functions.pop();
        }
    }

    /// The functions in the order they open; those still open end at `end`.
    pub(super) fn finish(mut self, end: usize, inner: Inner) -> Vec<Function> {
        while !self.open.is_empty() {
            self.close(end, inner);
        }
        self.functions
    }
}

/// Counts sequences of like boolean operators: `a && b && c` is one, `a && b || c` two. Each bracket starts afresh.
#[derive(Default)]
pub(super) struct Sequences {
    last: u8,
    outer: Vec<u8>,
}

impl Sequences {
    /// Whether `operator` (any number but 0) starts a sequence.
    #[inline]
    pub(super) fn starts(&mut self, operator: u8) -> bool {
        let new = self.last != operator;
        self.last = operator;
        new
    }

    /// Whether a sequence may go on.
    #[inline]
    pub(super) fn at_hand(&self) -> bool {
        self.last != 0
    }

    /// The expression is over.
    #[inline]
    pub(super) fn reset(&mut self) {
        self.last = 0;
    }

    /// A bracket opens.
    #[inline]
    pub(super) fn enter(&mut self) {
        self.outer.push(self.last);
        self.last = 0;
    }

    /// A bracket closes.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.last = self.outer.pop().unwrap_or(0);
    }

    /// The statement is over: no bracket is open.
    pub(super) fn clear(&mut self) {
        self.last = 0;
        self.outer.clear();
    }
}
