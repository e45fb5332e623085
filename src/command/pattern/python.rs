//! From the syntax of Python's `re` (docs.python.org, "Regular expression syntax") to that of the engines.
//!
//! Blanks and comments of verbose mode are taken out here, escapes and classes are written so that neither engine can
//! read more into them than Python does.

use std::iter::Peekable;
use std::str::Chars;

/// A pattern for one of the engines.
#[derive(Debug)]
pub(super) struct Translated {
    /// What to compile.
    pub(super) text: String,
    /// Whether only a backtracking engine can search it.
    pub(super) backtracks: bool,
}

/// Escapes that both engines get in one way.
const ESCAPES: [(char, &str); 12] = [
    ('a', r"\x07"),
    ('f', r"\x0C"),
    ('v', r"\x0B"),
    ('n', r"\n"),
    ('r', r"\r"),
    ('t', r"\t"),
    ('d', r"\d"),
    ('D', r"\D"),
    ('s', r"\s"),
    ('S', r"\S"),
    ('w', r"\w"),
    ('W', r"\W"),
];

/// Kinds of characters with the flag `a`; without it they are of all scripts.
const ASCII: [(char, &str); 6] = [
    ('d', "[0-9]"),
    ('D', "[^0-9]"),
    ('s', r"[\t-\r ]"),
    ('S', r"[^\t-\r ]"),
    ('w', "[0-9A-Za-z_]"),
    ('W', "[^0-9A-Za-z_]"),
];

/// The flags that change how the pattern is read; `i` and `s` are left to the engine.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    verbose: bool,
    lines: bool,
    ascii: bool,
}

impl Flags {
    /// Switches a flag on or off, and gives it back where the engine needs it, too.
    fn set(&mut self, flag: char, on: bool) -> Result<Option<char>, String> {
        match flag {
            'i' | 's' => return Ok(Some(flag)),
            'm' => {
                self.lines = on;
                return Ok(Some(flag));
            }
            'x' => self.verbose = on,
            'a' => self.ascii = on,
            // What Python does with text anyway.
            'u' => self.ascii = false,
            other => return Err(format!("unknown flag `{}`", other.escape_debug())),
        }
        Ok(None)
    }
}

/// Translates a pattern.
///
/// # Errors
/// What Python does not take, in a few words. Not every mistake is found: the engines find the rest.
pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let mut translator = Translator {
        rest: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() + 16),
        flags: Flags::default(),
        outer: Vec::new(),
        backtracks: false,
        at_start: true,
        after_repetition: false,
    };
    while let Some(character) = translator.rest.next() {
        if !translator.skip_verbose(character) {
            translator.item(character)?;
        }
    }
    Ok(Translated {
        text: translator.out,
        backtracks: translator.backtracks,
    })
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    flags: Flags,
    /// The flags around each open group.
    outer: Vec<Flags>,
    backtracks: bool,
    /// Nothing but flags was read so far.
    at_start: bool,
    /// What was read last repeats the item before it.
    after_repetition: bool,
}

