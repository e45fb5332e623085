//! What hookd does not do itself: commands, hooks that are not ready, hooks about the configuration. And the end of the run:
//! everything in the order of the configuration, logs written.

use super::super::super::error::CliError;
use super::super::{fixes, hooks};
use super::judge::{ForeignRun, MESSAGE, head};
use super::native::Chosen;
use super::{meta, surroundings, texts_of};
use crate::command::{Candidate, Hook};
use crate::model::{Check, CheckError, CheckKind, CheckStatus, FileMeta, Mode, Outcome, RepoPath};
use crate::precommit::{Planned, Work, about};
use crate::select::{Wanted, gather_all};
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write;

/// A run after the native hooks.
pub(super) struct Rest<'a> {
    pub(super) run: &'a ForeignRun<'a>,
    pub(super) planned: &'a [Planned],
    pub(super) chosen: &'a [Chosen<'a>],
    pub(super) files: &'a [FileMeta],
    pub(super) stdin: Option<Vec<u8>>,
    pub(super) require_trust: bool,
}

impl Rest<'_> {
    /// Runs what is left and adds what came of it.
    pub(super) fn judge(&self, wanted: &Wanted, outcome: &mut Outcome) -> Result<(), CliError> {
        let stop = self.stopped_at(outcome).unwrap_or(self.chosen.len());
        let (before, after) = self.chosen.split_at(stop);
        for one in after.iter().filter(|one| !one.is_native()) {
            let mut check = Check::new(&one.hook.id, CheckKind::Hook, CheckStatus::Skipped);
            check.message =
                "a hook before it failed, and nothing begins after that (fail_fast)".to_owned();
            outcome.add(vec![check], Vec::new());
        }
        not_ready(before, outcome);
        self.about_configuration(before, outcome)?;
        self.commands(before, wanted, outcome)?;
        self.in_order(outcome);
        self.replaced();
        self.keep_logs(outcome)
    }

    /// The position of the first hook that does not begin, because one before it failed and is set to stop then.
    fn stopped_at(&self, outcome: &Outcome) -> Option<usize> {
        let failed = |one: &Chosen<'_>| {
            one.is_native()
                && (one.hook.fail_fast || self.run.given.fail_fast)
                && outcome
                    .checks
                    .iter()
                    .any(|check| check.id == one.hook.id && check.status == CheckStatus::Failed)
        };
        self.chosen.iter().position(failed).map(|at| at + 1)
    }

    /// `repo: meta`.
    fn about_configuration(
        &self,
        chosen: &[Chosen<'_>],
        outcome: &mut Outcome,
    ) -> Result<(), CliError> {
        let asked = |one: &&Chosen<'_>| matches!(one.hook.work, Work::Meta);
        if !chosen.iter().any(|one| asked(&one)) {
            return Ok(());
        }
        let run = self.run;
        let everything = gather_all(run.context.repo.as_ref(), &run.context.root, false)?.files;
        let tracked: Vec<RepoPath> = everything.iter().map(|file| file.path.clone()).collect();
        let is_about = about(&run.foreign.document)?;
        let by_path: HashMap<&RepoPath, &FileMeta> =
            everything.iter().map(|file| (&file.path, file)).collect();
        let look = |path: &RepoPath| head(by_path.get(path)?, run.blobs);
        let all: Vec<Candidate<'_>> = everything
            .iter()
            .filter(|file| is_about(&file.path.to_text()))
            .map(|file| Candidate::new(&file.path, file.kind, &look))
            .collect();
        let top = run
            .foreign
            .document
            .exclude
            .as_ref()
            .map(|exclude| exclude.value.as_str());
        for one in chosen.iter().filter(asked) {
            let mut files: Vec<&RepoPath> = one.files.iter().collect();
            files.sort();
            let said = match (files.is_empty(), one.hook.id.as_str()) {
                (true, _) => String::new(),
                (_, "check-hooks-apply") => meta::hooks_apply(self.planned, &all),
                (_, "check-useless-excludes") => {
                    meta::useless_excludes(top, &tracked, self.planned, &all)
                }
                _ => String::new(),
            };
            outcome.add(vec![meta::check(one.hook, &files, said)], Vec::new());
        }
        Ok(())
    }

    /// The commands among the hooks, and those of the user's own files.
    fn commands(
        &self,
        chosen: &[Chosen<'_>],
        wanted: &Wanted,
        outcome: &mut Outcome,
    ) -> Result<(), CliError> {
        let run = self.run;
        let has_files = run.kind.names_files();
        let (mut commands, mut planned) = (Vec::new(), Vec::new());
        for one in chosen {
            let Work::Command(hook) = &one.hook.work else {
                continue;
            };
            if !has_files && !one.hook.always_run && one.files.is_empty() {
                // Where git names no files, pre-commit runs only what always runs.
                outcome.add(
                    vec![Check::new(
                        &one.hook.id,
                        CheckKind::Hook,
                        CheckStatus::Skipped,
                    )],
                    Vec::new(),
                );
                continue;
            }
            commands.push(self.told(hook));
            planned.push(one.hook.clone());
        }
        let own = hooks::chosen(run.own_hooks.clone(), run.stage, wanted, run.context);
        let mut texts = texts_of(&planned);
        texts.extend(hooks::texts(&own));
        commands.extend(own);
        let work = hooks::Work {
            given: run.given,
            context: run.context,
            stage: run.stage,
            mode: run.mode,
            hooks: &commands,
            texts,
            file: &run.foreign.document.source.file,
            arguments: self.arguments(),
            fail_fast: run.given.fail_fast,
            files: has_files.then_some(self.files),
            blobs: run.blobs,
            stdin: self.stdin.clone(),
            require_trust: self.require_trust,
            trusted: run.trusted,
            stage_fixes: false,
            fixes: if run.mode == Mode::Staged {
                fixes::take_blocking(outcome)
            } else {
                Vec::new()
            },
        };
        hooks::run(&work, outcome, run.terminal)?;
        Ok(())
    }

    fn told(&self, hook: &Hook) -> Hook {
        let run = self.run;
        let given = run
            .given
            .hook_args
            .iter()
            .map(|word| word.to_string_lossy().into_owned());
        let given: Vec<String> = given.collect();
        let mut hook = hook.clone();
        surroundings::tell(&mut hook, run.stage, &given, self.stdin.as_deref());
        hook
    }

    /// Only the file with the message is an argument; the rest is told in variables.
    fn arguments(&self) -> Vec<Vec<u8>> {
        let run = self.run;
        let mut arguments = hooks::arguments(run.given, run.kind.names_files());
        arguments.truncate(usize::from(MESSAGE.contains(&run.stage)));
        arguments
    }

    /// Checks in the order of the configuration.
    fn in_order(&self, outcome: &mut Outcome) {
        let place = |check: &Check| {
            let at = self.planned.iter().position(|hook| hook.id == check.id);
            at.unwrap_or(self.planned.len())
        };
        outcome.checks.sort_by_key(place);
        for check in &mut outcome.checks {
            let hook = self.planned.iter().find(|hook| hook.id == check.id);
            check.verbose |= hook.is_some_and(|hook| hook.verbose);
        }
    }

    /// With `-v`: which hooks hookd does the work of.
    fn replaced(&self) {
        if !self.run.terminal.verbose {
            return;
        }
        let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
        for one in self.chosen {
            let Some(place) = &one.hook.replaces else {
                continue;
            };
            match said.iter_mut().find(|(known, _)| known == place) {
                Some((_, ids)) => ids.push(&one.hook.id),
                None => said.push((place, vec![&one.hook.id])),
            }
        }
        for (place, ids) in said {
            self.run.terminal.note(&format!(
                "hookd: built-in, instead of {place}: {}",
                ids.join(", ")
            ));
        }
    }

    /// `log_file`: what a hook prints goes there.
    fn keep_logs(&self, outcome: &mut Outcome) -> Result<(), CliError> {
        for check in &mut outcome.checks {
            let hook = self.planned.iter().find(|hook| hook.id == check.id);
            let Some(name) = hook.and_then(|hook| hook.log_file.as_ref()) else {
                continue;
            };
            let shown = check.verbose
                || !matches!(check.status, CheckStatus::Passed | CheckStatus::Skipped);
            if check.output.is_empty() || !shown {
                continue;
            }
            let path = self.run.context.root.join(name);
            let written = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .and_then(|mut file| file.write_all(&check.output));
            written.map_err(|error| {
                CliError::usage(
                    format!("{}: {error}", path.display()),
                    format!("correct `log_file` of `{}`", check.id),
                )
            })?;
            check.output = format!("its output is in {name}\n").into_bytes();
        }
        Ok(())
    }
}

/// Hooks that cannot run: that is not the same as passing.
fn not_ready(chosen: &[Chosen<'_>], outcome: &mut Outcome) {
    let (mut checks, mut errors) = (Vec::new(), Vec::new());
    for one in chosen {
        let (reason, help) = match &one.hook.work {
            Work::Absent {
                files_known: true, ..
            }
            | Work::Unsupported(_)
                if !one.has_work() =>
            {
                checks.push(Check::new(
                    &one.hook.id,
                    CheckKind::Hook,
                    CheckStatus::Skipped,
                ));
                continue;
            }
            Work::Absent { why: reason, .. } => (reason, "hookd install".to_owned()),
            Work::Unsupported(reason) => (
                reason,
                format!("leave it out once with SKIP={}", one.hook.id),
            ),
            _ => continue,
        };
        let mut check = Check::new(&one.hook.id, CheckKind::Hook, CheckStatus::Error);
        check.message = format!("{reason}; {help}");
        checks.push(check);
        errors.push(CheckError {
            path: None,
            scanner: "",
            message: format!("hook `{}` was not run: {reason}", one.hook.id),
            help,
            fatal: true,
        });
    }
    if !checks.is_empty() {
        outcome.add(checks, errors);
    }
}
