//! Which comment of a configuration belongs to which hook.

use crate::config::ConfigError;
use crate::precommit::{Comment, Source, comments};
use std::ops::Range;

/// The comments of a configuration, each where it is to stand in the new one.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// Before everything.
    pub(super) top: Vec<String>,
    /// With each hook.
    pub(super) hooks: Vec<Vec<String>>,
    /// Behind everything.
    pub(super) end: Vec<String>,
}

/// Gives each comment of `source` to a hook, whose tables stand at `spans`: to the one it stands in or behind on a line, else
/// to the next. What stands before line `begin`, where the list of hooks starts, is about the file.
///
/// # Errors
/// The file cannot be read.
pub(super) fn remarks(
    source: &Source,
    spans: &[Range<usize>],
    begin: usize,
) -> Result<Remarks, ConfigError> {
    let mut found = Remarks {
        hooks: vec![Vec::new(); spans.len()],
        ..Remarks::default()
    };
    for comment in comments(source)? {
        let text = comment.text.clone();
        if comment.alone && comment.at < begin {
            found.top.push(text);
            continue;
        }
        match owner(&comment, &source.text, spans) {
            Some(at) => found.hooks[at].push(text),
            None => found.end.push(text),
        }
    }
    Ok(found)
}

fn owner(comment: &Comment, text: &str, spans: &[Range<usize>]) -> Option<usize> {
    let holds = |span: &Range<usize>| span.contains(&comment.at);
    let before = text[..comment.at].rfind('\n').map_or(0, |at| at + 1);
    let on_line =
        |span: &Range<usize>| !comment.alone && span.start < comment.at && span.end > before;
    let next = |span: &Range<usize>| span.start > comment.at;
    spans
        .iter()
        .position(holds)
        .or_else(|| spans.iter().position(on_line))
        .or_else(|| spans.iter().position(next))
}
