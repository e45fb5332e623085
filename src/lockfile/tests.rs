//! All formats against the peers' fixtures and real lockfiles, and against hostile input.

#![allow(clippy::print_stderr)] // A test that skips says so.

use super::{LOCKFILES, LockfileSpec, Package, find};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// The folder with the outside facts, or `None` (and a note) where it is missing.
fn data() -> Option<PathBuf> {
    let path = std::env::var_os("HOOKD_SHARED_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        PathBuf::from,
    );
    if !path.is_dir() {
        eprintln!("skipped: no data in {}", path.display());
        return None;
    }
    Some(path)
}

/// Unpacks `name` of the data folder.
fn unpacked(name: &str) -> Option<tempfile::TempDir> {
    let archive = data()?.join(name);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let done = Command::new("tar")
        .arg("-xf")
        .arg(&archive)
        .arg("-C")
        .arg(folder.path())
        .status();
    if !done.is_ok_and(|status| status.success()) {
        eprintln!("skipped: can't unpack {}", archive.display());
        return None;
    }
    Some(folder)
}

fn lines(path: PathBuf) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("readable");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn format(id: &str) -> &'static LockfileSpec {
    LOCKFILES
        .iter()
        .find(|format| format.id == id)
        .expect("a known format")
}

/// The peer's names of the formats.
const EXTRACTORS: &[(&str, &str)] = &[
    ("cpp/conanlock", "conan"),
    ("dart/pubspec", "pubspec"),
    ("dotnet/csproj", "nuget-xml"),
    ("dotnet/depsjson", "dotnet-json"),
    ("dotnet/nugetcpm", "nuget-xml"),
    ("dotnet/packagesconfig", "nuget-xml"),
    ("dotnet/packageslockjson", "nuget-lock"),
    ("dotnet/projectassetsjson", "dotnet-json"),
    ("elixir/mixlock", "mix"),
    ("erlang/mixlock", "mix"),
    ("golang/gomod", "go-mod"),
    ("haskell/cabal", "cabal"),
    ("haskell/stacklock", "stack"),
    ("java/gradlelockfile", "gradle"),
    ("java/gradleverificationmetadataxml", "gradle-verification"),
    ("java/pomxml", "pom"),
    ("javascript/bunlock", "bun"),
    ("javascript/packagelockjson", "npm"),
    ("javascript/pnpmlock", "pnpm"),
    ("javascript/yarnlock", "yarn"),
    ("php/composerlock", "composer"),
    ("python/pdmlock", "pdm"),
    ("python/pipfilelock", "pipenv"),
    ("python/poetrylock", "poetry"),
    ("python/pylock", "pylock"),
    ("python/requirements", "requirements"),
    ("python/uvlock", "uv"),
    ("r/renvlock", "renv"),
    ("ruby/gemfilelock", "bundler"),
    ("rust/cargolock", "cargo"),
    ("swift/packageresolved", "swift"),
    ("swift/podfilelock", "podfile"),
];

/// Needs a second file beside the first.
const NOT_SERVED: &[&str] = &["golang/gomod/indirect-1.16.mod"];

/// What is wrong with what the format `id` reads from the bytes of a case.
fn judge(id: &str, case: &Value, bytes: &[u8]) -> Vec<String> {
    let name = case["fixture"].as_str().unwrap_or_default();
    match ((format(id).parse)(bytes), case["error"] == true) {
        (Ok(packages), true) => vec![format!("{name}: not refused: {packages:?}")],
        (Err(_), true) => Vec::new(),
        (Err(error), false) => vec![format!("{name}: {error}")],
        (Ok(packages), false) => compare(id, case, packages),
    }
}

fn compare(id: &str, case: &Value, mut packages: Vec<Package>) -> Vec<String> {
    let name = case["fixture"].as_str().unwrap_or_default();
    let want = expected(case);
    let mut wrong = Vec::new();
    // Some of the peer's formats do not tell.
    let tells = case["packages"]
        .as_array()
        .is_some_and(|all| all.iter().all(|one| one["groups"].is_array()));
    packages.iter_mut().for_each(|package| package.dev &= tells);
    if !matches!(id, "mix" | "cargo") {
        wrong.extend(wrong_commit(case, &packages));
    }
    if keys(&packages) != want {
        wrong.push(difference(name, &want, &keys(&packages)));
    }
    wrong
}

