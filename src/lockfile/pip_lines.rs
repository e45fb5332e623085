//! The logical lines of pip's requirements files: a backslash at the end of a line joins the next, then comments go
//! (<https://pip.pypa.io/en/stable/reference/requirements-file-format/>).

use super::input::Input;
use std::borrow::Cow;
use std::ops::Range;

/// A logical line without its comment.
pub(super) struct Line<'a> {
    pub(super) text: Cow<'a, str>,
    /// Of each line that it was joined from: where it begins in `text`, and in the file.
    starts: Vec<(usize, usize)>,
}

impl Line<'_> {
    /// Where `part`, a slice of the text, stands in the file, with what joins its lines.
    pub(super) fn span(&self, part: &str) -> Range<usize> {
        let (text, base) = (&*self.text, 0);
        let within = Input { text, base }.span(part);
        if within.is_empty() {
            return 0..0;
        }
        self.offset(within.start)..self.offset(within.end - 1) + 1
    }

    fn offset(&self, at: usize) -> usize {
        let next = self.starts.partition_point(|(start, _)| *start <= at);
        let (start, offset) = self.starts[next.saturating_sub(1)];
        offset + (at - start)
    }
}

/// The logical lines of a file that say something.
pub(super) fn lines<'a>(input: &Input<'a>) -> impl Iterator<Item = Line<'a>> {
    let input = *input;
    let mut lines = input.text.lines();
    std::iter::from_fn(move || {
        loop {
            let mut pieces = vec![lines.next()?];
            // A line that is a comment ends what was to go on in it, whatever its own end.
            let goes_on = |line: &str| line.ends_with('\\') && !is_comment(line);
            while pieces.last().is_some_and(|line| goes_on(line)) {
                let last = pieces.len() - 1;
                pieces[last] = pieces[last].trim_end_matches('\\');
                match lines.next() {
                    Some(line) => pieces.push(line),
                    None => break,
                }
            }
            if let Some(line) = joined(&input, &pieces) {
                return Some(line);
            }
        }
    })
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

fn joined<'a>(input: &Input<'a>, pieces: &[&'a str]) -> Option<Line<'a>> {
    let whole = match pieces {
        [one] => Cow::Borrowed(*one),
        pieces => {
            // Nothing stands between the pieces but what makes a comment one.
            let parts = pieces.iter().map(|piece| (is_comment(piece), *piece));
            let parts = parts.flat_map(|(apart, piece)| [if apart { " " } else { "" }, piece]);
            Cow::Owned(parts.collect())
        }
    };
    let mut starts = Vec::with_capacity(pieces.len());
    let mut at = 0;
    for piece in pieces {
        starts.push((at, input.span(piece).start));
        at += piece.len();
    }
    let text = match whole {
        Cow::Borrowed(text) => Cow::Borrowed(without_comment(text)),
        Cow::Owned(mut text) => {
            text.truncate(without_comment(&text).len());
            Cow::Owned(text)
        }
    };
    (!text.trim().is_empty()).then_some(Line { text, starts })
}

/// A comment starts a line or follows a blank.
fn without_comment(line: &str) -> &str {
    let mut signs = line.match_indices('#').map(|(at, _)| at);
    let end = signs.find(|&at| line[..at].ends_with(char::is_whitespace) || at == 0);
    line[..end.unwrap_or(line.len())].trim_end()
}

#[cfg(test)]
mod tests {
    use super::{Input, lines};

    #[test]
    fn lines_are_joined_before_comments_go() {
        let text = "\u{feff}a==1 # why\n\n# all \\\nb \\\n  == \\\n2 \\\n# end \\\nc==1.\\\n\\\n2#x #\n#\\\n \td \\";
        let input = Input::new(text.as_bytes()).expect("text");
        let found: Vec<_> = lines(&input).collect();
        let texts: Vec<&str> = found.iter().map(|line| line.text.trim()).collect();
        assert_eq!(texts, ["a==1", "b   == 2", "c==1.2#x", "d"]);
        let version = found[2].text.find("1.2").expect("a version");
        let span = found[2].span(&found[2].text[version..version + 3]);
        assert_eq!(&text[span], "1.\\\n\\\n2");
        let span = found[0].span(&found[0].text[3..]);
        assert_eq!(&text[span], "1");
        assert_eq!(found[0].span("elsewhere"), 0..0);
    }
}
