//! The options of the commands.

use clap::{Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Global {
    /// Start in DIR instead of the current folder
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(super) directory: Option<PathBuf>,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, hide_possible_values = false)]
    pub(super) color: Color,
    /// Say nothing where there is nothing to complain of
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Say more: every finding, every check, times
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Default, clap::Args)]
pub(super) struct Install {
    /// A git hook; can be given more than once. Without it: what `default_hook_types` says, else pre-commit and those
    /// that hookd.toml names
    #[arg(long = "hook-type", value_name = "NAME")]
    pub(super) hook_types: Vec<String>,
    /// Every hook that git runs for its user
    #[arg(long, conflicts_with = "hook_types")]
    pub(super) all_types: bool,
    /// In every repository of yours. Commands of a repository run after an install there only
    #[arg(long)]
    pub(super) global: bool,
    /// Write shims too where git reads hooks from its configuration: for clones that older gits use as well
    #[arg(long, conflicts_with = "global")]
    pub(super) shim: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Uninstall {
    /// A git hook; can be given more than once. Without it: all of them
    #[arg(long = "hook-type", value_name = "NAME")]
    pub(super) hook_types: Vec<String>,
    /// Take back what `install --global` did
    #[arg(long, conflicts_with = "hook_types")]
    pub(super) global: bool,
}

#[derive(Debug, Default, clap::Args)]
pub(super) struct Run {
    /// Only these checks
    #[arg(value_name = "ID")]
    pub(super) ids: Vec<String>,
    /// Check every tracked file as it is in the worktree
    #[arg(long, group = "what")]
    pub(super) all: bool,
    /// With --all: also files that are neither tracked nor ignored
    #[arg(long, requires = "all")]
    pub(super) untracked: bool,
    /// Check these files or folders as they are on disk; `-` checks what standard input holds
    #[arg(long, value_name = "PATH", num_args = 1.., group = "what")]
    pub(super) files: Vec<PathBuf>,
    /// With --files -: the path to judge and report the input under
    #[arg(long, value_name = "PATH", requires = "files")]
    pub(super) stdin_name: Option<PathBuf>,
    /// Look for secrets in all that the commits of RANGE brought in, each content once; RANGE as `git log` takes it, every
    /// ref where it is not given
    #[arg(
        long,
        value_name = "RANGE",
        num_args = 0..=1,
        default_missing_value = "",
        allow_hyphen_values = false,
        group = "what"
    )]
    pub(super) history: Option<String>,
    /// Check what changed since this commit
    #[arg(long, value_name = "COMMIT", group = "what")]
    pub(super) from_ref: Option<String>,
    /// With --from-ref: up to this commit
    #[arg(
        long,
        value_name = "COMMIT",
        requires = "from_ref",
        default_value = "HEAD"
    )]
    pub(super) to_ref: String,
    /// The git hook to stand for
    #[arg(long, value_name = "NAME", default_value = "pre-commit")]
    pub(super) stage: String,
    /// What a shim calls
    #[arg(long, value_name = "NAME", hide = true, group = "what")]
    pub(super) hook: Option<String>,
    /// Called from git's configuration: a shim that git will run too does the work
    #[arg(long, hide = true, requires = "hook")]
    pub(super) configured: bool,
    /// Called for every repository of the user: commands may have nobody's consent
    #[arg(long, hide = true, requires = "hook")]
    pub(super) global: bool,
    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json", "sarif", "junit", "github", "gitlab"])]
    pub(super) format: String,
    /// Write the report to this file
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Show secrets as they are: on a terminal only, for people only
    #[arg(long)]
    pub(super) show_secrets: bool,
    /// With --all or --files: write what built-in checks can put right
    #[arg(long)]
    pub(super) fix: bool,
    /// Leave these checks out, as the environment variable SKIP does
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(super) skip: Vec<String>,
    /// Threads; one a core where not given
    #[arg(
        long,
        short,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(super) jobs: usize,
    /// Stop at the first blocking finding
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// Never use the network
    #[arg(long)]
    pub(super) offline: bool,
    /// What git hands to the hook
    #[arg(last = true, value_name = "ARGS", hide = true)]
    pub(super) hook_args: Vec<OsString>,
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Say which checks get this file, and why the others do not
    #[arg(long, value_name = "PATH")]
    pub(super) explain: Option<PathBuf>,
    /// List every rule
    #[arg(long)]
    pub(super) rules: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The rule's id, as reports show it
    #[arg(required_unless_present = "finding", conflicts_with = "finding")]
    pub(super) rule: Option<String>,
    /// Say what every rule made of a line, PATH:LINE, or of a finding, by its fingerprint
    #[arg(long, value_name = "PLACE")]
    pub(super) finding: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Metrics {
    /// Count as another tool does, in every language: lizard or sonar
    #[arg(long, value_name = "TOOL", value_parser = crate::lang::Compat::NAMES)]
    pub(super) compat: Option<String>,
    /// Files or folders; the current folder where none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to show them
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub(super) format: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Packages {
    /// Files or folders; the current folder where none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to show them
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json", "cyclonedx", "spdx"])]
    pub(super) format: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Db {
    #[command(subcommand)]
    pub(super) command: DbCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum DbCommand {
    /// Download advisories, by default for the lockfiles here and for what was downloaded before
    Update(DbUpdate),
    /// Show which advisories there are and how old they are
    Status {
        /// How to show them
        #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
        format: String,
    },
    /// Write all advisory data into one file, for machines without a network
    Export {
        /// The file, or the folder to put it in
        path: PathBuf,
    },
    /// Read advisories from what `export` wrote, or OSV zips or JSON files on disk
    Import {
        /// An export, an all.zip, a folder with one folder an ecosystem, or OSV JSON files
        path: PathBuf,
        /// Also where it has far fewer advisories than what is there, or is older
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct DbUpdate {
    /// Ecosystems by OSV's names, such as npm, PyPI, crates.io, Go
    #[arg(value_name = "ECOSYSTEM")]
    pub(super) ecosystems: Vec<String>,
    /// Every ecosystem that the server has
    #[arg(long, conflicts_with = "ecosystems")]
    pub(super) all: bool,
    /// The server, laid out as OSV's public bucket is
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Download what is up to date too, and take data with far fewer advisories
    #[arg(long)]
    pub(super) force: bool,
    /// Do it in a process of its own that says nothing, unless the data is less than a day old
    #[arg(long, conflicts_with = "force")]
    pub(super) background: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}
