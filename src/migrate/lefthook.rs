//! lefthook's configuration (<https://lefthook.dev/configuration/>).

use super::draft::Left;
use super::other::{OldHook, Other};
use super::quote;
use crate::command::stage;
use crate::config::ConfigError;
use crate::precommit::tree;
use serde_json::{Map, Value};

/// Keys at the top that decide nothing about hooks.
const PASSED_OVER: [&str; 12] = [
    "min_version",
    "assert_lefthook_installed",
    "colors",
    "output",
    "skip_output",
    "no_tty",
    "rc",
    "source_dir",
    "source_dir_local",
    "skip_lfs",
    "lefthook",
    "no_auto_install",
];

/// Keys of a command that are read here.
const KNOWN: [&str; 17] = [
    "run",
    "glob",
    "exclude",
    "root",
    "file_types",
    "env",
    "skip",
    "stage_fixed",
    "interactive",
    "priority",
    "fail_text",
    "name",
    "timeout",
    "tags",
    "use_stdin",
    "script",
    "runner",
];

/// Reads the file `name`.
///
/// # Errors
/// A mistake, with its place.
pub(super) fn read(name: &str, bytes: Vec<u8>) -> Result<Other, ConfigError> {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut reader = Reader {
        other: Other {
            hooks: Vec::new(),
            files: vec![name.to_owned()],
            left: Vec::new(),
            comments: Vec::new(),
        },
        piped: false,
        double_star: false,
    };
    let Some(Value::Object(top)) = tree(name, bytes)? else {
        let error = ConfigError::new(name, &text, 0..0, "this is no table of hooks");
        return Err(error.with_help("pre-commit:\n      commands: …"));
    };
    let matcher = top.get("glob_matcher").and_then(Value::as_str);
    reader.double_star = matcher == Some("doublestar");
    for (key, value) in &top {
        match (stage(key), value) {
            (Some(stage), Value::Object(hook)) => reader.stage(stage, hook),
            _ if PASSED_OVER.contains(&key.as_str()) || key == "glob_matcher" => {}
            (Some(_), Value::Null) => {}
            _ => reader.leave(
                key,
                "hookd.toml has nothing like it",
                "write by hand what it brings in",
            ),
        }
    }
    reader.other.comments = text
        .lines()
        .take_while(|line| line.starts_with('#') || line.trim().is_empty())
        .filter(|line| !line.trim().is_empty())
        .map(str::to_owned)
        .collect();
    reader.remarks(&text);
    Ok(reader.other)
}

struct Reader {
    other: Other,
    piped: bool,
    double_star: bool,
}

impl Reader {
    fn leave(&mut self, what: &str, why: impl Into<String>, todo: impl Into<String>) {
        self.other.left.push(Left {
            what: what.to_owned(),
            why: why.into(),
            todo: todo.into(),
        });
    }

    fn stage(&mut self, stage: &'static str, hook: &Map<String, Value>) {
        self.piped = hook.get("piped") == Some(&Value::Bool(true));
        for key in ["skip", "only", "files", "exclude_tags"] {
            if hook.contains_key(key) {
                self.leave(
                    &format!("{stage}: {key}"),
                    "hookd.toml has no such key for a whole stage",
                    "say it at each [[hook]]: skip_on, glob",
                );
            }
        }
        let mut commands = self.tables(stage, hook, "commands");
        commands.sort_by_key(|(_, command)| {
            command
                .get("priority")
                .and_then(Value::as_u64)
                .unwrap_or(u64::MAX)
        });
        for (name, command) in commands {
            self.command(stage, name, command);
        }
        for (name, script) in self.tables(stage, hook, "scripts") {
            self.script(stage, name, script);
        }
        self.jobs(stage, hook.get("jobs"));
    }

