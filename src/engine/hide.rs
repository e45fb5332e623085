//! No report repeats a secret: what scanners other than that for secrets show of a file is searched too.

use super::base::BlobBase;
use super::scan_source::FileResult;
use super::{LARGE, Plan, read};
use crate::model::{Excerpt, Finding, RepoPath};
use crate::scan::{SourceFile, secrets_in};
use std::collections::HashMap;
use std::ops::Range;

/// Id of the scanner that redacts what it shows itself.
const SECRETS: &str = "secrets";
/// A shorter piece of a secret says nothing of it.
const SHORTEST: usize = 6;

/// Takes the secrets of `source` out of what the findings from position `from` of `result` show.
pub(super) fn hide(source: &SourceFile<'_>, result: &mut FileResult, from: usize) {
    let known = &mut result.secrets;
    hide_in(source, &mut result.findings[from..], known);
}

/// The same for `findings` in `source`; `known` are secrets that were found in it already.
fn hide_in(source: &SourceFile<'_>, findings: &mut [Finding], known: &mut Vec<Vec<u8>>) {
    let mut shown: Vec<&mut Finding> = findings.iter_mut().filter(|one| shows(one)).collect();
    if shown.is_empty() {
        return;
    }
    let mut secrets = secrets_near(source, &shown);
    // A rule of the configuration may know more than the built-in ones.
    secrets.append(known);
    let pieces: Vec<String> = secrets.iter().flat_map(|secret| pieces(secret)).collect();
    for finding in &mut shown {
        finding.excerpt = masked(&finding.excerpt, &pieces);
        for text in [&mut finding.message, &mut finding.help] {
            let whole = Excerpt::part(std::mem::take(text), (0, 0));
            *text = masked(&whole, &pieces).text;
        }
    }
}

fn shows(finding: &Finding) -> bool {
    let Excerpt { text, harmless, .. } = &finding.excerpt;
    finding.scanner != SECRETS && !text.is_empty() && !harmless
}

/// The same for all findings of a run, `findings` in their order, where a report shows the first `most` that block and the
/// first `most` of the others: what it does not show loses its excerpt, and the files of the others are read again.
/// Searching for secrets takes longer than most checks, and a sweep may find something in every file.
pub(super) fn hide_shown(
    plan: &Plan<'_>,
    most: usize,
    findings: &mut [Finding],
    known: &mut HashMap<RepoPath, Vec<Vec<u8>>>,
) {
    let mut left = [most, most];
    for finding in findings.iter_mut() {
        let left = &mut left[usize::from(finding.blocking)];
        if *left == 0 {
            finding.excerpt = Excerpt::default();
        }
        *left = left.saturating_sub(1);
    }
    for of_file in findings.chunk_by_mut(|one, two| one.path == two.path) {
        if !of_file.iter().any(shows) {
            continue;
        }
        let path = of_file[0].path.clone();
        let mut known = known.remove(&path).unwrap_or_default();
        let file = plan.files.binary_search_by(|file| file.path.cmp(&path));
        let hidden = file.map_err(|_| String::new()).and_then(|at| {
            if plan.files[at].size > LARGE {
                // That was done window by window.
                return Ok(());
            }
            read::with_whole(&plan.files[at], plan.blobs, |bytes| {
                let base = BlobBase {
                    blobs: None,
                    ids: &[],
                };
                let source = SourceFile::new(&plan.files[at], bytes, &base);
                hide_in(&source, of_file, &mut known);
            })
        });
        if hidden.is_err() {
            of_file
                .iter_mut()
                .for_each(|one| one.excerpt = Excerpt::default());
        }
    }
}

/// How far from a finding a secret can begin that it shows a piece of: a private key of 4,096 bits has 3.2 kB.
const NEAR: usize = 4096;
/// The same where no line that is shown can be one of several of a secret, for those have no blanks inside: then a secret is
/// in a line of its own, and what tells that it is one stands beside it.
const BESIDE: usize = 512;

