//! Hook repositories whose work hookd does itself.

use super::keys::HookKeys;
use super::node::Placed;
use super::{builtin, leaks, message};
use std::path::Path;

/// What stands in for a hook of a known repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// A check of the hygiene scanner, under the hook's own id.
    Hygiene,
    /// A built-in scanner, with these keys for its section of the configuration.
    Scanner {
        /// Its id.
        scanner: &'static str,
        /// Lines of TOML.
        keys: String,
    },
}

/// What stands in for hook `id` of the repository at `url` with the arguments `args`, in the repository at `root`. `None` where the repository is not
/// known, or the arguments ask for something that hookd would do otherwise: then the hook itself runs.
pub(super) fn known(url: &str, id: &str, args: &[&str], root: &Path) -> Option<Known> {
    let scanner = |scanner, keys: &str| Known::Scanner {
        scanner,
        keys: keys.to_owned(),
    };
    match (repository(url).as_str(), id) {
        ("pre-commit/pre-commit-hooks", _) => builtin::manifest(id).map(|_| Known::Hygiene),
        (
            "gitleaks/gitleaks" | "zricethezav/gitleaks" | "betterleaks/betterleaks",
            "gitleaks" | "gitleaks-docker" | "gitleaks-system" | "betterleaks"
            | "betterleaks-docker" | "betterleaks-system",
        ) => leaks::keys(&repository(url), args, root).map(|keys| scanner("secrets", &keys)),
        ("yelp/detect-secrets", "detect-secrets") => {
            plain(args, &[]).then(|| scanner("secrets", ""))
        }
        (
            "sirwart/ripsecrets",
            "ripsecrets" | "ripsecrets-cargo" | "ripsecrets-system" | "ripsecrets-rust",
        ) => plain(args, &["--strict-ignore"]).then(|| scanner("secrets", "")),
        ("google/osv-scanner", "osv-scanner") => {
            plain(args, &["-r", "--recursive", "."]).then(|| scanner("audit", ""))
        }
        ("pypa/pip-audit" | "trailofbits/pip-audit", "pip-audit") => {
            requirements(args).then(|| scanner("audit", ""))
        }
        ("terryyin/lizard", "lizard") => lizard(args).map(complexity),
        ("rubik/xenon", "xenon") => xenon(args).map(complexity),
        (repository, _) => {
            message::keys_for(repository, id, args, root).map(|keys| scanner("message", &keys))
        }
    }
}

/// The keys that the manifest of the repository has for a hook that `known` stands in for.
pub(super) fn manifest(known: &Known, id: &str) -> Option<HookKeys> {
    match known {
        Known::Hygiene => builtin::manifest(id),
        Known::Scanner {
            scanner: "message", ..
        } => Some(HookKeys {
            stages: Some(vec![Placed::new("commit-msg".to_owned(), 0..0)]),
            ..HookKeys::default()
        }),
        Known::Scanner { .. } => None,
    }
}

/// `OWNER/NAME` of an address at GitHub, in small letters; empty for others.
fn repository(url: &str) -> String {
    let url = url.trim_end_matches('/').to_lowercase();
    let url = url.strip_suffix(".git").unwrap_or(&url);
    let starts = [
        "https://github.com/",
        "http://github.com/",
        "git://github.com/",
        "git@github.com:",
        "ssh://git@github.com/",
    ];
    let rest = starts.iter().find_map(|start| url.strip_prefix(start));
    rest.unwrap_or_default().to_owned()
}

/// Whether `args` has nothing but words that change no verdict.
fn plain(args: &[&str], harmless: &[&str]) -> bool {
    args.iter().all(|arg| harmless.contains(arg))
}

/// pip-audit reads requirement files where `-r` names them; hookd reads every one. Without it the environment it runs in is
/// judged, which hookd cannot.
fn requirements(args: &[&str]) -> bool {
    let mut words = args.iter();
    let mut any = false;
    while let Some(word) = words.next() {
        match *word {
            "-r" | "--requirement" => any = words.next().is_some(),
            "-S" | "--strict" => {}
            _ => return false,
        }
    }
    any
}

fn complexity(limit: u32) -> Known {
    Known::Scanner {
        scanner: "complexity",
        keys: format!("cyclomatic = {limit}\n"),
    }
}

/// lizard's limit of cyclomatic complexity, 15 where none is given.
fn lizard(args: &[&str]) -> Option<u32> {
    let mut words = args.iter();
    let mut limit = 15;
    while let Some(word) = words.next() {
        limit = match *word {
            "-C" | "--CCN" => words.next()?.parse().ok()?,
            "-w" | "--warnings_only" => continue,
            _ => word
                .strip_prefix("-C")
                .or_else(|| word.strip_prefix("--CCN="))?
                .parse()
                .ok()?,
        };
    }
    Some(limit)
}

/// xenon's limit for single blocks: the letters of radon's ranks. Limits on averages have no like here.
fn xenon(args: &[&str]) -> Option<u32> {
    const RANKS: [(&str, u32); 5] = [("A", 5), ("B", 10), ("C", 20), ("D", 30), ("E", 40)];
    let mut words = args.iter();
    let mut rank = None;
    while let Some(word) = words.next() {
        rank = match *word {
            "-b" | "--max-absolute" => words.next().copied(),
            _ => Some(word.strip_prefix("--max-absolute=")?),
        };
    }
    let rank = rank?;
    RANKS
        .iter()
        .find(|(name, _)| *name == rank)
        .map(|&(_, limit)| limit)
}

#[cfg(test)]
mod tests {
    use super::Known;
    use std::path::Path;

    fn known(url: &str, id: &str, args: &[&str]) -> Option<Known> {
        super::known(url, id, args, Path::new("/nowhere"))
    }

    #[test]
    fn known_by_its_address_and_only_with_harmless_arguments() {
        let url = "https://github.com/Gitleaks/gitleaks.git/";
        assert!(known(url, "gitleaks", &["--verbose"]).is_some());
        assert_eq!(known(url, "gitleaks", &["--config=x"]), None);
        assert_eq!(
            known("https://example.com/gitleaks/gitleaks", "gitleaks", &[]),
            None
        );
        let hooks = "git@github.com:pre-commit/pre-commit-hooks";
        assert_eq!(
            known(hooks, "check-yaml", &["--unsafe"]),
            Some(Known::Hygiene)
        );
        assert_eq!(known(hooks, "no-such", &[]), None);
        let audit = "https://github.com/pypa/pip-audit";
        assert_eq!(known(audit, "pip-audit", &[]), None);
        assert!(known(audit, "pip-audit", &["-r", "requirements.txt"]).is_some());
        let limit = |url, id, args: &[&str]| match known(url, id, args) {
            Some(Known::Scanner { keys, .. }) => keys,
            other => format!("{other:?}"),
        };
        assert_eq!(
            limit(
                "https://github.com/terryyin/lizard",
                "lizard",
                &["-C", "12"]
            ),
            "cyclomatic = 12\n"
        );
        assert_eq!(
            limit(
                "https://github.com/rubik/xenon",
                "xenon",
                &["--max-absolute=B"]
            ),
            "cyclomatic = 10\n"
        );
        assert_eq!(
            limit(
                "https://github.com/rubik/xenon",
                "xenon",
                &["--max-average=A"]
            ),
            "None"
        );
    }
}
