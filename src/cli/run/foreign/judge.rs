//! One run of such a repository.

use super::super::super::args::Run;
use super::super::super::context::{Context, IgnoreFiles, configuration};
use super::super::super::error::CliError;
use super::super::super::progress::Bar;
use super::super::super::terminal::Terminal;
use super::super::{
    StageKind, commits, fetch_missing, fixes, gather, heirs, ledger, message, not_excluded, output,
    pushed, stdin, wanted,
};
use super::native::{self, Chosen};
use super::rest::Rest;
use super::{Foreign, Ready};
use crate::command::{Candidate, HEAD, Hook};
use crate::config::{self, Config};
use crate::engine::{self, Plan};
use crate::git::BlobReader;
use crate::install::Consent;
use crate::model::{Check, CheckKind, CheckStatus, Content, FileMeta, Mode, Outcome, RepoPath};
use crate::precommit::{Planned, about};
use crate::scan::{SCANNERS, ScanContext};
use crate::select::{Gathered, PreparedCheck, Wanted, prepare};
use crate::triage::IgnoreList;
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

/// Stages at which git hands over the file with the message, and nothing else is looked at.
pub(super) const MESSAGE: [&str; 2] = ["commit-msg", "prepare-commit-msg"];

/// A run, as far as it is known when the configuration was found.
pub(in crate::cli::run) struct ForeignRun<'a> {
    pub(in crate::cli::run) foreign: &'a Foreign,
    pub(in crate::cli::run) given: &'a Run,
    pub(in crate::cli::run) stage: &'static str,
    pub(in crate::cli::run) kind: StageKind,
    pub(in crate::cli::run) mode: Mode,
    pub(in crate::cli::run) context: &'a Context,
    pub(in crate::cli::run) terminal: &'a Terminal,
    pub(in crate::cli::run) started: Instant,
    pub(in crate::cli::run) blobs: Option<&'a BlobReader>,
    pub(in crate::cli::run) documents: &'a [config::Document],
    /// `[[hook]]` tables of the user's own files.
    pub(in crate::cli::run) own_hooks: Vec<Hook>,
    /// The user named the hooks on the command line.
    pub(in crate::cli::run) trusted: bool,
}

