//! What the documentation tells people to type is understood.

use super::command_line::Args;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use std::fs;
use std::path::{Path, PathBuf};

/// The pages that people read.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    let examples = fs::read_dir(root.join("examples")).unwrap();
    pages.extend(examples.map(|entry| entry.unwrap().path().join("README.md")));
    for folder in ["docs", "docs/scanners"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        pages.extend(paths.filter(|path| path.extension().is_some_and(|end| end == "md")));
    }
    pages
}

/// Every `hookd …` of a page: lines of shell blocks, and words between backquotes.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<&str> = None;
    for line in text.lines() {
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            block = match block {
                None => Some(kind),
                Some(_) => None,
            };
            continue;
        }
        let typed = line.trim_start();
        match block {
            Some("sh" | "bash" | "console") => found.push(typed.trim_start_matches("$ ")),
            Some(_) => found.extend(typed.strip_prefix("$ ")),
            None => found.extend(line.split('`').skip(1).step_by(2)),
        }
    }
    let own = |command: &&str| command.starts_with("hookd ") && !command.contains("\\|");
    found.into_iter().filter(own).map(str::to_owned).collect()
}

/// The words of a command line: what is in quotes is one word; a comment, a pipe or a redirection ends it. Brackets around
/// what can be left out are no part of it.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in command.chars() {
        match letter {
            '"' | '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            '[' | ']' if !quoted => {}
            _ => words.last_mut().unwrap().push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    let end = |word: &String| ["#", "|", ">", "&&", "2>&1"].contains(&word.as_str());
    let length = words.iter().position(end).unwrap_or(words.len());
    words.truncate(length);
    words
}

#[test]
fn command_lines_in_the_documentation_are_understood() {
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for command in commands(&text) {
            let parsed = Args::try_parse_from(words(&command));
            // However it is read, the outcome is the same.
            let read = Args::read(words(&command).into_iter().map(Into::into));
            let text = |one: &Result<Args, clap::Error>| match one {
                Ok(args) => format!("{args:?}"),
                Err(error) => error.to_string(),
            };
            assert_eq!(text(&read), text(&parsed), "{command}");
            // A sentence may name a command without all that it needs, or with a word for its value.
            let error = parsed.err().filter(|error| {
                let placeholder = [ErrorKind::MissingRequiredArgument, ErrorKind::InvalidValue];
                error.use_stderr() && !placeholder.contains(&error.kind())
            });
            assert!(
                error.is_none(),
                "{}: {command}\n{}",
                page.display(),
                error.unwrap()
            );
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn help_and_mistakes_of_run_are_those_of_all_commands() {
    for line in [
        "hookd run --help",
        "hookd run -h",
        "hookd run --hlep",
        "hookd help run",
        "hookd --version run",
        "hookd run --all --files a",
    ] {
        let words = || line.split(' ').map(std::ffi::OsString::from);
        let read = Args::read(words()).expect_err(line).to_string();
        let known = Args::try_parse_from(words()).expect_err(line).to_string();
        assert_eq!(read, known, "{line}");
    }
}

#[test]
fn every_command_is_in_the_completions_and_the_manual() {
    let names: Vec<String> = Args::command()
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| command.get_name().to_owned())
        .collect();
    assert!(names.len() > 15, "{names:?}");
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command())
        .render(&mut page)
        .unwrap();
    let page = String::from_utf8(page).unwrap().replace("\\-", "-");
    for shell in <clap_complete::Shell as clap::ValueEnum>::value_variants() {
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut Args::command(), "hookd", &mut script);
        let script = String::from_utf8(script).unwrap();
        for name in &names {
            assert!(script.contains(name.as_str()), "{shell}: {name}");
            assert!(page.contains(name.as_str()), "{name}");
        }
    }
}