    /// The tables below `key`; what is none is named.
    fn tables<'v>(
        &mut self,
        stage: &str,
        hook: &'v Map<String, Value>,
        key: &str,
    ) -> Vec<(&'v String, &'v Map<String, Value>)> {
        let all = match hook.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Object(all)) => all,
            Some(_) => {
                self.leave(&format!("{stage}: {key}"), "it is no table", "correct it");
                return Vec::new();
            }
        };
        let mut tables = Vec::new();
        for (name, value) in all {
            match value {
                Value::Object(table) => tables.push((name, table)),
                _ => self.leave(name, "it is no table with `run`", "correct it"),
            }
        }
        tables
    }

    fn jobs(&mut self, stage: &'static str, jobs: Option<&Value>) {
        for (at, job) in jobs
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let Some(job) = job.as_object() else {
                self.leave(
                    &format!("{stage}: job {}", at + 1),
                    "it is no table",
                    "correct it",
                );
                continue;
            };
            if let Some(group) = job.get("group").and_then(Value::as_object) {
                for key in ["glob", "root", "exclude", "skip", "only", "env"] {
                    if job.contains_key(key) {
                        self.leave(
                            &format!("{stage}: group: {key}"),
                            "it is for a whole group",
                            "say it at each [[hook]] of the group",
                        );
                    }
                }
                self.jobs(stage, group.get("jobs"));
                continue;
            }
            let name = text(job, "name").unwrap_or_else(|| format!("{stage}-{}", at + 1));
            match text(job, "script") {
                Some(script) => self.script(stage, &script, job),
                None => self.command(stage, &name, job),
            }
        }
    }

    fn script(&mut self, stage: &'static str, name: &str, script: &Map<String, Value>) {
        let runner = text(script, "runner").map_or_else(String::new, |runner| runner + " ");
        let run = format!("{runner}.lefthook/{stage}/{name}");
        let mut command = script.clone();
        command.insert("run".to_owned(), Value::String(run));
        self.command(stage, name, &command);
    }

    fn command(&mut self, stage: &'static str, name: &str, command: &Map<String, Value>) {
        let Some(run) = text(command, "run") else {
            return self.leave(name, "it has no `run`", "nothing");
        };
        if command.get("skip") == Some(&Value::Bool(true)) {
            return self.leave(name, "it is skipped always", "nothing");
        }
        for key in command.keys().filter(|key| !KNOWN.contains(&key.as_str())) {
            self.leave(
                name,
                format!("`{key}` has no like in hookd.toml"),
                "see docs/hooks.md for what comes near",
            );
        }
        let Some((run, files)) = templates(&run) else {
            return self.leave(
                name,
                "it uses a template that hookd has not",
                "write `run` by hand: \"$@\" are the files",
            );
        };
        let mut hook = OldHook {
            id: name.to_owned(),
            stage: stage.to_owned(),
            run,
            ..OldHook::default()
        };
        let chooses = self.choose(name, command, &mut hook);
        if !files {
            hook.keys.push(("pass_filenames", "false".to_owned()));
            if !chooses {
                hook.keys.push(("always_run", "true".to_owned()));
            }
        }
        self.how(name, command, &mut hook);
        self.other.hooks.push(hook);
    }

    /// Which files a command gets; whether it chooses at all.
    fn choose(&mut self, name: &str, command: &Map<String, Value>, hook: &mut OldHook) -> bool {
        let wanted = texts(command, "glob");
        let exclude = texts(command, "exclude");
        let mut globs = Vec::new();
        for (glob, sign) in wanted
            .iter()
            .map(|glob| (glob, ""))
            .chain(exclude.iter().map(|glob| (glob, "!")))
        {
            match self.glob(glob) {
                Some(new) => globs.extend(new.iter().map(|glob| format!("{sign}{glob}"))),
                None => self.leave(
                    name,
                    format!("`{glob}` is no glob that hookd knows"),
                    "write `glob` by hand",
                ),
            }
        }
        if !globs.is_empty() {
            hook.keys.push(("glob", quote::list(&globs)));
        }
        if let Some(root) = text(command, "root") {
            let root = root.trim_end_matches('/').to_owned();
            hook.keys.push(("dir", quote::text(&root)));
            hook.chosen.root = Some(root);
        }
        let types = texts(command, "file_types");
        if !types.is_empty() {
            hook.keys.push(("types", quote::list(&types)));
        }
        hook.chosen.globs = wanted;
        hook.chosen.exclude = exclude;
        hook.chosen.strict = self.double_star;
        !globs.is_empty() || !types.is_empty()
    }

    /// The globs of `hookd.toml` for one of lefthook's, whose `*` goes over slashes unless another matcher is chosen.
    fn glob(&self, glob: &str) -> Option<Vec<String>> {
        if self.double_star {
            let rooted = if glob.contains('/') {
                glob.to_owned()
            } else {
                format!("/{glob}")
            };
            return Some(vec![rooted]);
        }
        // `*.js` is every such name, in both.
        if glob.starts_with('*') && !glob.contains(['/', '[', '!']) && !glob[1..].contains('*') {
            return Some(vec![glob.to_owned()]);
        }
        super::globs::wide(glob)
    }

    fn how(&mut self, name: &str, command: &Map<String, Value>, hook: &mut OldHook) {
        let flag = |key: &str| command.get(key) == Some(&Value::Bool(true));
        if flag("stage_fixed") {
            hook.keys.push(("stage_fixed", "true".to_owned()));
        }
        if flag("interactive") {
            hook.keys.push(("tty", "true".to_owned()));
        }
        if self.piped {
            hook.keys.push(("fail_fast", "true".to_owned()));
        }
        self.without_like(name, command);
        self.timeout(name, command, hook);
        if let Some(env) = command.get("env").and_then(Value::as_object) {
            let pairs: Vec<String> = env
                .iter()
                .map(|(name, value)| {
                    let value = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    format!("{} = {}", quote::key(name), quote::text(&value))
                })
                .collect();
            hook.keys
                .push(("env", format!("{{ {} }}", pairs.join(", "))));
        }
        self.skip(name, command, hook);
    }

    /// When a command does not run.
    fn skip(&mut self, name: &str, command: &Map<String, Value>, hook: &mut OldHook) {
        let (mut on, mut rest) = (Vec::new(), false);
        for word in texts(command, "skip") {
            if ["merge", "rebase"].contains(&word.as_str()) {
                on.push(word);
            }
        }
        if let Some(Value::Array(items)) = command.get("skip") {
            rest = items.iter().any(|item| !item.is_string());
        }
        if !on.is_empty() {
            hook.keys.push(("skip_on", quote::list(&on)));
        }
        if rest {
            self.leave(
                name,
                "`skip` by branch or command",
                "ask for the branch in `run`",
            );
        }
    }

    fn timeout(&mut self, name: &str, command: &Map<String, Value>, hook: &mut OldHook) {
        match command.get("timeout").map(seconds) {
            Some(Some(timeout)) => hook.keys.push(("timeout", timeout.to_string())),
            Some(None) => self.leave(name, "its `timeout` is no length of time", "correct it"),
            None => {}
        }
    }

    /// Keys that hookd.toml has nothing like. What git says on standard input (`use_stdin`) hooks get anyway.
    fn without_like(&mut self, name: &str, command: &Map<String, Value>) {
        if let Some(said) = text(command, "fail_text") {
            self.leave(
                name,
                format!("`fail_text` ({said})"),
                "hookd shows what the command prints: echo it in `run`",
            );
        }
        let tags = texts(command, "tags");
        if !tags.is_empty() {
            self.leave(
                name,
                format!("`tags` ({})", tags.join(", ")),
                "leave hooks out by their ids: SKIP=one,two",
            );
        }
    }

    /// The comments right above a command, found by its name.
    fn remarks(&mut self, text: &str) {
        let lines: Vec<&str> = text.lines().collect();
        for hook in &mut self.other.hooks {
            let is_its = |line: &&str| {
                let line = line.trim();
                line == format!("{}:", hook.id) || line == format!("- name: {}", hook.id)
            };
            let Some(at) = lines.iter().position(is_its) else {
                continue;
            };
            let above = lines[..at].iter().rev().map(|line| line.trim());
            let mut comments: Vec<String> = above
                .take_while(|line| line.starts_with('#'))
                .map(str::to_owned)
                .collect();
            comments.reverse();
            hook.comments = comments;
        }
    }
}

