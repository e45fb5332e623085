//! The numbers of every function of a file, for `hookd metrics`.

use crate::lang::{self, Counting, Function, Unreadable};
use crate::model::RepoPath;
use crate::text::is_binary;
use serde::Serialize;

/// One function as `hookd metrics` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionMetrics {
    /// Id of the language.
    pub language: &'static str,
    /// Qualified name.
    pub name: String,
    /// Line of its name, or of what stands for it: where linters report it.
    pub start_line: u32,
    /// Line of its last byte.
    pub end_line: u32,
    /// Cyclomatic complexity.
    pub cyclomatic: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Lines from the start of its signature to its end.
    pub lines: u32,
    /// Parameters.
    pub parameters: u32,
    /// Deepest nesting of control structures.
    pub nesting: u32,
}

/// What `hookd metrics` knows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileMetrics {
    /// Its functions in order.
    pub functions: Vec<FunctionMetrics>,
    /// Why there may be more of them.
    pub broken: Option<Broken>,
}

/// Why a file was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The line from which on it was not read; `None` where that is the first.
    pub from: Option<u32>,
    /// The line where it breaks.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl Broken {
    pub(super) fn new(error: &Unreadable, bytes: &[u8]) -> Self {
        let line = |at: usize| {
            let before = &bytes[..at.min(bytes.len())];
            let breaks = memchr::memchr_iter(b'\n', before).count();
            u32::try_from(breaks).map_or(u32::MAX, |breaks| breaks.saturating_add(1))
        };
        Self {
            from: Some(line(error.read_to)).filter(|&line| line > 1),
            line: line(error.at),
            message: error.message.clone(),
        }
    }
}

/// The functions of the file at `path` with content `bytes`; `None` where it is binary or in no language that hookd knows.
/// `counting` says by which rule.
#[must_use]
pub fn metrics(path: &RepoPath, bytes: &[u8], counting: &Counting) -> Option<FileMetrics> {
    let language = language(path, bytes)?;
    let (functions, broken) = match language.count(bytes, counting) {
        Ok(functions) => (functions, None),
        Err(mut error) => {
            let before = std::mem::take(&mut error.before);
            (before, Some(Broken::new(&error, bytes)))
        }
    };
    let lines = lines(bytes, &functions);
    let measured = |(function, [name, start, end]): (Function, [u32; 3])| FunctionMetrics {
        language: language.id,
        start_line: name,
        end_line: end,
        cyclomatic: function.cyclomatic,
        cognitive: function.cognitive,
        lines: end - start + 1,
        parameters: function.parameters,
        nesting: function.nesting,
        name: function.name,
    };
    Some(FileMetrics {
        functions: functions.into_iter().zip(lines).map(measured).collect(),
        broken,
    })
}

/// The lines of each function's name, first byte and last byte. All places are sorted and counted up to in one go, so that what
/// nests is counted once.
fn lines(bytes: &[u8], functions: &[Function]) -> Vec<[u32; 3]> {
    let mut places = Vec::with_capacity(functions.len() * 3);
    for (index, function) in functions.iter().enumerate() {
        let last = function.span.end.saturating_sub(1).max(function.span.start);
        let of_function = [function.name_span.start, function.span.start, last];
        // As one number each they are sorted in half the time. No file that is read has 4 GiB.
        let place = |(part, at): (usize, &usize)| ((*at as u64) << 32) | (index * 3 + part) as u64;
        places.extend(of_function.iter().enumerate().map(place));
    }
    places.sort_unstable();
    let mut found = vec![[1; 3]; functions.len()];
    let (mut from, mut line) = (0, 1_u32);
    for place in places {
        let (at, part) = ((place >> 32) as usize, (place & 0xFFFF_FFFF) as usize);
        let at = at.min(bytes.len());
        let breaks = memchr::memchr_iter(b'\n', &bytes[from..at]).count();
        line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        from = at;
        found[part / 3][part % 3] = line;
    }
    found
}

/// The language of a file; `None` where it is binary or hookd knows none.
pub(super) fn language(path: &RepoPath, bytes: &[u8]) -> Option<&'static lang::Language> {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len()).min(200);
    let language = lang::find(&path.to_text(), &bytes[..end])?;
    (!is_binary(bytes)).then_some(language)
}
