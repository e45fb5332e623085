//! `hookd try-repo`.

use super::args::Run;
use super::context::Context;
use super::error::CliError;
use super::run::{Foreign, sayer, tools, try_hooks};
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::git::install_handlers;
use crate::precommit::{Document, Failed, head_of, offered};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct TryRepo {
    /// An address that git can clone, or a folder
    #[arg(value_name = "REPO")]
    repo: String,
    /// Only this hook
    #[arg(value_name = "HOOK")]
    hook: Option<String>,
    /// A tag or a commit; without it the newest commit
    #[arg(long = "ref", value_name = "REV")]
    rev: Option<String>,
    /// Check every tracked file as it is in the worktree
    #[arg(long, group = "what")]
    all: bool,
    /// Check these files or folders as they are on disk
    #[arg(long, value_name = "PATH", num_args = 1.., group = "what")]
    files: Vec<PathBuf>,
}

pub(super) fn try_repo(given: TryRepo, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    context.repository()?;
    install_handlers();
    let failed = |failed: Failed| CliError::usage(failed.message, failed.help);
    let say = sayer(terminal);
    let tools = tools(&say);
    let rev = match given.rev {
        Some(rev) => rev,
        None => head_of(&given.repo, &context.here, &tools).map_err(failed)?,
    };
    // A folder is one from where the user stands; the configuration is read at the top of the repository.
    let folder = context.here.join(&given.repo);
    let repo = if !given.repo.contains("://") && folder.is_dir() {
        folder.display().to_string()
    } else {
        given.repo
    };
    let empty = Foreign::with(Document::of_repository(&repo, &rev, &[])?, false);
    let hooks = match given.hook {
        Some(hook) => vec![hook],
        None => offered(&repo, &rev, &empty.settings(&context.root), &tools).map_err(failed)?,
    };
    let document = Document::of_repository(&repo, &rev, &hooks)?;
    terminal.note(&format!(
        "this configuration is tried:\n\n{}",
        document.source.text
    ));
    let foreign = Foreign::with(document, false);
    let run = Run {
        all: given.all,
        files: given.files,
        stage: "pre-commit".to_owned(),
        format: "human".to_owned(),
        ..Run::default()
    };
    try_hooks(&run, &foreign, &context, terminal)
}