#[test]
fn the_peers_fixtures_give_the_same_packages() {
    let Some(folder) = unpacked("lockfiles.tar.xz") else {
        return;
    };
    let root = folder.path().join("lockfiles");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for case in lines(root.join("cases.jsonl")) {
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        let Some((_, id)) = EXTRACTORS
            .iter()
            .find(|(name, _)| *name == text("extractor"))
        else {
            eprintln!("skipped: {} is not served", text("fixture"));
            continue;
        };
        if NOT_SERVED.contains(&text("fixture").as_str()) {
            continue;
        }
        let Ok(bytes) = std::fs::read(root.join(text("fixture"))) else {
            continue;
        };
        seen += 1;
        wrong.extend(judge(id, &case, &bytes));
    }
    assert!(
        wrong.is_empty(),
        "{} of {seen}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(seen > 20, "{seen}");
}

type Key = (String, String, bool);

fn expected(case: &Value) -> Vec<Key> {
    let mut out: Vec<Key> = case["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| {
            let groups = package["groups"].as_array();
            let dev = groups.is_some_and(|groups| groups.iter().any(|group| group == "dev"));
            (
                package["name"].as_str().unwrap_or_default().to_owned(),
                package["version"].as_str().unwrap_or_default().to_owned(),
                dev,
            )
        })
        .collect();
    out.sort();
    out
}

/// A commit that a package has and the peer does not name.
fn wrong_commit(case: &Value, packages: &[Package]) -> Option<String> {
    let mut commits = packages.iter().filter_map(|package| match &package.source {
        super::Source::Git { commit } => commit.as_deref(),
        _ => None,
    });
    let wanted = case["packages"]
        .as_array()?
        .iter()
        .filter_map(|package| package["commit"].as_str());
    let wanted: Vec<&str> = wanted.collect();
    let wrong = commits.find(|commit| !wanted.contains(commit))?;
    Some(format!(
        "{}: commit {wrong} is none of {wanted:?}",
        case["fixture"]
    ))
}

fn keys(packages: &[Package]) -> Vec<Key> {
    let mut out: Vec<Key> = packages
        .iter()
        .map(|package| {
            (
                package.name.to_string(),
                package.version.to_string(),
                package.dev,
            )
        })
        .collect();
    out.sort();
    out
}

fn difference(fixture: &str, want: &[Key], got: &[Key]) -> String {
    let missing: Vec<_> = want.iter().filter(|key| !got.contains(key)).collect();
    let extra: Vec<_> = got.iter().filter(|key| !want.contains(key)).collect();
    format!(
        "{fixture}: {} of {}, missing {missing:?}, extra {extra:?}",
        got.len(),
        want.len()
    )
}

