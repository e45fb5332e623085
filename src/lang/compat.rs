//! Cyclomatic complexity as lizard and SonarSource count it, from the points that the language's own rule has found.
//!
//! Sources: the condition sets of lizard 1.24, and
//! <https://docs.sonarsource.com/sonarqube-server/latest/user-guide/code-metrics/metrics-definition/>.

use super::counting::Compat;
use super::function::{Function, Unreadable};
use super::{clike, go, javascript, kotlin, php, python, ruby, rust, scala};

/// Reads the functions of a file.
type Reader = fn(&[u8]) -> Result<Vec<Function>, Unreadable>;

/// What finds the functions that lizard finds, where that is not what the language's own rule does.
static AS_LIZARD: [(&str, Reader); 13] = [
    ("csharp", |text| clike::functions(text, true)),
    ("go", go::as_lizard),
    ("java", |text| clike::functions(text, false)),
    ("javascript", javascript::as_lizard),
    ("jsx", javascript::jsx_as_lizard),
    ("kotlin", kotlin::as_lizard),
    ("php", php::as_lizard),
    ("python", python::as_lizard),
    ("ruby", ruby::as_lizard),
    ("rust", rust::as_lizard),
    ("scala", scala::as_lizard),
    ("tsx", javascript::jsx_as_lizard),
    ("typescript", javascript::as_lizard),
];

/// A reader of `language` that finds what `tool` takes for functions, where that is not what the language's own rule does.
pub(super) fn reader(language: &str, tool: Compat) -> Option<Reader> {
    let mut readers = AS_LIZARD.iter().filter(|_| tool == Compat::Lizard);
    readers
        .find(|(id, _)| *id == language)
        .map(|&(_, read)| read)
}

/// A place that counts: its byte, the function whose own rule counts it, if any does, and what it is.
type Place = (usize, Option<usize>, &'static str);

/// Gives the functions that another tool found in a file what the language's own rule measures of them beside complexity, where it
/// knows them by the same name.
pub(super) fn adopt(language: &str, text: &[u8], found: &mut [Function], own: Vec<Function>) {
    if matches!(language, "javascript" | "jsx" | "typescript" | "tsx") {
        return javascript::adopt(text, found, own);
    }
    let mut own = own.into_iter().peekable();
    for function in found {
        // lizard takes a path back for each `when` of Kotlin, empty ones too.
        function.cyclomatic = function.cyclomatic.max(1);
        while own
            .next_if(|own| own.name_span.start < function.name_span.start)
            .is_some()
        {}
        let same = |own: &Function| own.name_span.start == function.name_span.start;
        if let Some(own) = own.next_if(same) {
            function.span = own.span;
            function.cognitive = own.cognitive;
            function.parameters = own.parameters;
            function.nesting = own.nesting;
        }
    }
}

/// Counts `functions` anew as `tool` does. Inner functions count for themselves only.
pub(super) fn recount(language: &str, text: &[u8], functions: &mut [Function], tool: Compat) {
    let places = places(language, text, functions, tool);
    let mut owners = Owners::new(functions);
    let mut points: Vec<Vec<(usize, &'static str)>> = vec![Vec::new(); functions.len()];
    let nests = matches!(language, "python" | "kotlin");
    for (at, counted_by, what) in places {
        let owner = match counted_by {
            // Inner functions have been counted for the outer ones too.
            Some(index) if nests => owners.at(at).filter(|&owner| owner == index),
            Some(index) => Some(index),
            None => owners.at(at),
        };
        if let Some(owner) = owner {
            points[owner].push((at, what));
        }
    }
    set_points(functions, points);
}

fn set_points(functions: &mut [Function], points: Vec<Vec<(usize, &'static str)>>) {
    for (function, points) in functions.iter_mut().zip(points) {
        function.cyclomatic = u32::try_from(points.len()).map_or(u32::MAX, |more| more + 1);
        function.points = points;
    }
}

/// What `tool` counts, in order: taken out of `functions`, and read anew.
fn places(language: &str, text: &[u8], functions: &mut [Function], tool: Compat) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (index, function) in functions.iter_mut().enumerate() {
        let own = function.points.drain(..);
        let own = own.filter(|&(_, what)| keeps(tool, language, what));
        places.extend(own.map(|(at, what)| (at, Some(index), what)));
    }
    let more = more(language, text, tool).into_iter();
    places.extend(more.map(|(at, what)| (at, None, what)));
    places.sort_by_key(|&(at, ..)| at);
    places
}

/// Tells the innermost function of places that are asked for in ascending order.
struct Owners {
    spans: Vec<(usize, usize)>,
    next: usize,
    open: Vec<usize>,
}

impl Owners {
    fn new(functions: &[Function]) -> Self {
        Self {
            spans: functions
                .iter()
                .map(|function| (function.span.start, function.span.end))
                .collect(),
            next: 0,
            open: Vec::new(),
        }
    }

    fn at(&mut self, at: usize) -> Option<usize> {
        while self.spans.get(self.next).is_some_and(|span| span.0 <= at) {
            self.close(self.spans[self.next].0);
            self.open.push(self.next);
            self.next += 1;
        }
        self.close(at);
        self.open.last().copied()
    }

    fn close(&mut self, at: usize) {
        while self
            .open
            .last()
            .is_some_and(|&index| self.spans[index].1 <= at)
        {
            self.open.pop();
        }
    }
}

/// Whether `tool` counts what the language's own rule calls `what`.
fn keeps(tool: Compat, language: &str, what: &str) -> bool {
    match tool {
        Compat::Lizard => true,
        Compat::Sonar => sonar_keeps(language, what),
    }
}

/// Conditions, loops, cases, `&&`, `||` and conditional expressions.
fn sonar_keeps(language: &str, what: &str) -> bool {
    match what {
        "if" | "elif" | "elsif" | "elseif" | "guard" | "for" | "foreach" | "while" | "until"
        | "loop" | "do" | "case" | "when" | "in" | "first arm" | "match arm" | "switch arm"
        | "first entry" | "when entry" | "&&" | "||" | "and" | "or" | "? :" | "let else" => {
            language != "python" || what == "case"
        }
        // Kotlin's elvis operator is none of them; JavaScript's conditional expression is.
        "?:" => language != "kotlin",
        "?" => true,
        "??" => language == "csharp",
        _ => false,
    }
}

/// What `tool` counts and the language's own rule does not.
fn more(language: &str, text: &[u8], tool: Compat) -> Vec<(usize, &'static str)> {
    match (tool, language) {
        (Compat::Sonar, "python") => python::words(text),
        _ => Vec::new(),
    }
}
