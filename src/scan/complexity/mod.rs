//! Functions over a limit of cyclomatic or cognitive complexity, judged by whether the change makes them worse.

mod accepted;
mod before;
mod generated;
mod growth;
mod judge;
mod limits;
mod metric;
mod metrics;
mod ratchet;
mod report;
mod rules;

pub use metrics::{Broken, FileMetrics, FunctionMetrics, metrics};

use limits::Limits;
use metric::Metric;

use super::{Reads, ScanContext, Scanner, ScannerSpec, SourceFile};
use crate::config::{ConfigError, Section, SectionKeys};
use crate::lang::{self, Compat, Counting};
use crate::model::{CheckError, FileKind, FileMeta, Level, RepoPath, Scope, Sink};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Id of the scanner.
const ID: &str = "complexity";

/// The registry's entry.
pub(super) static SPEC: ScannerSpec = ScannerSpec {
    id: ID,
    title: "functions that are too complex",
    reads: Reads::Files,
    build,
    rules: rules::rules,
};

/// Larger files are left out: code that somebody writes is smaller.
const LARGEST: u64 = 8 << 20;

/// The scanner's own keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Keys {
    /// The greatest cyclomatic complexity a function may have; without it the limit that the language's own linter has
    /// in this repository, or 10.
    cyclomatic: Option<u32>,
    /// The greatest cognitive complexity it may have; without it none is too much. It only warns.
    cognitive: Option<u32>,
    /// The most lines it may have, from its signature to its end; without it any number.
    lines: Option<u32>,
    /// The most parameters it may declare; without it any number.
    parameters: Option<u32>,
    /// How deep its control structures may nest; without it as deep as they like.
    nesting: Option<u32>,
    /// The tool whose cyclomatic complexity is counted in every language.
    compat: Option<Tool>,
    /// Whether the list of accepted functions in `hookd.ignore` may only shrink.
    ratchet: bool,
}

/// `compat` as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Tool {
    Lizard,
    Sonar,
}

impl From<Tool> for Compat {
    fn from(tool: Tool) -> Self {
        match tool {
            Tool::Lizard => Self::Lizard,
            Tool::Sonar => Self::Sonar,
        }
    }
}

impl SectionKeys for Keys {
    const KEYS: &'static [&'static str] = &[
        "cyclomatic",
        "cognitive",
        "lines",
        "parameters",
        "nesting",
        "compat",
        "ratchet",
    ];
}

/// How functions are counted where the configuration has `section` and the root is `root`.
///
/// # Errors
/// The section is not right.
pub fn counting(section: &Section<'_>, root: &Path) -> Result<Counting, ConfigError> {
    let keys: Keys = section.own()?;
    Ok(keys.counting(root))
}

impl Keys {
    fn counting(&self, root: &Path) -> Counting {
        Counting {
            compat: self.compat.map(Compat::from),
            kotlin: limits::kotlin_options(root),
            modified: limits::modified(root),
        }
    }
}

fn build(section: &Section<'_>, context: &ScanContext) -> Result<Box<dyn Scanner>, ConfigError> {
    let common = section.common()?;
    let keys: Keys = section.own()?;
    Ok(Box::new(Complexity {
        root: context.root.clone(),
        linters: OnceLock::new(),
        judges_change: context.mode.judges_change(),
        keys,
        left_out: AtomicUsize::new(0),
        blocks: common.level == Level::Error,
        whole_files: common.scope == Scope::All,
    }))
}

struct Complexity {
    keys: Keys,
    root: PathBuf,
    linters: OnceLock<Linters>,
    /// Whether the run judges a change.
    judges_change: bool,
    blocks: bool,
    /// Whether a changed file is judged as a whole.
    whole_files: bool,
    /// How many files were seen that nobody writes by hand.
    left_out: AtomicUsize,
}

/// What the configuration and the repository's linters say: read for the first file, for it is some thirty questions to the
/// system, and many commits have no function.
struct Linters {
    limits: Limits,
    counting: Counting,
}

impl Complexity {
    fn linters(&self) -> &Linters {
        self.linters.get_or_init(|| Linters {
            limits: self
                .keys
                .cyclomatic
                .map_or_else(|| Limits::read(&self.root), Limits::fixed),
            counting: self.keys.counting(&self.root),
        })
    }

    /// Counts a file where it is one that nobody writes by hand.
    fn leaves_out(&self, so: bool) -> bool {
        if so {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
        so
    }

    /// The greatest value that `metric` may have in `language`; `None` where any will do.
    fn limit(&self, metric: Metric, language: &lang::Language) -> Option<u32> {
        match metric {
            Metric::Cyclomatic => Some(self.linters().limits.of(language.id)),
            Metric::Cognitive => self.keys.cognitive,
            Metric::Lines => self.keys.lines,
            Metric::Parameters => self.keys.parameters,
            Metric::Nesting => self.keys.nesting,
        }
    }
}

impl Scanner for Complexity {
    fn wants(&self, file: &FileMeta) -> bool {
        if file.kind == FileKind::Symlink || file.size == 0 || file.size > LARGEST {
            return false;
        }
        if ratchet::is_list(&file.path) {
            return self.keys.ratchet && self.judges_change;
        }
        let path = file.path.to_text();
        let script = file.kind == FileKind::Executable && !file.path.file_name().contains(&b'.');
        (script || lang::by_path(&path).is_some())
            && !self.leaves_out(generated::left_out(&file.path))
    }

    fn left_out(&self) -> String {
        match self.left_out.load(Ordering::Relaxed) {
            0 => String::new(),
            1 => "1 generated, minified or vendored file left out".to_owned(),
            count => format!("{count} generated, minified or vendored files left out"),
        }
    }

    fn ratchets(&self) -> bool {
        self.keys.ratchet
    }

    fn scan_file(&self, file: &SourceFile<'_>, out: &mut Sink) {
        if ratchet::is_list(&file.meta().path) {
            ratchet::judge(file, self.blocks, out);
            return;
        }
        let (path, bytes) = (&file.meta().path, file.bytes());
        let Some(language) = metrics::language(path, bytes) else {
            return;
        };
        if self.leaves_out(generated::generated(path, bytes)) {
            return;
        }
        match language.count(bytes, &self.linters().counting) {
            Ok(functions) => judge::judge(self, file, language, &functions, out),
            Err(error) => {
                judge::judge(self, file, language, &error.before, out);
                out.error(not_checked(path, language, &Broken::new(&error, bytes)));
            }
        }
    }
}

/// Says that a file was not read, or not to its end: what was not checked has not passed.
fn not_checked(path: &RepoPath, language: &lang::Language, broken: &Broken) -> CheckError {
    let from = broken
        .from
        .map(|line| format!("not checked from line {line} on: "));
    CheckError {
        path: Some(path.clone()),
        scanner: ID,
        message: format!(
            "{}not readable as {} (line {}): {}",
            from.unwrap_or_default(),
            language.title,
            broken.line,
            broken.message
        ),
        help: "correct the file, or leave it out with `exclude` in `[scan.complexity]`".to_owned(),
        fatal: true,
    }
}

#[cfg(test)]
mod tests;
