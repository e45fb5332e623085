//! Empty and zero values of Python written as calls.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::python::{self, Kind, Token, Tokens};
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-builtin-literals",
    aliases: &[],
    title: "a call where a literal would do",
    description: "`dict()`, `list()`, `str()` and their like are slower and longer than `{}`, `[]`, `''`. Calls within the \
                  arguments of other calls are not looked at, as in the original.",
    fix: "Write the literal.",
    severity: Severity::Low,
    types: Types::Format(Format::Python),
    names: None,
    options: &[
        Opt::value(&["--ignore"], "types to leave out, divided by commas"),
        Opt::flag(
            &["--allow-dict-kwargs"],
            "`dict(a=1)` is fine (the default)",
        ),
        Opt::flag(&["--no-allow-dict-kwargs"], "`dict(a=1)` is not fine"),
    ],
    build,
};

/// Each type and its literal.
const LITERALS: &[(&str, &str)] = &[
    ("complex", "0j"),
    ("dict", "{}"),
    ("float", "0.0"),
    ("int", "0"),
    ("list", "[]"),
    ("str", "''"),
    ("tuple", "()"),
];

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let ignored = setup.args.last("--ignore").unwrap_or("");
    Ok(Box::new(BuiltinLiterals {
        ignored: ignored.split(',').map(str::to_owned).collect(),
        dict_kwargs: !setup.args.has("--no-allow-dict-kwargs"),
    }))
}

struct BuiltinLiterals {
    ignored: Vec<String>,
    dict_kwargs: bool,
}

/// How deep f-strings within f-strings are looked into.
const DEPTH: u32 = 8;

impl Check for BuiltinLiterals {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if let Some(fault) = python::fault(subject.bytes) {
            let at = fault.at.min(subject.bytes.len());
            return out.whole(at..at, format!("not valid Python: {}", fault.message));
        }
        let text = python::text(subject.bytes);
        if let Ok(tokens) = python::lex(&text) {
            self.search(&text, &tokens, 0, DEPTH, out);
        }
    }
}

/// An open bracket: where its token is, and whether it holds the arguments of a call.
struct Bracket {
    at: usize,
    call: bool,
}

impl BuiltinLiterals {
    fn search(&self, text: &[u8], tokens: &Tokens, origin: usize, depth: u32, out: &mut Issues) {
        let list = &tokens.list;
        let partner = partners(list);
        let mut hidden = Hidden::default();
        let mut pattern = false;
        for (at, token) in list.iter().enumerate() {
            if starts_line(list, at) {
                pattern = is_case(text, list, at);
            }
            pattern &= !(token.is(b':') && hidden.brackets.is_empty());
            hidden.step(text, list, &partner, at);
            let found = self.literal(text, list, &partner, at);
            if let Some((name, literal)) = found.filter(|_| !pattern && !hidden.any()) {
                let place = origin + token.start..origin + token.end;
                out.line(place, format!("`{name}()` is `{literal}`"));
            }
        }
        for field in tokens.fields.iter().filter(|_| depth > 0) {
            if hidden.holds(field.start) {
                continue;
            }
            let inside = text[field.clone()].trim_ascii_start();
            if let Ok(inner) = python::lex(inside) {
                let origin = origin + field.end - inside.len();
                self.search(inside, &inner, origin, depth - 1, out);
            }
        }
    }

    /// The type and the literal where the token at `at` is the name of a call that a literal could replace.
    fn literal(
        &self,
        text: &[u8],
        list: &[Token],
        partner: &[usize],
        at: usize,
    ) -> Option<(&'static str, &'static str)> {
        let token = list.get(at).filter(|token| token.kind == Kind::Name)?;
        list.get(at + 1).filter(|next| next.is(b'('))?;
        let name = &text[token.start..token.end];
        let &(name, literal) = LITERALS
            .iter()
            .find(|(known, _)| known.as_bytes() == name)?;
        let before = at.checked_sub(1).map(|before| &list[before]);
        let part = before.is_some_and(|before| {
            before.is(b'.') || before.is_name(text, b"def") || before.is_name(text, b"class")
        });
        if part || self.ignored.iter().any(|ignored| ignored == name) {
            return None;
        }
        let arguments = list.get(at + 2..partner[at + 1])?;
        let (positional, keywords) = arguments_of(arguments);
        let fine = positional || (name == "dict" && self.dict_kwargs && keywords);
        (!fine && !called_on(list, partner, partner[at + 1])).then_some((name, literal))
    }
}

/// Whether the token at `at` is the first one of its line, or one of its indentation.
fn starts_line(list: &[Token], at: usize) -> bool {
    at == 0
        || matches!(
            list[at - 1].kind,
            Kind::Newline | Kind::Indent | Kind::Dedent
        )
}

