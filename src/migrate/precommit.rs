//! `.pre-commit-config.yaml` and `prek.toml`.

use super::commands::{self, Run};
use super::draft::{Check, Draft, Hook, Left, Scanner};
use super::globs::globs;
use super::quote;
use super::remarks::{Remarks, remarks};
use super::{Migration, Target};
use crate::command::{PassFilenames, STAGES, cannot_stand_for};
use crate::config::ConfigError;
use crate::precommit::{Document, Settings, Work, Written, written};
use crate::scan::hygiene_id;

/// The stages at which hookd's scanners run.
const AT_FILES: [&str; 3] = ["pre-commit", "pre-merge-commit", "pre-push"];

/// Makes a `hookd.toml` of `document`. Hook repositories that were not fetched leave their hooks out.
///
/// # Errors
/// A mistake in the configuration, with its place.
pub fn from_precommit(
    document: &Document,
    settings: &Settings<'_>,
) -> Result<Migration, ConfigError> {
    let hooks = written(document, settings)?;
    let spans: Vec<_> = hooks.iter().map(|hook| hook.span.clone()).collect();
    let begin = first_line_of_hooks(document, &hooks);
    let mut work = Conversion {
        document,
        draft: Draft {
            from: document.source.file.clone(),
            ..Draft::default()
        },
        left: Vec::new(),
        notes: document.notes.clone(),
        exclude_by_hook: None,
    };
    let Remarks {
        top,
        hooks: said,
        end,
    } = remarks(&document.source, &spans, begin)?;
    work.draft.comments = top;
    work.draft.end = end;
    work.top();
    let mut targets = Vec::with_capacity(hooks.len());
    for (hook, said) in hooks.iter().zip(said) {
        targets.push(work.hook(hook, said));
    }
    Ok(Migration {
        text: work.draft.text(),
        left: work.left,
        notes: work.notes,
        targets,
    })
}

/// Where `repos` stands: what is said before it is about the whole file.
fn first_line_of_hooks(document: &Document, hooks: &[Written]) -> usize {
    let text = &document.source.text;
    let lines = ["repos:", "[[repos]]", "repos ="];
    let found = lines.iter().filter_map(|line| {
        let inner = text.find(&format!("\n{line}")).map(|at| at + 1);
        text.starts_with(line).then_some(0).or(inner)
    });
    found
        .min()
        .or_else(|| hooks.first().map(|hook| hook.span.start))
        .unwrap_or(text.len())
}

struct Conversion<'d> {
    document: &'d Document,
    draft: Draft,
    left: Vec<Left>,
    notes: Vec<String>,
    /// `exclude` at the top, where globs cannot say it.
    exclude_by_hook: Option<String>,
}