impl ForeignRun<'_> {
    /// Prepares where that is allowed, chooses hooks and files, runs everything.
    pub(in crate::cli::run) fn judge(self) -> Result<Outcome, CliError> {
        let document = &self.foreign.document;
        for note in &document.notes {
            self.terminal.note(&format!("hookd: {note}"));
        }
        self.prepare()?;
        let planned = self.foreign.plan(&self.context.root)?;
        let names = planned
            .iter()
            .flat_map(|hook| [Some(hook.id.as_str()), hook.alias.as_deref()])
            .flatten();
        let own = self.own_hooks.iter().map(|hook| hook.id.as_str());
        let wanted = wanted(self.given, self.kind, names.chain(own))?;
        let stdin = stdin(self.given, self.stage)?;
        let mut gathered = self.gather(stdin.as_deref())?;
        let is_about = about(document)?;
        if !MESSAGE.contains(&self.stage) {
            gathered.files.retain(|file| is_about(&file.path.to_text()));
        }
        not_excluded(&mut gathered, &configuration(self.documents)?);
        let (asked, skipped) = self.asked(&planned, &wanted);
        let chosen = self.chosen(&asked, &gathered.files)?;
        let extra = self.extra_sections(&chosen)?;
        let documents: Vec<config::Document> =
            self.documents.iter().cloned().chain(extra).collect();
        let config = configuration(&documents)?;
        let finished = ledger::Finished {
            unchecked: ledger::before_push(
                self.given,
                self.context,
                stdin.as_deref(),
                self.terminal,
            )?,
            given: self.given,
            context: self.context,
            stage: self.stage,
            documents: self.documents,
            foreign: Some(&document.source.text),
            left_out: skipped.iter().map(|check| check.id.clone()).collect(),
        };
        let mut outcome = self.scan(&chosen, &config, &gathered, &wanted, stdin.as_deref())?;
        outcome.checks.extend(skipped);
        let rest = Rest {
            run: &self,
            planned: &planned,
            chosen: &chosen,
            files: &gathered.files,
            stdin,
            require_trust: config.require_trust,
        };
        rest.judge(&wanted, &mut outcome)?;
        finished.record(&outcome, self.terminal)?;
        Ok(outcome)
    }

    /// Outside of a git hook, in a clone where commands may run, what is missing is made first: a commit never waits for
    /// the network.
    fn prepare(&self) -> Result<(), CliError> {
        let Some(repo) = &self.context.repo else {
            return Ok(());
        };
        let trusted = self.trusted || Consent::read(&repo.common_dir()).is_given();
        if self.given.hook.is_some() || self.given.offline || !trusted {
            return Ok(());
        }
        if let Ready::No(unready) = self.foreign.prepare(&self.context.root, self.terminal)? {
            for one in unready {
                self.terminal.note(&format!(
                    "hookd: not ready: {}: {}",
                    one.hooks.join(", "),
                    one.failed.message
                ));
            }
        }
        Ok(())
    }

    fn gather(&self, stdin: Option<&[u8]>) -> Result<Gathered, CliError> {
        match self.kind {
            StageKind::Files => gather(self.given, self.context, self.mode, self.blobs),
            StageKind::Push => pushed(self.given, self.context, stdin, self.blobs),
            StageKind::Message => self.message(),
            StageKind::NoFiles if MESSAGE.contains(&self.stage) => self.message(),
            StageKind::NoFiles | StageKind::Received => Ok(Gathered::default()),
        }
    }

    /// The file with the message, as the one file of the run: whole, as pre-commit gives it to hooks.
    fn message(&self) -> Result<Gathered, CliError> {
        let file = message::file(self.given);
        let file = file.map(|name| message::read(self.context, name));
        Ok(Gathered {
            files: file.transpose()?.into_iter().collect(),
            ..Gathered::default()
        })
    }

    /// The hooks of this stage that were asked for, and those that the user leaves out.
    fn asked<'p>(&self, planned: &'p [Planned], wanted: &Wanted) -> (Vec<&'p Planned>, Vec<Check>) {
        let asked = |hook: &&Planned| {
            hook.stages.contains(&self.stage)
                && (wanted.only.is_empty() || wanted.only.iter().any(|id| hook.is_named(id)))
        };
        let (skipped, asked): (Vec<&Planned>, Vec<&Planned>) = planned
            .iter()
            .filter(asked)
            .partition(|hook| wanted.skip.iter().any(|id| hook.is_named(id)));
        let skipped = skipped
            .iter()
            .map(|hook| Check::new(&hook.id, CheckKind::Hook, CheckStatus::Skipped));
        (asked, skipped.collect())
    }

    /// Each hook with its files.
    ///
    /// # Errors
    /// Of some file it cannot be told whether a hook gets it.
    fn chosen<'p>(
        &self,
        asked: &[&'p Planned],
        files: &[FileMeta],
    ) -> Result<Vec<Chosen<'p>>, CliError> {
        let by_path: HashMap<&RepoPath, &FileMeta> =
            files.iter().map(|file| (&file.path, file)).collect();
        let head = |path: &RepoPath| head(by_path.get(path)?, self.blobs);
        let candidates: Vec<Candidate<'_>> = files
            .iter()
            .map(|file| Candidate::new(&file.path, file.kind, &head))
            .collect();
        let mut chosen: Vec<Chosen<'p>> = Vec::with_capacity(asked.len());
        for &hook in asked {
            let same = chosen
                .iter()
                .find(|other| other.hook.filter.is_same(&hook.filter));
            let files = match same {
                Some(other) => Arc::clone(&other.files),
                None => Arc::new(selected(hook, &candidates)?),
            };
            chosen.push(Chosen { hook, files });
        }
        Ok(chosen)
    }

    /// Sections for scanners that stand in for tools, over everything but the user's own words.
    fn extra_sections(&self, chosen: &[Chosen<'_>]) -> Result<Vec<config::Document>, CliError> {
        let keys = native::scanners(chosen)
            .into_iter()
            .filter(|(_, keys, _)| !keys.is_empty());
        let text: String = keys
            .map(|(id, keys, _)| format!("[scan.{id}]\n{keys}"))
            .collect();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let name = self.foreign.document.source.file.clone();
        Ok(vec![config::Document::new(name, text.into_bytes())?])
    }

    fn scan_context(&self, stdin: Option<&[u8]>) -> ScanContext {
        ScanContext {
            commits: commits(self.given, self.kind, stdin),
            reads_message: MESSAGE.contains(&self.stage),
            ..self.context.scan_context(self.mode)
        }
    }

    /// Runs what hookd does itself.
    fn scan(
        &self,
        chosen: &[Chosen<'_>],
        config: &Config<'_>,
        gathered: &Gathered,
        wanted: &Wanted,
        stdin: Option<&[u8]>,
    ) -> Result<Outcome, CliError> {
        let context = self.scan_context(stdin);
        let named = |id: &str| wanted.only.iter().any(|one| one == id);
        let keep: Vec<String> = SCANNERS
            .iter()
            .map(|spec| spec.id.to_owned())
            .filter(|id| named(id))
            .collect();
        let mut checks = self.scanners(chosen, config, &keep)?;
        checks.retain(|check| check.spec.reads.fits(self.kind == StageKind::Message));
        checks.extend(native::hygiene(
            chosen,
            &self.foreign.document.source,
            &context,
        )?);
        if self.mode == Mode::All && !self.given.offline {
            fetch_missing(&gathered.files, &checks, config, self.terminal)?;
        }
        let scanned = heirs::scanned(gathered, &mut checks);
        let plan = Plan {
            mode: self.mode,
            stage: self.stage.to_owned(),
            files: &scanned,
            errors: gathered.errors.clone(),
            skipped: Vec::new(),
            checks,
            blobs: self.blobs,
            jobs: self.given.jobs,
            fixes: true,
            shown: output::shown(self.given, self.mode, self.terminal),
            fail_fast: self.given.fail_fast,
            started: self.started,
        };
        let ignore_files = IgnoreFiles::new(self.context, self.mode, self.blobs);
        let ignores = IgnoreList::new(&ignore_files, Context::today());
        let mut outcome = engine::run(plan, &Bar::new(!self.terminal.quiet), &ignores);
        message::say_where(self.kind, &gathered.files, &mut outcome);
        let checks = native::split(chosen, &mut outcome, &keep);
        outcome.add(checks, Vec::new());
        if self.mode != Mode::Staged {
            fixes::apply(true, self.context, &gathered.files, &mut outcome);
        }
        Ok(outcome)
    }

    /// The scanners that hooks are replaced by, and those that were asked for by their own name.
    fn scanners(
        &self,
        chosen: &[Chosen<'_>],
        config: &Config<'_>,
        keep: &[String],
    ) -> Result<Vec<PreparedCheck>, CliError> {
        let served = native::scanners(chosen);
        let mut only = keep.to_vec();
        only.extend(served.iter().map(|(id, ..)| (*id).to_owned()));
        if only.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = Wanted {
            only,
            skip: Vec::new(),
        };
        let checks = prepare(
            SCANNERS,
            config,
            &self.context.scan_context(self.mode),
            &wanted,
        )?;
        let restrict = |check: PreparedCheck| {
            let files = served.iter().find(|(id, ..)| *id == check.spec.id);
            match files {
                Some((id, _, files)) if !keep.iter().any(|kept| kept == id) => {
                    check.restricted(Arc::new(files.clone()))
                }
                _ => check,
            }
        };
        Ok(checks.into_iter().map(restrict).collect())
    }
}

/// The files that `hook` gets.
///
/// # Errors
/// Of some file it cannot be told.
fn selected(hook: &Planned, candidates: &[Candidate<'_>]) -> Result<HashSet<RepoPath>, CliError> {
    let mut selected = HashSet::new();
    for file in candidates {
        let gets = hook.filter.selects(file).map_err(|given_up| {
            let help = format!("make `files` or `exclude` of `{}` simpler", hook.id);
            CliError::usage(given_up.to_string(), help)
        })?;
        if gets {
            selected.insert(file.path.clone());
        }
    }
    Ok(selected)
}

/// The first bytes of a file, which tell its type.
pub(super) fn head(file: &FileMeta, blobs: Option<&BlobReader>) -> Option<Vec<u8>> {
    match &file.content {
        Content::Blob(id) => {
            let mut bytes = blobs?.read(*id).ok()?;
            bytes.truncate(HEAD);
            Some(bytes)
        }
        Content::Text(text) => Some(text[..text.len().min(HEAD)].to_vec()),
        Content::Disk(path) => {
            let mut bytes = Vec::with_capacity(HEAD);
            std::fs::File::open(path)
                .ok()?
                .take(HEAD as u64)
                .read_to_end(&mut bytes)
                .ok()?;
            Some(bytes)
        }
        Content::Input(start) => Some(start.iter().take(HEAD).copied().collect()),
    }
}
