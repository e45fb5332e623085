//! The command of a hook, as `run` in `hookd.toml` says it, and what must be installed for it.

use super::quote;
use crate::precommit::Written;

/// What the work of a hook becomes.
pub(super) enum Run {
    /// A command, the value of `run`, and what has to be there for it.
    Command(String, Option<String>),
    /// Nothing: why, and what to do.
    No(String, String),
}

/// The value of `run` for a command of these words, read by no shell: text where that means the same, and is easier to read.
pub(super) fn words(words: &[String]) -> String {
    let plain = |word: &String| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_./:,@+%=".contains(c))
    };
    let assigns = words.first().is_some_and(|word| word.contains('='));
    if words.iter().all(plain) && !assigns {
        quote::text(&words.join(" "))
    } else {
        quote::list(words)
    }
}

/// The command of `hook`.
pub(super) fn run(hook: &Written) -> Run {
    let mut line = hook.words.clone();
    line.extend(hook.planned.args.iter().cloned());
    let is_script = matches!(hook.language.as_str(), "script" | "unsupported_script");
    if is_script && !hook.words.is_empty() {
        return script(line, hook.origin.is_none());
    }
    match hook.language.as_str() {
        "fail" => Run::Command(fail(&hook.entry), None),
        "pygrep" => pygrep(hook),
        _ if hook.words.is_empty() => Run::No(
            "its `entry` is no command".to_owned(),
            "correct it and run hookd migrate again".to_owned(),
        ),
        "system" | "unsupported" => Run::Command(words(&line), None),
        "docker_image" => Run::Command(docker(&line), None),
        "python" | "node" | "rust" | "golang" | "ruby" => {
            let install = install(hook);
            Run::Command(
                words(&line),
                Some(format!("needs {} on PATH: {install}", line[0])),
            )
        }
        other => Run::No(
            format!("hookd makes no environment for `language: {other}` here"),
            format!(
                "install what it runs, and write a [[hook]] with run = {}",
                words(&line)
            ),
        ),
    }
}

/// A script: of this repository, or of the hook's own.
fn script(mut line: Vec<String>, is_local: bool) -> Run {
    if !is_local {
        return Run::No(
            "it runs a script of its own repository".to_owned(),
            format!("copy {} here and write a [[hook]] that runs it", line[0]),
        );
    }
    if !line[0].contains('/') {
        line[0] = format!("./{}", line[0]);
    }
    Run::Command(words(&line), None)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The files are what is wrong.
fn fail(entry: &str) -> String {
    let said = quoted(entry.trim_end());
    quote::text(&format!("printf '%s\\n' {said} \"$@\"; exit 1"))
}

/// git's own grep is there wherever hookd is. Status 1 says that nothing was found; 0 that something was, more that it could not look.
fn pygrep(hook: &Written) -> Run {
    let mut options = String::from("-nP");
    for arg in &hook.planned.args {
        match arg.as_str() {
            "-i" | "--ignore-case" => options.push('i'),
            other => {
                return Run::No(
                    format!("pygrep's `{other}` has no like in git grep"),
                    "write a [[hook]] with a command that looks for it".to_owned(),
                );
            }
        }
    }
    if hook.entry.contains(['\n', '\0']) {
        return Run::No(
            "its pattern goes over several lines".to_owned(),
            "write the pattern on one line, without (?x)".to_owned(),
        );
    }
    let pattern = quoted(&hook.entry);
    let text = format!(
        "git --literal-pathspecs grep --no-index {options} -e {pattern} -- \"$@\"; [ $? -eq 1 ]"
    );
    Run::Command(quote::text(&text), None)
}

fn docker(line: &[String]) -> String {
    let words: Vec<String> = line.iter().map(|word| quoted(word)).collect();
    quote::text(&format!(
        "docker run --rm -u \"$(id -u):$(id -g)\" -v \"$PWD\":/src -w /src {} \"$@\"",
        words.join(" ")
    ))
}

/// `program` with the packages that the hook needs, `source` among them.
fn with_packages(program: &str, source: Option<String>, hook: &Written) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+=#[]".contains(c);
    let words = source.into_iter().chain(hook.dependencies.iter().cloned());
    let words: Vec<String> = words
        .map(|word| {
            if word.chars().all(plain) {
                word
            } else {
                quoted(&word)
            }
        })
        .collect();
    if words.is_empty() {
        "install it".to_owned()
    } else {
        format!("{program} {}", words.join(" "))
    }
}

/// What installs what pre-commit would have installed into an environment of the hook's own.
fn install(hook: &Written) -> String {
    let more = |program: &str, source| with_packages(program, source, hook);
    let at = |sign: &str| {
        let origin = hook.origin.as_ref();
        origin.map(|(url, rev)| format!("git+{url}{sign}{rev}"))
    };
    match (hook.language.as_str(), &hook.origin) {
        ("python", _) => more("pip install", at("@")),
        // A mirror's own package is empty; the dependencies are the tool.
        ("node", _) if !hook.dependencies.is_empty() => more("npm install --global", None),
        ("node", _) => more("npm install --global", at("#")),
        ("rust", Some((url, rev))) => format!("cargo install --git {url} --rev {rev}"),
        ("rust", None) => more("cargo install", None),
        ("golang", origin) => {
            let module = origin.as_ref().map(|(url, rev)| {
                let name = url.split("://").last().unwrap_or(url);
                format!("{}/...@{rev}", name.trim_end_matches(".git"))
            });
            more("go install", module)
        }
        (_, Some((url, rev))) => format!("build and install the gem of {url} at {rev}"),
        (_, None) => more("gem install", None),
    }
}