impl Translator<'_> {
    fn item(&mut self, character: char) -> Result<(), String> {
        let repeated = std::mem::take(&mut self.after_repetition);
        if character == '(' {
            return self.group();
        }
        self.at_start = false;
        match character {
            '\\' => self.escape(),
            '[' => self.class(),
            ')' => {
                self.flags = self.outer.pop().unwrap_or_default();
                self.put(")")
            }
            '$' => self.end(),
            '*' | '+' | '?' => self.repetition(character, repeated),
            '{' => self.braces(),
            other => {
                plain(other, &mut self.out);
                Ok(())
            }
        }
    }

    fn put(&mut self, text: &str) -> Result<(), String> {
        self.out.push_str(text);
        Ok(())
    }

    /// In verbose mode blanks mean nothing, and `#` begins a comment up to the end of the line.
    fn skip_verbose(&mut self, character: char) -> bool {
        if !self.flags.verbose {
            return false;
        }
        if character == '#' {
            for skipped in self.rest.by_ref() {
                if skipped == '\n' {
                    break;
                }
            }
        }
        character == '#' || matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
    }

    /// `$` also matches before a last line end; in multi-line mode at the end of each line, as in both engines.
    fn end(&mut self) -> Result<(), String> {
        self.put(if self.flags.lines {
            "(?m:$)"
        } else {
            "(?:\\n?\\z)"
        })
    }

    /// A `?` behind a repetition makes it lazy, a `+` possessive (since Python 3.11).
    fn repetition(&mut self, character: char, repeated: bool) -> Result<(), String> {
        if repeated {
            if character == '*' {
                return Err("multiple repeat".to_owned());
            }
            self.backtracks |= character == '+';
        } else {
            self.after_repetition = true;
        }
        self.out.push(character);
        Ok(())
    }

    /// `{n}`, `{n,}`, `{,m}`, `{n,m}`: everything else in braces is literal in Python.
    fn braces(&mut self) -> Result<(), String> {
        let ahead: String = self
            .rest
            .clone()
            .take_while(|&character| character != '}')
            .collect();
        let closed = self.rest.clone().nth(ahead.chars().count()) == Some('}');
        let (low, high) = ahead.split_once(',').unwrap_or((&ahead, &ahead));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !closed || !digits(low) || !digits(high) || (low.is_empty() && high.is_empty()) {
            return self.put("\\{");
        }
        self.rest.nth(ahead.chars().count());
        self.after_repetition = true;
        let low = if low.is_empty() { "0" } else { low };
        let comma = if ahead.contains(',') {
            format!("{{{low},{high}}}")
        } else {
            format!("{{{low}}}")
        };
        self.put(&comma)
    }

    /// What begins with `(`, which is read already.
    fn group(&mut self) -> Result<(), String> {
        let outer = self.flags;
        if self.rest.peek() != Some(&'?') {
            self.at_start = false;
            self.outer.push(outer);
            return self.put("(");
        }
        self.rest.next();
        match self.rest.next() {
            Some('#') => self.comment(),
            Some('P') => self.named(),
            Some('(') => self.condition(),
            Some('<') => self.look_behind(),
            Some(mark) if ":=!>".contains(mark) => {
                self.open(&format!("(?{mark}"), mark != ':');
                Ok(())
            }
            Some(flag) => self.inline_flags(flag),
            None => Err("unknown extension behind (?".to_owned()),
        }
    }

    /// A comment, up to the next `)`.
    fn comment(&mut self) -> Result<(), String> {
        let end = self.rest.by_ref().find(|&character| character == ')');
        end.map(drop)
            .ok_or_else(|| "missing ), unterminated comment".to_owned())
    }

    fn look_behind(&mut self) -> Result<(), String> {
        match self.rest.next() {
            Some(mark @ ('=' | '!')) => {
                self.open(&format!("(?<{mark}"), true);
                Ok(())
            }
            _ => Err("unknown extension: only (?<= and (?<! begin so".to_owned()),
        }
    }

    fn open(&mut self, text: &str, backtracks: bool) {
        self.at_start = false;
        self.backtracks |= backtracks;
        self.outer.push(self.flags);
        self.out.push_str(text);
    }

    /// `(?P<name>…)` and the back-reference `(?P=name)`.
    fn named(&mut self) -> Result<(), String> {
        let kind = self.rest.next();
        let close = if kind == Some('=') { ')' } else { '>' };
        let name = self.until(close)?;
        match kind {
            Some('<') => self.open(&format!("(?P<{name}>"), false),
            Some('=') => {
                self.at_start = false;
                self.backtracks = true;
                self.out.push_str(&format!("(?:\\k<{name}>)"));
            }
            _ => return Err("unknown extension behind (?P".to_owned()),
        }
        Ok(())
    }

    /// `(?(1)yes|no)`, `(?(name)yes|no)`.
    fn condition(&mut self) -> Result<(), String> {
        let group = self.until(')')?;
        let text = if group.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("(?({group})")
        } else {
            format!("(?(<{group}>)")
        };
        self.open(&text, true);
        Ok(())
    }

    fn until(&mut self, close: char) -> Result<String, String> {
        let mut name = String::new();
        for character in self.rest.by_ref() {
            if character == close {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                return if !name.is_empty() && name.chars().all(word) {
                    Ok(name)
                } else {
                    Err(format!(
                        "`{}` is not a name of a group",
                        name.escape_debug()
                    ))
                };
            }
            name.push(character);
        }
        Err(format!("missing {close}, unterminated name"))
    }

    /// `(?i)` for all of the pattern, `(?i:…)` and `(?-i:…)` for a group.
    fn inline_flags(&mut self, first: char) -> Result<(), String> {
        let (mut flags, mut on, mut kept) = (self.flags, true, String::new());
        let mut next = Some(first);
        while let Some(character) = next {
            match character {
                ':' => {
                    self.open(&format!("(?{}:", kept.trim_end_matches('-')), false);
                    self.flags = flags;
                    return Ok(());
                }
                ')' => return self.global_flags(flags, &kept),
                '-' if on => {
                    on = false;
                    kept.push('-');
                }
                other => kept.extend(flags.set(other, on)?),
            }
            next = self.rest.next();
        }
        Err("missing ), unterminated flags".to_owned())
    }

    /// `(?i)`: since Python 3.11 only where the pattern starts, and only to switch on.
    fn global_flags(&mut self, flags: Flags, kept: &str) -> Result<(), String> {
        if !self.at_start || kept.contains('-') {
            return Err("global flags not at the start of the expression".to_owned());
        }
        self.flags = flags;
        if kept.is_empty() {
            return Ok(());
        }
        self.put(&format!("(?{kept})"))
    }

    /// A backslash outside of a class.
    fn escape(&mut self) -> Result<(), String> {
        let Some(character) = self.rest.next() else {
            return Err("bad escape (end of pattern)".to_owned());
        };
        match character {
            'A' => self.put("\\A"),
            'Z' | 'z' => self.put("\\z"),
            'b' | 'B' => {
                self.out.push('\\');
                self.out.push(character);
                Ok(())
            }
            '1'..='9' => self.back_reference(character),
            other => {
                let item = self.escaped(other)?;
                self.put(&item)
            }
        }
    }

    /// One or two digits name a group; three octal ones are a character.
    fn back_reference(&mut self, first: char) -> Result<(), String> {
        let octal = |c: char| ('0'..='7').contains(&c);
        let ahead: String = self.rest.clone().take(2).collect();
        if ahead.len() == 2 && octal(first) && ahead.chars().all(octal) {
            let item = self.octal(first, 2)?;
            return self.put(&item);
        }
        let mut number = first.to_string();
        if let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            number.push(digit);
        }
        self.backtracks = true;
        // In a group of its own, so that a digit behind it is not read as part of it.
        self.put(&format!("(?:\\{number})"))
    }

    /// An escape that means the same in a class and outside: the character behind the backslash is read already.
    fn escaped(&mut self, character: char) -> Result<String, String> {
        let table: &[(char, &str)] = if self.flags.ascii { &ASCII } else { &[] };
        let known = table.iter().chain(&ESCAPES);
        if let Some((_, text)) = known.into_iter().find(|(known, _)| *known == character) {
            return Ok((*text).to_owned());
        }
        match character {
            'x' => self.hexadecimal(2),
            'u' => self.hexadecimal(4),
            'U' => self.hexadecimal(8),
            '0' => self.octal('0', 2),
            other if other.is_ascii_alphanumeric() => Err(format!("bad escape \\{other}")),
            other => {
                let mut text = String::new();
                literal(other, &mut text);
                Ok(text)
            }
        }
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<String, String> {
        let text: String = self.rest.by_ref().take(digits).collect();
        let number = u32::from_str_radix(&text, 16).ok();
        let number = number.filter(|_| text.len() == digits && !text.starts_with('+'));
        let character = number.and_then(char::from_u32);
        character
            .map(|character| format!("\\x{{{:X}}}", u32::from(character)))
            .ok_or_else(|| format!("incomplete escape: {digits} hexadecimal digits are needed"))
    }

    /// Up to `more` octal digits behind the first.
    fn octal(&mut self, first: char, more: usize) -> Result<String, String> {
        let mut number = first.to_digit(8).unwrap_or_default();
        for _ in 0..more {
            let Some(digit) = self.rest.next_if(|c| ('0'..='7').contains(c)) else {
                break;
            };
            number = number * 8 + digit.to_digit(8).unwrap_or_default();
        }
        if number > 0o377 {
            return Err("octal escape outside of 0-0o377".to_owned());
        }
        Ok(format!("\\x{{{number:X}}}"))
    }

    /// A class, behind its `[`. A `-` that makes no range is written as a character.
    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let Some(character) = self.rest.next() else {
                return Err("unterminated character set".to_owned());
            };
            if character == ']' && !first {
                return self.put("]");
            }
            first = false;
            self.member(character)?;
            let ahead = (self.rest.peek().copied(), self.rest.clone().nth(1));
            if let (Some('-'), Some(to)) = ahead
                && to != ']'
            {
                self.rest.nth(1);
                self.out.push('-');
                self.member(to)?;
            }
        }
    }

    fn member(&mut self, character: char) -> Result<(), String> {
        if character != '\\' {
            literal(character, &mut self.out);
            return Ok(());
        }
        let Some(character) = self.rest.next() else {
            return Err("unterminated character set".to_owned());
        };
        let item = match character {
            'b' => "\\x08".to_owned(),
            '1'..='7' => self.octal(character, 2)?,
            other => self.escaped(other)?,
        };
        self.put(&item)
    }
}

/// A character outside of a class that neither engine reads otherwise than Python.
fn plain(character: char, out: &mut String) {
    if matches!(character, '^' | '.' | '|') {
        out.push(character);
    } else {
        literal(character, out);
    }
}

/// A character that stands for itself, in a class and outside.
fn literal(character: char, out: &mut String) {
    if r"\.+*?()|[]{}^$#&-~".contains(character) {
        out.push('\\');
    }
    out.push(character);
}
