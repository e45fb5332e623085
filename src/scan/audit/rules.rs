//! What `hookd explain` says about kinds of advisories, and about one advisory.

use super::ID;
use crate::advisory::{Database, Kind, Match, Text, folder};
use crate::model::{RuleDoc, Severity};
use crate::version::Ecosystem;
use std::path::Path;

/// Id of the finding that a manifest and its lockfile do not agree.
pub(super) const OUT_OF_SYNC: &str = "lockfile-out-of-sync";

/// Ids of what is wrong with hashes and addresses.
pub(super) const HASH_CHANGED: &str = "lockfile-hash-changed";
pub(super) const HASH_MISSING: &str = "lockfile-hash-missing";
pub(super) const SOURCE_CHANGED: &str = "lockfile-source-changed";
pub(super) const SOURCE_MISMATCH: &str = "lockfile-source-mismatch";

/// Id of the finding that a version is too new.
pub(super) const TOO_NEW: &str = "package-too-new";

/// Id of the warning that a name is nearly another.
pub(super) const LOOKALIKE: &str = "package-lookalike";

/// Id of the warning that an acceptance is over.
pub(super) const EXPIRED: &str = "expired-ignore";

const ACCEPT: &str = "To accept one, add { id = \"…\", reason = \"…\" } to `ignore` in `[scan.audit]`, with `until` \
                      where it should come back.";

/// The documentation of the kinds.
pub(super) fn rules() -> Vec<RuleDoc> {
    vec![
        doc(
            "vulnerable-dependency",
            "a dependency with a known vulnerability",
            None,
            "The lockfile has a package in a version that a security advisory is about. Findings carry the id of the \
             advisory. One that nobody rated counts as high. A commit is blocked only where it adds the package in \
             that version.",
            "Upgrade to the version that the finding names.",
        ),
        doc(
            "malicious-package",
            "a package that was made to do harm",
            Some(Severity::Critical),
            "The package, or this version of it, was published to steal credentials, mine or destroy. It blocks \
             whatever `severity` says.",
            "Remove it, and treat every machine that installed it as compromised: rotate what could be read there.",
        ),
        doc(
            "unsound-dependency",
            "a dependency that can break memory safety",
            None,
            "Safe Rust code that uses the crate in some way can cause undefined behaviour (RustSec, `unsound`). It \
             warns and never blocks.",
            "Upgrade, or make sure that the code does not use it that way.",
        ),
        doc(
            "unmaintained-dependency",
            "a dependency that nobody looks after",
            Some(Severity::Low),
            "Its author gave it up, so the next vulnerability will stay (RustSec, `unmaintained`). It warns and never \
             blocks.",
            "Replace it; the advisory often names successors.",
        ),
        doc(
            "dependency-notice",
            "a notice about a dependency",
            Some(Severity::Info),
            "Something worth knowing that is no vulnerability (RustSec, `notice`). It warns and never blocks.",
            "Read the advisory.",
        ),
        too_new(),
        lookalike(),
        RuleDoc {
            fix: "Run the command that the finding names and stage the lockfile with the manifest."
                .to_owned(),
            ..doc(
                OUT_OF_SYNC,
                "a lockfile that does not match its manifest",
                Some(Severity::Medium),
                "The manifest asks for something that the lockfile does not have, or has in another version, so `npm ci`, \
                 `cargo build --locked` or `uv lock --check` will refuse it. It is decided from the two files alone; where \
                 they do not tell (overrides, patches, programs), nothing is said. `frozen = false` in `[scan.audit]` switches it off.",
                "",
            )
        },
        integrity(
            HASH_CHANGED,
            "a locked hash that changed, or became weaker, with the same version",
            Severity::High,
            "A published version does not change, so neither does its hash. Another hash for the same name and version means \
             other code.",
        ),
        integrity(
            HASH_MISSING,
            "a locked package without the hash that it had or that others have",
            Severity::High,
            "Without a hash the package manager takes whatever it is sent. One that was taken out blocks; a new entry \
             without one warns.",
        ),
        integrity(
            SOURCE_CHANGED,
            "a locked package that comes from elsewhere than before, or without encryption",
            Severity::High,
            "The archive's address leads to a host that no package of this lockfile came from before, or is fetched over \
             plain HTTP.",
        ),
        integrity(
            SOURCE_MISMATCH,
            "a locked package whose archive is that of another",
            Severity::Critical,
            "The name in the archive's address is not the package's: what is installed under the one name is the other \
             package.",
        ),
        doc(
            EXPIRED,
            "an accepted advisory whose time is over",
            Some(Severity::Info),
            "An entry of `ignore` in `[scan.audit]` names a day in `until`, and that day is over: the advisory counts \
             again.",
            "Fix it, or set a later day.",
        ),
    ]
}

