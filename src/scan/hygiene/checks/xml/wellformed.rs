//! What makes XML well-formed, beyond what the tokenizer sees (<https://www.w3.org/TR/xml/#sec-well-formed>).

use crate::scan::hygiene::json::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};

/// What the entities of a document may grow to, and by how many times.
const GROWTH: (u64, u64) = (8 << 20, 100);

/// The first fault of a document.
pub(super) fn fault(text: &str) -> Option<Fault> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = text.len() - body.len();
    if let Some((at, character)) = body.char_indices().find(|&(_, c)| !allowed(c)) {
        let code = u32::from(character);
        return Some(Fault::new(
            offset + at,
            format!("the character U+{code:04X}"),
        ));
    }
    let mut document = Document::default();
    let mut reader = Reader::from_str(body);
    let config = reader.config_mut();
    config.check_comments = true;
    config.check_end_names = true;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(body.len());
        let event = match reader.read_event() {
            Ok(Event::Eof) => return document.ended(body.len()).map(|fault| shift(fault, offset)),
            Ok(event) => event,
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(at);
                return Some(Fault::new(offset + at, error.to_string()));
            }
        };
        if let Err(message) = document.event(&event, at) {
            return Some(Fault::new(offset + at, message));
        }
    }
}

fn shift(fault: Fault, offset: usize) -> Fault {
    Fault::new(fault.at + offset, fault.message)
}

/// The characters a document may hold (<https://www.w3.org/TR/xml/#charsets>).
const fn allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[derive(Default)]
struct Document {
    depth: usize,
    root: bool,
    doctype: bool,
    /// Whether entities may be declared somewhere else.
    outside: bool,
    entities: HashMap<String, u64>,
}

type Wrong = String;

