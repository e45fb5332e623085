//! JSON in the one form that Python's `json.dumps` writes.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::json::{Dialect, Fault, Token, decode, read};
use super::super::kind::{Format, Types};
use super::super::subject::Subject;
use crate::model::Severity;
use std::borrow::Cow;
use std::collections::HashMap;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "pretty-format-json",
    aliases: &[],
    title: "JSON that is not written in the one form",
    description: "JSON with sorted keys, two blanks a level and one entry a line, as Python's `json.dumps` writes it.",
    fix: "Write the file in that form; with the argument `--autofix` `hookd run --fix` does it.",
    severity: Severity::Low,
    types: Types::Format(Format::Json),
    names: None,
    options: &[
        Opt::flag(&["--autofix"], "put the file right"),
        Opt::value(
            &["--indent"],
            "how many blanks a level has, or what to write instead",
        ),
        Opt::flag(
            &["--no-ensure-ascii"],
            "characters beyond ASCII stay as they are",
        ),
        Opt::flag(&["--no-sort-keys"], "keys stay in their order"),
        Opt::value(&["--top-keys"], "keys that come first, divided by commas"),
    ],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let indent = setup.args.last("--indent").unwrap_or("2");
    let indent = match indent.trim().parse::<i64>() {
        Ok(count) => " ".repeat(usize::try_from(count.clamp(0, 64)).unwrap_or(0)),
        Err(_) => indent.to_owned(),
    };
    let top = setup.args.last("--top-keys").unwrap_or("");
    Ok(Box::new(PrettyJson {
        autofix: setup.args.has("--autofix"),
        indent,
        ascii: !setup.args.has("--no-ensure-ascii"),
        sort: !setup.args.has("--no-sort-keys"),
        top: top
            .split(',')
            .filter(|key| !key.is_empty())
            .map(|key| key.as_bytes().to_vec())
            .collect(),
    }))
}

struct PrettyJson {
    autofix: bool,
    indent: String,
    ascii: bool,
    sort: bool,
    top: Vec<Vec<u8>>,
}

/// A value; how deep it goes is bounded by the reader.
enum Value {
    /// As it will be written.
    Plain(String),
    List(Vec<Value>),
    Object(Vec<(Vec<u8>, Value)>),
}

/// An object or a list under construction.
struct Open {
    object: bool,
    keys: Vec<Vec<u8>>,
    values: Vec<Value>,
}

impl PrettyJson {
    /// The document in the one form.
    fn pretty(&self, text: &str) -> Result<String, Fault> {
        let mut open: Vec<Open> = Vec::new();
        let mut root: Option<Value> = None;
        let dialect = Dialect {
            repeated_keys: true,
            ..Dialect::PYTHON
        };
        read(text, dialect, &mut |token| {
            let Some(value) = self.value(text, token, &mut open) else {
                return;
            };
            match open.last_mut() {
                Some(level) => level.values.push(value),
                None => root = Some(value),
            }
        })?;
        let mut out = String::with_capacity(text.len() * 2);
        if let Some(root) = root {
            self.write(&root, 0, &mut out);
        }
        out.push('\n');
        Ok(out)
    }

    /// The value that `token` is or completes.
    fn value(&self, text: &str, token: Token, open: &mut Vec<Open>) -> Option<Value> {
        match token {
            Token::Open { object } => {
                open.push(Open {
                    object,
                    keys: Vec::new(),
                    values: Vec::new(),
                });
                None
            }
            Token::Key(range) => {
                open.last_mut()?.keys.push(decode(&text[range]));
                None
            }
            Token::Close => open.pop().map(|level| self.closed(level)),
            Token::Text(range) => Some(Value::Plain(self.quoted(&decode(&text[range])))),
            Token::Number(range) => Some(Value::Plain(number(&text[range]))),
            Token::Word(range) => Some(Value::Plain(text[range].to_owned())),
        }
    }

    fn closed(&self, level: Open) -> Value {
        if !level.object {
            return Value::List(level.values);
        }
        let mut pairs: Vec<(Vec<u8>, Value)> = level.keys.into_iter().zip(level.values).collect();
        let rank = |key: &[u8]| self.top.iter().position(|top| top == key);
        pairs.sort_by(|(a, _), (b, _)| {
            let ranks = (rank(a).unwrap_or(usize::MAX), rank(b).unwrap_or(usize::MAX));
            let by_rank = ranks.0.cmp(&ranks.1);
            if self.sort && ranks.0 == usize::MAX {
                by_rank.then_with(|| a.cmp(b))
            } else {
                by_rank
            }
        });
        Value::Object(last_of_each(pairs))
    }

