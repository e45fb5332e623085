//! The byte order mark that some editors put at the start of UTF-8.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;

const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) static FIX: CheckSpec = CheckSpec {
    id: "fix-byte-order-marker",
    aliases: &[],
    title: "a byte order mark at the start of UTF-8",
    description: "UTF-8 needs no byte order mark; shells, compilers and parsers stumble over it.",
    fix: "Save the file as UTF-8 without a mark, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
    options: &[Opt::flag(&["--check"], "only report")],
    build: |setup: &Setup| {
        Ok(Box::new(ByteOrder {
            only_report: setup.args.has("--check"),
        }))
    },
};

pub(super) static CHECK: CheckSpec = CheckSpec {
    id: "check-byte-order-marker",
    build: |_| Ok(Box::new(ByteOrder { only_report: true })),
    options: &[],
    aliases: &[],
    title: "a byte order mark at the start of UTF-8, reported only",
    description: "The old form of fix-byte-order-marker: it reports and changes nothing.",
    fix: "Save the file as UTF-8 without a mark.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
};

struct ByteOrder {
    only_report: bool,
}

impl Check for ByteOrder {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if subject.bytes.starts_with(MARK) {
            out.line(0..MARK.len(), "a byte order mark at the start of the file");
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.only_report {
            return None;
        }
        bytes.strip_prefix(MARK).map(<[u8]>::to_vec)
    }
}