impl Document {
    fn event(&mut self, event: &Event<'_>, at: usize) -> Result<(), Wrong> {
        match event {
            Event::Start(tag) => {
                self.element(tag)?;
                self.depth += 1;
                Ok(())
            }
            Event::Empty(tag) => self.element(tag),
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(())
            }
            Event::Text(text) => self.text(text),
            Event::GeneralRef(name) => self.content().and_then(|()| self.reference(name)),
            Event::CData(_) => self.content(),
            Event::DocType(doctype) => self.document_type(doctype),
            other => instruction(other, at),
        }
    }

    /// What only an element holds.
    fn content(&self) -> Result<(), Wrong> {
        if self.depth == 0 {
            return Err("text outside of the root element".to_owned());
        }
        Ok(())
    }

    fn ended(&self, at: usize) -> Option<Fault> {
        if self.depth > 0 {
            Some(Fault::new(at, "an element is never closed"))
        } else if self.root {
            None
        } else {
            Some(Fault::new(at, "there is no element"))
        }
    }

    fn text(&self, text: &str) -> Result<(), Wrong> {
        if self.depth == 0
            && !text
                .bytes()
                .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        {
            return Err("text outside of the root element".to_owned());
        }
        if text.contains("]]>") {
            return Err("`]]>` in text: `>` is written `&gt;` there".to_owned());
        }
        Ok(())
    }

    fn element(&mut self, tag: &BytesStart<'_>) -> Result<(), Wrong> {
        if self.depth == 0 && std::mem::replace(&mut self.root, true) {
            return Err("a second root element".to_owned());
        }
        let whole: &str = tag;
        let end = whole.find(blank).unwrap_or(whole.len());
        name(&whole[..end])?;
        self.attributes(&whole[end..])
    }

    /// Reads the attributes: each behind white space, with a value in quotes, each name once.
    fn attributes(&self, mut rest: &str) -> Result<(), Wrong> {
        let mut names = HashSet::new();
        loop {
            let next = rest.trim_start_matches(blank);
            if next.is_empty() {
                return Ok(());
            }
            if next.len() == rest.len() {
                return Err("white space is missing before an attribute".to_owned());
            }
            let (key, value) = next.split_once('=').ok_or("an attribute without a value")?;
            let key = key.trim_end_matches(blank);
            name(key)?;
            if !names.insert(key) {
                return Err(format!("the attribute `{key}` is there twice"));
            }
            let value = value.trim_start_matches(blank);
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let quote = quote.ok_or_else(|| format!("the value of `{key}` is not in quotes"))?;
            let (inside, after) = value[1..]
                .split_once(quote)
                .ok_or("a value is never closed")?;
            self.value(inside)?;
            rest = after;
        }
    }

    fn value(&self, value: &str) -> Result<(), Wrong> {
        if value.contains('<') {
            return Err("`<` in the value of an attribute: it is written `&lt;` there".to_owned());
        }
        let mut rest = value;
        while let Some((_, reference)) = rest.split_once('&') {
            let (name, after) = reference
                .split_once(';')
                .ok_or("`&` in the value of an attribute: it is written `&amp;` there")?;
            self.reference(name)?;
            rest = after;
        }
        Ok(())
    }

    fn reference(&self, reference: &str) -> Result<(), Wrong> {
        if let Some(number) = reference.strip_prefix('#') {
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            let character = code.ok().and_then(char::from_u32);
            return match character.filter(|&c| allowed(c)) {
                Some(_) => Ok(()),
                None => Err(format!("`&{reference};` is no character")),
            };
        }
        name(reference)?;
        let known = matches!(reference, "lt" | "gt" | "amp" | "apos" | "quot");
        if known || self.outside || self.entities.contains_key(reference) {
            Ok(())
        } else {
            Err(format!("the entity `&{reference};` is not declared"))
        }
    }

    fn document_type(&mut self, text: &str) -> Result<(), Wrong> {
        if self.root || std::mem::replace(&mut self.doctype, true) {
            return Err(
                "a document type that is not before the root element, or a second one".to_owned(),
            );
        }
        let (head, inside) = text.split_once('[').unwrap_or((text, ""));
        let mut words = head.split_whitespace().skip(1);
        self.outside =
            words.any(|word| matches!(word, "SYSTEM" | "PUBLIC")) || inside.contains("%");
        markup(inside.trim_end_matches(blank).trim_end_matches(']'))?;
        self.declarations(inside)
    }

    /// Notes what the document declares, and refuses entities that grow without measure
    /// (<https://cwe.mitre.org/data/definitions/776.html>).
    fn declarations(&mut self, inside: &str) -> Result<(), Wrong> {
        let size = inside.len() as u64;
        let mut rest = inside;
        while let Some((_, after)) = rest.split_once("<!ENTITY") {
            rest = after;
            let entity = after.trim_start();
            let end = entity.find(char::is_whitespace).unwrap_or(entity.len());
            let value = entity[end..].trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let text = quote
                .and_then(|quote| value[1..].split_once(quote))
                .map_or("", |(text, _)| text);
            let grown = self.grown(text);
            if grown > GROWTH.0 && grown > size.saturating_mul(GROWTH.1) {
                return Err(format!(
                    "the entity `{}` grows without measure",
                    &entity[..end]
                ));
            }
            self.entities
                .entry(entity[..end].to_owned())
                .or_insert(grown);
        }
        Ok(())
    }

    /// The length of the value of an entity with all references in it replaced.
    fn grown(&self, text: &str) -> u64 {
        let references = text.split('&').skip(1);
        let sizes = references.filter_map(|part| self.entities.get(part.split(';').next()?));
        sizes.fold(text.len() as u64, |sum, size| sum.saturating_add(*size))
    }
}

/// Whether a declaration or an instruction is one, and in its place.
fn instruction(event: &Event<'_>, at: usize) -> Result<(), Wrong> {
    let late = || "the XML declaration is not at the start".to_owned();
    match event {
        Event::Decl(declaration) if at == 0 => declared(declaration),
        Event::Decl(_) => Err(late()),
        Event::PI(pi) if pi.target().eq_ignore_ascii_case("xml") => Err(late()),
        Event::PI(pi) => name(pi.target()),
        _ => Ok(()),
    }
}

/// Whether the inside of a document type is made of declarations, comments, instructions and parameter references.
fn markup(inside: &str) -> Result<(), Wrong> {
    const KINDS: [&str; 4] = ["<!ELEMENT", "<!ATTLIST", "<!ENTITY", "<!NOTATION"];
    let wrong = || "the document type holds something that is no declaration".to_owned();
    let mut rest = inside.trim_start_matches(blank);
    while !rest.is_empty() {
        rest = if let Some(after) = rest.strip_prefix("<!--") {
            after.split_once("-->").ok_or_else(wrong)?.1
        } else if let Some(after) = rest.strip_prefix("<?") {
            after.split_once("?>").ok_or_else(wrong)?.1
        } else if let Some(after) = rest.strip_prefix('%') {
            let (reference, after) = after.split_once(';').ok_or_else(wrong)?;
            name(reference)?;
            after
        } else {
            let kind = KINDS
                .iter()
                .find_map(|kind| rest.strip_prefix(kind))
                .filter(|after| after.starts_with(blank));
            declaration(kind.ok_or_else(wrong)?).ok_or_else(wrong)?
        }
        .trim_start_matches(blank);
    }
    Ok(())
}

