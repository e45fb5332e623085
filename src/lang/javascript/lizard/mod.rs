//! JavaScript and TypeScript as lizard reads them: which functions there are, and what counts in them.

mod bindings;
mod book;
mod code;
mod heads;
mod jsx;
mod level;
mod machine;
mod members;
mod name;
mod own;
mod source;
mod template;
mod token;
mod types;

use crate::lang::function::{Function, Unreadable};
use crate::lang::token::point_of;
use book::Entry;
use machine::Machine;
pub(in crate::lang) use own::adopt;
use token::Tokens;

/// What adds a point.
const POINTS: [(&[u8], &str); 10] = [
    (b"if", "if"),
    (b"elseif", "elseif"),
    (b"for", "for"),
    (b"while", "while"),
    (b"catch", "catch"),
    (b"case", "case"),
    (b"&&", "&&"),
    (b"||", "||"),
    (b"??", "??"),
    (b"?", "?"),
];

/// The functions that lizard finds in a file with JSX, or without.
///
/// # Errors
/// None: what stays open is read as it stands.
pub(super) fn functions(text: &[u8], jsx: bool) -> Result<Vec<Function>, Unreadable> {
    let mut machine = Machine::new(text);
    let mut tokens = Tokens::new(text, jsx);
    while let Some(token) = tokens.next() {
        if let Some(point) = point_of(&POINTS, &token.bytes) {
            machine.book.add(1, token.at, point);
        }
        if !machine.read(&token) {
            return Ok(place(text, machine.book.finish()));
        }
    }
    machine.leave(0);
    Ok(place(text, machine.book.finish()))
}

/// The functions of the book, each on the line that lizard gives it.
fn place(text: &[u8], found: Vec<Entry>) -> Vec<Function> {
    let mut lines = Vec::new();
    if !found.is_empty() {
        lines.push(0);
        lines.extend(memchr::memchr_iter(b'\n', text).map(|end| end + 1));
    }
    let mut functions: Vec<Function> = found
        .into_iter()
        .map(|entry| function(text, &lines, entry))
        .collect();
    functions.sort_by_key(|function| function.name_span.start);
    functions
}

fn function(text: &[u8], lines: &[usize], entry: Entry) -> Function {
    let line = lines.partition_point(|&start| start <= entry.at);
    let at = match lines.get(entry.line.saturating_sub(1)) {
        Some(&start) if line != entry.line => start,
        _ => entry.at,
    };
    let at = at.min(text.len());
    let end = if entry.arrow {
        at
    } else {
        own::letter_end(text, at)
    };
    let (count, mut points) = (entry.count, entry.points);
    points.sort_by_key(|point| point.0);
    points.truncate(usize::try_from(count).unwrap_or(0));
    Function {
        name: entry.name,
        name_span: at..end,
        span: at..entry.end.clamp(at, text.len()),
        cyclomatic: u32::try_from(count + 1).unwrap_or(1).max(1),
        cognitive: 0,
        parameters: 0,
        nesting: 0,
        points,
    }
}
