//! Whether git will call hookd, at which hooks, and which program.

use super::commands::Setup;
use super::{Findings, State};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::install::{Called, Expected};
use crate::git::Repo;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Looks at the git hooks of this clone. Without `setup` it is not known which there should be.
pub(super) fn look(context: &Context, setup: Option<&Setup>, found: &mut Findings) {
    let Some(repo) = &context.repo else {
        return found.look(
            "hooks",
            "this is no git repository: nothing is checked by itself",
            "hookd run --all, or: git init",
        );
    };
    let wanted = setup.map_or(&[][..], |setup| &setup.wanted);
    match Expected::look(repo, wanted) {
        Ok(expected) => told(repo, &expected, found),
        Err(error) => found.failed("hooks", error),
    }
}

fn told(repo: &Repo, expected: &Expected, found: &mut Findings) {
    let mut called = Vec::new();
    for one in &expected.hooks {
        match &one.called {
            Called::Yes => called.push(one.hook.as_str()),
            Called::Missing => found.broken(
                "hooks",
                format!("{}: git does not call hookd", one.hook),
                "hookd install",
            ),
            Called::InVain { message, hint } => {
                found.broken("hooks", format!("{}: {message}", one.hook), hint);
            }
        }
    }
    if !called.is_empty() {
        found.fine("hooks", format!("git calls hookd at {}", called.join(", ")));
    }
    for program in &expected.programs {
        judge_program(repo, program, found);
    }
}

/// The program may have been moved, or be another version than this one.
fn judge_program(repo: &Repo, program: &Path, found: &mut Findings) {
    let shown = program.display();
    let own = std::env::current_exe().and_then(|path| path.canonicalize());
    if !program.is_file() {
        return found.broken(
            "program",
            format!(
                "the hooks call {shown}, which is gone; they take hookd from PATH if it is there"
            ),
            "hookd install",
        );
    }
    if own.is_ok_and(|own| program.canonicalize().is_ok_and(|called| called == own)) {
        return found.fine("program", format!("the hooks call {shown}, this one"));
    }
    let ours = format!("hookd {}", env!("CARGO_PKG_VERSION"));
    let (state, said) = match said_version(program, repo.root()) {
        Some(said) if said == ours => (State::Fine, said),
        Some(said) => (State::Look, format!("{said}; this one is {ours}")),
        None => (State::Broken, "which cannot be started".to_owned()),
    };
    let next = if state == State::Fine {
        ""
    } else {
        "hookd install"
    };
    found.add(
        "program",
        state,
        format!("the hooks call {shown}, {said}"),
        next,
    );
}

fn said_version(program: &Path, folder: &Path) -> Option<String> {
    let done = Command::new(PathBuf::from(program))
        .arg("--version")
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8(done.stdout).ok()?;
    done.status.success().then(|| said.trim().to_owned())
}

impl From<CliError> for Called {
    fn from(error: CliError) -> Self {
        Self::InVain {
            message: error.message,
            hint: error.hint,
        }
    }
}
