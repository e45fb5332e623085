//! `hookd list`.

use super::args::List;
use super::context::{Context, configuration};
use super::error::CliError;
use super::run::{Foreign, configured};
use super::terminal::Terminal;
use crate::command::{Candidate, CommandLine, HEAD, Hook, STAGES};
use crate::config::Config;
use crate::exit::Exit;
use crate::model::{Content, FileMeta, Level, Mode, RepoPath, Scope};
use crate::precommit::{Planned, Work};
use crate::scan::{SCANNERS, ScannerSpec};
use crate::select::{PreparedCheck, Refusal, Wanted, gather_named, prepare};
use crate::text::printable;
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

pub(super) fn list(given: &List, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let documents = context.documents(Mode::Files, None)?;
    let config = configuration(&documents)?;
    let hooks = configured(&config)?;
    let foreign = Foreign::in_worktree(&context, &documents, config.precommit_native)?;
    let planned = match &foreign {
        Some(foreign) => foreign.plan(&context.root)?,
        None => Vec::new(),
    };
    let others_only = foreign.as_ref().map(|foreign| OthersOnly {
        file: &foreign.document.source.file,
        asked: asked(&planned),
    });
    let text = match &given.explain {
        Some(path) => {
            let text = explain(
                &context,
                &config,
                &hooks,
                path,
                others_only.as_ref(),
                terminal,
            )?;
            text + &of_others(&context, &planned, path)?
        }
        None => {
            let rules = given.rules || terminal.verbose;
            scanners(&config, rules, others_only.as_ref(), terminal)?
                + &commands(&hooks, terminal)
                + &others(&planned, terminal)
        }
    };
    terminal.print(&text)?;
    Ok(Exit::Clean)
}

/// Another tool's configuration, whose hooks are all that runs.
struct OthersOnly<'a> {
    file: &'a str,
    /// The scanners that do the work of some hook.
    asked: Vec<&'static str>,
}

impl OthersOnly<'_> {
    /// Why scanner `id` does not run by itself; `None` where it does some hook's work.
    fn silences(&self, id: &str) -> Option<String> {
        let why = format!("only the hooks of {} run", self.file);
        (!self.asked.contains(&id)).then_some(why)
    }
}

/// The scanners that do the work of `hooks`.
fn asked(hooks: &[Planned]) -> Vec<&'static str> {
    let scanner = |hook: &Planned| match &hook.work {
        Work::Scanner(id, _) => Some(*id),
        Work::Check(_) | Work::Foreign(_) => Some("hygiene"),
        _ => None,
    };
    hooks.iter().filter_map(scanner).collect()
}

fn scanners(
    config: &Config<'_>,
    rules: bool,
    others_only: Option<&OthersOnly<'_>>,
    terminal: &Terminal,
) -> Result<String, CliError> {
    let mut text = String::new();
    for spec in SCANNERS {
        let state = state(config, spec, others_only)?;
        let docs = (spec.rules)();
        line(
            &mut text,
            &format!(
                "{} ({state}) {}, {} rules",
                terminal.bold(spec.id),
                spec.title,
                docs.len()
            ),
        );
        if rules {
            for doc in docs {
                let severity = doc.severity.map_or("", |severity| severity.as_str());
                line(
                    &mut text,
                    &format!("  {:42} {severity:8} {}", doc.id, doc.title),
                );
            }
        }
    }
    Ok(text)
}

/// Whether the scanner runs, in a few words.
fn state(
    config: &Config<'_>,
    spec: &ScannerSpec,
    others_only: Option<&OthersOnly<'_>>,
) -> Result<String, CliError> {
    let common = config.section(spec.id).common()?;
    let own = match (common.enabled, common.level, common.scope) {
        (false, _, _) => "off",
        (true, Level::Warn, _) => "on, warns",
        (true, Level::Error, Scope::Changed) => "on",
        (true, Level::Error, Scope::All) => "on, judges whole files",
    };
    Ok(match others_only.map(|others| others.silences(spec.id)) {
        None => own.to_owned(),
        Some(None) => "for the hooks below".to_owned(),
        Some(Some(why)) => format!("off: {why}"),
    })
}

/// The command hooks, each with its stages.
fn commands(hooks: &[Hook], terminal: &Terminal) -> String {
    let mut text = String::new();
    for hook in hooks {
        let state = if hook.enabled { "on" } else { "off" };
        let stages = hook.stages.join(", ");
        let run = match &hook.run {
            CommandLine::Shell(text) => text.clone(),
            CommandLine::Program(words) => words.join(" "),
        };
        line(
            &mut text,
            &format!(
                "{} ({state}) {stages}: {}",
                terminal.bold(&hook.id),
                printable(&run)
            ),
        );
    }
    text
}

