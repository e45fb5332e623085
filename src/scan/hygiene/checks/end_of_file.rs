//! Files end with exactly one line end, or are empty.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "end-of-file-fixer",
    aliases: &["end-of-file"],
    title: "no line end, or several, at the end of a file",
    description: "A text file ends with one line end: tools that join or append files count on it.",
    fix: "End the file with one line end, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
    options: &[Opt::flag(&["--check"], "only report")],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    Ok(Box::new(EndOfFile {
        only_report: setup.args.has("--check"),
    }))
}

struct EndOfFile {
    only_report: bool,
}

/// How the end of `bytes` should be: how much of it stays, and whether a line end is to be added. `None` where all is well.
fn right_end(bytes: &[u8]) -> Option<(usize, bool)> {
    let &last = bytes.last()?;
    if !matches!(last, b'\n' | b'\r') {
        return Some((bytes.len(), true));
    }
    let Some(text) = bytes
        .iter()
        .rposition(|byte| !matches!(byte, b'\n' | b'\r'))
    else {
        return Some((0, false));
    };
    let ends = &bytes[text + 1..];
    // The first kind of line end that fits is the one that stays.
    let kept = match ends {
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    };
    (ends.len() > kept).then_some((text + 1 + kept, false))
}

impl Check for EndOfFile {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let bytes = subject.bytes;
        match right_end(bytes) {
            Some((_, true)) => out.line(
                bytes.len() - 1..bytes.len(),
                "no line end at the end of the file",
            ),
            Some((0, false)) => out.line(0..bytes.len(), "the file holds nothing but line ends"),
            Some((kept, false)) => out.line(
                kept..bytes.len(),
                "several line ends at the end of the file",
            ),
            None => {}
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.only_report {
            return None;
        }
        let (kept, add) = right_end(bytes)?;
        let mut out = bytes[..kept].to_vec();
        if add {
            out.push(b'\n');
        }
        Some(out)
    }
}
