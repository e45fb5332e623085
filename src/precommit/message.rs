//! Hooks about commit messages that the message scanner stands in for.

use std::fs::read_to_string;
use std::path::Path;

/// The keys of the message scanner for hook `id` of `repository`; `None` where it does not stand in for it.
pub(super) fn keys_for(repository: &str, id: &str, args: &[&str], root: &Path) -> Option<String> {
    match (repository, id) {
        ("commitizen-tools/commitizen", "commitizen") => commitizen(args, root),
        ("compilerla/conventional-pre-commit", "conventional-pre-commit") => conventional(args),
        _ => None,
    }
}

/// The keys of the message scanner for commitizen's hook with the arguments `args` in the repository at `root`. `None`
/// where its configuration changes what a message may be, or cannot be read here.
fn commitizen(args: &[&str], root: &Path) -> Option<String> {
    let plain = args
        .iter()
        .all(|arg| matches!(*arg, "--allow-abort" | "--commit-msg-file"));
    let elsewhere = [".cz.json", "cz.json", ".cz.yaml", "cz.yaml"];
    if !plain || elsewhere.iter().any(|name| root.join(name).exists()) {
        return None;
    }
    let usual = [".cz.toml", "cz.toml", "pyproject.toml"]
        .iter()
        .all(|name| match read_to_string(root.join(name)) {
            Ok(text) => is_usual(&text),
            Err(_) => !root.join(name).exists(),
        });
    // Its types are the usual ones and `bump` (cz_conventional_commits in commitizen).
    usual.then(|| {
        let types = "build bump chore ci docs feat fix perf refactor revert style test";
        keys(types.split(' '))
    })
}

/// Whether a configuration file leaves commitizen its own rules.
fn is_usual(text: &str) -> bool {
    let Ok(file) = toml::from_str::<toml::Table>(text) else {
        return false;
    };
    let Some(own) = file.get("tool").and_then(|tool| tool.get("commitizen")) else {
        return true;
    };
    let name = own.get("name").and_then(toml::Value::as_str);
    let changing = [
        "customize",
        "allowed_prefixes",
        "message_length_limit",
        "schema_pattern",
        "extra_schema",
    ];
    name.is_none_or(|name| name == "cz_conventional_commits")
        && changing.iter().all(|key| own.get(key).is_none())
}

/// The same for conventional-pre-commit: types are arguments, `feat` and `fix` always there. With `--strict` it refuses
/// what git writes itself, which hookd never does.
fn conventional(args: &[&str]) -> Option<String> {
    let mut words = args.iter();
    let (mut types, mut more) = (Vec::new(), String::new());
    while let Some(word) = words.next() {
        match *word {
            "--verbose" | "--no-color" => {}
            "--force-scope" => more.push_str("require_scope = true\n"),
            "--scopes" => {
                let scopes = words.next()?.split(',').map(str::trim);
                more.push_str(&list("scopes", scopes));
            }
            option if option.starts_with('-') => return None,
            kind => types.push(kind),
        }
    }
    complete(&mut types);
    Some(keys(types.into_iter()) + &more)
}

/// The usual types where none are given, and those that are always there.
fn complete(types: &mut Vec<&str>) {
    if types.is_empty() {
        let usual = "build chore ci docs perf refactor revert style test";
        types.extend(usual.split(' '));
    }
    for always in ["feat", "fix"] {
        if !types.contains(&always) {
            types.push(always);
        }
    }
}

fn keys<'a>(types: impl Iterator<Item = &'a str>) -> String {
    format!("conventional = true\n{}", list("types", types))
}

/// A line of TOML.
fn list<'a>(key: &str, words: impl Iterator<Item = &'a str>) -> String {
    let words = words.map(|word| toml::Value::String(word.to_owned()));
    format!("{key} = {}\n", toml::Value::Array(words.collect()))
}

#[cfg(test)]
mod tests {
    use super::{commitizen, conventional};

    #[test]
    fn commitizen_with_its_own_rules_only() {
        let dir = tempfile::tempdir().unwrap();
        assert!(commitizen(&["--allow-abort"], dir.path()).is_some());
        assert_eq!(commitizen(&["--message-length-limit=50"], dir.path()), None);
        let file = dir.path().join("pyproject.toml");
        std::fs::write(&file, "[tool.commitizen]\nversion = '1.0'\n").unwrap();
        assert!(commitizen(&[], dir.path()).is_some());
        for other in ["name = 'cz_jira'", "[tool.commitizen.customize]"] {
            std::fs::write(&file, format!("[tool.commitizen]\n{other}\n")).unwrap();
            assert_eq!(commitizen(&[], dir.path()), None, "{other}");
        }
        std::fs::write(&file, "no toml").unwrap();
        assert_eq!(commitizen(&[], dir.path()), None);
    }

    #[test]
    fn types_and_scopes_in_arguments() {
        let keys = conventional(&["add", "--scopes", "a, b", "--force-scope"]).unwrap();
        let table: toml::Table = toml::from_str(&keys).unwrap();
        assert_eq!(table["types"].to_string(), r#"["add", "feat", "fix"]"#);
        assert_eq!(table["scopes"].to_string(), r#"["a", "b"]"#);
        assert_eq!(table["require_scope"].as_bool(), Some(true));
        assert_eq!(conventional(&["--strict"]), None);
    }
}
