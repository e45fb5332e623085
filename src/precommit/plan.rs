//! What each hook of a configuration comes to: files, stages, and the work that is done.

use super::builtin;
use super::cache::Cache;
use super::docker;
use super::document::Document;
use super::environment::{Language, Wanted};
use super::grep::{Fail, Grep};
use super::keys::Pass;
use super::known::Known;
use super::resolve::{From, Resolved, resolve};
use crate::command::{
    CommandLine, FileFilter, Hook, PassFilenames, PythonFilter, PythonPattern, STAGES, stage,
};
use crate::config::{ConfigError, suggest};
use crate::scan::ForeignCheck;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

/// What a configuration is read with.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// Whether hookd does the work of hooks it knows itself.
    pub native: bool,
    /// Where clones and environments are; `None` where nobody knows.
    pub cache: Option<&'a Cache>,
    /// The top of the worktree.
    pub root: &'a Path,
    /// PATH as hookd got it.
    pub path: OsString,
}

/// The work of a hook.
#[derive(Clone)]
pub enum Work {
    /// A check of the hygiene scanner by this id.
    Check(String),
    /// A check that looks at the bytes of each file.
    Foreign(Arc<dyn ForeignCheck>),
    /// A check of the configuration itself.
    Meta,
    /// A built-in scanner, with these lines of TOML for its section.
    Scanner(&'static str, String),
    /// A command.
    Command(Box<Hook>),
    /// A command that is not ready.
    Absent {
        /// What is missing.
        why: String,
        /// Whether all is known about the files it gets.
        files_known: bool,
    },
    /// A hook that hookd cannot run: why.
    Unsupported(String),
}

/// A hook of a configuration.
#[derive(Clone)]
pub struct Planned {
    /// Its id.
    pub id: String,
    /// Another name for it.
    pub alias: Option<String>,
    /// What it is called in progress.
    pub name: String,
    /// When it runs.
    pub stages: Vec<&'static str>,
    /// Which files it gets.
    pub filter: FileFilter,
    /// Which files it would get without its `exclude`.
    pub unexcluded: FileFilter,
    /// Its `exclude`, where it has one.
    pub exclude: Option<String>,
    /// Its language is `fail`: having no file is what it is for.
    pub is_fail: bool,
    /// It runs where no file is for it.
    pub always_run: bool,
    /// When it fails, nothing more begins.
    pub fail_fast: bool,
    /// Its output is shown where it passes, too.
    pub verbose: bool,
    /// A file that its output is written to.
    pub log_file: Option<String>,
    /// Its arguments.
    pub args: Vec<String>,
    /// What is done.
    pub work: Work,
    /// The repository and revision whose hook hookd replaces.
    pub replaces: Option<String>,
    /// Everything in the configuration that decides what it runs; `None` where nothing of it is run.
    pub consent: Option<String>,
}

impl Planned {
    /// Whether `name` means this hook.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.id == name || self.alias.as_deref() == Some(name)
    }
}

/// Works out every hook of `document`, in order.
///
/// # Errors
/// The first mistake, with its place.
pub fn plan(document: &Document, settings: &Settings<'_>) -> Result<Vec<Planned>, ConfigError> {
    let resolved = resolve(document, settings.cache, settings.native)?;
    resolved
        .iter()
        .map(|hook| planned(hook, document, settings))
        .collect()
}

fn planned(
    hook: &Resolved<'_>,
    document: &Document,
    settings: &Settings<'_>,
) -> Result<Planned, ConfigError> {
    let keys = &hook.keys;
    let id = keys.id().to_owned();
    let stages = stages(hook)?;
    let (filter, unexcluded) = (filter(hook, true)?, filter(hook, false)?);
    let text = |value: &Option<super::node::Placed<String>>| {
        value.as_ref().map(|value| value.value.clone())
    };
    let mut planned = Planned {
        alias: text(&keys.alias),
        name: text(&keys.name).unwrap_or_else(|| id.clone()),
        stages,
        filter,
        unexcluded,
        exclude: text(&keys.exclude).filter(|exclude| exclude != "^$"),
        is_fail: hook.language() == "fail",
        always_run: keys.always_run.unwrap_or(false),
        fail_fast: keys.fail_fast.unwrap_or(false) || document.fail_fast,
        verbose: keys.verbose.unwrap_or(false),
        log_file: text(&keys.log_file),
        args: hook.args(),
        work: Work::Meta,
        replaces: None,
        consent: None,
        id,
    };
    match &hook.from {
        From::Meta => {}
        From::Native(known, place) => {
            planned.always_run |= builtin::looks_at_repository(&planned.id);
            planned.replaces = place.as_ref().map(|(url, rev)| format!("{url} {rev}"));
            planned.work = match known {
                Known::Hygiene => Work::Check(planned.id.clone()),
                Known::Scanner { scanner, keys } => Work::Scanner(scanner, keys.clone()),
            };
        }
        From::Absent(url, rev) => {
            planned.consent = Some(consent(hook, url, rev));
            planned.work = Work::Absent {
                why: format!("{url} at {rev} is not fetched yet"),
                files_known: false,
            };
        }
        From::Local | From::Clone(..) => {
            let (url, rev) = place(&hook.from);
            planned.consent = Some(consent(hook, url, rev));
            planned.work = work(hook, &planned, settings)?;
            if matches!(planned.work, Work::Foreign(_)) {
                planned.consent = None;
            }
        }
    }
    Ok(planned)
}

