//! Indentation with blanks or with tabs.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Edges, Line, LineCheck, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "normalize-indentation",
    aliases: &[],
    title: "lines indented with the wrong kind of white space",
    description: "Indentation that mixes tabs and blanks looks different in every editor.",
    fix: "Indent the line with the one kind, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
    options: &[
        Opt::value(&["--indent"], "`spaces` or `tabs`"),
        Opt::value(&["--tab-size"], "columns from one tab stop to the next"),
        Opt::flag(&["--check"], "only report"),
    ],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let tabs = match setup.args.last("--indent").unwrap_or("spaces") {
        "spaces" => false,
        "tabs" => true,
        other => return Err(format!("`--indent` is spaces or tabs, not `{other}`")),
    };
    let size = setup.args.last("--tab-size").unwrap_or("4");
    let tab_size = size
        .parse::<u8>()
        .ok()
        .filter(|size| *size > 0)
        .ok_or_else(|| format!("`--tab-size` is a number from 1 to 255, not `{size}`"))?;
    Ok(Box::new(Indentation {
        tabs,
        tab_size: usize::from(tab_size),
        only_report: setup.args.has("--check"),
    }))
}

#[derive(Clone, Copy)]
struct Indentation {
    tabs: bool,
    tab_size: usize,
    only_report: bool,
}

impl Indentation {
    /// The length of the indentation, and what it should be where it is not.
    fn right(self, line: &[u8]) -> (usize, Option<Vec<u8>>) {
        let length = line
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let indent = &line[..length];
        // A line of nothing but white space has no indentation: that is for trailing-whitespace.
        if matches!(line.get(length), None | Some(b'\r' | b'\n')) {
            return (length, None);
        }
        if !self.tabs && memchr::memchr(b'\t', indent).is_none() {
            return (length, None);
        }
        let columns = indent.iter().fold(0, |column, &byte| match byte {
            b'\t' => (column / self.tab_size + 1) * self.tab_size,
            _ => column + 1,
        });
        let wanted = if self.tabs {
            let mut wanted = vec![b'\t'; columns / self.tab_size];
            wanted.extend(std::iter::repeat_n(b' ', columns % self.tab_size));
            wanted
        } else {
            vec![b' '; columns]
        };
        (length, (wanted != indent).then_some(wanted))
    }
}

impl LineCheck for Indentation {
    fn line(&mut self, line: &Line<'_>, out: &mut Issues) {
        if !matches!(line.bytes.first(), Some(b' ' | b'\t')) {
            return;
        }
        if let (length, Some(_)) = self.right(line.bytes) {
            let kind = if self.tabs { "tabs" } else { "spaces" };
            out.line(
                line.start..line.start + length,
                format!("not indented with {kind}"),
            );
        }
    }
}

impl Check for Indentation {
    fn takes_parts(&self) -> bool {
        true
    }

    fn edges(&self) -> Edges<'_> {
        Edges {
            first: b" \t",
            last: b"",
        }
    }

    fn lines<'a>(&'a self, _subject: &'a Subject<'_>) -> Option<Box<dyn LineCheck + 'a>> {
        Some(Box::new(*self))
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.only_report {
            return None;
        }
        let mut out = Vec::with_capacity(bytes.len());
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (length, wanted) = self.right(line);
            out.extend_from_slice(wanted.as_deref().unwrap_or(&line[..length]));
            out.extend_from_slice(&line[length..]);
        }
        (out != bytes).then_some(out)
    }
}
