//! What XML writes in other ways made plain: comments within text, character data and references
//! (<https://www.w3.org/TR/xml/#sec-cdata-sect>). Nothing moves: what gets shorter is filled up with blanks, so places in the
//! text stay places in the file.

use std::borrow::Cow;

/// Marks of what is not plain text.
const COMMENT: (&str, &str) = ("<!--", "-->");
const DATA: (&str, &str) = ("<![CDATA[", "]]>");

/// The document with plain text between its tags.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') && !text.contains(DATA.0) && !text.contains(COMMENT.0) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let run = run(rest);
        if run == 0 {
            let tag = tag(rest);
            out.push_str(&rest[..tag]);
            rest = &rest[tag..];
        } else {
            one(&rest[..run], &mut out);
            rest = &rest[run..];
        }
    }
    Cow::Owned(out)
}

/// How long the text at the start is, with what stands in it.
fn run(rest: &str) -> usize {
    let mut at = 0;
    loop {
        at += rest[at..].find('<').unwrap_or(rest.len() - at);
        let next = &rest[at..];
        let special = [COMMENT, DATA]
            .into_iter()
            .find(|(start, _)| next.starts_with(start));
        let Some(length) = special.and_then(|(start, end)| closed(next, start, end)) else {
            return at;
        };
        at += length;
    }
}

/// How long what begins with `start` is; `None` where `end` is missing.
fn closed(rest: &str, start: &str, end: &str) -> Option<usize> {
    let length = rest[start.len()..].find(end)?;
    Some(start.len() + length + end.len())
}

/// How long the tag or declaration at the start is.
fn tag(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if byte == b'>' => return at + 1,
            None if matches!(byte, b'"' | b'\'') && !rest.starts_with("<!") => quote = Some(byte),
            None => {}
        }
    }
    rest.len()
}

/// One text between tags, in its own length.
fn one(text: &str, out: &mut String) {
    let end = out.len() + text.len();
    let blank = text.len() - text.trim_start().len();
    out.push_str(&text[..blank]);
    let mut rest = &text[blank..];
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[special(rest, out)..];
    }
    out.push_str(rest);
    // Blanks at the end of a text mean nothing to the readers.
    out.extend(std::iter::repeat_n(' ', end - out.len()));
}

/// Writes what is meant by the sign at the start, and gives its length.
fn special(rest: &str, out: &mut String) -> usize {
    if rest.starts_with(COMMENT.0) {
        return closed(rest, COMMENT.0, COMMENT.1).unwrap_or(rest.len());
    }
    if rest.starts_with(DATA.0) {
        let length = closed(rest, DATA.0, DATA.1).unwrap_or(rest.len());
        let inner = rest[..length].strip_prefix(DATA.0).unwrap_or_default();
        let inner = inner.strip_suffix(DATA.1).unwrap_or(inner);
        // A sign would be read as a tag; no name and no version has one.
        out.push_str(&inner.replace(['<', '&'], "?"));
        return length;
    }
    let end = rest.find(';').filter(|end| *end < 12);
    let meant = end.and_then(|end| Some((end, meant(&rest[1..end])?)));
    match meant {
        Some((end, sign)) => {
            out.push(sign);
            end + 1
        }
        None => {
            out.push('&');
            1
        }
    }
}

/// The character that a reference is for; `None` for one that would be read as a sign, and for entities of a document type.
fn meant(name: &str) -> Option<char> {
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        },
        None => match name {
            "gt" => Some(u32::from('>')),
            "quot" => Some(u32::from('"')),
            "apos" => Some(u32::from('\'')),
            _ => None,
        },
    };
    let sign = char::from_u32(number?)?;
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
            ("<a>&#49;<!-- open", "<a>1    <!-- open"),
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
        assert!(matches!(plain("<a>b</a>"), std::borrow::Cow::Borrowed(_)));
    }
}
