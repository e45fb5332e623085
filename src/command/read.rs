//! From the `[[hook]]` tables as written to hooks as meant.

use super::filter::FileFilter;
use super::order::check_dependencies;
use super::pattern::{Globs, Pattern};
use super::spec::{CommandLine, GitOperation, Hook, PassFilenames};
use super::stage::{STAGES, cannot_stand_for, stage};
use super::tags::all_tags;
use super::written::{CommandText, DefaultTypes, OneOrMore, PassText, Seconds, Written};
use crate::config::{ConfigError, DEFAULT_HOOK_TYPES, Section, suggest};
use crate::model::RepoPath;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::time::Duration;

/// The longest `timeout`, in seconds: a day. What is longer is a mistake in the unit.
const LONGEST_TIMEOUT: f64 = 86_400.0;

/// Reads the `[[hook]]` tables of all configuration files, in the order of the files. A table in a later file that has
/// the id of one in an earlier file is laid over it key by key, and the hook keeps its place.
/// `built_in` are the ids of the scanners, which no hook may have.
///
/// # Errors
/// The first mistake, with its place.
pub fn read_hooks(sections: &[Section<'_>], built_in: &[&str]) -> Result<Vec<Hook>, ConfigError> {
    let merged = merge(sections, built_in)?;
    let hooks: Vec<Hook> = merged.iter().map(hook).collect::<Result<_, _>>()?;
    check_dependencies(&hooks, &merged)?;
    Ok(hooks)
}

/// Reads `default_hook_types`: the git hooks that an install without options is for; `None` where it is not written.
///
/// # Errors
/// A word that is no git hook, or one that hookd cannot stand for, with its place.
pub fn read_default_hook_types(
    section: &Section<'_>,
) -> Result<Option<Vec<&'static str>>, ConfigError> {
    let written: DefaultTypes = section.whole()?;
    if written.default_hook_types.is_none() {
        return Ok(None);
    }
    let list = written.default_hook_types.as_ref();
    let git_hooks: Vec<&str> = STAGES
        .into_iter()
        .filter(|name| *name != "manual")
        .collect();
    let known = |word: &str| stage(word).filter(|name| git_hooks.contains(name));
    let names = words(section, DEFAULT_HOOK_TYPES, list, known, &git_hooks)?;
    for (at, name) in names.iter().enumerate() {
        if let Some(reason) = cannot_stand_for(name) {
            let message = format!("hookd cannot stand for `{name}`: {reason}");
            return Err(section.error(DEFAULT_HOOK_TYPES, Some(at), message));
        }
    }
    Ok(Some(names))
}

fn merge<'a>(sections: &[Section<'a>], built_in: &[&str]) -> Result<Vec<Section<'a>>, ConfigError> {
    let mut merged: Vec<Section<'a>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for section in sections {
        let id = id(section, built_in)?;
        match places.get(&id) {
            Some(&at) if merged[at].shares_file_with(section) => {
                let error = section.error("id", None, format!("duplicate id `{id}`"));
                return Err(error.with_help("each hook of a file needs an id of its own"));
            }
            Some(&at) => merged[at].lay_over(section.clone()),
            None => {
                places.insert(id, merged.len());
                merged.push(section.clone());
            }
        }
    }
    Ok(merged)
}

fn id(section: &Section<'_>, built_in: &[&str]) -> Result<String, ConfigError> {
    let Some(id) = section.whole::<Written>()?.id else {
        let error = section.error("id", None, "this hook has no `id`");
        return Err(
            error.with_help(r#"id = "eslint": the name in reports, SKIP and `hookd run ID`"#)
        );
    };
    // `,` separates ids in SKIP, `/` and `:` are left for names of rules.
    let wrong = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | ',' | ':');
    if id.is_empty() || id.starts_with('-') || id.contains(wrong) {
        let error = section.error(
            "id",
            None,
            format!("`{}` cannot be an id", id.escape_debug()),
        );
        return Err(error.with_help("letters, digits, `-`, `_` and `.`, no blank, `/`, `,` or `:`"));
    }
    if built_in.contains(&id.as_str()) {
        let error = section.error(
            "id",
            None,
            format!("`{id}` is the id of a built-in scanner"),
        );
        return Err(error.with_help(format!("take another, such as `my-{id}`")));
    }
    Ok(id)
}

