//! Which functions over a limit the change is to blame for.

use super::accepted::accepted;
use super::before::{Version, counterparts};
use super::metric::Metric;
use super::report::{self, Subject};
use super::{Complexity, ID};
use crate::lang::{Function, Language};
use crate::model::{CheckError, Novelty, Sink};
use crate::scan::SourceFile;

/// Emits a finding for each function over a limit. Earlier contents are read only where there is one.
pub(super) fn judge(
    scanner: &Complexity,
    file: &SourceFile<'_>,
    language: &Language,
    functions: &[Function],
    out: &mut Sink,
) {
    let text = file.bytes();
    let over: Vec<(usize, Metric, u32)> = Metric::ALL
        .iter()
        .filter_map(|&metric| Some((metric, scanner.limit(metric, language)?)))
        .flat_map(|(metric, limit)| {
            let indices = 0..functions.len();
            indices
                .filter(move |&at| metric.value(&functions[at], text) > limit)
                .map(move |at| (at, metric, limit))
        })
        .filter(|&(at, metric, _)| {
            !(metric.is_complexity() && accepted(language.id, text, &functions[at]))
        })
        .collect();
    if over.is_empty() {
        return;
    }
    let now = Version { text, functions };
    let earlier = Earlier::read(scanner, file, language, &now, out);
    for (at, metric, limit) in over {
        let function = &functions[at];
        let (before, earlier) = earlier.greatest(at, metric).unzip();
        let touched = file.added().touch(file.span(function.span.clone()).lines());
        let worse = before.is_none_or(|before| metric.value(function, text) > before);
        let new = scanner.whole_files || touched && worse;
        out.finding(report::finding(
            file,
            &Subject {
                function,
                metric,
                value: metric.value(function, text),
                limit,
                before,
                earlier,
            },
            if new { Novelty::New } else { Novelty::Existing },
            scanner.blocks && metric.blocks(),
        ));
    }
}

/// The functions of the earlier contents, and which of them each function of now is.
struct Earlier<'a>(Vec<Content<'a>>);

/// One earlier content.
struct Content<'a> {
    text: &'a [u8],
    functions: Vec<Function>,
    /// For each function of now, the index of the same function here.
    found: Vec<Option<usize>>,
}

impl<'a> Earlier<'a> {
    fn read(
        scanner: &Complexity,
        file: &'a SourceFile<'_>,
        language: &Language,
        now: &Version<'_>,
        out: &mut Sink,
    ) -> Self {
        let bases = match file.bases() {
            Ok(bases) => bases,
            Err(reason) => {
                out.error(not_compared(file, reason));
                &[]
            }
        };
        let mut versions = Vec::new();
        for text in bases {
            // Of a content that breaks, the functions before that place are known.
            let functions = language
                .count(text, &scanner.linters().counting)
                .unwrap_or_else(|error| {
                    out.error(not_compared(file, &error.message));
                    error.before
                });
            let base = Version {
                text,
                functions: &functions,
            };
            let found = counterparts(now, &base);
            versions.push(Content {
                text,
                functions,
                found,
            });
        }
        Self(versions)
    }

    /// The value that the function at `index` had, the greatest where there are several earlier contents, with the function
    /// as it was and the text of its file; `None` where it is new.
    fn greatest(&self, index: usize, metric: Metric) -> Option<(u32, (&Function, &[u8]))> {
        let all = self.0.iter().filter_map(|earlier| {
            let function = &earlier.functions[earlier.found[index]?];
            Some((
                metric.value(function, earlier.text),
                (function, earlier.text),
            ))
        });
        all.max_by_key(|(value, _)| *value)
    }
}

fn not_compared(file: &SourceFile<'_>, reason: &str) -> CheckError {
    CheckError {
        path: Some(file.meta().path.clone()),
        scanner: ID,
        message: format!("not compared with its earlier content: {reason}"),
        help: "functions on changed lines are judged as if they were new".to_owned(),
        fatal: false,
    }
}