/// The secrets around `shown`. What is far from all of them is in no excerpt, and a long lockfile need not be read again.
fn secrets_near(source: &SourceFile<'_>, shown: &[&mut Finding]) -> Vec<Vec<u8>> {
    if shown.len() * 2 * NEAR >= source.bytes().len() {
        return secrets_in(source);
    }
    let near = |finding: &&mut Finding| {
        let (start, end) = (finding.span.start.byte, finding.span.end.byte);
        let mut lines = finding.excerpt.text.lines().map(str::trim);
        let reach = if lines.all(|line| line.contains(char::is_whitespace)) {
            BESIDE
        } else {
            NEAR
        };
        let reach = reach
            + usize::try_from(end.saturating_sub(start))
                .unwrap_or(0)
                .min(NEAR);
        secrets_in(&source.around(start, reach))
    };
    shown.iter().flat_map(near).collect()
}

/// The lines of a secret that are long enough to tell something.
fn pieces(secret: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(secret);
    text.lines()
        .map(str::trim)
        .filter(|line| line.len() >= SHORTEST)
        .map(str::to_owned)
        .collect()
}

/// `excerpt` with `***` in the place of each of `pieces`, also where one is cut off at an end.
fn masked(excerpt: &Excerpt, pieces: &[String]) -> Excerpt {
    let hidden: Vec<Range<usize>> = pieces
        .iter()
        .flat_map(|piece| places(&excerpt.text, piece))
        .collect();
    if hidden.is_empty() {
        return excerpt.clone();
    }
    let (start, length) = excerpt.caret;
    let mut text = String::with_capacity(excerpt.text.len());
    // Where each character of the old text begins in the new one.
    let mut moved = Vec::with_capacity(excerpt.text.len() + 1);
    let (mut count, mut inside) = (0, false);
    for (at, letter) in excerpt.text.char_indices() {
        let is_hidden = hidden.iter().any(|range| range.contains(&at));
        moved.push(count);
        if !is_hidden {
            text.push(letter);
            count += 1;
        } else if !inside {
            text.push_str("***");
            count += 3;
        }
        inside = is_hidden;
    }
    moved.push(count);
    let place = |at: usize| moved[at.min(moved.len() - 1)];
    let from = place(start);
    Excerpt::part(text, (from, place(start + length).saturating_sub(from)))
}

/// Where `piece` stands in `text`: whole, or as far as an end of the text lets it.
fn places(text: &str, piece: &str) -> Vec<Range<usize>> {
    let cuts = || piece.char_indices().map(|(at, _)| at);
    let head = |at: &usize| *at >= SHORTEST && text.ends_with(&piece[..*at]);
    let tail = |at: &usize| piece.len() - *at >= SHORTEST && text.starts_with(&piece[*at..]);
    let whole = text
        .match_indices(piece)
        .map(|(at, _)| at..at + piece.len());
    let last = cuts().filter(head).max();
    let first = cuts().filter(tail).min();
    whole
        .chain(last.map(|at| text.len() - at..text.len()))
        .chain(first.map(|at| 0..piece.len() - at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, masked};

    fn mask(text: &str, caret: (usize, usize), pieces: &[&str]) -> (String, (usize, usize)) {
        let pieces: Vec<String> = pieces.iter().map(|&piece| piece.to_owned()).collect();
        let text = text.to_owned();
        let masked = masked(&Excerpt::part(text, caret), &pieces);
        (masked.text, masked.caret)
    }

    #[test]
    fn secrets_go_and_carets_stay_under_their_text() {
        let (text, caret) = mask("f(abcdefgh, rest)", (12, 4), &["abcdefgh"]);
        assert_eq!((text.as_str(), caret), ("f(***, rest)", (7, 4)));
        assert_eq!(mask("def f(x)", (4, 1), &["abcdefgh"]).0, "def f(x)");
    }

    #[test]
    fn what_is_cut_off_at_an_end_goes_too() {
        assert_eq!(mask("x = abcdefg", (0, 1), &["abcdefghij"]).0, "x = ***");
        assert_eq!(mask("efghij = y", (9, 1), &["abcdefghij"]).0, "*** = y");
    }
}
