//! Which functions over a limit the change is to blame for.

use super::accepted::accepted;
use super::before::{Version, counterparts};
use super::report::{self, Subject};
use super::{Complexity, ID};
use crate::lang::{Function, Language};
use crate::model::{CheckError, Novelty, Sink};
use crate::scan::SourceFile;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Metric {
    Cyclomatic,
    Cognitive,
}

impl Metric {
    pub(super) const fn value(self, function: &Function) -> u32 {
        match self {
            Self::Cyclomatic => function.cyclomatic,
            Self::Cognitive => function.cognitive,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Cyclomatic => "cyclomatic",
            Self::Cognitive => "cognitive",
        }
    }

    pub(super) const fn rule(self) -> &'static str {
        match self {
            Self::Cyclomatic => "cyclomatic-complexity",
            Self::Cognitive => "cognitive-complexity",
        }
    }
}

/// Emits a finding for each function over a limit. Earlier contents are read only where there is one.
pub(super) fn judge(
    scanner: &Complexity,
    file: &SourceFile<'_>,
    language: &Language,
    functions: &[Function],
    out: &mut Sink,
) {
    let limits = [
        (Metric::Cyclomatic, Some(scanner.limits.of(language.id))),
        (Metric::Cognitive, scanner.keys.cognitive),
    ];
    let over: Vec<(usize, Metric, u32)> = limits
        .iter()
        .filter_map(|&(metric, limit)| Some((metric, limit?)))
        .flat_map(|(metric, limit)| {
            let indices = 0..functions.len();
            indices
                .filter(move |&at| metric.value(&functions[at]) > limit)
                .map(move |at| (at, metric, limit))
        })
        .filter(|&(at, _, _)| !accepted(language.id, file.bytes(), &functions[at]))
        .collect();
    if over.is_empty() {
        return;
    }
    let now = Version {
        text: file.bytes(),
        functions,
    };
    let earlier = Earlier::read(file, language, &now, out);
    for (at, metric, limit) in over {
        let function = &functions[at];
        let before = earlier.greatest(at, metric);
        let touched = file.added().touch(file.span(function.span.clone()).lines());
        let worse = before.is_none_or(|before| metric.value(function) > before);
        let new = scanner.whole_files || touched && worse;
        out.finding(report::finding(
            file,
            &Subject {
                function,
                metric,
                limit,
                before,
            },
            if new { Novelty::New } else { Novelty::Existing },
            scanner.blocks && metric == Metric::Cyclomatic,
        ));
    }
}

/// The functions of the earlier contents, and which of them each function of now is.
struct Earlier(Vec<(Vec<Function>, Vec<Option<usize>>)>);

impl Earlier {
    fn read(file: &SourceFile<'_>, language: &Language, now: &Version<'_>, out: &mut Sink) -> Self {
        let bases = match file.bases() {
            Ok(bases) => bases,
            Err(reason) => {
                out.error(not_compared(file, reason));
                &[]
            }
        };
        let mut versions = Vec::new();
        for text in bases {
            match (language.functions)(text) {
                Ok(functions) => {
                    let base = Version {
                        text,
                        functions: &functions,
                    };
                    let found = counterparts(now, &base);
                    versions.push((functions, found));
                }
                Err(error) => out.error(not_compared(file, &error.message)),
            }
        }
        Self(versions)
    }

    /// The value that the function at `index` had, the greatest where there are several earlier contents;
    /// `None` where it is new.
    fn greatest(&self, index: usize, metric: Metric) -> Option<u32> {
        self.0
            .iter()
            .filter_map(|(functions, found)| Some(metric.value(&functions[found[index]?])))
            .max()
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
