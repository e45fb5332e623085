//! Links to lines of code on GitHub that will point elsewhere tomorrow.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;
use memchr::memmem::Finder;
use regex::bytes::Regex;
use std::ops::Range;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-vcs-permalinks",
    aliases: &[],
    title: "a link to a line on a branch",
    description: "A link to a line of a file on a branch points at another line as soon as the file changes.",
    fix: "Open the page, press `y`, and take the link from there: it names the commit.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
    options: &[Opt::value(
        &["--additional-github-domain"],
        "a further domain where GitHub runs",
    )],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let more = setup.args.all("--additional-github-domain");
    let domains = std::iter::once("github.com").chain(more.iter().map(String::as_str));
    let links = domains.map(|domain| {
        let pattern = format!(r"(?-u)https://{domain}/[^/ ]+/[^/ ]+/blob/([^/. ]+)/[^# ]+#L[0-9]");
        Regex::new(&pattern).map_err(|error| format!("`{domain}`: {error}"))
    });
    Ok(Box::new(Permalinks {
        links: links.collect::<Result<_, _>>()?,
        blob: Finder::new(b"/blob/").into_owned(),
    }))
}

struct Permalinks {
    links: Vec<Regex>,
    blob: Finder<'static>,
}

/// Whether the part behind `blob/` is the id of a commit.
fn commit(name: &[u8]) -> bool {
    (4..=64).contains(&name.len()) && name.iter().all(u8::is_ascii_hexdigit)
}

impl Permalinks {
    /// The first link of `line` that names no commit.
    fn find(&self, line: &[u8]) -> Option<Range<usize>> {
        self.links.iter().find_map(|link| {
            let mut from = 0;
            while let Some(found) = link.captures_at(line, from) {
                let (whole, name) = (found.get(0)?, found.get(1)?);
                if !commit(name.as_bytes()) {
                    return Some(whole.range());
                }
                from = whole.start() + 1;
            }
            None
        })
    }
}

impl Check for Permalinks {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let bytes = subject.bytes;
        let mut from = 0;
        while let Some(found) = self.blob.find(&bytes[from..]) {
            let at = from + found;
            let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
            if let Some(link) = self.find(&bytes[start..end]) {
                out.line(
                    start + link.start..start + link.end,
                    "a link to a line on a branch",
                );
            }
            from = end;
        }
    }
}
