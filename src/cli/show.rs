//! `hookd config show`.

use super::context::{Context, configuration};
use super::error::CliError;
use super::run::configured;
use super::terminal::Terminal;
use crate::config::{Document, Effective, Setting};
use crate::exit::Exit;
use crate::model::Mode;
use crate::scan::SCANNERS;
use crate::select::{Wanted, prepare};
use crate::text::printable;
use serde_json::{Value, json};

/// What is typed behind `config show`
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// Say behind each key which line of which file sets it
    #[arg(long)]
    origin: bool,
    /// How to show it; JSON always has the origins
    #[arg(long, value_name = "FORMAT", default_value = "toml", value_parser = ["toml", "json"])]
    format: String,
}

/// Prints what counts. Keys that belong to one scanner and that no file sets are left out: their defaults stand in its docs.
pub(super) fn show(given: &Show, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let documents = context.documents(Mode::Files, None)?;
    checked(&context, &documents)?;
    let ids: Vec<&str> = SCANNERS.iter().map(|spec| spec.id).collect();
    let effective = Effective::new(&documents, &ids)?;
    let text = if given.format == "json" {
        format!("{:#}\n", as_json(&effective))
    } else {
        as_toml(&effective, given.origin)
    };
    terminal.print(&text)?;
    Ok(Exit::Clean)
}

fn as_toml(effective: &Effective, origin: bool) -> String {
    let mut text = String::new();
    let table = |text: &mut String, settings: &[Setting]| {
        for setting in settings {
            text.push_str(&line(setting, origin));
        }
    };
    table(&mut text, &effective.top);
    for (id, settings) in &effective.scan {
        text.push_str(&format!("\n[scan.{id}]\n"));
        table(&mut text, settings);
    }
    for settings in &effective.hooks {
        text.push_str("\n[[hook]]\n");
        table(&mut text, settings);
    }
    text
}

fn line(setting: &Setting, origin: bool) -> String {
    let key = &setting.key;
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let key = if !key.is_empty() && key.chars().all(is_bare) {
        key.clone()
    } else {
        toml::Value::String(key.clone()).to_string()
    };
    let line = format!("{key} = {}", setting.value);
    if !origin {
        return line + "\n";
    }
    format!("{line}  # {}\n", place(setting))
}

fn place(setting: &Setting) -> String {
    match &setting.origin {
        Some(origin) => format!("{}:{}", printable(&origin.file), origin.line),
        None => "default".to_owned(),
    }
}

fn as_json(effective: &Effective) -> Value {
    let table = |settings: &[Setting]| -> Value {
        let one = |setting: &Setting| {
            let origin = setting
                .origin
                .as_ref()
                .map(|origin| json!({ "file": origin.file, "line": origin.line }));
            let value = json!({ "value": setting.value, "origin": origin });
            (setting.key.clone(), value)
        };
        Value::Object(settings.iter().map(one).collect())
    };
    let scan = effective.scan.iter();
    let scan = scan.map(|(id, settings)| (id.clone(), table(settings)));
    let hooks = effective.hooks.iter().map(|settings| table(settings));
    json!({
        "top": table(&effective.top),
        "scan": Value::Object(scan.collect()),
        "hook": hooks.collect::<Vec<_>>(),
    })
}

/// Reads every section and every hook.
///
/// # Errors
/// The first mistake.
pub(super) fn checked(context: &Context, documents: &[Document]) -> Result<(), CliError> {
    let config = configuration(documents)?;
    configured(&config)?;
    prepare(
        SCANNERS,
        &config,
        &context.scan_context(Mode::Files),
        &Wanted::default(),
    )?;
    Ok(())
}
