//! Syntax of TOML.

use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::lenient;
use super::super::subject::Subject;
use crate::model::Severity;
use toml::de::DeTable;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-toml",
    aliases: &[],
    title: "TOML that cannot be read",
    description: "Syntax of TOML. As part of the safe set it leaves out templates, and files that are wrong on purpose by \
                  their name or folder.",
    fix: "Correct the file at that place.",
    severity: Severity::Medium,
    types: Types::Format(Format::Toml),
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(Toml {
            strict: setup.strict,
        }))
    },
};

struct Toml {
    strict: bool,
}

impl Toml {
    fn fault(&self, bytes: &[u8]) -> Option<(usize, String)> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return Some((error.valid_up_to(), "this byte is not UTF-8".to_owned())),
        };
        if let Some(rest) = text.strip_prefix('\u{feff}') {
            if self.strict {
                return Some((0, "a byte order mark".to_owned()));
            }
            return fault(rest).map(|(at, message)| (at + 3, message));
        }
        fault(text)
    }
}

fn fault(text: &str) -> Option<(usize, String)> {
    let error = DeTable::parse(text).err()?;
    let at = error.span().map_or(0, |span| span.start);
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    Some((at, message))
}

impl Check for Toml {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let Some((at, message)) = self.fault(subject.bytes) else {
            return;
        };
        if self.strict || !lenient::tolerable(subject) {
            let at = at.min(subject.bytes.len());
            out.whole(at..at, format!("not valid TOML: {message}"));
        }
    }
}
