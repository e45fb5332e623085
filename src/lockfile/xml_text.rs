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
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut out = String::with_capacity(text.len());
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let raw = text.get(start..usize::try_from(reader.buffer_position()).ok()?)?;
        match event {
            Event::Text(_) => out.push_str(raw),
            Event::CData(data) => out.push_str(&without_signs(&data)),
            Event::GeneralRef(name) => match meant(&name) {
                Some(sign) => out.push(sign),
                None => out.push_str(raw),
            },
            Event::Comment(_) => {}
            tag => {
                // Blanks at the end of a text mean nothing to the readers.
                out.extend(std::iter::repeat_n(' ', start - out.len()));
                out.push_str(raw);
                if tag == Event::Eof {
                    return Some(out);
                }
            }
        }
    }
}

/// Signs in a text would be read as tags; no name and no version has one.
fn without_signs(text: &str) -> String {
    text.replace(['<', '&'], "?")
}

/// The character that a reference is for; `None` for one that would be read as a sign, and for entities of a document type.
fn meant(name: &BytesRef<'_>) -> Option<char> {
    let sign = match &**name {
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => name.resolve_char_ref().ok().flatten()?,
    };
    (!matches!(sign, '<' | '&') && !sign.is_control()).then_some(sign)
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
            ("<a>&lt;&x;&amp;&#60;</a>", "<a>&lt;&x;&amp;&#60;</a>"),
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
        let damaged = "<a>&#49;<!-- open";
        assert_eq!(plain(damaged), damaged);
        assert!(matches!(plain("<a>b</a>"), std::borrow::Cow::Borrowed(_)));
    }
}
