//! Which lines of a file are new, by the diff that git itself would show.

use crate::model::{AddedLines, LineRange};
use git2::{DiffOptions, Patch};

/// The lines of `now` that are not in `base`: the `+` lines of their diff without context.
/// Binary content is compared line by line too. Where the diff cannot be made, every line counts as added.
#[must_use]
pub fn added_lines(base: &[u8], now: &[u8]) -> AddedLines {
    ranges(base, now).map_or(AddedLines::All, AddedLines::Ranges)
}

fn ranges(base: &[u8], now: &[u8]) -> Result<Vec<LineRange>, git2::Error> {
    let mut options = DiffOptions::new();
    options.context_lines(0).force_text(true);
    let patch = Patch::from_buffers(base, None, now, None, Some(&mut options))?;
    let mut ranges = Vec::new();
    for at in 0..patch.num_hunks() {
        let (hunk, _) = patch.hunk(at)?;
        if hunk.new_lines() > 0 {
            let first = hunk.new_start();
            ranges.push(LineRange {
                first,
                last: first + hunk.new_lines() - 1,
            });
        }
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::added_lines;
    use crate::model::{AddedLines, LineRange};

    #[test]
    fn added_lines_are_the_plus_lines() {
        let added = added_lines(b"a\nb\nc\n", b"a\nX\nb\nc\nY\nZ\n");
        let want = [(2, 2), (5, 6)].map(|(first, last)| LineRange { first, last });
        assert_eq!(added, AddedLines::Ranges(want.to_vec()));
        assert_eq!(added_lines(b"a\nb\n", b"a\n"), AddedLines::Ranges(vec![]));
        assert_eq!(
            added_lines(b"\0\x01\nb\n", b"\0\x01\nb\nc\n"),
            AddedLines::Ranges(vec![LineRange { first: 3, last: 3 }])
        );
    }
}
