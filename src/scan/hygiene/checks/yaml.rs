//! Syntax of YAML.

mod compose;
mod key;
mod layout;

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::lenient;
use super::super::subject::Subject;
use crate::model::Severity;
use compose::{Rules, fault};

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-yaml",
    aliases: &[],
    title: "YAML that cannot be read",
    description: "Syntax of YAML; and, listed in `checks`, whatever a safe loader refuses: keys that are there twice, tags \
                  it does not know, aliases of nothing, a second document. As part of the safe set only the syntax \
                  counts, several documents are fine, and templates and files that are wrong on purpose by their name or \
                  folder are left out. Aliases are never expanded.",
    fix: "Correct the file at that place.",
    severity: Severity::Medium,
    types: Types::Format(Format::Yaml),
    names: None,
    options: &[
        Opt::flag(
            &["--multi", "-m", "--allow-multiple-documents"],
            "several documents in a file are fine",
        ),
        Opt::flag(&["--unsafe"], "look at the syntax only"),
        Opt::flag(
            &["--disallow-unknown-tags"],
            "does nothing: such tags are refused anyway",
        ),
    ],
    build: |setup: &Setup| {
        let syntax_only = setup.args.has("--unsafe") || !setup.strict;
        Ok(Box::new(Yaml {
            rules: Rules {
                many: syntax_only || setup.args.has("--multi"),
                load: !syntax_only,
                tabs: setup.strict,
            },
            strict: setup.strict,
        }))
    },
};

struct Yaml {
    rules: Rules,
    strict: bool,
}

impl Check for Yaml {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let Some(fault) = fault(subject.bytes, self.rules) else {
            return;
        };
        if self.strict || !lenient::tolerable(subject) {
            let at = fault.at.min(subject.bytes.len());
            out.whole(at..at, format!("not valid YAML: {}", fault.message));
        }
    }
}