/// The hooks of another tool's configuration, each with what is done for it.
fn others(planned: &[Planned], terminal: &Terminal) -> String {
    let mut text = String::new();
    for hook in planned {
        let stages = if hook.stages.len() == STAGES.len() {
            "every stage".to_owned()
        } else {
            hook.stages.join(", ")
        };
        let what = match &hook.work {
            Work::Command(command) => match &command.run {
                CommandLine::Shell(text) => text.clone(),
                CommandLine::Program(words) => words.join(" "),
            },
            Work::Scanner(id, _) => format!("built in, by {id}"),
            Work::Check(_) | Work::Foreign(_) | Work::Meta => "built in".to_owned(),
            Work::Absent { why, .. } => format!("not ready: {why}; hookd install"),
            Work::Unsupported(why) => format!("cannot run: {why}"),
        };
        let id = terminal.bold(&hook.id);
        line(&mut text, &format!("{id} {stages}: {}", printable(&what)));
    }
    text
}

/// Whether the hooks of another tool's configuration get the file at `path`, and why not.
fn of_others(context: &Context, planned: &[Planned], path: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    if planned.is_empty() {
        return Ok(text);
    }
    for file in &gather_named(&context.root, &[context.here.join(path)])?.files {
        let head = |_: &RepoPath| head_of(file);
        for hook in planned {
            let answer = match hook
                .filter
                .judge(&Candidate::new(&file.path, file.kind, &head))
            {
                Ok(()) => "yes".to_owned(),
                Err(rejection) => format!("no: {rejection}"),
            };
            line(&mut text, &format!("  {:12} {answer}", hook.id));
        }
    }
    Ok(text)
}

fn explain(
    context: &Context,
    config: &Config<'_>,
    hooks: &[Hook],
    path: &Path,
    others_only: Option<&OthersOnly<'_>>,
    terminal: &Terminal,
) -> Result<String, CliError> {
    let gathered = gather_named(&context.root, &[context.here.join(path)])?;
    let checks = prepare(
        SCANNERS,
        config,
        &context.scan_context(Mode::Files),
        &Wanted::default(),
    )?;
    let mut text = String::new();
    for file in &gathered.files {
        line(&mut text, &terminal.bold(&printable(&file.path.to_text())));
        let excluded = config.exclude.contains(file.path.to_path());
        for spec in SCANNERS {
            let answer = match others_only.map(|others| others.silences(spec.id)) {
                // Its hooks are asked below.
                Some(None) => continue,
                Some(Some(why)) => format!("no: {why}"),
                None if excluded => "no: `exclude` at the top of hookd.toml names it".to_owned(),
                None => of_scanner(&checks, spec, file),
            };
            line(&mut text, &format!("  {:12} {answer}", spec.id));
        }
        for hook in hooks {
            line(
                &mut text,
                &format!("  {:12} {}", hook.id, of_hook(hook, file, excluded)),
            );
        }
    }
    for error in &gathered.errors {
        line(&mut text, &error.message);
    }
    Ok(text)
}

/// Whether a scanner gets `file`, and why not.
fn of_scanner(checks: &[PreparedCheck], spec: &ScannerSpec, file: &FileMeta) -> String {
    let check = checks.iter().find(|check| check.spec.id == spec.id);
    match check.map(|check| check.takes(file)) {
        None => format!("no: [scan.{}] has enabled = false", spec.id),
        Some(Ok(())) => "yes".to_owned(),
        Some(Err(refusal)) => because(refusal, spec),
    }
}

/// Whether a command hook gets `file`, and why not.
fn of_hook(hook: &Hook, file: &FileMeta, excluded: bool) -> String {
    let head = |_: &RepoPath| head_of(file);
    match hook
        .filter
        .judge(&Candidate::new(&file.path, file.kind, &head))
    {
        _ if excluded => "no: `exclude` at the top of hookd.toml names it".to_owned(),
        _ if !hook.enabled => "no: it has enabled = false".to_owned(),
        Ok(()) => format!("yes, at {}", hook.stages.join(", ")),
        Err(rejection) => format!("no: {rejection}"),
    }
}

/// The first bytes of a file, which tell its type.
pub(super) fn head_of(file: &FileMeta) -> Option<Vec<u8>> {
    let Content::Disk(path) = &file.content else {
        return None;
    };
    let mut bytes = Vec::with_capacity(HEAD);
    std::fs::File::open(path)
        .ok()?
        .take(HEAD as u64)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

fn because(refusal: Refusal, spec: &ScannerSpec) -> String {
    match refusal {
        Refusal::Excluded => format!("no: `exclude` of [scan.{}] names it", spec.id),
        Refusal::NotItsKind => format!("no: not a kind of file for {}", spec.title),
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}
