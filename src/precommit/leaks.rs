//! The hooks of gitleaks and betterleaks: which configuration they would read.

use std::path::{Component, Path};

/// Words that change no verdict.
const HARMLESS: &[&str] = &["-v", "--verbose", "--redact", "--staged", "--no-banner"];

/// The keys of the secret scanner for a hook of gitleaks or betterleaks with the arguments `args` in the repository at `root`: a
/// configuration that is named, or lies in the root, is taken in place of the built-in rules, as they do
/// (<https://github.com/gitleaks/gitleaks#load-configuration>). `None` where an argument asks for something else.
pub(super) fn keys(repository: &str, args: &[&str], root: &Path) -> Option<String> {
    let named = named(args)?;
    let usual: &[&str] = if repository.starts_with("betterleaks/") {
        &[".betterleaks.toml", ".gitleaks.toml"]
    } else {
        &[".gitleaks.toml"]
    };
    let file = match named {
        Some(file) if is_inside(file) && root.join(file).is_file() => file,
        // What it would make of this is for the hook itself to say.
        Some(_) => return None,
        None => match usual.iter().find(|name| root.join(name).is_file()) {
            Some(file) => file,
            None => return Some(String::new()),
        },
    };
    Some(format!(
        "rules = [{}]\n",
        toml::Value::from(file.trim_start_matches("./"))
    ))
}

/// The configuration that the arguments name, if they do; `None` where one of them is not known.
fn named<'a>(args: &[&'a str]) -> Option<Option<&'a str>> {
    let mut file = None;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let joined = word
            .strip_prefix("--config=")
            .or_else(|| word.strip_prefix("-c="));
        match (*word, joined) {
            (_, Some(value)) => file = Some(value),
            ("--config" | "-c", None) => file = Some(*words.next()?),
            (word, None) if HARMLESS.contains(&word) => {}
            _ => return None,
        }
    }
    Some(file)
}

/// Whether a path leads to a file of the repository.
fn is_inside(file: &str) -> bool {
    Path::new(file)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn the_configuration_that_the_hook_would_read_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let gitleaks = |args: &[&str]| keys("gitleaks/gitleaks", args, root);
        assert_eq!(gitleaks(&["--verbose"]).as_deref(), Some(""));
        assert_eq!(gitleaks(&["--config=x.toml"]), None, "it is not there");
        for name in ["x.toml", ".gitleaks.toml"] {
            std::fs::write(root.join(name), "").unwrap();
        }
        let own = Some("rules = [\".gitleaks.toml\"]\n");
        let other = Some("rules = [\"x.toml\"]\n");
        assert_eq!(gitleaks(&[]).as_deref(), own);
        assert_eq!(gitleaks(&["--config=x.toml"]).as_deref(), other);
        assert_eq!(gitleaks(&["-v", "-c", "./x.toml"]).as_deref(), other);
        assert_eq!(gitleaks(&["-c", "../x.toml"]), None);
        assert_eq!(gitleaks(&["--baseline-path", "b"]), None);
        let better = || keys("betterleaks/betterleaks", &[], root);
        assert_eq!(better().as_deref(), own);
        std::fs::write(root.join(".betterleaks.toml"), "").unwrap();
        assert_eq!(
            better().as_deref(),
            Some("rules = [\".betterleaks.toml\"]\n")
        );
    }
}
