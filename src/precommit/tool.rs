//! Running the tools that fetch hook repositories and make environments.

use crate::command::{Environment, Exit, Invocation, execute, find_program};
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Lines of a tool's output that an error shows.
const SHOWN: usize = 15;

/// Why something could not be made ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// What went wrong, with the end of what the tool printed.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Failed {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }

    pub(super) fn disk(dir: &Path, error: &std::io::Error) -> Self {
        Self::new(
            format!("{}: {error}", dir.display()),
            "HOOKD_CACHE_DIR names another folder for what hookd keeps",
        )
    }
}

/// Starts tools.
pub struct Tools<'a> {
    /// What they inherit.
    pub environment: Environment,
    /// Whether to stop.
    pub interrupted: &'a dyn Fn() -> bool,
    /// Told what is going on, a line at a time.
    pub say: &'a dyn Fn(&str),
}

impl Tools<'_> {
    /// Whether there is a program of this name.
    pub(super) fn has(&self, program: &str) -> bool {
        find_program(OsStr::new(program), &self.environment, Path::new("/")).is_some()
    }

    /// Runs `program` in `dir` and gives what it printed.
    ///
    /// # Errors
    /// It is not there, cannot be started, or ends with another status than 0.
    pub(super) fn run<S: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        arguments: &[S],
        dir: &Path,
        more: &[(&str, OsString)],
    ) -> Result<String, Failed> {
        let program = program.as_ref();
        let shown = program.to_string_lossy().into_owned();
        let mut environment = self.environment.clone();
        for (name, value) in more {
            environment.set(*name, value.clone());
        }
        let Some(found) = find_program(program, &environment, dir) else {
            return Err(Failed::new(
                format!("`{shown}` was not found"),
                format!("install {shown}, or put its folder on PATH"),
            ));
        };
        let invocation = Invocation {
            program: found,
            name: program.to_owned(),
            arguments: arguments
                .iter()
                .map(|word| word.as_ref().to_owned())
                .collect(),
            dir: dir.to_path_buf(),
            environment,
            stdin: None,
            tty: false,
            timeout: None,
        };
        let done = execute(&invocation, &|| (self.interrupted)())
            .map_err(|error| Failed::new(format!("`{shown}` cannot be started: {error}"), ""))?;
        let output = String::from_utf8_lossy(&done.output).into_owned();
        match done.exit {
            Exit::Code(0) => Ok(output),
            Exit::Interrupted => Err(Failed::new("interrupted", "")),
            _ => Err(Failed::new(
                failure(&shown, &invocation.arguments, &output),
                "see what it printed; run it again when that is put right: hookd install",
            )),
        }
    }
}

fn failure(program: &str, arguments: &[OsString], output: &str) -> String {
    let words = arguments.iter().map(|word| word.to_string_lossy());
    let line = words.fold(program.to_owned(), |line, word| format!("{line} {word}"));
    let lines: Vec<&str> = output
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = &lines[lines.len().saturating_sub(SHOWN)..];
    format!("`{line}` failed:\n{}", last.join("\n"))
}
