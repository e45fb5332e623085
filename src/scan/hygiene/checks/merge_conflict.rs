//! Conflict markers that a merge left behind.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Edges, Line, LineCheck, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::run::Run;
use super::super::subject::Subject;
use crate::model::Severity;
use std::sync::Arc;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-merge-conflict",
    aliases: &[],
    title: "conflict markers of a merge",
    description: "A conflict that was committed unresolved breaks the file. Outside of a merge a whole conflict (start, \
                  middle and end marker in order) is reported; during a merge or with the option, every line that \
                  begins like a marker, if the check is listed in `checks`.",
    fix: "Resolve the conflict and remove the markers.",
    severity: Severity::High,
    types: Types::Text,
    names: None,
    options: &[Opt::flag(
        &["--assume-in-merge"],
        "report every line that begins like a marker, merge or not",
    )],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    Ok(Box::new(MergeConflict {
        assume: setup.args.has("--assume-in-merge"),
        strict: setup.strict,
        run: Arc::clone(&setup.run),
    }))
}

struct MergeConflict {
    assume: bool,
    strict: bool,
    run: Arc<Run>,
}

/// Extensions of texts about conflicts, and of patches, which hold whole conflicts without being in one.
const TOLD: &[&str] = &["md", "mdx", "rst", "adoc", "txt", "patch", "diff"];

impl Check for MergeConflict {
    fn takes_parts(&self) -> bool {
        true
    }

    fn edges(&self) -> Edges<'_> {
        Edges {
            first: b"<=>",
            last: b"",
        }
    }

    fn lines<'a>(&'a self, subject: &'a Subject<'_>) -> Option<Box<dyn LineCheck + 'a>> {
        if self.assume || (self.strict && self.run.merging()) {
            return Some(Box::new(Every));
        }
        let told = TOLD.contains(&subject.extension());
        (!told).then(|| {
            Box::new(Whole {
                open: None,
                middle: false,
            }) as Box<dyn LineCheck>
        })
    }
}

const fn message(marker: u8) -> &'static str {
    match marker {
        b'<' => "a conflict marker: `<<<<<<<`",
        b'=' => "a conflict marker: `=======`",
        _ => "a conflict marker: `>>>>>>>`",
    }
}

/// The kind of marker that the line begins with.
#[inline]
fn marker(line: &Line<'_>) -> Option<u8> {
    let &first = line.bytes.first()?;
    if !matches!(first, b'<' | b'=' | b'>') || line.bytes.len() < 7 {
        return None;
    }
    let (head, rest) = line.bytes.split_at(7);
    if head.iter().any(|&byte| byte != first) {
        return None;
    }
    let fits = match rest {
        [b' ', ..] => true,
        [] | [b'\r'] => first == b'=' && line.ended,
        _ => false,
    };
    fits.then_some(first)
}

/// Reports every marker.
struct Every;

impl LineCheck for Every {
    #[inline]
    fn line(&mut self, line: &Line<'_>, out: &mut Issues) {
        if let Some(kind) = marker(line) {
            out.line(line.start..line.start + 7, message(kind));
        }
    }
}

/// Reports whole conflicts.
struct Whole {
    /// Where the start marker is.
    open: Option<usize>,
    /// Whether the middle one has come.
    middle: bool,
}

impl LineCheck for Whole {
    #[inline]
    fn line(&mut self, line: &Line<'_>, out: &mut Issues) {
        let Some(kind) = marker(line) else {
            return;
        };
        match (kind, self.open, self.middle) {
            (b'<', ..) => {
                self.open = Some(line.start);
                self.middle = false;
            }
            (b'=', Some(_), false) => self.middle = true,
            (b'>', Some(start), true) => {
                out.line(
                    start..line.start + 7,
                    "a merge conflict that was not resolved",
                );
                self.open = None;
            }
            _ => {}
        }
    }
}
