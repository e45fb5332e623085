//! What other audit tools were told to ignore, in their own files, so that nobody has to say it twice.
//!
//! - OSV-Scanner: `osv-scanner.toml` beside the lockfile
//!   (<https://google.github.io/osv-scanner/configuration/>);
//! - cargo-audit: `.cargo/audit.toml`
//!   (<https://github.com/rustsec/rustsec/blob/main/cargo-audit/audit.toml.example>);
//! - cargo-deny: `deny.toml`, `.deny.toml`, `.cargo/deny.toml`
//!   (<https://embarkstudios.github.io/cargo-deny/checks/advisories/cfg.html>).
//!
//! Keys that hookd has no use for are passed over: the files belong to other tools. A file that is no TOML is reported.

use super::ignore::{Ignore, day};
use crate::model::Severity;
use crate::version::Ecosystem;
use toml::{Table, Value};

/// What the files of other tools accept, and which of them could not be read.
#[derive(Default)]
pub(super) struct Foreign {
    pub(super) ignores: Vec<Ignore>,
    /// A file and what is wrong with it.
    pub(super) broken: Vec<(String, String)>,
}

type Convert = fn(&Table, &str) -> Vec<Ignore>;

const OSV: &str = "osv-scanner.toml";

/// Files of the project's root.
const FILES: [(&str, Convert); 4] = [
    (".cargo/audit.toml", audit),
    ("deny.toml", deny),
    (".deny.toml", deny),
    (".cargo/deny.toml", deny),
];

/// Reads every such file of the project with `read`; `folders` are those that have lockfiles.
pub(super) fn load<'a>(
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
    folders: impl Iterator<Item = &'a str>,
) -> Foreign {
    let mut foreign = Foreign::default();
    for folder in folders {
        let path = match folder {
            "" => OSV.to_owned(),
            folder => format!("{folder}/{OSV}"),
        };
        foreign.add(read, &path, osv);
    }
    for (path, convert) in FILES {
        foreign.add(read, path, convert);
    }
    foreign
}

impl Foreign {
    fn add(&mut self, read: &dyn Fn(&str) -> Option<Vec<u8>>, path: &str, convert: Convert) {
        let Some(bytes) = read(path) else { return };
        match String::from_utf8_lossy(&bytes).parse::<Table>() {
            Ok(table) => self.ignores.extend(convert(&table, path)),
            Err(error) => self
                .broken
                .push((path.to_owned(), error.message().to_owned())),
        }
    }
}

/// The tables of a list; none for anything else.
fn tables<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    let list = table.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_table)
}

fn text(table: &Table, key: &str) -> Option<String> {
    table.get(key)?.as_str().map(str::to_owned)
}

/// `ignoreUntil` is a date of TOML; some write it in quotes.
fn until(table: &Table, key: &str) -> Option<jiff::civil::Date> {
    match table.get(key)? {
        Value::Datetime(date) => day(date),
        Value::String(text) => day(&text.parse().ok()?),
        _ => None,
    }
}

/// The file counts for the lockfiles of its own folder.
fn osv(table: &Table, path: &str) -> Vec<Ignore> {
    let folder = path.strip_suffix(OSV).unwrap_or_default();
    let start = |table: &Table| Ignore {
        reason: text(table, "reason").unwrap_or_default(),
        from: path.to_owned(),
        folder: Some(folder.to_owned()),
        ..Ignore::default()
    };
    let advisories = tables(table, "IgnoredVulns").filter_map(|one| {
        Some(Ignore {
            id: Some(text(one, "id")?),
            until: until(one, "ignoreUntil"),
            ..start(one)
        })
    });
    let packages = tables(table, "PackageOverrides")
        .filter(|one| ignores_vulnerabilities(one))
        .filter_map(|one| {
            let ecosystem = match text(one, "ecosystem").filter(|name| !name.is_empty()) {
                // An ecosystem that hookd does not serve has no findings to accept.
                Some(name) => Some(Ecosystem::parse(&name)?),
                None => None,
            };
            let filled = |key| text(one, key).filter(|text| !text.is_empty());
            Some(Ignore {
                package: Some(filled("name")?),
                version: filled("version"),
                ecosystem,
                until: until(one, "effectiveUntil"),
                ..start(one)
            })
        });
    advisories.chain(packages).collect()
}

/// An override of licences, or one of a group of dependencies, accepts no advisory.
fn ignores_vulnerabilities(one: &Table) -> bool {
    let is_on = |value: Option<&Value>| value.and_then(Value::as_bool) == Some(true);
    let vulnerability = one.get("vulnerability").and_then(Value::as_table);
    let on = is_on(one.get("ignore")) || is_on(vulnerability.and_then(|table| table.get("ignore")));
    on && !one.contains_key("group")
}

fn advisories(table: &Table) -> Option<&Table> {
    table.get("advisories")?.as_table()
}

