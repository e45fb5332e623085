//! The line of a lockfile that a finding shows.

use crate::lockfile::Package;
use crate::model::Excerpt;
use crate::scan::SourceFile;
use std::ops::Range;

/// Lockfiles without line breaks exist; a longer line is not shown.
const LINE_MOST: usize = 200;

/// The line of the package's place, with the place marked; name and version where the line is too long to read.
pub(super) fn excerpt(file: &SourceFile<'_>, package: &Package) -> Excerpt {
    let instead = format!("{} {}", package.name, package.version);
    let excerpt = line_excerpt(file, package.span.clone(), &instead);
    Excerpt {
        harmless: is_harmless(&excerpt.text, package),
        ..excerpt
    }
}

/// Whether a line has nothing but the name and the version of a package that an advisory names, and a key too short to be a secret:
/// most lockfiles have a line of its own for each.
fn is_harmless(line: &str, package: &Package) -> bool {
    let Package { name, version, .. } = package;
    let is_word = |letter: char| !matches!(letter, '"' | '\'' | ' ' | ':' | '=' | ',' | '(' | ')');
    let is_key = |word: &str| word.len() < 8 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut words = line.split(|letter| !is_word(letter));
    version.len() < 24 && words.all(|word| word == name || word == version || is_key(word))
}

/// The line of `place`, with the place marked; `instead` where there is none or it is too long to read.
pub(super) fn line_excerpt(file: &SourceFile<'_>, place: Range<usize>, instead: &str) -> Excerpt {
    let span = file.span(place.clone());
    let line = file.line(span.start.line);
    // UTF-16 has zero bytes, and nobody could read it here.
    let unreadable = line.len() > LINE_MOST || line.contains(&0);
    if place.is_empty() || line.is_empty() || unreadable {
        return Excerpt::whole(instead);
    }
    let text = String::from_utf8_lossy(line);
    let shown = text.trim_start();
    let indent = text.chars().count() - shown.chars().count();
    let shown = shown.trim_end();
    let length = shown.chars().count();
    let start = (span.start.column as usize - 1)
        .saturating_sub(indent)
        .min(length);
    let marked = if span.end.line == span.start.line {
        (span.end.column - span.start.column) as usize
    } else {
        length - start
    };
    Excerpt::part(shown.to_owned(), (start, marked.min(length - start)))
}