/// What follows the declaration whose inside `text` begins with.
fn declaration(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let at = rest.find(['<', '>', '"', '\''])?;
        let (mark, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = match mark {
            b'>' => return Some(after),
            b'<' => return None,
            _ => after.split_once(char::from(mark))?.1,
        };
    }
}

/// Whether the XML declaration is one (<https://www.w3.org/TR/xml/#NT-XMLDecl>).
fn declared(text: &str) -> Result<(), Wrong> {
    let wrong = || "the XML declaration is not of the form `<?xml version=\"1.0\" encoding=\"…\" standalone=\"yes\"?>`";
    let mut rest = text.strip_prefix("xml").unwrap_or(text);
    let mut known = ["version", "encoding", "standalone"].as_slice();
    let mut first = true;
    loop {
        let next = rest.trim_start_matches(blank);
        if next.is_empty() {
            return if first {
                Err(wrong().to_owned())
            } else {
                Ok(())
            };
        }
        let (key, value) = next.split_once('=').ok_or_else(wrong)?;
        let at = known
            .iter()
            .position(|name| *name == key.trim_end_matches(blank));
        let at = at
            .filter(|at| (!first || *at == 0) && next.len() < rest.len())
            .ok_or_else(wrong)?;
        let value = value.trim_start_matches(blank);
        let quote = value
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\''))
            .ok_or_else(wrong)?;
        let (inside, after) = value[1..].split_once(quote).ok_or_else(wrong)?;
        let fits = match known[at] {
            "version" => inside.starts_with("1."),
            "standalone" => matches!(inside, "yes" | "no"),
            _ => !inside.is_empty(),
        };
        if !fits {
            return Err(wrong().to_owned());
        }
        known = &known[at + 1..];
        rest = after;
        first = false;
    }
}

const fn blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// Whether `text` is a name (<https://www.w3.org/TR/xml/#NT-Name>).
fn name(text: &str) -> Result<(), Wrong> {
    let starts = |c: char| {
        matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..) && !matches!(c, '×' | '÷')
    };
    let goes_on = |c: char| starts(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}');
    let mut characters = text.chars();
    if characters.next().is_some_and(starts) && characters.all(goes_on) {
        Ok(())
    } else {
        Err(format!(
            "`{}` is no name",
            text.chars().take(40).collect::<String>()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn well_formed_documents() {
        for good in [
            "<a/>",
            "<?xml version=\"1.0\"?>\n<!-- c -->\n<a b='1' c=\"&lt;&#65;\">x &amp; y<![CDATA[<]]></a>\n",
            "<!DOCTYPE html PUBLIC \"x\" \"y\">\n<html>&nbsp;</html>",
            "<!DOCTYPE a [\n<!-- c --> <!ELEMENT a (b|c)*>\n<!ATTLIST a b CDATA '<>' > %p; <?pi?>\n] ><a/>",
            "<!DOCTYPE a [<!ENTITY e \"v\">]><a>&e;</a>",
            "\u{feff}<a:b xmlns:a=\"u\"><é/></a:b>",
            "<a b=\"x > y\"/>",
            "<a\n b = 'c'\t/>",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
    }

    #[test]
    fn faults() {
        for bad in [
            "",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "x<a/>",
            "<a/>x",
            "<a b=1/>",
            "<a b='1' b='2'/>",
            "<a b='1'c='2'/>",
            "<a>&nbsp;</a>",
            "<a>&</a>",
            "<a>]]></a>",
            "<a b='<'/>",
            "<!-- a -- b --><a/>",
            " <?xml version='1.0'?><a/>",
            "<a>\u{1}</a>",
            "<1/>",
            "<a>&#0;</a>",
            "<a b/>",
            "<!DOCTYPE a [<!ENTIT e 'x'>]><a/>",
            "<!DOCTYPE a [<!ATTLIST a <b CDATA #IMPLIED>]><a/>",
            "<a><!DOCTYPE b></a>",
            "<a",
            "<a>&#xZ;</a>",
            "</a>",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn bombs_are_refused() {
        let mut bomb = String::from("<!DOCTYPE a [<!ENTITY e0 \"ha\">");
        for level in 1..30 {
            let inner = format!("&e{};", level - 1).repeat(10);
            bomb.push_str(&format!("<!ENTITY e{level} \"{inner}\">"));
        }
        bomb.push_str("]><a>&e29;</a>");
        assert!(fault(&bomb).is_some_and(|fault| fault.message.contains("grows")));
        assert!(fault(&"<a>".repeat(1_000_000)).is_some());
    }
}
