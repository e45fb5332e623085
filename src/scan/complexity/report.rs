//! How a function over a limit is told.

use super::ID;
use super::growth::{growth, told};
use super::metric::Metric;
use crate::lang::Function;
use crate::model::{Excerpt, Finding, LineRange, Novelty, Severity};
use crate::scan::SourceFile;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// A function over a limit.
pub(super) struct Subject<'a> {
    pub(super) function: &'a Function,
    pub(super) metric: Metric,
    pub(super) value: u32,
    pub(super) limit: u32,
    /// The value it had; `None` where it is new.
    pub(super) before: Option<u32>,
    /// The function as it had that value, with the text of its file.
    pub(super) earlier: Option<(&'a Function, &'a [u8])>,
}

impl Subject<'_> {
    /// The value before, where the function has become worse.
    fn grown_from(&self) -> Option<u32> {
        self.before.filter(|&before| before < self.value)
    }
}

/// The finding that tells of `subject`.
pub(super) fn finding(
    file: &SourceFile<'_>,
    subject: &Subject<'_>,
    novelty: Novelty,
    blocking: bool,
) -> Finding {
    let function = subject.function;
    Finding {
        scanner: ID,
        rule: Cow::Borrowed(subject.metric.rule()),
        severity: Severity::Medium,
        blocking,
        novelty,
        path: file.meta().path.clone(),
        span: file.span(function.name_span.clone()),
        message: message(file, subject),
        help: help(file, subject),
        excerpt: excerpt(file, function),
        identity: function.name.clone().into_bytes(),
        data: data(subject),
    }
}

fn data(subject: &Subject<'_>) -> Map<String, Value> {
    let mut data = Map::new();
    data.insert("function".to_owned(), json!(subject.function.name));
    data.insert("metric".to_owned(), json!(subject.metric.name()));
    data.insert("value".to_owned(), json!(subject.value));
    data.insert("limit".to_owned(), json!(subject.limit));
    data.insert("before".to_owned(), json!(subject.before));
    data
}

/// The name as one says it: `parse()`; names that stand for no name stay as they are.
fn title(name: &str) -> String {
    if name.ends_with(|last: char| last.is_alphanumeric() || last == '_') && !name.contains(' ') {
        format!("{name}()")
    } else {
        name.to_owned()
    }
}

fn message(file: &SourceFile<'_>, subject: &Subject<'_>) -> String {
    let (name, value, limit) = (title(&subject.function.name), subject.value, subject.limit);
    let metric = subject.metric;
    match subject.grown_from() {
        Some(before) if metric == Metric::Cyclomatic => {
            format!(
                "{name} {before} → {value} (limit {limit}){}",
                growth(file, subject.function, subject.earlier)
            )
        }
        Some(before) => format!(
            "{name} has {} (limit {limit}), before {before}",
            metric.told(value)
        ),
        None => format!("{name} has {} (limit {limit})", metric.told(value)),
    }
}

/// As many lines as a reader takes in at once: the part of a function to extract is looked for in windows of them.
const WINDOW: u32 = 12;

/// The lines of the window that holds the most points.
fn densest(lines: &[u32]) -> Option<LineRange> {
    let mut first = 0;
    let mut best: Option<(usize, LineRange)> = None;
    for (last, &line) in lines.iter().enumerate() {
        while lines[first] + WINDOW <= line {
            first += 1;
        }
        let count = last - first + 1;
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((
                count,
                LineRange {
                    first: lines[first],
                    last: line,
                },
            ));
        }
    }
    best.map(|(_, range)| range)
}

fn help(file: &SourceFile<'_>, subject: &Subject<'_>) -> String {
    let what = match subject.metric {
        Metric::Parameters => "group parameters that go together in a type of their own".to_owned(),
        _ => format!(
            "move {} into a function of its own, or return early",
            place_to_move(file, subject)
        ),
    };
    format!(
        "{what}; to accept it, write `hookd:allow {} REASON` on the line above the function",
        subject.metric.rule()
    )
}

/// The lines of the function that are best moved out of it.
fn place_to_move(file: &SourceFile<'_>, subject: &Subject<'_>) -> String {
    let mut lines: Vec<u32> = subject
        .function
        .points
        .iter()
        .map(|&(at, _)| file.position(at).line)
        .collect();
    lines.sort_unstable();
    densest(&lines).map_or_else(|| "a part of it".to_owned(), told)
}

/// Characters of a line that are shown.
const WIDTH: usize = 160;

/// The line of the name, carets under the name; a long line is cut around it.
fn excerpt(file: &SourceFile<'_>, function: &Function) -> Excerpt {
    let start = file.position(function.name_span.start);
    let line = file.line(start.line);
    let line = &line[..line.len().min(WIDTH * 40)];
    let text = String::from_utf8_lossy(line);
    let column = start.column.saturating_sub(1) as usize;
    let cut = if column > WIDTH / 2 {
        column - WIDTH / 4
    } else {
        0
    };
    let text: String = text.chars().skip(cut).take(WIDTH).collect();
    let shown = text.chars().count();
    let at = (column - cut).min(shown);
    let name = String::from_utf8_lossy(&file.bytes()[function.name_span.clone()]);
    let width = name
        .chars()
        .take_while(|&letter| letter != '\n')
        .count()
        .clamp(1, (shown - at).max(1));
    Excerpt::part(text, (at, width))
}

#[cfg(test)]
mod tests {
    use super::{densest, title};
    use crate::model::LineRange;

    #[test]
    fn names_the_densest_lines() {
        assert_eq!(
            densest(&[1, 30, 31, 35, 60]),
            Some(LineRange {
                first: 30,
                last: 35
            })
        );
        assert_eq!(densest(&[]), None);
    }

    #[test]
    fn only_names_are_called() {
        assert_eq!(title("A.parse"), "A.parse()");
        assert_eq!(title("A.<arrow function>"), "A.<arrow function>");
    }
}
