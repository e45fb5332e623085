//! XML as build tools write it: a reader of tags and text, without a tree, entities or document types.
//!
//! By hand: four small formats need elements, attributes and text, and nothing else that XML has.

use super::LockfileError;
use super::input::Input;

/// One piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// `<name attributes>`; the flag says that it ends at once (`/>`).
    Open(&'a str, &'a str, bool),
    /// `</name>`
    Close(&'a str),
    /// What stands between tags, without blanks around it.
    Text(&'a str),
}

/// Goes through a document piece by piece and holds that tags are closed in order.
pub(super) struct Reader<'a> {
    input: Input<'a>,
    at: usize,
    open: Vec<&'a str>,
    seen: bool,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning.
    pub(super) fn new(input: Input<'a>) -> Self {
        Self {
            input,
            at: 0,
            open: Vec::new(),
            seen: false,
        }
    }

    /// The names of the elements around the piece that was read last; an opened one is among them.
    pub(super) fn path(&self) -> &[&'a str] {
        &self.open
    }

    /// Holds that the document's outermost element, where the reader has just opened it, is one of `names`.
    ///
    /// # Errors
    ///
    /// For any other: then it is a file of another kind, whatever its name.
    pub(super) fn expect_root(
        &self,
        piece: Piece<'_>,
        names: &[&str],
    ) -> Result<(), LockfileError> {
        match piece {
            Piece::Open(name, _, alone) if self.open.len() == usize::from(!alone) => {
                if names.contains(&name) {
                    return Ok(());
                }
                let wanted = names.join("` or `");
                let message = format!("its element is `{}`, not `{wanted}`", name.escape_default());
                Err(self.input.error(message, name))
            }
            _ => Ok(()),
        }
    }

    fn error<T>(&self, message: &str) -> Result<T, LockfileError> {
        let at = self.at.min(self.input.text.len());
        Err(self.input.error(
            format!("it is not valid XML: {message}"),
            &self.input.text[at..at],
        ))
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// Where the text is not XML.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'a>>, LockfileError> {
        loop {
            let rest = &self.input.text[self.at..];
            if rest.is_empty() {
                return self.finish();
            }
            if !rest.starts_with('<') {
                let end = rest.find('<').unwrap_or(rest.len());
                self.at += end;
                let text = rest[..end].trim();
                if text.is_empty() {
                    continue;
                }
                if self.open.is_empty() {
                    return self.error("text stands outside of all elements");
                }
                return Ok(Some(Piece::Text(text)));
            }
            if !self.skip_special(rest)? {
                return self.tag(rest).map(Some);
            }
        }
    }

    fn finish(&self) -> Result<Option<Piece<'a>>, LockfileError> {
        if let Some(name) = self.open.last() {
            return self.error(&format!("`{}` is not closed", name.escape_default()));
        }
        if !self.seen {
            return self.error("it has no element");
        }
        Ok(None)
    }

    /// Skips a comment, a declaration, a processing instruction or character data.
    fn skip_special(&mut self, rest: &str) -> Result<bool, LockfileError> {
        const KINDS: [(&str, &str); 4] = [
            ("<!--", "-->"),
            ("<?", "?>"),
            ("<![CDATA[", "]]>"),
            ("<!", ">"),
        ];
        let Some((start, end)) = KINDS.iter().find(|(start, _)| rest.starts_with(start)) else {
            return Ok(false);
        };
        // A document type may have declarations in it.
        let end = match rest.find(['[', '>']) {
            Some(at) if *start == "<!" && rest[at..].starts_with('[') => "]>",
            _ => end,
        };
        match rest[start.len()..].find(end) {
            Some(length) => {
                self.at += start.len() + length + end.len();
                Ok(true)
            }
            None => self.error("a comment or declaration is not closed"),
        }
    }

    fn tag(&mut self, rest: &'a str) -> Result<Piece<'a>, LockfileError> {
        let Some(end) = tag_end(rest) else {
            return self.error("a tag is not closed");
        };
        let inner = &rest[1..end];
        if let Some(name) = inner.strip_prefix('/') {
            let name = local(name.trim());
            if self.open.pop() != Some(name) {
                return self.error("a tag closes another element than the one that is open");
            }
            self.at += end + 1;
            return Ok(Piece::Close(name));
        }
        let alone = inner.ends_with('/');
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let length = inner
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(length);
        if !is_name(name) {
            return self.error("a tag has no name");
        }
        let name = local(name);
        self.at += end + 1;
        self.seen = true;
        if !alone {
            self.open.push(name);
        }
        Ok(Piece::Open(name, attributes, alone))
    }
}

/// The name without the prefix of its namespace.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

/// Where the tag's `>` is: one within quotes is none.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if byte == b'>' => return Some(at),
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None => {}
        }
    }
    None
}

/// The value of attribute `name`, without regard to case, as .NET's tools read it.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes.trim_start();
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let end = 1 + after[1..].find(quote)?;
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(&after[1..end]);
        }
        rest = after[end + 1..].trim_start();
    }
}
