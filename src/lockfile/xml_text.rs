//! What XML writes in other ways made plain: comments within text, character data and references
//! (<https://www.w3.org/TR/xml/#sec-cdata-sect>). Nothing moves: what gets shorter is filled up with blanks, so places in the
//! text stay places in the file.

use quick_xml::Reader;
use quick_xml::events::BytesRef;
use quick_xml::events::Event;
use std::borrow::Cow;

/// The document with plain text between its tags; as it is where it is no XML.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let is_plain = !text.contains('&') && !text.contains("<!");
    let other = if is_plain { None } else { written_out(text) };
    other.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn written_out(text: &str) -> Option<String> {
    // The library does not count the mark of the byte order.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = &text[..text.len() - body.len()];
    let mut reader = Reader::from_str(body);
    reader.config_mut().allow_dangling_amp = true;
    let mut out = Out {
        text: String::with_capacity(text.len()),
        begun: false,
    };
    out.text.push_str(mark);
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let raw = body.get(start..usize::try_from(reader.buffer_position()).ok()?)?;
        match event {
            Event::Text(_) => out.push(raw),
            Event::CData(data) => {
                out.nothing(DATA.len());
                out.push(&without_signs(&data));
            }
            Event::GeneralRef(name) => out.push(&meant(&name)),
            Event::Comment(_) => out.nothing(raw.len()),
            tag => {
                out.tag(raw, mark.len() + start);
                if tag == Event::Eof {
                    return Some(out.text);
                }
            }
        }
    }
}

/// What character data begins with.
const DATA: &str = "<![CDATA[";

/// The document that is written, and whether something stands in its text since the last tag.
struct Out {
    text: String,
    begun: bool,
}

impl Out {
    fn push(&mut self, text: &str) {
        self.begun |= !text.trim().is_empty();
        self.text.push_str(text);
    }

    /// What means nothing: in front of a value it keeps its place, within one it gives way.
    fn nothing(&mut self, length: usize) {
        if !self.begun {
            self.text.extend(std::iter::repeat_n(' ', length));
        }
    }

    /// A tag that stands at `start`. Blanks at the end of a text mean nothing to the readers.
    fn tag(&mut self, raw: &str, start: usize) {
        let gone = start.saturating_sub(self.text.len());
        self.text.extend(std::iter::repeat_n(' ', gone));
        self.text.push_str(raw);
        self.begun = false;
    }
}

/// Signs in a text would be read as tags; no name and no version has one.
fn without_signs(text: &str) -> String {
    text.replace(['<', '&'], "?")
}

/// What a reference is for; an entity of a document type is as unknown as a property without a value.
fn meant(name: &BytesRef<'_>) -> String {
    let sign = match &**name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.resolve_char_ref().ok().flatten(),
    };
    let sign = sign.filter(|sign| !sign.is_control());
    sign.map_or_else(|| "${}".to_owned(), |sign| without_signs(&sign.to_string()))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn text_is_plain_and_stays_in_its_place() {
        for (text, want) in [
            ("<a>1.0<!-- <b> -->.1</a>", "<a>1.0.1            </a>"),
            ("<a> <![CDATA[5.0]]> </a>", "<a> 5.0             </a>"),
            ("<a>1&#46;0&#x2e;&gt;</a>", "<a>1.0.>             </a>"),
            ("<a>&lt;&x;&amp;&#60;</a>", "<a>?${}??</a>"),
            (
                "\u{feff}<a>\u{20ac}<!-- \u{20ac} -->&#49;</a>",
                "\u{feff}<a>\u{20ac}1</a>",
            ),
            (
                "<a x='<!--'>&#49;</a><!-- & -->\n",
                "<a x='<!--'>1    </a>           \n",
            ),
            ("<a><![CDATA[<b>&]]></a>", "<a>?b>?            </a>"),
            (
                "<!DOCTYPE a [ <!-- it's --> ]><a>&#49;</a>",
                "<!DOCTYPE a [ <!-- it's --> ]><a>1    </a>",
            ),
        ] {
            let found = plain(text);
            assert_eq!(found.len(), text.len(), "{text}");
            let bare = |text: &str| text.replace(char::is_whitespace, "");
            assert_eq!(bare(&found), bare(want), "{text}");
        }
        for text in [
            "\u{feff}<a>\n <!-- \u{20ac}\n --> 5.0<!-- -->.1 </a>",
            "<a><![CDATA[5.0]]></a>",
        ] {
            assert_eq!(plain(text).find("5.0"), text.find("5.0"), "{text}");
        }
        let damaged = "<a>&#49;<!-- open";
        assert_eq!(plain(damaged), damaged);
        assert!(matches!(plain("<a>b</a>"), std::borrow::Cow::Borrowed(_)));
    }
}
