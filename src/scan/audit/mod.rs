//! Dependencies in lockfiles with known vulnerabilities, or made to do harm, judged by whether the change adds them.

mod before;
mod beside;
mod clear;
mod cooldown;
mod data;
mod ecosystems;
mod excerpt;
mod foreign;
mod frozen;
mod ignore;
mod integrity;
mod judge;
mod lookalike;
mod packages;
mod remedy;
mod report;
mod rules;
mod settings;

pub use ecosystems::lockfile_ecosystems;
pub use rules::explain;
pub use settings::{ages, background, url};

use super::{Reads, ScanContext, Scanner, ScannerSpec, SourceFile};
use crate::config::{ConfigError, Section};
use crate::lockfile::{self, Contents, LockfileSpec};
use crate::model::{CheckError, FileKind, FileMeta, Mode, RepoPath, Sink};
use crate::text::printable;
use before::States;
use beside::{Held, Neighbours};
use data::Databases;
use foreign::Foreign;
use packages::Lockfile;
use settings::Settings;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Id of the scanner.
const ID: &str = "audit";

/// The registry's entry.
pub(super) static SPEC: ScannerSpec = ScannerSpec {
    id: ID,
    title: "dependencies with known vulnerabilities",
    reads: Reads::Files,
    build,
    rules: rules::rules,
};

fn build(section: &Section<'_>, context: &ScanContext) -> Result<Box<dyn Scanner>, ConfigError> {
    let settings = Settings::new(section, context)?;
    Ok(Box::new(Audit {
        databases: Databases::new(context, settings.ages),
        neighbours: Neighbours::new(context),
        sweeps: context.mode == Mode::All,
        folders: OnceLock::new(),
        foreign: OnceLock::new(),
        settings,
    }))
}

struct Audit {
    settings: Settings,
    databases: Databases,
    neighbours: Neighbours,
    /// Whether the run sees every lockfile there is.
    sweeps: bool,
    /// The folders of the run's lockfiles, without a `/` at the end.
    folders: OnceLock<BTreeSet<String>>,
    /// What other tools were told to ignore: read when the first advisory is found.
    foreign: OnceLock<Foreign>,
}

impl Scanner for Audit {
    fn wants(&self, file: &FileMeta) -> bool {
        let path = file.path.to_text();
        file.kind != FileKind::Symlink
            && (lockfile::find(&path).is_some() || frozen::concerns(&path))
    }

    fn scan_set(&self, files: &[&FileMeta], _out: &mut Sink) {
        self.neighbours.note(files);
        self.folders.get_or_init(|| {
            files
                .iter()
                .map(|file| folder(&file.path.to_text()))
                .collect()
        });
        for file in files {
            if let Some(format) = lockfile::find(&file.path.to_text()) {
                self.databases.count(format.ecosystem);
            }
        }
    }

    fn finish(&self, out: &mut Sink) {
        // What no lockfile has any more, and what could not be looked for, only a sweep can tell apart.
        if !self.sweeps || self.folders.get().is_none() || !self.databases.are_complete() {
            return;
        }
        let foreign = self.foreign(out);
        let all = self.settings.ignore.iter().chain(&foreign.ignores);
        for ignore in all.filter(|ignore| ignore.is_unused()) {
            out.error(note(
                &ignore.from,
                format!("nothing here needs accepting: {}", ignore.name()),
                "take the entry out, or see whether it is misspelt",
            ));
        }
    }

    fn scan_file(&self, file: &SourceFile<'_>, out: &mut Sink) {
        let path = file.meta().path.to_text();
        let Some(format) = lockfile::find(&path) else {
            frozen::judge(self, file, None, out);
            return self.sums(file, out);
        };
        if let Some(other) = self.outranked(&path) {
            return out.error(note(
                &path,
                format!("not audited: npm reads {other} beside it, and not this file"),
                "remove the one that is not meant",
            ));
        }
        let contents = self.neighbours.contents(format, &path, file.bytes());
        frozen::judge(self, file, contents.as_ref().ok(), out);
        self.lockfile(file, format, contents, out);
    }
}

impl Audit {
    /// The name of the lockfile that npm reads instead of the one at `path`.
    fn outranked(&self, path: &str) -> Option<String> {
        let other = lockfile::read_instead(path)?;
        let name = other.rsplit('/').next().unwrap_or(&other);
        self.neighbours.has(&other).then(|| name.to_owned())
    }

    /// Compares hashes where they stand in a file of their own.
    fn sums(&self, file: &SourceFile<'_>, out: &mut Sink) {
        let format = lockfile::GO_SUM;
        if (format.matches)(&file.meta().path.to_text())
            && let Ok(hashes) = (format.parse)(file.bytes())
        {
            let states = States::new(self, file, format);
            let lockfile = Lockfile::new(&states, &hashes);
            integrity::judge(&lockfile, out);
        }
    }

    fn lockfile(
        &self,
        file: &SourceFile<'_>,
        format: &'static LockfileSpec,
        contents: Held,
        out: &mut Sink,
    ) {
        let path = &file.meta().path;
        match contents {
            Ok(contents) => {
                self.unread(file, &contents, out);
                let states = States::new(self, file, format);
                let lockfile = Lockfile::new(&states, &contents.packages);
                integrity::judge(&lockfile, out);
                cooldown::judge(&lockfile, out);
                lookalike::judge(&lockfile, out);
                judge::judge(&lockfile, out);
            }
            Err(error) => {
                let line = error.at.map_or_else(String::new, |at| {
                    format!(" (line {})", file.position(at).line)
                });
                out.error(CheckError {
                    path: Some(path.clone()),
                    scanner: ID,
                    message: format!("not audited: {}{line}", error.message),
                    help: error.help,
                    fatal: true,
                });
            }
        }
    }

    /// Says which files that the lockfile names could not be read.
    fn unread(&self, file: &SourceFile<'_>, contents: &Contents, out: &mut Sink) {
        for unread in &contents.unread {
            let line = file.position(unread.span.start).line;
            out.error(CheckError {
                path: Some(file.meta().path.clone()),
                scanner: ID,
                message: format!(
                    "not audited: `{}` (line {line}): {}",
                    printable(&unread.what),
                    unread.reason
                ),
                help: "name a file of this repository".to_owned(),
                fatal: !self.settings.judges_change,
            });
        }
    }

    /// What other tools were told to ignore. The first call says which of their files could not be read.
    fn foreign(&self, out: &mut Sink) -> &Foreign {
        let mut is_new = false;
        let foreign = self.foreign.get_or_init(|| {
            is_new = true;
            let folders = self.folders.get().into_iter().flatten();
            foreign::load(
                &|path| self.neighbours.read(path),
                folders.map(String::as_str),
            )
        });
        if is_new {
            for (path, reason) in &foreign.broken {
                out.error(note(
                    path,
                    format!("what it accepts does not count: {reason}"),
                    "put it right, or take it away",
                ));
            }
        }
        foreign
    }
}

/// Something about a file that stops nothing.
fn note(path: &str, message: String, help: &str) -> CheckError {
    CheckError {
        path: Some(RepoPath::from(path)),
        scanner: ID,
        message,
        help: help.to_owned(),
        fatal: false,
    }
}

fn folder(path: &str) -> String {
    path.rsplit_once('/')
        .map_or_else(String::new, |(folder, _)| folder.to_owned())
}

#[cfg(test)]
mod tests;
