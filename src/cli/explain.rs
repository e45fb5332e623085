//! `hookd explain`.

use super::args::Explain;
use super::error::CliError;
use super::finding;
use super::terminal::Terminal;
use crate::config::suggest;
use crate::env;
use crate::exit::Exit;
use crate::model::RuleDoc;
use crate::scan::{SCANNERS, explain_advisory};
use std::fmt::Write as _;

pub(super) fn explain(given: &Explain, terminal: &Terminal) -> Result<Exit, CliError> {
    if let Some(place) = &given.finding {
        return finding::explain(place, terminal);
    }
    let rule = given.rule.as_deref().unwrap_or_default();
    let docs: Vec<RuleDoc> = SCANNERS.iter().flat_map(|spec| (spec.rules)()).collect();
    let own = docs.iter().find(|doc| doc.id == rule).cloned();
    let Some(doc) = own.or_else(|| explain_advisory(rule, &env::data_dir()?)) else {
        let hint = suggest(rule, docs.iter().map(|doc| doc.id.as_str()));
        let hint = if hint.len() > 200 {
            "hookd list --rules".to_owned()
        } else {
            hint
        };
        return Err(CliError::usage(format!("there is no rule `{rule}`"), hint));
    };
    terminal.print(&page(&doc, terminal))?;
    Ok(Exit::Clean)
}

fn page(doc: &RuleDoc, terminal: &Terminal) -> String {
    let severity = doc
        .severity
        .map_or_else(String::new, |severity| format!(", {}", severity.as_str()));
    let mut text = format!(
        "{} ({}{severity})\n{}\n",
        terminal.bold(&doc.id),
        doc.scanner,
        doc.title
    );
    let allow = format!(
        "Put a comment with  hookd:allow {} and the reason  on the line or on the line above it.",
        doc.id
    );
    let parts = [
        ("What", doc.description.as_str()),
        ("Example", &doc.example),
        ("What to do", &doc.fix),
        ("If it is fine", &allow),
        ("More", &doc.links.join("\n  ")),
    ];
    for (title, body) in parts.into_iter().filter(|(_, body)| !body.is_empty()) {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n{}\n  {}\n",
            terminal.bold(title),
            body.trim().replace('\n', "\n  ")
        );
    }
    text
}
