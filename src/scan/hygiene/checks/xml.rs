//! Well-formedness of XML.

mod encoding;
mod wellformed;

use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::lenient;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-xml",
    aliases: &[],
    title: "XML that is not well-formed",
    description: "Tags, attributes, references and characters as XML 1.0 wants them. Entities are never expanded and nothing \
                  outside of the file is read. As part of the safe set it leaves out templates, and files that are wrong \
                  on purpose by their name or folder.",
    fix: "Correct the file at that place.",
    severity: Severity::Medium,
    types: Types::Format(Format::Xml),
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(Xml {
            strict: setup.strict,
        }))
    },
};

struct Xml {
    strict: bool,
}

impl Check for Xml {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let fault = match encoding::text(subject.bytes) {
            Ok(text) => wellformed::fault(&text),
            Err(fault) => Some(fault),
        };
        let Some(fault) = fault else {
            return;
        };
        if self.strict || !lenient::tolerable(subject) {
            let at = fault.at.min(subject.bytes.len());
            out.whole(at..at, format!("not well-formed: {}", fault.message));
        }
    }
}
