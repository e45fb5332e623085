//! The advisory database: whether there is one for what is here, whole and young enough.

use super::Findings;
use crate::advisory;
use crate::cli::context::{Context, configuration};
use crate::cli::db;
use crate::cli::error::CliError;
use crate::config::Document;
use crate::scan::audit_ages;
use jiff::Timestamp;

const UPDATE: &str = "hookd db update";

/// Looks at the databases; each is read from end to end.
pub(super) fn look(context: &Context, documents: &[Document], found: &mut Findings) {
    let ages = match ages(documents) {
        Ok(Some(ages)) => ages,
        Ok(None) => return found.fine("advisories", "the audit is switched off"),
        // What is wrong with the configuration is said elsewhere.
        Err(_) => return,
    };
    // Outside of a repository there is no telling how many files there are.
    let missing = context.repo.as_ref().map(|_| db::missing(context));
    match missing.unwrap_or(Ok(None)) {
        Ok(None) => {}
        Ok(Some(missing)) => found.broken(
            "advisories",
            format!("no data for {missing}: dependencies are not audited"),
            UPDATE,
        ),
        Err(error) => found.failed("advisories", error),
    }
    match db::folder() {
        Ok(folder) => databases(&folder, ages, found),
        Err(error) => found.failed("advisories", error),
    }
}

/// `None` where the scanner does not run.
fn ages(documents: &[Document]) -> Result<Option<(i64, i64)>, CliError> {
    let config = configuration(documents)?;
    let section = config.section("audit");
    let enabled = section.common()?.enabled;
    Ok(enabled.then(|| audit_ages(section)).transpose()?)
}

fn databases(folder: &std::path::Path, (warn, most): (i64, i64), found: &mut Findings) {
    let now = Timestamp::now();
    let mut fine = Vec::new();
    for one in advisory::status(folder) {
        let name = one.ecosystem.as_str();
        let meta = match &one.state {
            Ok(meta) => meta,
            Err(error) => {
                found.broken("advisories", error.to_string(), error.hint());
                continue;
            }
        };
        let days = now.duration_since(meta.checked).as_hours() / 24;
        let age = format!("{name}: checked {days} days ago");
        if days > most {
            found.broken(
                "advisories",
                format!("{age}, which does not count any more"),
                UPDATE,
            );
        } else if days > warn {
            found.look("advisories", age, UPDATE);
        } else {
            fine.push(name);
        }
    }
    if !fine.is_empty() {
        found.fine("advisories", format!("young enough: {}", fine.join(", ")));
    }
}