fn place(from: &From) -> (&str, &str) {
    match from {
        From::Clone(url, rev, _) => (url, rev),
        _ => ("", ""),
    }
}

/// Only what the configuration says, so that it does not change when the repository is fetched.
fn consent(hook: &Resolved<'_>, url: &str, rev: &str) -> String {
    let own = hook.own;
    let list = |values: &Option<Vec<super::node::Placed<String>>>| {
        let words: Vec<&str> = values
            .iter()
            .flatten()
            .map(|value| value.value.as_str())
            .collect();
        words.join("\0")
    };
    let text = |value: &Option<super::node::Placed<String>>| {
        value
            .as_ref()
            .map(|value| value.value.clone())
            .unwrap_or_default()
    };
    [
        url.to_owned(),
        rev.to_owned(),
        text(&own.entry),
        text(&own.language),
        text(&own.language_version),
        list(&own.args),
        list(&own.additional_dependencies),
        format!("{:?}", own.env),
    ]
    .join("\u{1}")
}

fn stages(hook: &Resolved<'_>) -> Result<Vec<&'static str>, ConfigError> {
    let Some(written) = &hook.keys.stages else {
        return Ok(STAGES.to_vec());
    };
    let mut stages = Vec::new();
    for (at, word) in written.iter().enumerate() {
        let Some(stage) = stage(&word.value) else {
            let error = hook.error("stages", at, format!("there is no stage `{}`", word.value));
            return Err(error.with_help(suggest(&word.value, STAGES.into_iter())));
        };
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    // An empty list means every stage, as with pre-commit.
    Ok(if stages.is_empty() {
        STAGES.to_vec()
    } else {
        stages
    })
}

fn filter(hook: &Resolved<'_>, with_exclude: bool) -> Result<FileFilter, ConfigError> {
    let keys = &hook.keys;
    let words =
        |values: &'_ Option<Vec<super::node::Placed<String>>>, default: &[&str]| -> Vec<String> {
            match values {
                Some(values) => values.iter().map(|value| value.value.clone()).collect(),
                None => default.iter().map(|&word| word.to_owned()).collect(),
            }
        };
    let (types, types_or, exclude_types) = (
        words(&keys.types, &["file"]),
        words(&keys.types_or, &[]),
        words(&keys.exclude_types, &[]),
    );
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let types_or: Vec<&str> = types_or.iter().map(String::as_str).collect();
    let exclude_types: Vec<&str> = exclude_types.iter().map(String::as_str).collect();
    let built = PythonFilter {
        files: keys.files.as_ref().map_or("", |files| &files.value),
        exclude: keys
            .exclude
            .as_ref()
            .filter(|_| with_exclude)
            .map_or("^$", |exclude| &exclude.value),
        types: &types,
        types_or: &types_or,
        exclude_types: &exclude_types,
    }
    .build();
    built.map_err(|(key, at, reason)| {
        if reason.starts_with("unknown type") {
            hook.error(key, at, reason)
                .with_help("types are listed at https://pre-commit.com/#filtering-files-with-types")
        } else {
            hook.error(
                key,
                at,
                format!("`{key}` is not a regular expression: {reason}"),
            )
        }
    })
}

/// What a hook of a language does.
fn work(
    hook: &Resolved<'_>,
    planned: &Planned,
    settings: &Settings<'_>,
) -> Result<Work, ConfigError> {
    let entry = hook
        .keys
        .entry
        .as_ref()
        .map_or("", |entry| entry.value.as_str());
    match hook.language() {
        "fail" => Ok(Work::Foreign(Arc::new(Fail::new(entry)))),
        "pygrep" => {
            let grep = Grep::new(entry, &planned.args)
                .map_err(|(key, message)| hook.error(key, 0, message))?;
            Ok(Work::Foreign(Arc::new(grep)))
        }
        "system" | "unsupported" => command(hook, planned, Vec::new(), words(hook, entry)?),
        "script" | "unsupported_script" => {
            let mut words = words(hook, entry)?;
            let top = match &hook.from {
                From::Clone(_, _, clone) => &clone.dir,
                _ => settings.root,
            };
            words[0] = top.join(&words[0]).to_string_lossy().into_owned();
            command(hook, planned, Vec::new(), words)
        }
        "docker_image" => {
            let mut line = docker::run(settings.root);
            line.extend(words(hook, entry)?);
            command(hook, planned, Vec::new(), line)
        }
        other => match Language::named(other) {
            Some(language) => {
                with_environment(hook, planned, language, words(hook, entry)?, settings)
            }
            None => Ok(Work::Unsupported(format!(
                "hookd does not run hooks of `language: {}`",
                crate::text::printable(other)
            ))),
        },
    }
}

/// The entry as Python's `shlex.split` cuts it; never empty.
pub(super) fn words(hook: &Resolved<'_>, entry: &str) -> Result<Vec<String>, ConfigError> {
    let words =
        shlex::split(entry).filter(|words| words.first().is_some_and(|word| !word.is_empty()));
    words.ok_or_else(|| {
        hook.error(
            "entry",
            0,
            "`entry` is no command: it is empty, or a quote is not closed".to_owned(),
        )
    })
}

/// The environment that a hook wants, if its language has one.
pub(super) fn wanted(hook: &Resolved<'_>) -> Option<Wanted> {
    let language = Language::named(hook.language())?;
    Some(Wanted {
        language,
        version: hook
            .keys
            .language_version
            .as_ref()
            .map_or_else(|| "default".to_owned(), |version| version.value.clone()),
        repo: match &hook.from {
            From::Clone(url, rev, entry) => Some((url.clone(), rev.clone(), entry.clone())),
            _ => None,
        },
        dependencies: hook
            .keys
            .additional_dependencies
            .iter()
            .flatten()
            .map(|name| name.value.clone())
            .collect(),
    })
}

fn with_environment(
    hook: &Resolved<'_>,
    planned: &Planned,
    language: Language,
    words: Vec<String>,
    settings: &Settings<'_>,
) -> Result<Work, ConfigError> {
    let (Some(wanted), Some(cache)) = (wanted(hook), settings.cache) else {
        return Ok(Work::Unsupported(
            "there is no folder for environments: set HOME or HOOKD_CACHE_DIR".to_owned(),
        ));
    };
    if !wanted.is_ready(cache) {
        return Ok(Work::Absent {
            why: format!("its environment ({}) is not made yet", wanted.about()),
            files_known: true,
        });
    }
    if language == Language::Docker {
        let mut line = docker::run(settings.root);
        line.extend([
            "--entrypoint".to_owned(),
            words[0].clone(),
            wanted.tag(cache),
        ]);
        line.extend_from_slice(&words[1..]);
        return command(hook, planned, Vec::new(), line);
    }
    command(
        hook,
        planned,
        wanted.variables(cache, &settings.path),
        words,
    )
}

fn command(
    hook: &Resolved<'_>,
    planned: &Planned,
    variables: Vec<(String, String)>,
    mut words: Vec<String>,
) -> Result<Work, ConfigError> {
    words.extend(planned.args.iter().cloned());
    let mut env: BTreeMap<String, String> = variables.into_iter().collect();
    env.insert("PRE_COMMIT".to_owned(), "1".to_owned());
    env.extend(hook.keys.env.iter().cloned());
    Ok(Work::Command(Box::new(Hook {
        id: planned.id.clone(),
        name: planned.name.clone(),
        run: CommandLine::Program(words),
        check: None,
        filter: planned.filter.clone(),
        stages: planned.stages.clone(),
        pass_filenames: match hook.passes_files() {
            Pass::Flag(true) => PassFilenames::All,
            Pass::Flag(false) => PassFilenames::No,
            Pass::AtMost(most) => {
                NonZeroUsize::new(most).map_or(PassFilenames::All, PassFilenames::AtMost)
            }
        },
        always_run: planned.always_run,
        serial: hook.keys.require_serial.unwrap_or(false),
        fail_fast: planned.fail_fast,
        env,
        dir: None,
        timeout: None,
        depends_on: Vec::new(),
        stage_fixed: false,
        writes: true,
        skip_on: Vec::new(),
        tty: false,
        enabled: true,
    })))
}

/// Which files of the repository a configuration is about: `files` and `exclude` at its top.
///
/// # Errors
/// One of them is no regular expression.
pub fn about(document: &Document) -> Result<impl Fn(&str) -> bool + use<>, ConfigError> {
    let compile = |pattern: &Option<super::node::Placed<String>>, key: &str| {
        let compiled = pattern.as_ref().map(|pattern| {
            PythonPattern::new(&pattern.value, "").map_err(|reason| {
                document.source.error(
                    &pattern.span,
                    format!("`{key}` is not a regular expression: {reason}"),
                )
            })
        });
        compiled.transpose()
    };
    let files = compile(&document.files, "files")?;
    let exclude = compile(&document.exclude, "exclude")?;
    // What a search that was given up does not tell is checked.
    Ok(move |path: &str| {
        let wanted = files
            .as_ref()
            .is_none_or(|files| files.is_match(path).unwrap_or(true));
        let unwanted = exclude
            .as_ref()
            .is_some_and(|exclude| exclude.is_match(path).unwrap_or(false));
        wanted && !unwanted
    })
}
