//! Where in a manifest an entry stands. It is looked for when somebody wants to show it: of thousands of entries that do not
//! agree, a message shows one.

use super::super::input::Input;
use super::python::normal;
use std::ops::Range;

/// How the place of an entry is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The manifest has none.
    Nowhere,
    /// These bytes: it was seen when the manifest was read.
    At(usize, usize),
    /// `"key": "value"` of JSON, with any blanks.
    JsonPair(String, String),
    /// `"key"` of JSON, before a colon.
    JsonKey(String),
    /// The line of TOML that gives the key a value, or that is the head of its table.
    TomlKey(String),
    /// The first line that begins with the word, in quotes or not, in any spelling that Python takes for the same.
    Word(String),
}

impl Place {
    /// A place that is known.
    pub(super) fn at(range: &Range<usize>) -> Self {
        Self::At(range.start, range.end)
    }

    /// The bytes of the place in `manifest`; empty where there is none, or where it is written in another way.
    #[must_use]
    pub fn find(&self, manifest: &[u8]) -> Range<usize> {
        // Of a file in another encoding too.
        if let Self::At(start, end) = self {
            return *start..*end;
        }
        let Ok(Input { text, base }) = Input::new(manifest) else {
            return 0..0;
        };
        let found = match self {
            Self::Nowhere | Self::At(..) => None,
            Self::JsonPair(key, value) => json_pair(text, key, value),
            Self::JsonKey(key) => json_key(text, key),
            Self::TomlKey(key) => toml_key(text, key),
            Self::Word(word) => line(text, word),
        };
        found.map_or(0..0, |found| found.start + base..found.end + base)
    }
}

/// What follows the colon after each `"key"`, with where the key starts.
fn json_values<'a>(text: &'a str, key: &str) -> impl Iterator<Item = (usize, &'a str)> {
    let quoted = format!("\"{key}\"");
    let found: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), &quoted).collect();
    found.into_iter().filter_map(move |at| {
        let rest = text[at + quoted.len()..].trim_start();
        Some((at, rest.strip_prefix(':')?.trim_start()))
    })
}

fn json_pair(text: &str, key: &str, value: &str) -> Option<Range<usize>> {
    json_values(text, key).find_map(|(at, rest)| {
        let after = rest.strip_prefix('"')?.strip_prefix(value)?;
        let after = after.strip_prefix('"')?;
        Some(at..text.len() - after.len())
    })
}

fn json_key(text: &str, key: &str) -> Option<Range<usize>> {
    let (at, _) = json_values(text, key).next()?;
    Some(at..at + key.len() + 2)
}

fn toml_key(text: &str, key: &str) -> Option<Range<usize>> {
    let head = format!("dependencies.{key}]");
    text.lines().map(str::trim).find_map(|shown| {
        let bare = shown.trim_start_matches('"');
        let after = bare.strip_prefix(key).map(str::trim_start);
        let named = after.is_some_and(|rest| rest.starts_with(['=', '.', '"']));
        (named || shown.ends_with(&head)).then(|| range(text, shown))
    })
}

fn line(text: &str, word: &str) -> Option<Range<usize>> {
    let found = text.lines().find_map(|line| {
        let shown = line.trim().trim_end_matches(',');
        begins(shown.trim_start_matches(['"', '\'']), word).then(|| range(text, shown))
    });
    // A list may stand on one line.
    found.or_else(|| quoted(text, word))
}

/// The first text in quotes that begins with the word.
fn quoted(text: &str, word: &str) -> Option<Range<usize>> {
    text.match_indices(['"', '\'']).find_map(|(at, quote)| {
        let rest = &text[at + 1..];
        let length = rest.find([quote.as_bytes()[0] as char, '\n'])?;
        begins(rest, word).then(|| at..at + length + 2)
    })
}

fn begins(text: &str, word: &str) -> bool {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    normal(&text[..end]) == word
}

/// Where `part` stands in `text`, of which it is a slice.
fn range(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_requirement_is_found_on_its_line_or_in_a_list() {
        let found = |text: &str| {
            let place = Place::Word("dep-a".to_owned()).find(text.as_bytes());
            text[place].to_owned()
        };
        for (text, want) in [
            ("x = [\n  \"Dep_A>=1\",\n]", "\"Dep_A>=1\""),
            ("Dep.a = \"^1\"\n", "Dep.a = \"^1\""),
            (
                "x = [\"dep-ab\", 'dep-a[x] >= 1', \"b\"]",
                "'dep-a[x] >= 1'",
            ),
            ("x = [\"dep-a", ""),
            ("\"\n'dep-a'", "'dep-a'"),
            ("\u{feff}x = [\"dep-a\"]", "\"dep-a\""),
            ("nothing", ""),
        ] {
            assert_eq!(found(text), want, "{text:?}");
        }
    }

    #[test]
    fn keys_of_json_stand_before_a_colon() {
        let text = "{ \"keywords\": [\"a\"], \"b\": { \"a\" : \"2\" , \"c\":{\"a\":\"1\"}}}";
        let found = |place: Place| text[place.find(text.as_bytes())].to_owned();
        let pair = |value: &str| Place::JsonPair("a".to_owned(), value.to_owned());
        assert_eq!(found(pair("2")), "\"a\" : \"2\"");
        assert_eq!(found(pair("1")), "\"a\":\"1\"");
        assert_eq!(found(pair("3")), "");
        assert_eq!(found(Place::JsonKey("a".to_owned())), "\"a\"");
        assert_eq!(
            Place::JsonKey("a".to_owned()).find(text.as_bytes()).start,
            28
        );
    }
}