fn integrity(id: &str, title: &str, severity: Severity, description: &str) -> RuleDoc {
    RuleDoc {
        fix: "Restore the lockfile from git and let the package manager write it anew. `integrity = false` in \
              `[scan.audit]` switches these checks off."
            .to_owned(),
        ..doc(id, title, Some(severity), description, "")
    }
}

fn lookalike() -> RuleDoc {
    RuleDoc {
        fix: "Make sure that it is the package you mean. `integrity = false` in `[scan.audit]` switches it off.".to_owned(),
        ..doc(
            LOOKALIKE,
            "a new dependency with nearly the name of another",
            Some(Severity::Low),
            "The change adds a direct dependency whose name is one letter, one swap of letters or parts, or a dash away from \
             that of a package which the lockfile had before: such names are taken for those who mistype. It warns and \
             never blocks.",
            "",
        )
    }
}

fn too_new() -> RuleDoc {
    RuleDoc {
        fix: "Take an earlier version, or wait. `cooldown` in `[scan.audit]` says how long."
            .to_owned(),
        ..doc(
            TOO_NEW,
            "a version that was published a moment ago",
            Some(Severity::Medium),
            "With `cooldown = \"3d\"` a version that the change brings in must have been published three days ago, for most \
             malicious versions are found and withdrawn within days. Only lockfiles that tell when an archive was \
             uploaded can be judged: `uv.lock` and `pylock.toml`. It is off where `cooldown` is not set.",
            "",
        )
    }
}

fn doc(id: &str, title: &str, severity: Option<Severity>, description: &str, fix: &str) -> RuleDoc {
    RuleDoc {
        id: id.to_owned(),
        scanner: ID,
        title: title.to_owned(),
        severity,
        description: description.to_owned(),
        example: String::new(),
        fix: format!("{fix} {ACCEPT}"),
        links: vec!["https://osv.dev/".to_owned()],
    }
}

/// The documentation of the advisory with this id or alias (in any case of letters), from the databases in `data_dir`;
/// `None` where none of them has it.
#[must_use]
pub fn explain(id: &str, data_dir: &Path) -> Option<RuleDoc> {
    Ecosystem::all().find_map(|ecosystem| {
        // A database that can't be read knows no advisory; `hookd db status` says what is wrong with it.
        let database = Database::open(&folder(data_dir), ecosystem).ok()??;
        let (name, found) = database.find(id).ok()??;
        let text = database.text(&name, &found).ok()?;
        Some(advisory_doc(&name, ecosystem, &found, text))
    })
}

fn advisory_doc(name: &str, ecosystem: Ecosystem, found: &Match, text: Text) -> RuleDoc {
    let fix = match (found.kind, found.fixed.as_slice()) {
        (Kind::Malicious, _) => format!("Remove {name}."),
        (_, []) => "No fixed version is known.".to_owned(),
        (_, fixed) => format!("Fixed in {}.", fixed.join(", ")),
    };
    let title = match text.summary.as_str() {
        "" => format!("an advisory about {name}"),
        summary => summary.to_owned(),
    };
    let mut description = format!("About {name} ({ecosystem}).");
    if !found.aliases.is_empty() {
        description.push_str(&format!(" Also known as {}.", found.aliases.join(", ")));
    }
    if !text.details.is_empty() {
        description.push_str("\n\n");
        description.push_str(&text.details);
    }
    let mut links = vec![format!("https://osv.dev/vulnerability/{}", found.id)];
    links.extend(text.references);
    RuleDoc {
        id: found.id.clone(),
        scanner: ID,
        title,
        severity: found.severity,
        description,
        example: String::new(),
        fix: format!("{fix} {ACCEPT}"),
        links,
    }
}