impl Conversion<'_> {
    fn leave(&mut self, what: &str, why: impl Into<String>, todo: impl Into<String>) {
        self.left.push(Left {
            what: what.to_owned(),
            why: why.into(),
            todo: todo.into(),
        });
    }

    /// The keys at the top of the file.
    fn top(&mut self) {
        let document = self.document;
        let exclude = document.exclude.as_ref().map(|exclude| &exclude.value);
        if let Some(exclude) = exclude.filter(|exclude| !matches!(exclude.as_str(), "" | "^$")) {
            match globs(exclude) {
                Some(globs) => self.draft.exclude = globs,
                None => self.exclude_by_hook = Some(exclude.clone()),
            }
        }
        for name in document.install.iter().flatten() {
            match cannot_stand_for(&name.value) {
                Some(why) => self.leave(&name.value, why, "nothing"),
                None => self.draft.hook_types.push(name.value.clone()),
            }
        }
        if self.draft.hook_types == ["pre-commit"] {
            self.draft.hook_types.clear();
        }
    }

    fn hook(&mut self, hook: &Written, comments: Vec<String>) -> Target {
        let target = self.converted(hook, comments);
        if target != Target::Nowhere {
            self.without_like(hook);
        }
        target
    }

    /// Keys that hookd.toml has nothing like, and that change no verdict.
    fn without_like(&mut self, hook: &Written) {
        let planned = &hook.planned;
        if planned.verbose {
            self.leave(
                &planned.id,
                "`verbose`: hookd shows the output of hooks that fail",
                "hookd run -v shows that of all",
            );
        }
        if let Some(alias) = &planned.alias {
            self.leave(
                &planned.id,
                format!("`alias` ({alias})"),
                "say its id, in SKIP and `hookd run ID` too",
            );
        }
    }

    fn converted(&mut self, hook: &Written, comments: Vec<String>) -> Target {
        match &hook.planned.work {
            Work::Meta => {
                self.notes.push(format!(
                    "{}: it is about the old configuration itself; hookd config check and hookd list --explain PATH are for the new one",
                    hook.planned.id
                ));
                Target::Nowhere
            }
            Work::Check(id) => self.check(hook, id, comments),
            Work::Scanner(id, keys) => self.scanner(hook, id, keys, comments),
            Work::Absent {
                why,
                files_known: false,
            } => {
                self.leave(
                    &hook.planned.id,
                    why,
                    "hookd install, then hookd migrate again",
                );
                Target::Nowhere
            }
            _ => self.command(hook, comments),
        }
    }

    fn check(&mut self, hook: &Written, id: &str, comments: Vec<String>) -> Target {
        let Some(id) = hygiene_id(id) else {
            self.leave(id, "hookd has no such check", "write a [[hook]] for it");
            return Target::Nowhere;
        };
        if !self.runs_with_scanners(hook) {
            return Target::Nowhere;
        }
        if self.draft.checks.iter().any(|check| check.id == id) {
            self.leave(
                id,
                "it is there twice, and [scan.hygiene] has each check once",
                "make one of both: join their args, and their files as globs",
            );
            return Target::Nowhere;
        }
        if hook.chooses.types {
            self.leave(
                id,
                "`types` choose its files, and a built-in check knows its own",
                format!("say it in globs: [scan.hygiene.files] {id} = [\"*.py\"]"),
            );
        }
        let files = self.files(hook, id);
        self.draft.checks.push(Check {
            id,
            comments,
            args: hook.planned.args.clone(),
            files,
        });
        Target::Check(id)
    }

    /// Whether a built-in check runs at the stages of `hook`, and a word where it runs at others.
    fn runs_with_scanners(&mut self, hook: &Written) -> bool {
        let stages = &hook.planned.stages;
        let runs = stages.contains(&"pre-commit");
        if !runs {
            self.leave(
                &hook.planned.id,
                format!(
                    "it runs at {} only, and built-in checks run at every commit",
                    stages.join(", ")
                ),
                "name it by hand: checks = [...] in [scan.hygiene]",
            );
        }
        runs
    }

    /// Globs for a built-in check; empty where it looks at all of its kind.
    fn files(&mut self, hook: &Written, id: &str) -> Vec<String> {
        let top = self
            .document
            .files
            .as_ref()
            .map(|files| files.value.clone());
        let exclude = self.exclude(hook);
        if !hook.chooses.paths && top.is_none() && exclude.is_none() {
            return Vec::new();
        }
        if let (Some(top), Some(_)) = (&top, &hook.files) {
            self.leave(
                id,
                format!("`files` at the top ({top}) and its own both choose"),
                "say both in one list of globs",
            );
        }
        let files = hook.files.clone().or(top);
        let Some(mut all) = self.wanted(files, id) else {
            return Vec::new();
        };
        match exclude.as_deref().map(globs) {
            Some(Some(globs)) => all.extend(globs.iter().map(|glob| format!("!{glob}"))),
            Some(None) => self.no_globs(id, "exclude", &exclude.unwrap_or_default()),
            None => {}
        }
        if all == ["*"] { Vec::new() } else { all }
    }

    /// The globs of `files`; `None` where they cannot say it.
    fn wanted(&mut self, files: Option<String>, id: &str) -> Option<Vec<String>> {
        let Some(files) = files else {
            return Some(vec!["*".to_owned()]);
        };
        let globs = globs(&files);
        if globs.is_none() {
            self.no_globs(id, "files", &files);
        }
        globs
    }

    fn no_globs(&mut self, id: &str, key: &str, pattern: &str) {
        self.leave(
            id,
            format!("globs cannot say its `{key}` ({pattern})"),
            "say it in globs as far as it goes, in [scan.hygiene.files]",
        );
    }

    fn scanner(
        &mut self,
        hook: &Written,
        id: &'static str,
        keys: &str,
        comments: Vec<String>,
    ) -> Target {
        if !self.runs_with_scanners(hook) {
            return Target::Nowhere;
        }
        if hook.chooses.types || hook.files.is_some() || self.document.files.is_some() {
            self.leave(
                &hook.planned.id,
                "`files` or `types` choose its files, and a scanner knows its own",
                format!("say what it is not to look at: exclude in [scan.{id}]"),
            );
        }
        let exclude = self.excluded_globs(hook, id);
        if let Some((url, rev)) = &hook.origin {
            self.notes.push(format!(
                "{}: by the scanner {id}, instead of {url} {rev}",
                hook.planned.id
            ));
        }
        match self.draft.scanners.iter_mut().find(|known| known.id == id) {
            // Two tools for one thing: what one of them left out the other looked at.
            Some(known) => {
                known.comments.extend(comments);
                known.exclude.retain(|glob| exclude.contains(glob));
            }
            None => self.draft.scanners.push(Scanner {
                id,
                comments,
                keys: keys.to_owned(),
                exclude,
            }),
        }
        Target::Scanner(id)
    }

    /// What a scanner is not to look at.
    fn excluded_globs(&mut self, hook: &Written, id: &str) -> Vec<String> {
        let Some(pattern) = self.exclude(hook) else {
            return Vec::new();
        };
        globs(&pattern).unwrap_or_else(|| {
            self.leave(
                &hook.planned.id,
                format!("globs cannot say its `exclude` ({pattern})"),
                format!("say it in globs as far as it goes: exclude in [scan.{id}]"),
            );
            Vec::new()
        })
    }

    /// The `exclude` of a hook, with the one at the top where that had to go to every hook.
    fn exclude(&self, hook: &Written) -> Option<String> {
        let own = hook
            .planned
            .exclude
            .clone()
            .filter(|exclude| !exclude.is_empty());
        match (own, &self.exclude_by_hook) {
            (Some(own), Some(top)) => Some(format!("{}|{}", group(top), group(&own))),
            (own, top) => own.or_else(|| top.clone()),
        }
    }

    fn command(&mut self, hook: &Written, comments: Vec<String>) -> Target {
        let id = hook.planned.id.clone();
        let (run, needs) = match commands::run(hook) {
            Run::Command(run, needs) => (run, needs),
            Run::No(why, todo) => {
                self.leave(&id, why, todo);
                return Target::Nowhere;
            }
        };
        if hook
            .types
            .iter()
            .chain(&hook.types_or)
            .any(|word| word == "directory")
        {
            self.leave(
                &id,
                "it is for submodules, and hookd gives hooks files only",
                "nothing",
            );
            return Target::Nowhere;
        }
        let mut new = Hook {
            id: self.draft.free_id(&id),
            comments,
            keys: Vec::new(),
        };
        if new.id != id {
            self.notes.push(format!(
                "{id}: a second hook of that name, or no id for hookd: it is `{}` now",
                new.id
            ));
        }
        if let Some(needs) = needs {
            let from = hook.origin.as_ref();
            let from = from.map_or_else(String::new, |(url, rev)| format!("from {url} {rev}; "));
            new.comments.push(format!("# {from}{needs}"));
            self.notes.push(format!("{}: {needs}", new.id));
        }
        if hook.planned.name != id {
            new.set("name", quote::text(&hook.planned.name));
        }
        new.set("run", run);
        self.choose(hook, &mut new);
        if let Some(stages) = stages(hook, self.document) {
            new.set("stages", quote::list(&stages));
        }
        how(hook, &mut new);
        if let Some(file) = &hook.planned.log_file {
            self.leave(
                &new.id,
                format!("`log_file` ({file})"),
                "write the output to the file in `run`",
            );
        }
        let target = Target::Hook(new.id.clone());
        self.draft.hooks.push(new);
        target
    }

    /// Which files a command gets.
    fn choose(&self, hook: &Written, new: &mut Hook) {
        let top = self.document.files.as_ref().map(|files| &files.value);
        let files = match (top, &hook.files) {
            (Some(top), Some(own)) => {
                Some(format!("(?s)^(?=.*?{})(?=.*?{})", group(top), group(own)))
            }
            (top, own) => own.as_ref().or(top).cloned(),
        };
        if let Some(files) = files {
            new.set("files", quote::text(&files));
        }
        if let Some(exclude) = self.exclude(hook) {
            new.set("exclude", quote::text(&exclude));
        }
        // `file` is what hookd's hooks get anyway.
        let types: Vec<&String> = hook.types.iter().filter(|word| *word != "file").collect();
        for (key, words) in [
            ("types", types),
            ("types_or", hook.types_or.iter().collect()),
            ("exclude_types", hook.exclude_types.iter().collect()),
        ] {
            if !words.is_empty() {
                new.set(key, quote::list(&words));
            }
        }
    }
}

