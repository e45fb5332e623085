//! XML as build tools write it: tags and text, each a slice of the file, so that it has a place there.

use super::LockfileError;
use super::input::Input;
use quick_xml::events::Event;

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
    tokens: quick_xml::Reader<&'a [u8]>,
    open: Vec<&'a str>,
    seen: bool,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning.
    pub(super) fn new(input: Input<'a>) -> Self {
        let mut tokens = quick_xml::Reader::from_str(input.text);
        tokens.config_mut().allow_dangling_amp = true;
        Self {
            input,
            tokens,
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

    fn error<T>(&self, at: usize, message: &str) -> Result<T, LockfileError> {
        let at = self.input.text.floor_char_boundary(at);
        Err(self.input.error(
            format!("it is not valid XML: {message}"),
            &self.input.text[at..at],
        ))
    }

    /// Where the next piece begins.
    fn position(&self) -> usize {
        usize::try_from(self.tokens.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// Where the text is not XML.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'a>>, LockfileError> {
        loop {
            let start = self.position();
            let event = match self.tokens.read_event() {
                Ok(event) => event,
                Err(error) => return self.error(start, reason(&error)),
            };
            let text: &'a str = self.input.text;
            let raw = text.get(start..self.position()).unwrap_or_default();
            match event {
                Event::Eof => return self.finish(),
                Event::Start(_) => return self.opened(start, raw, false).map(Some),
                Event::Empty(_) => return self.opened(start, raw, true).map(Some),
                Event::End(_) => return Ok(self.open.pop().map(Piece::Close)),
                Event::Text(_) if !raw.trim().is_empty() => return self.text(start, raw),
                // What else there is was made text before, or says nothing.
                _ => {}
            }
        }
    }

    fn text(&self, start: usize, raw: &'a str) -> Result<Option<Piece<'a>>, LockfileError> {
        if self.open.is_empty() {
            return self.error(start, "text stands outside of all elements");
        }
        Ok(Some(Piece::Text(raw.trim())))
    }

    fn finish(&self) -> Result<Option<Piece<'a>>, LockfileError> {
        let end = self.input.text.len();
        if let Some(name) = self.open.last() {
            return self.error(end, &format!("`{}` is not closed", name.escape_default()));
        }
        if !self.seen {
            return self.error(end, "it has no element");
        }
        Ok(None)
    }

    /// The tag `raw`, which was just read, from `start` on.
    fn opened(
        &mut self,
        start: usize,
        raw: &'a str,
        alone: bool,
    ) -> Result<Piece<'a>, LockfileError> {
        let inner = raw.trim_start_matches('<').trim_end_matches('>');
        let inner = if alone {
            inner.trim_end_matches('/')
        } else {
            inner
        };
        let length = inner.find(|c: char| c.is_ascii_whitespace());
        let (name, attributes) = inner.split_at(length.unwrap_or(inner.len()));
        if !is_name(name) {
            return self.error(start, "a tag has no name");
        }
        // Without the prefix of its namespace.
        let name = name.rsplit(':').next().unwrap_or(name);
        self.seen = true;
        if !alone {
            self.open.push(name);
        }
        Ok(Piece::Open(name, attributes, alone))
    }
}

/// Why a document can't be read, without what stands in it.
const fn reason(error: &quick_xml::Error) -> &'static str {
    match error {
        quick_xml::Error::Syntax(_) => "a tag, a comment or a declaration is not closed",
        quick_xml::Error::IllFormed(_) => "a tag closes another element than the one that is open",
        _ => "it breaks off here",
    }
}

/// The library takes what stands up to a blank (<https://www.w3.org/TR/xml/#NT-Name>).
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
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
