//! The parts of a message: subject, body, trailers.

use std::ops::Range;

/// A line that is not empty.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Where it is in the message.
    pub(super) at: Range<usize>,
    /// Its text, without white space at its end.
    pub(super) text: &'a str,
}

/// A trailer: `token: value` at the end of a message (git-interpret-trailers(1)).
#[derive(Debug, Clone)]
pub(super) struct Trailer<'a> {
    /// Where it is in the message.
    pub(super) at: Range<usize>,
    pub(super) token: &'a str,
    pub(super) value: &'a str,
}

/// A message cut into its parts.
pub(super) struct Parts<'a> {
    bytes: &'a [u8],
    /// Paragraphs: lines between empty ones.
    paragraphs: Vec<Vec<Line<'a>>>,
}

/// Beginnings of subjects that git writes itself, or that a rebase takes away again (git-commit(1), `--fixup`).
const MADE: [&str; 5] = ["Merge ", "Revert \"", "fixup! ", "squash! ", "amend! "];

impl<'a> Parts<'a> {
    /// Cuts up a message that comments are taken out of.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let (mut paragraphs, mut at) = (vec![Vec::new()], 0);
        for raw in bytes.split_inclusive(|&byte| byte == b'\n') {
            // A message in another encoding is read as far as it is UTF-8.
            let text = match std::str::from_utf8(raw) {
                Ok(text) => text,
                Err(error) => std::str::from_utf8(&raw[..error.valid_up_to()]).unwrap_or(""),
            };
            let text = text.trim_end();
            match paragraphs.last_mut() {
                Some(last) if !text.is_empty() => last.push(Line {
                    at: at..at + text.len(),
                    text,
                }),
                _ => paragraphs.push(Vec::new()),
            }
            at += raw.len();
        }
        paragraphs.retain(|lines| !lines.is_empty());
        Self { bytes, paragraphs }
    }

    /// The first line.
    pub(super) fn subject(&self) -> Option<&Line<'a>> {
        self.paragraphs.first()?.first()
    }

    /// The line right below the first one, where no empty line parts them.
    pub(super) fn crowding(&self) -> Option<&Line<'a>> {
        self.paragraphs.first()?.get(1)
    }

    /// Every line but the first.
    pub(super) fn body(&self) -> impl Iterator<Item = &Line<'a>> {
        self.paragraphs.iter().flatten().skip(1)
    }

    /// Whether git wrote the message, or a rebase will take it away: no form holds for those.
    pub(super) fn is_made_by_git(&self) -> bool {
        self.subject()
            .is_some_and(|line| MADE.iter().any(|made| line.text.starts_with(made)))
    }

    /// What of the line at `at` stands beyond `most` characters; nothing where `most` is 0.
    pub(super) fn beyond(&self, at: &Range<usize>, most: usize) -> Option<Range<usize>> {
        if most == 0 {
            return None;
        }
        let text = std::str::from_utf8(&self.bytes[at.clone()]).unwrap_or("");
        let (start, _) = text.char_indices().nth(most)?;
        Some(at.start + start..at.end)
    }

    /// The place right behind the message: where something is missing.
    pub(super) fn end(&self) -> Range<usize> {
        let last = self.paragraphs.last().and_then(|lines| lines.last());
        let end = last.map_or(0, |line| line.at.end);
        end..end
    }

    /// The trailers. They are the last paragraph, which is not the first one, if all its lines are trailers, or a quarter
    /// of them and one that git writes.
    pub(super) fn trailers(&self) -> Vec<Trailer<'a>> {
        let Some(lines) = self.paragraphs.get(1..).and_then(<[_]>::last) else {
            return Vec::new();
        };
        let goes_on = |line: &&Line<'_>| line.text.starts_with([' ', '\t']);
        let found: Vec<Trailer<'a>> = lines.iter().filter_map(trailer).collect();
        let continued = lines.iter().filter(goes_on).count();
        let by_git = found
            .iter()
            .any(|one| one.token.eq_ignore_ascii_case("signed-off-by"));
        let all = found.len() + continued == lines.len();
        if all || (by_git && found.len() * 4 >= lines.len()) {
            found
        } else {
            Vec::new()
        }
    }
}

fn trailer<'a>(line: &Line<'a>) -> Option<Trailer<'a>> {
    let (token, value) = line.text.split_once(':')?;
    // `BREAKING CHANGE` is the one token with a space (Conventional Commits 1.0, 8 and 9).
    let is_token = token == "BREAKING CHANGE"
        || !token.is_empty() && token.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_token.then(|| Trailer {
        at: line.at.clone(),
        token,
        value: value.trim(),
    })
}