/// Whether the logical line at `at` is a `case` of a `match` statement.
fn is_case(text: &[u8], list: &[Token], at: usize) -> bool {
    let start = list[at..]
        .iter()
        .take_while(|token| matches!(token.kind, Kind::Indent | Kind::Dedent))
        .count();
    let next = list.get(at + start + 1);
    list.get(at + start)
        .is_some_and(|token| token.is_name(text, b"case"))
        && next.is_some_and(|next| !next.is(b'=') && !next.is(b'.') && !next.is(b','))
}

/// Where the partner of each bracket is; for other tokens, and for what is never closed, the end.
fn partners(list: &[Token]) -> Vec<usize> {
    let mut partner = vec![list.len(); list.len()];
    let mut open = Vec::new();
    for (at, token) in list.iter().enumerate() {
        match token.kind {
            Kind::Op(b'(' | b'[' | b'{') => open.push(at),
            Kind::Op(b')' | b']' | b'}') => {
                if let Some(start) = open.pop() {
                    partner[start] = at;
                    partner[at] = start;
                }
            }
            _ => {}
        }
    }
    partner
}

/// Whether the arguments hold one that is not `name=…` or `**…`, and whether they hold one that is.
fn arguments_of(arguments: &[Token]) -> (bool, bool) {
    let (mut positional, mut keywords) = (false, false);
    let mut depth = 0_usize;
    let commas = |token: &Token| {
        match token.kind {
            Kind::Op(b'(' | b'[' | b'{') => depth += 1,
            Kind::Op(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.is(b',')
    };
    for one in arguments.split(commas).filter(|one| !one.is_empty()) {
        let keyword = is_keyword(one);
        keywords |= keyword;
        positional |= !keyword;
    }
    (positional, keywords)
}

/// Whether an argument is `name=…` or `**…`.
fn is_keyword(argument: &[Token]) -> bool {
    match argument {
        [star, second, ..] if star.is(b'*') && second.is(b'*') => true,
        [name, equals, rest @ ..] if name.kind == Kind::Name && equals.is(b'=') => rest
            .first()
            .is_none_or(|next| !next.is(b'=') || next.start != equals.end),
        _ => false,
    }
}

/// Whether the expression that ends with the bracket at `close` is a part of what is called: `list().copy()`, `x[0]()`.
fn called_on(list: &[Token], partner: &[usize], close: usize) -> bool {
    let mut at = close + 1;
    for _ in 0..CHAIN {
        let Some(token) = list.get(at) else {
            return false;
        };
        match token.kind {
            Kind::Op(b'(') => return true,
            Kind::Op(b'[') => at = partner[at] + 1,
            Kind::Op(b'.') => at += 2,
            _ => return false,
        }
    }
    false
}

/// How many links of a chain like `x[0][0].y` are followed: a hostile file could hold any number.
const CHAIN: usize = 100;

/// Which tokens are within a call, or within what is called.
#[derive(Default)]
struct Hidden {
    brackets: Vec<Bracket>,
    calls: usize,
    /// First and last byte of every such range that is in no other.
    ranges: Vec<(usize, usize)>,
}

impl Hidden {
    fn any(&self) -> bool {
        self.calls > 0
    }

    /// Whether byte `at` is within a call.
    fn holds(&self, at: usize) -> bool {
        let before = self.ranges.partition_point(|range| range.0 <= at);
        before > 0 && at < self.ranges[before - 1].1
    }

    fn step(&mut self, text: &[u8], list: &[Token], partner: &[usize], at: usize) {
        match list[at].kind {
            Kind::Op(b'(' | b'[' | b'{') => {
                let call = is_call(text, list, at) || called_on(list, partner, partner[at]);
                if call && self.calls == 0 {
                    let end = list.get(partner[at]).map_or(text.len(), |token| token.end);
                    self.ranges.push((list[at].start, end));
                }
                self.calls += usize::from(call);
                self.brackets.push(Bracket { at, call });
            }
            Kind::Op(b')' | b']' | b'}') => {
                if let Some(bracket) = self.brackets.pop() {
                    debug_assert!(bracket.at <= at);
                    self.calls -= usize::from(bracket.call);
                }
            }
            _ => {}
        }
    }
}

/// Words before a parenthesis that make it no call.
const NO_CALL: &[&[u8]] = &[
    b"and", b"as", b"assert", b"await", b"case", b"class", b"def", b"del", b"elif", b"else",
    b"except", b"for", b"from", b"if", b"import", b"in", b"is", b"lambda", b"match", b"not", b"or",
    b"raise", b"return", b"while", b"with", b"yield",
];

/// Whether the bracket at `at` holds the arguments of a call.
fn is_call(text: &[u8], list: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &list[before]) else {
        return false;
    };
    if !list[at].is(b'(') {
        return false;
    }
    match before.kind {
        Kind::Op(b')' | b']' | b'}') | Kind::Text | Kind::Number => true,
        Kind::Name => {
            let word = &text[before.start..before.end];
            let definition = at >= 2
                && (list[at - 2].is_name(text, b"def") || list[at - 2].is_name(text, b"class"));
            !definition && !NO_CALL.contains(&word)
        }
        _ => false,
    }
}
