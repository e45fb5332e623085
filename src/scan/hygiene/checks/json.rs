//! Syntax of JSON and its dialects.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::json::{Dialect, Fault, from_bytes, read, read_many};
use super::super::kind::{Format, Types};
use super::super::lenient;
use super::super::subject::Subject;
use crate::model::Severity;

const FIX: &str = "Correct the file at that place.";

pub(super) static JSON: CheckSpec = CheckSpec {
    id: "check-json",
    aliases: &[],
    title: "JSON that cannot be read",
    description: "Syntax as Python reads it, and no key twice in one object. As part of the safe set it also accepts \
                  comments, trailing commas and the rest of JSON5, repeated keys, several documents in a file, empty \
                  files, templates, and files that are wrong on purpose by their name or folder.",
    fix: FIX,
    severity: Severity::Medium,
    types: Types::Format(Format::Json),
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(Json {
            dialect: Dialect::PYTHON,
            strict: setup.strict,
        }))
    },
};

pub(super) static JSONC: CheckSpec = CheckSpec {
    id: "check-jsonc",
    aliases: &[],
    title: "JSON with comments that cannot be read",
    description: "Syntax of JSON with `//` and `/* */` comments.",
    fix: FIX,
    severity: Severity::Medium,
    types: Types::Format(Format::Jsonc),
    names: None,
    options: &[Opt::flag(
        &["--allow-trailing-commas"],
        "a comma before a closing bracket is fine",
    )],
    build: |setup: &Setup| {
        let dialect = Dialect {
            comments: true,
            empty: true,
            trailing_commas: setup.args.has("--allow-trailing-commas"),
            ..Dialect::default()
        };
        Ok(Box::new(Json {
            dialect,
            strict: true,
        }))
    },
};

pub(super) static JSON5: CheckSpec = CheckSpec {
    id: "check-json5",
    aliases: &[],
    title: "JSON5 that cannot be read",
    description: "Syntax of JSON5.",
    fix: FIX,
    severity: Severity::Medium,
    types: Types::Format(Format::Json5),
    names: None,
    options: &[],
    build: |_| {
        let dialect = Dialect {
            repeated_keys: false,
            ..Dialect::JSON5
        };
        Ok(Box::new(Json {
            dialect,
            strict: true,
        }))
    },
};

struct Json {
    dialect: Dialect,
    strict: bool,
}

impl Json {
    fn fault(&self, bytes: &[u8]) -> Option<Fault> {
        if !self.dialect.mark && bytes.starts_with(b"\xef\xbb\xbf") {
            return Some(Fault::new(0, "a byte order mark"));
        }
        let text = match from_bytes(bytes) {
            Ok(text) => text,
            Err(fault) => return Some(fault),
        };
        let fault = read(&text, self.dialect, &mut |_| {}).err()?;
        // In another encoding, or behind a byte order mark, the places are others.
        let shift = if text.len() == bytes.len() {
            0
        } else {
            bytes.len().saturating_sub(text.len()).min(3)
        };
        Some(Fault::new(fault.at + shift, fault.message))
    }

    /// Whether the file may be meant as it is.
    fn tolerable(subject: &Subject<'_>) -> bool {
        let other_dialect =
            from_bytes(subject.bytes).is_ok_and(|text| read_many(&text, Dialect::JSON5).is_ok());
        other_dialect || lenient::tolerable(subject)
    }
}

impl Check for Json {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let Some(fault) = self.fault(subject.bytes) else {
            return;
        };
        if self.strict || !Self::tolerable(subject) {
            let at = fault.at.min(subject.bytes.len());
            out.whole(at..at, format!("not valid JSON: {}", fault.message));
        }
    }
}
