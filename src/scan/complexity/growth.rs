//! Which lines made a function worse: the points of added lines, less those that stood on the lines whose place they took.

use crate::lang::Function;
use crate::model::{AddedLines, LineRange};
use crate::scan::SourceFile;
use std::collections::HashMap;
use std::fmt::Write;

/// How many places are named before the rest is summed up.
const PLACES: usize = 4;

/// How many pairs of lines are compared; a function of which more was rewritten is no better for a list of lines.
const COMPARED: usize = 100_000;

/// A line with points.
struct Line<'a> {
    number: u32,
    /// Without blanks at its ends.
    text: &'a [u8],
    points: u32,
}

/// `: +3 on lines 41–44, +2 on line 52`: where added lines carry points that `before`, the function as it was with the text
/// of its file, did not have. Empty where none does.
pub(super) fn growth(
    file: &SourceFile<'_>,
    function: &Function,
    before: Option<(&Function, &[u8])>,
) -> String {
    let AddedLines::Ranges(ranges) = file.added() else {
        return String::new();
    };
    let range_of = |line: u32| {
        let next = ranges.partition_point(|range| range.last < line);
        ranges.get(next).filter(|range| range.first <= line)
    };
    let (mut added, kept): (Vec<Line<'_>>, Vec<Line<'_>>) =
        lines(function, file.bytes(), |at| file.position(at).line)
            .into_iter()
            .partition(|line| range_of(line.number).is_some());
    if let Some((before, text)) = before {
        let before = lines(before, text, |at| u32::try_from(at).unwrap_or(u32::MAX));
        let gone = gone(before, &kept);
        if gone.len() * added.len() > COMPARED {
            return String::new();
        }
        gone.iter().for_each(|line| replace(&mut added, line));
    }
    let mut places: Vec<(LineRange, LineRange, u32)> = Vec::new();
    for line in added.iter().filter(|line| line.points > 0) {
        let Some(&range) = range_of(line.number) else {
            continue;
        };
        match places.last_mut() {
            Some((last, lines, count)) if *last == range => {
                lines.last = line.number;
                *count += line.points;
            }
            _ => {
                let (first, last) = (line.number, line.number);
                places.push((range, LineRange { first, last }, line.points));
            }
        }
    }
    let places: Vec<(LineRange, u32)> = places.into_iter().map(|(_, at, n)| (at, n)).collect();
    written(&places)
}

/// The lines with points of a function in `text`, in their order; `number` tells the line of a byte.
fn lines<'a>(function: &Function, text: &'a [u8], number: impl Fn(usize) -> u32) -> Vec<Line<'a>> {
    let mut at: Vec<usize> = function.points.iter().map(|&(at, _)| at).collect();
    at.sort_unstable();
    let mut lines: Vec<(usize, Line<'a>)> = Vec::new();
    for at in at {
        let at = at.min(text.len());
        let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
        match lines.last_mut() {
            Some((same, line)) if *same == start => line.points += 1,
            _ => {
                let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end);
                let line = Line {
                    number: number(at),
                    text: text[start..end].trim_ascii(),
                    points: 1,
                };
                lines.push((start, line));
            }
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The lines of `before` that are not among `kept`, each of which speaks for one.
fn gone<'a>(before: Vec<Line<'a>>, kept: &[Line<'_>]) -> Vec<Line<'a>> {
    let mut left: HashMap<&[u8], u32> = HashMap::new();
    for line in kept {
        *left.entry(line.text).or_default() += 1;
    }
    let mut gone = before;
    gone.retain(|line| match left.get_mut(line.text) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    gone
}

/// Takes the points of a line that is gone from the added line that is most like it, and what is left from the others.
fn replace(added: &mut [Line<'_>], gone: &Line<'_>) {
    let mut points = gone.points;
    while points > 0 {
        let with_points = added.iter_mut().filter(|line| line.points > 0);
        let Some(like) = with_points.max_by_key(|line| alike(line.text, gone.text)) else {
            return;
        };
        let taken = like.points.min(points);
        like.points -= taken;
        points -= taken;
    }
}

/// How many bytes two lines have in common at their ends.
fn alike(one: &[u8], other: &[u8]) -> usize {
    let ahead = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let pairs = one.iter().rev().zip(other.iter().rev());
    ahead + pairs.take_while(|(a, b)| a == b).count()
}

fn written(places: &[(LineRange, u32)]) -> String {
    let mut text = String::new();
    for (lines, count) in places.iter().take(PLACES) {
        let lead = if text.is_empty() { ": " } else { ", " };
        let _ = write!(text, "{lead}+{count} on {}", told(*lines));
    }
    let rest: u32 = places.iter().skip(PLACES).map(|(_, count)| count).sum();
    if rest > 0 {
        let _ = write!(text, ", +{rest} elsewhere");
    }
    text
}

/// `line 3`, or `lines 3–5`.
pub(super) fn told(lines: LineRange) -> String {
    if lines.first == lines.last {
        format!("line {}", lines.first)
    } else {
        format!("lines {}–{}", lines.first, lines.last)
    }
}