    fn write(&self, value: &Value, depth: usize, out: &mut String) {
        match value {
            Value::Plain(text) => out.push_str(text),
            Value::List(items) if items.is_empty() => out.push_str("[]"),
            Value::Object(pairs) if pairs.is_empty() => out.push_str("{}"),
            Value::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.start(at, depth, out);
                    self.write(item, depth + 1, out);
                }
                self.end(depth, ']', out);
            }
            Value::Object(pairs) => {
                out.push('{');
                for (at, (key, item)) in pairs.iter().enumerate() {
                    self.start(at, depth, out);
                    out.push_str(&self.quoted(key));
                    out.push_str(": ");
                    self.write(item, depth + 1, out);
                }
                self.end(depth, '}', out);
            }
        }
    }

    fn start(&self, at: usize, depth: usize, out: &mut String) {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        (0..=depth).for_each(|_| out.push_str(&self.indent));
    }

    fn end(&self, depth: usize, bracket: char, out: &mut String) {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str(&self.indent));
        out.push(bracket);
    }

    /// The string in quotes; `text` is UTF-8 that may hold surrogates in three bytes.
    fn quoted(&self, text: &[u8]) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        out.push('"');
        for chunk in text.utf8_chunks() {
            for character in chunk.valid().chars() {
                push_character(character, self.ascii, &mut out);
            }
            push_surrogate(chunk.invalid(), &mut out);
        }
        // What is left of a surrogate's three bytes is told by its first chunk.
        out.push('"');
        out
    }
}

fn push_character(character: char, ascii: bool, out: &mut String) {
    if let Some(escape) = short_escape(character) {
        out.push_str(escape);
    } else if u32::from(character) < 0x20 || (ascii && !(' '..='~').contains(&character)) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    } else {
        out.push(character);
    }
}

const fn short_escape(character: char) -> Option<&'static str> {
    Some(match character {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        _ => return None,
    })
}

/// A lone surrogate comes as three invalid chunks of one byte (`ed a0 80`): the bytes are told one by one, so the escape
/// is put together from the text written so far.
fn push_surrogate(bytes: &[u8], out: &mut String) {
    if let &[byte] = bytes {
        if byte == 0xed {
            out.push_str("\\ud");
        } else if byte >= 0x80 {
            push_continuation(byte, out);
        }
    }
}

/// The second byte of a surrogate gives one hexadecimal digit and half of the next, the third the rest.
fn push_continuation(byte: u8, out: &mut String) {
    let digits = out.len() - out.rfind("\\ud").map_or(out.len(), |at| at + 3);
    if digits == 0 {
        // Two digits' worth of bits are known: six of them; keep them until the last byte comes.
        out.push_str(&format!("{:02x}", byte & 0x3f));
    } else {
        let at = out.len() - 2;
        let high = u32::from_str_radix(&out[at..], 16).unwrap_or(0);
        out.truncate(at);
        out.push_str(&format!("{:03x}", high << 6 | u32::from(byte & 0x3f)));
    }
}

/// Of pairs with the same key the value of the last one, at the place of the first one.
fn last_of_each(pairs: Vec<(Vec<u8>, Value)>) -> Vec<(Vec<u8>, Value)> {
    let mut places: HashMap<Vec<u8>, usize> = HashMap::with_capacity(pairs.len());
    let mut out: Vec<(Vec<u8>, Value)> = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        match places.get(&key) {
            Some(&at) => out[at].1 = value,
            None => {
                places.insert(key.clone(), out.len());
                out.push((key, value));
            }
        }
    }
    out
}

/// The number as Python writes it back: whole ones digit by digit, others as the nearest double.
fn number(raw: &str) -> String {
    if !raw.contains(['.', 'e', 'E']) {
        return if raw == "-0" {
            "0".to_owned()
        } else {
            raw.to_owned()
        };
    }
    let value: f64 = raw.parse().unwrap_or(f64::NAN);
    float(value)
}

/// `repr` of a Python float (<https://docs.python.org/3/library/functions.html#repr>): the shortest digits that give the
/// same double, with an exponent below -4 and from 16 on.
fn float(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = format!("{value}");
    if plain.contains('.') {
        plain
    } else {
        plain + ".0"
    }
}

/// The text as Python's text mode gives it: every line end a `\n`.
fn universal(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

impl PrettyJson {
    /// The new content; `None` where `bytes` has that form already.
    fn other(&self, bytes: &[u8]) -> Result<Option<String>, Fault> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| Fault::new(error.valid_up_to(), "this byte is not UTF-8"))?;
        if text.starts_with('\u{feff}') {
            return Err(Fault::new(0, "a byte order mark"));
        }
        let text = universal(text);
        let pretty = self.pretty(&text)?;
        Ok((pretty != text).then_some(pretty))
    }
}

impl Check for PrettyJson {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        match self.other(subject.bytes) {
            Ok(None) => {}
            Ok(Some(_)) => out.whole(0..0, "not written in the form that the check asks for"),
            Err(fault) => {
                let at = fault.at.min(subject.bytes.len());
                out.whole(at..at, format!("not valid JSON: {}", fault.message));
            }
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if !self.autofix {
            return None;
        }
        self.other(bytes).ok().flatten().map(String::into_bytes)
    }
}
