//! The languages without a program: `pygrep` and `fail`.

use crate::command::{GivenUp, PythonPattern};
use crate::scan::ForeignCheck;
use std::ops::Range;

/// `language: fail`: every file it gets is one too many.
pub(super) struct Fail {
    message: String,
}

impl Fail {
    pub(super) fn new(entry: &str) -> Self {
        Self {
            message: entry.to_owned(),
        }
    }
}

impl ForeignCheck for Fail {
    fn look(&self, _: &[u8]) -> Vec<(Option<Range<usize>>, String)> {
        vec![(None, self.message.clone())]
    }
}

/// `language: pygrep`: a regular expression that no line may match, or with `--negate` that some line must.
pub(super) struct Grep {
    pattern: PythonPattern,
    shown: String,
    negate: bool,
    multiline: bool,
}

impl Grep {
    /// From `entry` and `args`.
    ///
    /// # Errors
    /// The key that is wrong, and why.
    pub(super) fn new(entry: &str, args: &[String]) -> Result<Self, (&'static str, String)> {
        let (mut negate, mut multiline, mut small) = (false, false, false);
        for arg in args {
            match arg.as_str() {
                "--negate" => negate = true,
                "--multiline" => multiline = true,
                "-i" | "--ignore-case" => small = true,
                other => {
                    let message =
                        format!("pygrep knows --negate, --multiline and -i, not `{other}`");
                    return Err(("args", message));
                }
            }
        }
        let flags = match (small, multiline) {
            (false, false) => "",
            (true, false) => "i",
            (false, true) => "ms",
            (true, true) => "ims",
        };
        let pattern = PythonPattern::new(entry, flags).map_err(|reason| {
            (
                "entry",
                format!("`entry` is not a regular expression: {reason}"),
            )
        })?;
        Ok(Self {
            pattern,
            shown: entry.to_owned(),
            negate,
            multiline,
        })
    }

    /// Every match: one a line, or without lines the first of the file.
    fn matches(&self, text: &str) -> Result<Vec<Range<usize>>, GivenUp> {
        if self.multiline {
            return Ok(self.pattern.find(text)?.into_iter().collect());
        }
        let mut start = 0;
        let mut found = Vec::new();
        for line in text.split_inclusive('\n') {
            if let Some(range) = self.pattern.find(line)? {
                // `$` takes the line end along, which no caret needs.
                let end = range.end.min(line.trim_end_matches('\n').len());
                found.push(start + range.start..start + end.max(range.start));
            }
            start += line.len();
        }
        Ok(found)
    }
}

impl ForeignCheck for Grep {
    fn look(&self, bytes: &[u8]) -> Vec<(Option<Range<usize>>, String)> {
        // Bytes that are no text become one character each, so places in the text are those in the bytes: one byte a
        // character where the file is not UTF-8.
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes
                .iter()
                .map(|&byte| {
                    if byte.is_ascii() {
                        char::from(byte)
                    } else {
                        '?'
                    }
                })
                .collect(),
        };
        let found = match self.matches(&text) {
            Ok(found) => found,
            // Not known is not passed.
            Err(_) => {
                return vec![(
                    None,
                    format!("`{}` takes too long to search for in it", self.shown),
                )];
            }
        };
        match (self.negate, found.is_empty()) {
            (true, true) => vec![(None, format!("nothing in it matches `{}`", self.shown))],
            (true, false) => Vec::new(),
            (false, _) => found
                .into_iter()
                .map(|range| (Some(range), format!("it matches `{}`", self.shown)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Grep;
    use crate::scan::ForeignCheck;

    fn places(entry: &str, args: &[&str], text: &str) -> Vec<Option<(usize, usize)>> {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        let grep = Grep::new(entry, &args).unwrap();
        let found = grep.look(text.as_bytes());
        found
            .into_iter()
            .map(|(at, _)| at.map(|at| (at.start, at.end)))
            .collect()
    }

    #[test]
    fn as_pre_commit_greps() {
        assert_eq!(
            places("todo", &["-i"], "a TODO\nb\nToDo\n"),
            [Some((2, 6)), Some((9, 13))]
        );
        assert_eq!(places("^b$", &[], "a\nb\n"), [Some((2, 3))]);
        assert_eq!(places("a.*b", &[], "a\nb\n"), []);
        assert_eq!(places("a.*b", &["--multiline"], "a\nb\n"), [Some((0, 3))]);
        assert_eq!(places("license", &["--negate"], "none\n"), [None]);
        assert_eq!(places("license", &["--negate"], "x\nlicense\n"), []);
        assert_eq!(places("a$.^b", &["--multiline", "--negate"], "a\nb\n"), []);
        assert!(Grep::new("(", &[]).is_err_and(|(key, _)| key == "entry"));
        assert!(Grep::new("a", &["-v".to_owned()]).is_err_and(|(key, _)| key == "args"));
    }
}
