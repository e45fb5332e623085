//! XML in other encodings than UTF-8, and with other than plain text: made readable without moving anything.
//!
//! Tags, names of packages and versions are ASCII whatever the encoding, so every other byte becomes a `?`: no tables of
//! characters are needed, and places in the text are places in the file.

use super::{Package, xml_text};
use std::borrow::Cow;

/// Formats whose files are XML, which declares its encoding.
const XML: [&str; 3] = ["gradle-verification", "nuget-xml", "pom"];

/// Encodings in which the signs of XML have their ASCII bytes, and no other character has those bytes in it.
const ASCII_LIKE: [&str; 17] = [
    "ascii",
    "us-ascii",
    "latin1",
    "iso-8859-",
    "iso8859-",
    "iso_8859-",
    "windows-125",
    "cp125",
    "koi8-",
    "macintosh",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-",
    "windows-31j",
];

/// A file's bytes as its reader wants them.
pub(super) struct Plain<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Whether the file has two bytes for each, after a byte order mark.
    wide: bool,
}

/// The bytes of a file of the format `id`, those of XML in another encoding than UTF-8 as ASCII.
pub(super) fn plain<'a>(id: &str, bytes: &'a [u8]) -> Plain<'a> {
    if XML.contains(&id) {
        xml(bytes)
    } else {
        as_is(bytes)
    }
}

/// The bytes of a file of XML, with plain text between its tags.
pub(super) fn xml(bytes: &[u8]) -> Plain<'_> {
    let Plain { bytes, wide } = decoded(bytes);
    let text = simdutf8::basic::from_utf8(&bytes).map(xml_text::plain);
    let bytes = match text {
        Ok(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
        Ok(Cow::Borrowed(_)) | Err(_) => bytes,
    };
    Plain { bytes, wide }
}

/// The bytes as ASCII where they are in another encoding than UTF-8.
fn decoded(bytes: &[u8]) -> Plain<'_> {
    let units: Option<fn([u8; 2]) -> u16> = match bytes {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    if let Some(unit) = units {
        let pairs = bytes[2..].chunks_exact(2);
        let whole = pairs.remainder().is_empty();
        let ascii = pairs.map(|pair| only_ascii(unit([pair[0], pair[1]])));
        return match whole {
            true => Plain {
                bytes: Cow::Owned(ascii.collect()),
                wide: true,
            },
            false => as_is(bytes),
        };
    }
    if std::str::from_utf8(bytes).is_ok()
        || !declared(bytes).is_some_and(|name| is_ascii_like(&name))
    {
        return as_is(bytes);
    }
    Plain {
        bytes: Cow::Owned(
            bytes
                .iter()
                .map(|byte| only_ascii(u16::from(*byte)))
                .collect(),
        ),
        wide: false,
    }
}

const fn as_is(bytes: &[u8]) -> Plain<'_> {
    Plain {
        bytes: Cow::Borrowed(bytes),
        wide: false,
    }
}

fn only_ascii(unit: u16) -> u8 {
    u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?')
}

fn is_ascii_like(name: &str) -> bool {
    ASCII_LIKE.iter().any(|start| name.starts_with(start))
}

/// The encoding that `<?xml … encoding="…"?>` names, in lower case (<https://www.w3.org/TR/xml/#charencoding>).
fn declared(bytes: &[u8]) -> Option<String> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(rest, b"?>")?;
    let head = std::str::from_utf8(&rest[..end]).ok()?;
    let (_, value) = head.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split(quote).next()?.to_ascii_lowercase())
}

impl Plain<'_> {
    /// Moves what was found to where it stands in the file.
    pub(super) fn place(&self, packages: &mut [Package]) {
        if !self.wide {
            return;
        }
        let from_utf16 = |at: usize| 2 * at + 2;
        for package in packages {
            for span in [&mut package.span, &mut package.hash, &mut package.address] {
                if span.start < span.end {
                    *span = from_utf16(span.start)..from_utf16(span.end);
                }
            }
        }
    }

    /// Where an offset of the text is in the file.
    pub(super) fn offset(&self, at: usize) -> usize {
        if self.wide { 2 * at + 2 } else { at }
    }
}

#[cfg(test)]
mod tests {
    use crate::lockfile::{Beside, find};

    const POM: &str = "<?xml version=\"1.0\" encoding=\"ENC\"?>\n<project><developers><name>J\u{fc}rgen</name></developers><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>1.2.3</version></dependency></dependencies></project>\n";

    /// What is read of a `pom.xml`, with the bytes at the version's place.
    fn read(bytes: &[u8]) -> Result<(String, Vec<u8>), String> {
        let beside = Beside {
            read: &|_| None,
            apart: &|_| false,
        };
        let contents = find("pom.xml").unwrap().read("pom.xml", bytes, beside);
        let package = contents.map_err(|error| error.message)?.packages.remove(0);
        let shown = bytes[package.span.clone()].to_vec();
        Ok((format!("{} {}", package.name, package.version), shown))
    }

    fn latin(text: &str) -> Vec<u8> {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect()
    }

    #[test]
    fn declared_encodings_are_read_in_place() {
        for name in ["ISO-8859-1", "windows-1252", "iso-8859-15", "GBK"] {
            let (package, shown) = read(&latin(&POM.replace("ENC", name))).unwrap();
            assert_eq!(
                (package.as_str(), shown.as_slice()),
                ("g:a 1.2.3", &b"1.2.3"[..])
            );
        }
        for name in ["UTF-8", "x-unknown"] {
            assert_eq!(
                read(&latin(&POM.replace("ENC", name))),
                Err("it is not UTF-8 text".to_owned())
            );
        }
    }

    #[test]
    fn utf_16_is_known_by_its_mark() {
        let text = POM.replace("ENC", "UTF-16");
        let little: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let big: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(
            read(&little),
            Ok((
                "g:a 1.2.3".to_owned(),
                b"1\x00.\x002\x00.\x003\x00".to_vec()
            ))
        );
        assert_eq!(
            read(&big),
            Ok((
                "g:a 1.2.3".to_owned(),
                b"\x001\x00.\x002\x00.\x003".to_vec()
            ))
        );
        // Half a character at the end: the file was cut off.
        assert!(read(&little[..little.len() - 1]).is_err());
    }
}