/// The command with hookd's way to say where the files go, and whether it names them; `None` with a template that hookd has not.
fn templates(run: &str) -> Option<(String, bool)> {
    let mut run = run.trim_end().to_owned();
    let mut files = false;
    for name in [
        "{staged_files}",
        "{push_files}",
        "{files}",
        "'{staged_files}'",
    ] {
        files |= run.contains(name);
        run = run.replace(name, "\"$@\"");
    }
    for at in 1..=9 {
        run = run.replace(&format!("{{{at}}}"), &format!("\"${at}\""));
    }
    let all = run.contains("{0}");
    run = run.replace("{0}", "\"$@\"");
    let unknown = ["{all_files}", "{lefthook_job_name}", "{cmd}"];
    if unknown.iter().any(|name| run.contains(name)) {
        return None;
    }
    if files
        && run.ends_with(" \"$@\"")
        && run.matches("$@").count() == 1
        && !run.contains(['|', '&', ';', '\n'])
    {
        // hookd appends the files by itself.
        run.truncate(run.len() - " \"$@\"".len());
    }
    let arguments = all || (1..=9).any(|at| run.contains(&format!("\"${at}\"")));
    Some((run, files || arguments))
}

/// A length of time as Go writes it (`1h2m3.5s`), in whole seconds and at least one; a number is seconds.
fn seconds(value: &Value) -> Option<u64> {
    let Value::String(text) = value else {
        return value.as_u64().filter(|&seconds| seconds > 0);
    };
    let (mut total, mut number) = (0.0, String::new());
    let mut rest = text.trim();
    while let Some(letter) = rest.chars().next() {
        let unit = ["ms", "h", "m", "s"]
            .into_iter()
            .find(|unit| rest.starts_with(unit));
        let Some(unit) = unit else {
            number.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        let factor = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            _ => 3600.0,
        };
        total += std::mem::take(&mut number).parse::<f64>().ok()? * factor;
        rest = &rest[unit.len()..];
    }
    let known = number.is_empty() && total > 0.0 && total <= 86_400.0;
    known.then(|| total.ceil() as u64)
}

fn text(table: &Map<String, Value>, key: &str) -> Option<String> {
    table.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// A word or a list of words.
fn texts(table: &Map<String, Value>, key: &str) -> Vec<String> {
    match table.get(key) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}
