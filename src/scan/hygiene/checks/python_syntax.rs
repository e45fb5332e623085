//! Python that no version of Python 3 reads.

use super::super::check::{Check, CheckSpec};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::python;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-ast",
    aliases: &[],
    title: "Python that cannot be read",
    description: "Finds what no version of Python 3 accepts: strings and brackets that are never closed, wrong indentation, \
                  missing blocks and colons, two expressions without an operator between them, operators with nothing \
                  behind them, unknown characters, bytes that are not UTF-8. It is not a whole parser: code that it \
                  accepts may still be wrong; what it reports is wrong.",
    fix: "Correct the file at that place.",
    severity: Severity::Medium,
    types: Types::Format(Format::Python),
    names: None,
    options: &[],
    build: |_| Ok(Box::new(PythonSyntax)),
};

struct PythonSyntax;

impl Check for PythonSyntax {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if let Some(fault) = python::fault(subject.bytes) {
            let at = fault.at.min(subject.bytes.len());
            out.whole(at..at, format!("not valid Python: {}", fault.message));
        }
    }
}
