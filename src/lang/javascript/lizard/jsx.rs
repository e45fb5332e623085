//! Elements of JSX: what stands between their braces is code, and the rest goes into few pieces.

use super::source::{Piece, Sort, Source};
use super::template::is_space;
use crate::lang::token::{CLASS, IDENTIFIER};
use std::borrow::Cow;
use std::collections::VecDeque;

/// Where in an element a piece stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind `<`.
    Tag,
    /// Behind the name, or behind an attribute.
    Attributes,
    /// Behind the name of an attribute.
    Equals,
    /// Behind `=`.
    Value,
    /// Behind `/`.
    Closing,
    Body,
}

/// What is open.
enum Layer<'a> {
    /// Code, with the braces that are open in it.
    Code(i64),
    Element {
        place: Place,
        kept: Vec<Piece<'a>>,
        /// Whether the value of an attribute is being read.
        in_value: bool,
    },
}

/// Puts together what is no code.
pub(super) struct Elements<'a> {
    source: Source<'a>,
    layers: Vec<Layer<'a>>,
    ready: VecDeque<Piece<'a>>,
    /// Whether the innermost layer has ended.
    ended: bool,
}

fn element<'a>(bracket: Piece<'a>) -> Layer<'a> {
    Layer::Element {
        place: Place::Tag,
        kept: vec![bracket],
        in_value: false,
    }
}

impl<'a> Elements<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        Self {
            source,
            layers: vec![Layer::Code(1)],
            ready: VecDeque::new(),
            ended: false,
        }
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(piece);
            }
            let piece = self.source.next()?;
            self.read(piece);
        }
    }

    fn read(&mut self, piece: Piece<'a>) {
        let at = piece.at;
        match self.layers.last() {
            Some(Layer::Element { .. }) => self.markup(piece),
            _ => self.code(piece),
        }
        if !std::mem::take(&mut self.ended) || self.layers.len() == 1 {
            return;
        }
        self.layers.pop();
        // What an arrow starts in an attribute ends with it.
        if let Some(Layer::Element { in_value, .. }) = self.layers.last_mut()
            && std::mem::take(in_value)
        {
            self.ready.push_back(Piece {
                bytes: Cow::Borrowed(b";"),
                at,
                sort: Sort::Code,
            });
        }
    }

    fn code(&mut self, piece: Piece<'a>) {
        let Some(Layer::Code(depth)) = self.layers.last_mut() else {
            return;
        };
        match &*piece.bytes {
            b"<" => return self.layers.push(element(piece)),
            b"{" => *depth += 1,
            b"}" => {
                *depth -= 1;
                if *depth == 0 {
                    self.ended = true;
                    return;
                }
            }
            _ => {}
        }
        self.ready.push_back(piece);
    }

    fn markup(&mut self, piece: Piece<'a>) {
        let Some(Layer::Element { place, kept, .. }) = self.layers.last_mut() else {
            return;
        };
        kept.push(piece.clone());
        if is_blank(&piece.bytes) {
            return;
        }
        let was = *place;
        if let Some(next) = after(was, &piece.bytes) {
            *place = next;
            return;
        }
        match was {
            Place::Body => self.body(piece),
            Place::Closing if *piece.bytes == *b">" => self.flush(true),
            Place::Value => self.value(&piece),
            _ => self.abort(),
        }
    }

    fn value(&mut self, piece: &Piece<'a>) {
        if *piece.bytes != *b"{" {
            return;
        }
        if let Some(Layer::Element {
            place, in_value, ..
        }) = self.layers.last_mut()
        {
            *place = Place::Attributes;
            *in_value = true;
        }
        self.layers.push(Layer::Code(1));
    }

    fn body(&mut self, piece: Piece<'a>) {
        match &*piece.bytes {
            b"=" | b"=>" | b";" | b")" => self.abort(),
            b"<" => {
                if let Some(Layer::Element { kept, .. }) = self.layers.last_mut() {
                    kept.pop();
                }
                self.flush(false);
                self.layers.push(element(piece));
            }
            b"{" => {
                self.flush(false);
                self.layers.push(Layer::Code(1));
            }
            bytes if bytes.starts_with(b"</") => self.flush(true),
            _ => {}
        }
    }

    fn kept(&mut self) -> Vec<Piece<'a>> {
        match self.layers.last_mut() {
            Some(Layer::Element { kept, .. }) => std::mem::take(kept),
            _ => Vec::new(),
        }
    }

    /// It was no element.
    fn abort(&mut self) {
        let kept = self.kept();
        self.ready.extend(kept);
        self.ended = true;
    }

    /// One piece of all that was kept.
    fn flush(&mut self, ended: bool) {
        let kept = self.kept();
        let at = kept.last().map_or(0, |piece| piece.at);
        let bytes: Vec<u8> = kept
            .iter()
            .flat_map(|piece| piece.bytes.iter().copied())
            .collect();
        self.ready.push_back(Piece {
            bytes: Cow::Owned(bytes),
            at,
            sort: Sort::Joined,
        });
        self.ended = ended;
    }
}

/// Where in the tag one is behind `bytes`; `None` where it cannot stand there, or where more is to be done.
fn after(place: Place, bytes: &[u8]) -> Option<Place> {
    match (place, bytes) {
        (Place::Tag, _) if is_name(bytes) => Some(Place::Attributes),
        (Place::Attributes, b">") => Some(Place::Body),
        (Place::Attributes, b"/") => Some(Place::Closing),
        (Place::Attributes, _) if is_name(bytes) => Some(Place::Equals),
        (Place::Equals, b"=") => Some(Place::Value),
        (Place::Value, [b'"' | b'\'', ..]) => Some(Place::Attributes),
        _ => None,
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| is_space(byte))
}

fn is_name(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| !first.is_ascii_digit())
        && bytes
            .iter()
            .all(|&byte| CLASS[byte as usize] & IDENTIFIER != 0)
}