fn hook(section: &Section<'_>) -> Result<Hook, ConfigError> {
    let written: Written = section.whole()?;
    let id = written.id.clone().unwrap_or_default();
    let Some(run) = &written.run else {
        let error = section.error("run", None, format!("the hook `{id}` has no `run`"));
        return Err(error.with_help(r#"run = "npx eslint": file names are appended"#));
    };
    let dir = dir(section, written.dir.as_deref())?;
    Ok(Hook {
        run: command(section, "run", run)?,
        check: written
            .check
            .as_ref()
            .map(|check| command(section, "check", check))
            .transpose()?,
        filter: filter(section, &written, dir.clone())?,
        stages: stages(section, written.stages.as_ref())?,
        pass_filenames: pass_filenames(section, written.pass_filenames)?,
        skip_on: skip_on(section, written.skip_on.as_ref())?,
        timeout: timeout(section, written.timeout)?,
        env: environment(section, &written)?,
        depends_on: written.depends_on.unwrap_or_default().items,
        writes: writes(section, written.writes, written.stage_fixed)?,
        always_run: written.always_run,
        serial: written.serial,
        fail_fast: written.fail_fast,
        stage_fixed: written.stage_fixed,
        tty: written.tty,
        enabled: written.enabled.unwrap_or(true),
        name: written.name.unwrap_or_else(|| id.clone()),
        dir,
        id,
    })
}

fn command(
    section: &Section<'_>,
    key: &str,
    text: &CommandText,
) -> Result<CommandLine, ConfigError> {
    let words = match text {
        CommandText::Shell(text) => std::slice::from_ref(text),
        CommandText::Program(words) => words.as_slice(),
    };
    if words.first().is_none_or(|word| word.trim().is_empty()) {
        return Err(section.error(key, None, format!("`{key}` is empty")));
    }
    if words.iter().any(|word| word.contains('\0')) {
        return Err(section.error(key, None, "a command cannot hold a NUL character"));
    }
    if let CommandText::Shell(text) = text
        && text.trim_end().ends_with(['&', '|'])
    {
        let error = section.error(
            key,
            None,
            format!("`{key}` ends with an operator of the shell"),
        );
        return Err(
            error.with_help("file names are appended: behind `&` or `|` the first would be run")
        );
    }
    Ok(match text {
        CommandText::Shell(text) => CommandLine::Shell(text.clone()),
        CommandText::Program(words) => CommandLine::Program(words.clone()),
    })
}

/// Tags, stages and operations are closed lists of words.
fn words<T>(
    section: &Section<'_>,
    key: &str,
    list: Option<&OneOrMore>,
    known: impl Fn(&str) -> Option<T>,
    all: &[&str],
) -> Result<Vec<T>, ConfigError> {
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    let items = list.items.iter().enumerate();
    items
        .map(|(at, word)| {
            known(word).ok_or_else(|| {
                let place = list.is_list.then_some(at);
                let error = section.error(key, place, format!("unknown word `{word}` in `{key}`"));
                error.with_help(suggest_few(word, all))
            })
        })
        .collect()
}

/// The nearest word; where none is near, not hundreds of them.
fn suggest_few(word: &str, all: &[&str]) -> String {
    let help = suggest(word, all.iter().copied());
    if help.len() > 400 {
        "types are named as in pre-commit: https://pre-commit.com/#filtering-files-with-types"
            .to_owned()
    } else {
        help
    }
}

fn filter(
    section: &Section<'_>,
    written: &Written,
    dir: Option<RepoPath>,
) -> Result<FileFilter, ConfigError> {
    let regex = |key: &str, pattern: &Option<String>| {
        let compiled = pattern.as_ref().map(|pattern| Pattern::python(pattern));
        compiled.transpose().map_err(|reason| {
            section.error(
                key,
                None,
                format!("`{key}` is not a regular expression: {reason}"),
            )
        })
    };
    let all: Vec<&str> = all_tags().iter().copied().collect();
    let types = |key: &str, list: &Option<OneOrMore>| {
        let known = |tag: &str| all_tags().contains(tag).then(|| tag.to_owned());
        words(section, key, list.as_ref(), known, &all)
    };
    Ok(FileFilter {
        dir,
        glob: globs(section, written.glob.as_ref())?,
        files: regex("files", &written.files)?,
        exclude: regex("exclude", &written.exclude)?,
        types: types("types", &written.types)?,
        types_or: types("types_or", &written.types_or)?,
        exclude_types: types("exclude_types", &written.exclude_types)?,
        links: false,
    })
}

fn globs(section: &Section<'_>, list: Option<&OneOrMore>) -> Result<Option<Globs>, ConfigError> {
    let Some(list) = list else { return Ok(None) };
    if list.items.iter().all(String::is_empty) {
        return Err(section.error("glob", None, "`glob` is empty, so no file can match"));
    }
    Globs::new(&list.items).map(Some).map_err(|(at, reason)| {
        let place = list.is_list.then_some(at);
        section.error("glob", place, format!("not a glob: {reason}"))
    })
}

fn stages(
    section: &Section<'_>,
    list: Option<&OneOrMore>,
) -> Result<Vec<&'static str>, ConfigError> {
    if list.is_none() {
        return Ok(vec!["pre-commit"]);
    }
    words(section, "stages", list, stage, &STAGES)
}

fn skip_on(
    section: &Section<'_>,
    list: Option<&OneOrMore>,
) -> Result<Vec<GitOperation>, ConfigError> {
    let known = |word: &str| {
        let found = GitOperation::ALL.iter().find(|(name, _)| *name == word);
        found.map(|&(_, operation)| operation)
    };
    words(
        section,
        "skip_on",
        list,
        known,
        &GitOperation::ALL.map(|(name, _)| name),
    )
}

fn pass_filenames(
    section: &Section<'_>,
    text: Option<PassText>,
) -> Result<PassFilenames, ConfigError> {
    match text {
        None | Some(PassText::Flag(true)) => Ok(PassFilenames::All),
        Some(PassText::Flag(false)) => Ok(PassFilenames::No),
        Some(PassText::AtMost(number)) => usize::try_from(number)
            .ok()
            .and_then(NonZeroUsize::new)
            .map(PassFilenames::AtMost)
            .ok_or_else(|| {
                let message = "`pass_filenames` must be true, false or a number from 1";
                section.error("pass_filenames", None, message)
            }),
    }
}

fn timeout(
    section: &Section<'_>,
    seconds: Option<Seconds>,
) -> Result<Option<Duration>, ConfigError> {
    let Some(Seconds(seconds)) = seconds else {
        return Ok(None);
    };
    if seconds > 0.0 && seconds <= LONGEST_TIMEOUT {
        return Ok(Some(Duration::from_secs_f64(seconds)));
    }
    let message = "`timeout` must be more than 0 and at most 86400 seconds";
    Err(section.error("timeout", None, message))
}

fn environment(
    section: &Section<'_>,
    written: &Written,
) -> Result<std::collections::BTreeMap<String, String>, ConfigError> {
    let wrong = |(name, value): &(&String, &String)| {
        name.is_empty() || name.contains(['=', '\0']) || value.contains('\0')
    };
    match written.env.iter().find(wrong) {
        Some((name, _)) => {
            let name = name.escape_debug();
            let message = format!("`{name}` cannot be an environment variable");
            Err(section.error("env", None, message))
        }
        None => Ok(written.env.clone()),
    }
}

fn writes(
    section: &Section<'_>,
    writes: Option<bool>,
    stage_fixed: bool,
) -> Result<bool, ConfigError> {
    if writes == Some(false) && stage_fixed {
        let message =
            "`writes = false` promises that nothing changes, `stage_fixed` stages changes";
        return Err(section.error("writes", None, message));
    }
    Ok(writes.unwrap_or(true))
}

/// The folder without `./` and doubled or final `/`; `None` for the root itself.
fn dir(section: &Section<'_>, text: Option<&str>) -> Result<Option<RepoPath>, ConfigError> {
    let text = text.unwrap_or_default();
    let parts: Vec<&str> = text
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    if text.starts_with('/') || text.contains('\0') || parts.contains(&"..") {
        let error = section.error("dir", None, "`dir` must be a folder inside the repository");
        return Err(error.with_help(r#"dir = "packages/web", relative to the root"#));
    }
    Ok((!parts.is_empty()).then(|| RepoPath::new(parts.join("/"))))
}
