//! `hookd db status`.

use super::failed;
use crate::advisory::{self, EcosystemStatus, Meta};
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::exit::Exit;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::Path;

/// Shows what there is, how old it is and where it is from; as JSON for scripts.
///
/// # Errors
/// Standard output can't be written.
pub(super) fn status(folder: &Path, format: &str, terminal: &Terminal) -> Result<Exit, CliError> {
    let all = advisory::status(folder);
    let now = Timestamp::now();
    if format == "json" {
        let databases: Vec<Value> = all.iter().map(|one| as_json(one, now)).collect();
        terminal.print(&format!("{:#}\n", json!({ "databases": databases })))?;
    } else if all.is_empty() {
        terminal.print("no advisory data yet\n  next: hookd db update\n")?;
    }
    let mut exit = Exit::Clean;
    for one in &all {
        match &one.state {
            Ok(meta) if format != "json" => terminal.print(&text(one, meta, now, terminal))?,
            Ok(_) => {}
            Err(error) => {
                exit = Exit::Incomplete;
                terminal.complain(&failed(error));
            }
        }
    }
    Ok(exit)
}

fn days(meta: &Meta, now: Timestamp) -> i64 {
    now.duration_since(meta.checked).as_hours() / 24
}

fn text(one: &EcosystemStatus, meta: &Meta, now: Timestamp, terminal: &Terminal) -> String {
    let age = match days(meta, now) {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    };
    format!(
        "{}: {} advisories for {} packages, {:.1} MB, checked {age}\n  from {}\n",
        terminal.bold(one.ecosystem.as_str()),
        meta.records,
        meta.packages,
        one.size as f64 / 1e6,
        meta.source
    )
}

fn as_json(one: &EcosystemStatus, now: Timestamp) -> Value {
    let mut value = json!({
        "ecosystem": one.ecosystem.as_str(),
        "path": one.path.to_string_lossy(),
        "size": one.size,
    });
    let more = match &one.state {
        Ok(meta) => json!({
            "advisories": meta.records,
            "packages": meta.packages,
            "checked": meta.checked.to_string(),
            "age_days": days(meta, now),
            "newest": meta.newest,
            "source": meta.source,
        }),
        Err(error) => json!({ "error": error.to_string() }),
    };
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}