fn cargo(from: &str) -> Ignore {
    Ignore {
        ecosystem: Some(Ecosystem::CratesIo),
        from: from.to_owned(),
        ..Ignore::default()
    }
}

fn audit(table: &Table, path: &str) -> Vec<Ignore> {
    let Some(table) = advisories(table) else {
        return Vec::new();
    };
    let ids = table.get("ignore").and_then(Value::as_array);
    let ids = ids.into_iter().flatten().filter_map(Value::as_str);
    let mut out: Vec<Ignore> = ids
        .map(|id| Ignore {
            id: Some(id.to_owned()),
            ..cargo(path)
        })
        .collect();
    let threshold = text(table, "severity_threshold").and_then(|word| severity(&word));
    out.extend(threshold.map(|below| Ignore {
        below: Some(below),
        reason: "severity_threshold".to_owned(),
        ..cargo(path)
    }));
    out
}

/// cargo-audit's words (<https://docs.rs/rustsec/latest/rustsec/advisory/enum.Severity.html>).
fn severity(word: &str) -> Option<Severity> {
    match word {
        "low" => Some(Severity::Low),
        "medium" => Some(Severity::Medium),
        "high" => Some(Severity::High),
        "critical" => Some(Severity::Critical),
        _ => None,
    }
}

/// An entry is an id, a crate as `name@version`, or a table of one with a reason.
fn deny(table: &Table, path: &str) -> Vec<Ignore> {
    let list = advisories(table).and_then(|table| table.get("ignore")?.as_array());
    list.into_iter()
        .flatten()
        .filter_map(|entry| {
            let start = cargo(path);
            let table = match entry {
                Value::String(id) if is_advisory(id) => {
                    return Some(Ignore {
                        id: Some(id.clone()),
                        ..start
                    });
                }
                // A crate alone is about versions that were yanked, which lockfiles don't tell.
                Value::Table(table) => table,
                _ => return None,
            };
            Some(Ignore {
                id: Some(text(table, "id")?),
                reason: text(table, "reason").unwrap_or_default(),
                ..start
            })
        })
        .collect()
}

fn is_advisory(id: &str) -> bool {
    ["RUSTSEC-", "GHSA-", "CVE-"]
        .iter()
        .any(|prefix| id.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::{Foreign, load};

    fn read(files: &[(&str, &str)], folders: &[&str]) -> Foreign {
        let find = |path: &str| {
            let found = files.iter().find(|(name, _)| *name == path)?;
            Some(found.1.as_bytes().to_vec())
        };
        load(&find, folders.iter().copied())
    }

    fn names(foreign: &Foreign) -> Vec<String> {
        foreign.ignores.iter().map(super::Ignore::name).collect()
    }

    #[test]
    fn each_tool_is_read_in_its_own_form() {
        let osv = "[[IgnoredVulns]]\nid = \"GO-2022-0968\"\nignoreUntil = 2022-11-09\nreason = \"no SSH\"\n\n[[IgnoredVulns]]\nid = \"GO-2\"\nignoreUntil = \"2030-01-02T00:00:00Z\"\n\n[[PackageOverrides]]\nname = \"lib\"\nversion = \"1.0.0\"\necosystem = \"Go\"\nignore = true\n\n[[PackageOverrides]]\nname = \"other\"\nlicense.override = [\"MIT\"]\n";
        let audit = "[advisories]\nignore = [\"RUSTSEC-2024-0001\"]\nseverity_threshold = \"medium\"\n[output]\nformat = \"json\"\n";
        let deny = "[advisories]\nignore = [\"RUSTSEC-2024-0002\", { id = \"RUSTSEC-2024-0003\", reason = \"build only\" }, { crate = \"x@1.0.0\" }, \"y@2\"]\n";
        let foreign = read(
            &[
                ("sub/osv-scanner.toml", osv),
                (".cargo/audit.toml", audit),
                ("deny.toml", deny),
            ],
            &["sub"],
        );
        assert_eq!(
            names(&foreign),
            [
                "GO-2022-0968",
                "GO-2",
                "lib",
                "RUSTSEC-2024-0001",
                "everything below a severity",
                "RUSTSEC-2024-0002",
                "RUSTSEC-2024-0003"
            ]
        );
        assert_eq!(foreign.ignores[0].until.unwrap().to_string(), "2022-11-09");
        assert_eq!(foreign.ignores[1].until.unwrap().to_string(), "2030-01-02");
        assert_eq!(foreign.ignores[6].reason, "build only");
        assert!(foreign.broken.is_empty());
    }

    #[test]
    fn a_file_that_is_no_toml_is_named() {
        let foreign = read(
            &[("deny.toml", "[advisories\n"), ("osv-scanner.toml", "x")],
            &[""],
        );
        let broken: Vec<&str> = foreign
            .broken
            .iter()
            .map(|(path, _)| path.as_str())
            .collect();
        assert_eq!(broken, ["osv-scanner.toml", "deny.toml"]);
        assert!(names(&foreign).is_empty());
    }
}