/// The names and versions that the `toml` crate finds in the array of tables `key`.
fn by_the_toml_crate(text: &str, key: &str) -> Vec<(String, String)> {
    let table: toml::Table = text.parse().expect("TOML");
    let field = |package: &toml::Value, key: &str| {
        package
            .get(key)
            .and_then(toml::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut out: Vec<_> = table
        .get(key)
        .and_then(toml::Value::as_array)
        .expect("packages")
        .iter()
        .filter(|package| !is_virtual_root(package))
        .map(|package| (field(package, "name"), field(package, "version")))
        .collect();
    out.sort();
    out
}

/// Whether it is the project itself, as uv writes one down that is no package: the readers leave it out.
fn is_virtual_root(package: &toml::Value) -> bool {
    let source = package.get("source");
    source.and_then(|source| source.get("virtual")?.as_str()) == Some(".")
}

#[test]
fn the_reader_of_toml_agrees_with_the_toml_crate() {
    for (file, format, bytes) in real() {
        if !matches!(format.id, "cargo" | "poetry" | "uv" | "pdm") {
            continue;
        }
        let text = std::str::from_utf8(&bytes).expect("UTF-8");
        let mut got: Vec<_> = (format.parse)(&bytes)
            .expect(&file)
            .into_iter()
            .map(|package| (package.name.into_string(), package.version.into_string()))
            .collect();
        got.sort();
        assert_eq!(got, by_the_toml_crate(text, "package"), "{file}");
    }
}

/// Every real lockfile of a served format: its place in the set and its bytes.
fn real() -> Vec<(String, &'static LockfileSpec, Vec<u8>)> {
    let Some(folder) = unpacked("locks.tar.xz") else {
        return Vec::new();
    };
    let root = folder.path().join("locks");
    lines(root.join("index.jsonl"))
        .iter()
        .filter_map(|entry| {
            let file = entry["file"].as_str()?.to_owned();
            let format = find(entry["path"].as_str()?)?;
            let bytes = std::fs::read(root.join(&file)).ok()?;
            Some((file, format, bytes))
        })
        .collect()
}

#[test]
fn real_lockfiles_are_read_and_every_span_shows_the_version() {
    for (file, format, bytes) in real() {
        let packages =
            (format.parse)(&bytes).unwrap_or_else(|error| panic!("{file}: {error} {:?}", error.at));
        for package in packages {
            let shown = String::from_utf8_lossy(&bytes[package.span.clone()]).into_owned();
            assert!(
                shown.contains(&*package.version),
                "{file}: {package:?} shows {shown}"
            );
        }
    }
}

#[test]
fn package_counts_are_those_of_the_oracles() {
    let Some(folder) = unpacked("locks.tar.xz") else {
        return;
    };
    let root = folder.path().join("locks");
    let mut wrong = Vec::new();
    for entry in lines(root.join("expected.jsonl")) {
        let file = entry["lock"].as_str().unwrap_or_default();
        let Some(format) = entry["path"].as_str().and_then(find) else {
            continue;
        };
        if format.id == "npm" {
            continue; // The oracle counts every copy of a package, this reader each version once.
        }
        let bytes = std::fs::read(root.join(file)).expect("readable");
        let packages = (format.parse)(&bytes).expect(file);
        // The oracle counts uv's project itself.
        let root = usize::from(bytes.windows(21).any(|at| at == b"source = { virtual = "));
        let registry = packages
            .iter()
            .filter(|package| package.source == super::Source::Registry)
            .count();
        if entry["packages"] != packages.len() + root && entry["packages"] != registry {
            wrong.push(format!(
                "{file}: want {}, got {}, {registry} of registries",
                entry["packages"],
                packages.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hostile_input_is_refused_or_read() {
    let deep = |open: &str, count: usize| open.repeat(count).into_bytes();
    let mut inputs: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"\xff\xfe\x00".to_vec(),
        deep("[", 1_000_000),
        deep("{\"dependencies\":{\"a\":", 100_000),
        deep("[[package]]\n", 50_000),
        deep("a = [", 100_000),
        deep("\\", 100_000),
        deep("\"", 100_001),
        deep("- ", 100_000),
        deep("<a>", 100_000),
        deep("  a:\n", 50_000),
        "\u{feff}".into(),
    ];
    for format in LOCKFILES {
        for input in &inputs {
            let _ = (format.parse)(input);
        }
    }
    inputs.clear();
    for (_, format, bytes) in real() {
        let step = bytes.len() / 40 + 1;
        for end in (0..bytes.len()).step_by(step) {
            let _ = (format.parse)(&bytes[..end]);
        }
    }
}

#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    for (file, format, bytes) in real() {
        let plain = keys(&(format.parse)(&bytes).expect(&file));
        let text = String::from_utf8(bytes)
            .expect("UTF-8")
            .replace("\r\n", "\n");
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let other =
            (format.parse)(windows.as_bytes()).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(plain, keys(&other), "{file}");
        let conflict = format!("{text}\n<<<<<<< ours\n");
        let error = (format.parse)(conflict.as_bytes()).expect_err(&file);
        assert!(error.message.contains("merge conflict"), "{file}: {error}");
    }
}

#[test]
fn every_file_here_is_a_format_in_the_list_or_shared() {
    let shared = [
        "cargo_lines",
        "cargo_names",
        "frozen",
        "go_sum",
        "graph",
        "input",
        "json",
        "marks",
        "mod",
        "encoding",
        "manifest",
        "nuget_json",
        "package",
        "package_json",
        "pep508",
        "pip_lines",
        "pom_model",
        "purl",
        "reach",
        "tests",
        "tests_bad",
        "tests_forms",
        "tests_more",
        "tests_pom",
        "tests_rules",
        "toml_lex",
        "toml_lines",
        "xml",
        "xml_text",
        "yaml_lines",
    ];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lockfile");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder")
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.replace('_', "-")))
        .filter(|name| !shared.contains(&name.replace('-', "_").as_str()))
        .collect();
    files.sort();
    let mut ids: Vec<&str> = LOCKFILES.iter().map(|format| format.id).collect();
    ids.sort_unstable();
    assert_eq!(files, ids);
}