/// `pattern` so that it can stand beside another one, its flags its own. A comment at its end needs its line end.
fn group(pattern: &str) -> String {
    let flags = pattern
        .strip_prefix("(?")
        .and_then(|rest| rest.split_once(')'));
    match flags.filter(|(flags, _)| flags.bytes().all(|byte| byte.is_ascii_lowercase())) {
        Some((flags, rest)) if flags.contains('x') => format!("(?{flags}:{rest}\n)"),
        Some((flags, rest)) => format!("(?{flags}:{rest})"),
        None => format!("(?:{pattern})"),
    }
}

/// The stages of a hook; `None` where they are hookd's own default. One that runs at every stage runs where there are files, and
/// where the configuration was installed.
fn stages(hook: &Written, document: &Document) -> Option<Vec<String>> {
    let every = hook.planned.stages.len() == STAGES.len();
    let stages: Vec<String> = if every {
        let installed = document
            .install
            .iter()
            .flatten()
            .map(|name| name.value.clone());
        installed
            .filter(|name| AT_FILES.contains(&name.as_str()))
            .collect()
    } else {
        hook.planned
            .stages
            .iter()
            .map(|&stage| stage.to_owned())
            .collect()
    };
    (!stages.is_empty() && stages != ["pre-commit"]).then_some(stages)
}

/// How a command is called.
fn how(hook: &Written, new: &mut Hook) {
    match hook.pass {
        PassFilenames::All => {}
        PassFilenames::No => new.set("pass_filenames", "false"),
        PassFilenames::AtMost(most) => new.set("pass_filenames", most.to_string()),
    }
    for (key, flag) in [
        ("always_run", hook.planned.always_run),
        ("serial", hook.serial),
        ("fail_fast", hook.planned.fail_fast),
    ] {
        if flag {
            new.set(key, "true");
        }
    }
    if !hook.env.is_empty() {
        let pairs = hook.env.iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{} = {}", quote::key(name), quote::text(value)))
            .collect();
        new.set("env", format!("{{ {} }}", pairs.join(", ")));
    }
}
