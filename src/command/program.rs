//! From a command line to a program on disk.

use super::environment::Environment;
use super::execute::Invocation;
use super::spec::{CommandLine, Hook};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Words that the shell knows itself (POSIX.1-2024, XCU 2.4 and 2.15, and the utilities that shells build in).
const SHELL_WORDS: [&str; 50] = [
    "!", ".", ":", "[", "alias", "bg", "break", "case", "cd", "command", "continue", "do", "done",
    "echo", "elif", "else", "esac", "eval", "exec", "exit", "export", "false", "fc", "fg", "fi",
    "for", "getopts", "hash", "if", "in", "jobs", "kill", "local", "printf", "pwd", "read",
    "readonly", "return", "set", "shift", "test", "then", "times", "trap", "true", "type",
    "ulimit", "umask", "unset", "while",
];

/// A command that no folder of PATH has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingProgram {
    /// The hook that needs it.
    pub hook: String,
    /// Its name, as written.
    pub program: String,
}

impl MissingProgram {
    /// What is wrong, in one sentence.
    #[must_use]
    pub fn message(&self) -> String {
        format!("`{}` of hook `{}` was not found", self.program, self.hook)
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        let (hook, program) = (&self.hook, &self.program);
        if program.contains('/') {
            return format!("create {program}, make it executable, or correct `run` of `{hook}`");
        }
        format!(
            "install {program}, put its folder on PATH, or leave the hook out once with SKIP={hook}"
        )
    }
}

/// The program of `hook` that cannot be found in `environment`, looked up before anything is moved or run. For shell
/// commands only where the text is plain enough to tell its first word. `root` is the top of the worktree.
#[must_use]
pub fn missing_program(
    hook: &Hook,
    environment: &Environment,
    root: &Path,
) -> Option<MissingProgram> {
    let environment = environment.with(&hook.env);
    let dir = working_dir(hook, root);
    let lines = [Some(&hook.run), hook.check.as_ref()];
    let programs = lines.into_iter().flatten().filter_map(first_word);
    programs
        .filter(|program| find_program(OsStr::new(program), &environment, &dir).is_none())
        .map(|program| MissingProgram {
            hook: hook.id.clone(),
            program: program.to_owned(),
        })
        .next()
}

/// The folder that `hook` runs in.
#[must_use]
pub fn working_dir(hook: &Hook, root: &Path) -> PathBuf {
    let dir = hook.dir.as_ref().map(|dir| root.join(dir.to_path()));
    dir.unwrap_or_else(|| root.to_owned())
}

/// The program that a command line begins with; `None` where the shell decides that.
fn first_word(command: &CommandLine) -> Option<&str> {
    let text = match command {
        CommandLine::Program(words) => return words.first().map(String::as_str),
        CommandLine::Shell(text) => text,
    };
    if text.contains(['|', '&', ';', '<', '>', '(', ')', '$', '`', '\n', '\\']) {
        return None;
    }
    let is_assignment = |word: &&str| word.contains('=');
    let word = text.split_whitespace().find(|word| !is_assignment(word))?;
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '/' | '+' | '-' | '@' | '%' | ',');
    (word.chars().all(plain) && !SHELL_WORDS.contains(&word)).then_some(word)
}

/// The process for one call of `command`: `arguments` follow the command's own.
///
/// # Errors
/// No such program.
pub(super) fn invocation(
    hook: &Hook,
    command: &CommandLine,
    environment: &Environment,
    root: &Path,
    arguments: &[&[u8]],
) -> Result<Invocation, MissingProgram> {
    let environment = environment.with(&hook.env);
    let dir = working_dir(hook, root);
    let mut own: Vec<OsString> = Vec::new();
    let name = match command {
        CommandLine::Program(words) => {
            own.extend(words.iter().skip(1).map(OsString::from));
            words.first().map_or("", String::as_str)
        }
        CommandLine::Shell(text) => {
            own.extend([
                "-c".into(),
                shell_text(text, !arguments.is_empty()).into(),
                "sh".into(),
            ]);
            "/bin/sh"
        }
    };
    let Some(program) = find_program(OsStr::new(name), &environment, &dir) else {
        return Err(MissingProgram {
            hook: hook.id.clone(),
            program: name.to_owned(),
        });
    };
    own.extend(
        arguments
            .iter()
            .map(|argument| OsString::from_vec(argument.to_vec())),
    );
    Ok(Invocation {
        program,
        name: name.into(),
        arguments: own,
        dir,
        environment,
        stdin: None,
        tty: hook.tty,
        timeout: hook.timeout,
    })
}

/// The text with the list of arguments behind it, unless there are none or the text says itself where they go.
fn shell_text(text: &str, has_arguments: bool) -> String {
    if !has_arguments || text.contains("$@") || text.contains("$*") {
        return text.to_owned();
    }
    // Behind a line end or a `;` the list would be a command of its own: the first file would be run.
    let text = text.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    format!("{text} \"$@\"")
}

/// The executable file that `program` means in `dir`: a path, or a name to look for in PATH.
#[must_use]
pub fn find_program(program: &OsStr, environment: &Environment, dir: &Path) -> Option<PathBuf> {
    if program.as_bytes().contains(&b'/') {
        return Some(dir.join(program)).filter(|path| is_executable(path));
    }
    let path = environment
        .get("PATH")
        .unwrap_or(OsStr::new("/usr/bin:/bin"));
    std::env::split_paths(path)
        .map(|folder| dir.join(folder).join(program))
        .find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}
