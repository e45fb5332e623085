//! Debuggers that were left in Python code.

use super::super::check::{Check, CheckSpec};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::python::{self, Kind, Token, Tokens};
use super::super::subject::Subject;
use crate::model::Severity;
use std::ops::Range;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "debug-statements",
    aliases: &["debug-statement-hook"],
    title: "a debugger in Python code",
    description: "An import of a debugger (pdb, ipdb, pudb, …) or a call of `breakpoint()` stops the program for everybody.",
    fix: "Remove it.",
    severity: Severity::Medium,
    types: Types::Format(Format::Python),
    names: None,
    options: &[],
    build: |_| Ok(Box::new(DebugStatements)),
};

/// Modules that are debuggers.
const DEBUGGERS: &[&[u8]] = &[
    b"bpdb",
    b"ipdb",
    b"pdb",
    b"pdbr",
    b"pudb",
    b"pydevd_pycharm",
    b"q",
    b"rdb",
    b"rpdb",
    b"wdb",
];

struct DebugStatements;

/// How deep f-strings within f-strings are looked into.
const DEPTH: u32 = 8;

impl Check for DebugStatements {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if let Some(fault) = python::fault(subject.bytes) {
            let at = fault.at.min(subject.bytes.len());
            return out.whole(at..at, format!("not valid Python: {}", fault.message));
        }
        let text = python::text(subject.bytes);
        if let Ok(tokens) = python::lex(&text) {
            search(&text, &tokens, 0, DEPTH, out);
        }
    }
}

/// Looks at `tokens` of `text`, whose first byte is at `origin` of the file.
fn search(text: &[u8], tokens: &Tokens, origin: usize, depth: u32, out: &mut Issues) {
    let lines = tokens
        .list
        .split(|token| token.kind == Kind::Newline || token.is(b';'));
    let mut tell = |at: Range<usize>, message: &str| {
        out.line(origin + at.start..origin + at.end, message);
    };
    for line in lines {
        let start = line
            .iter()
            .position(|token| !matches!(token.kind, Kind::Indent | Kind::Dedent));
        let line = &line[start.unwrap_or(line.len())..];
        imports(text, line, &mut tell);
        // A statement behind the colon of another one: `if x: import pdb`.
        for (at, _) in line.iter().enumerate().filter(|(_, token)| token.is(b':')) {
            imports(text, &line[at + 1..], &mut tell);
        }
        calls(text, line, &mut tell);
    }
    for field in tokens.fields.iter().filter(|_| depth > 0) {
        if let Ok(inner) = python::lex(text[field.clone()].trim_ascii_start()) {
            let inside = text[field.clone()].trim_ascii_start();
            search(
                inside,
                &inner,
                origin + field.end - inside.len(),
                depth - 1,
                out,
            );
        }
    }
}

fn debugger(text: &[u8], token: &Token) -> bool {
    token.kind == Kind::Name && DEBUGGERS.contains(&&text[token.start..token.end])
}

fn imports(text: &[u8], line: &[Token], tell: &mut impl FnMut(Range<usize>, &str)) {
    let Some((first, rest)) = line.split_first() else {
        return;
    };
    if first.is_name(text, b"import") {
        for module in rest.split(|token| token.is(b',')) {
            let plain = module.get(1).is_none_or(|next| !next.is(b'.'));
            if let Some(name) = module.first().filter(|name| plain && debugger(text, name)) {
                tell(name.start..name.end, "a debugger is imported");
            }
        }
    } else if first.is_name(text, b"from") {
        let mut names = rest.iter().skip_while(|token| token.is(b'.'));
        if let (Some(name), Some(next)) = (names.next(), names.next())
            && debugger(text, name)
            && next.is_name(text, b"import")
        {
            tell(name.start..name.end, "a debugger is imported");
        }
    }
}

fn calls(text: &[u8], line: &[Token], tell: &mut impl FnMut(Range<usize>, &str)) {
    let pattern = line
        .first()
        .is_some_and(|token| token.is_name(text, b"case"));
    for (at, pair) in line.windows(2).enumerate() {
        let [name, next] = pair else { continue };
        if !name.is_name(text, b"breakpoint") || !next.is(b'(') || pattern {
            continue;
        }
        let defined = at.checked_sub(1).is_some_and(|before| {
            let before = &line[before];
            before.is(b'.') || before.is_name(text, b"def") || before.is_name(text, b"class")
        });
        if !defined {
            tell(name.start..name.end, "`breakpoint()` is called");
        }
    }
}
