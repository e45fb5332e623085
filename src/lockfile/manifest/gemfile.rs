//! `Gemfile` (<https://bundler.io/man/gemfile.5.html>): its lines `gem "name", "range"`, without running the program that it is.

use super::{Asked, Dialect, Group};
use crate::lockfile::input::Input;

pub(super) fn asked(input: &Input<'_>) -> Option<Vec<Asked>> {
    let text = input.text;
    let mut out = Vec::new();
    for line in text.lines() {
        let Some(mut strings) = gem(line.trim_start()) else {
            continue;
        };
        let key = strings.remove(0);
        out.push(Asked {
            name: key.to_owned(),
            range: strings.join(", "),
            at: line.as_ptr() as usize - text.as_ptr() as usize,
            group: Group::Main,
            writable: false,
            key: key.to_owned(),
            dialect: Dialect::Ruby,
        });
    }
    Some(out)
}

/// The name and the ranges of a line that names a gem.
fn gem(line: &str) -> Option<Vec<&str>> {
    let rest = line.strip_prefix("gem")?;
    let mut rest = rest.trim_start_matches([' ', '\t', '(']);
    let mut out = Vec::new();
    while let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = 1 + rest[1..].find(quote)?;
        out.push(&rest[1..end]);
        rest = rest[end + 1..].trim_start();
        let Some(next) = rest.strip_prefix(',') else {
            break;
        };
        rest = next.trim_start();
    }
    (!out.is_empty()).then_some(out)
}
