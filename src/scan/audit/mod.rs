//! Dependencies in lockfiles with known vulnerabilities, or made to do harm, judged by whether the change adds them.

mod beside;
mod data;
mod ecosystems;
mod excerpt;
mod frozen;
mod integrity;
mod judge;
mod packages;
mod report;
mod rules;
mod settings;

pub use ecosystems::lockfile_ecosystems;
pub use rules::explain;
pub use settings::url;

use super::{ScanContext, Scanner, ScannerSpec, SourceFile};
use crate::config::{ConfigError, Section};
use crate::lockfile::{self, Contents};
use crate::model::{CheckError, FileKind, FileMeta, Sink};
use crate::text::printable;
use beside::Neighbours;
use data::Databases;
use settings::Settings;

/// Id of the scanner.
const ID: &str = "audit";

/// The registry's entry.
pub(super) static SPEC: ScannerSpec = ScannerSpec {
    id: ID,
    title: "dependencies with known vulnerabilities",
    build,
    rules: rules::rules,
};

fn build(section: &Section<'_>, context: &ScanContext) -> Result<Box<dyn Scanner>, ConfigError> {
    let settings = Settings::new(section, context)?;
    Ok(Box::new(Audit {
        databases: Databases::new(context, settings.max_age_days),
        neighbours: Neighbours::new(context),
        settings,
    }))
}

struct Audit {
    settings: Settings,
    databases: Databases,
    neighbours: Neighbours,
}

impl Scanner for Audit {
    fn wants(&self, file: &FileMeta) -> bool {
        let path = file.path.to_text();
        file.kind != FileKind::Symlink
            && (lockfile::find(&path).is_some() || frozen::is_manifest(&path))
    }

    fn scan_set(&self, files: &[&FileMeta], _out: &mut Sink) {
        self.neighbours.note(files);
        for file in files {
            if let Some(format) = lockfile::find(&file.path.to_text()) {
                self.databases.count(format.ecosystem);
            }
        }
    }

    fn scan_file(&self, file: &SourceFile<'_>, out: &mut Sink) {
        let path = &file.meta().path;
        frozen::judge(self, file, out);
        let Some(format) = lockfile::find(&path.to_text()) else {
            return;
        };
        match self
            .neighbours
            .contents(format, &path.to_text(), file.bytes())
        {
            Ok(contents) => {
                self.unread(file, &contents, out);
                integrity::judge(self, file, format, &contents.packages, out);
                judge::judge(self, file, format, contents.packages, out);
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
}

impl Audit {
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
}

#[cfg(test)]
mod tests;
