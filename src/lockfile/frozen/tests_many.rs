//! Pairs that somebody made to keep the check busy: each is judged in its own size, not in the product of both files.

use super::Frozen;
use super::tests::{check, entries};
use std::fmt::Write as _;

/// How many entries each file has: enough for hours, where each of one is compared with each of the other.
const MANY: usize = 20_000;

fn lines(line: impl Fn(usize) -> String) -> String {
    (0..MANY).fold(String::new(), |mut out, at| {
        let _ = writeln!(out, "{}", line(at));
        out
    })
}

fn list(item: impl Fn(usize) -> String) -> String {
    lines(|at| {
        let comma = if at + 1 == MANY { "" } else { "," };
        format!("{}{comma}", item(at))
    })
}

#[test]
fn cargo_may_rename_one_package_thousands_of_times() {
    let asked = lines(|at| format!("n{at} = {{ package = \"a\", version = \"={at}.0.0\" }}"));
    let manifest = format!("[package]\nname = \"p\"\nversion = \"1.0.0\"\n[dependencies]\n{asked}");
    let needs = list(|at| format!(" \"a {at}.1.0\""));
    let locked = lines(|at| format!("[[package]]\nname = \"a\"\nversion = \"{at}.1.0\"\n"));
    let lock = format!(
        "version = 4\n\n[[package]]\nname = \"p\"\nversion = \"1.0.0\"\ndependencies = [\n{needs}]\n\n{locked}"
    );
    let Frozen::OutOfSync(found) = check("Cargo.lock", "", &manifest, &lock, &[]) else {
        panic!("they do not agree");
    };
    assert_eq!(found.len(), MANY);
    assert_eq!(
        found[0].message,
        "`=0.0.0` is asked for, locked is 0.1.0, 1.1.0, 2.1.0, 3.1.0, 4.1.0 and 19995 more"
    );
    assert_eq!(&manifest[found[0].place.find(manifest.as_bytes())], "");
}

#[test]
fn package_json_may_ask_for_what_nothing_is_locked_for() {
    let asked = list(|at| format!("\"a{at}\": \"1.0.{at}\""));
    let manifest = format!("{{\"dependencies\": {{\n{asked}}}}}");
    let classic = lines(|at| format!("a@{at}:\n  version \"{at}.0.0\"\n"));
    let folders = list(|at| format!("\"node_modules/b{at}\": {{\"version\": \"1.0.0\"}}"));
    let npm = format!("{{\"lockfileVersion\": 3, \"packages\": {{\n\"\": {{}},\n{folders}}}}}");
    let pnpm = "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n";
    for (name, lock) in [
        ("yarn.lock", classic.as_str()),
        ("package-lock.json", &npm),
        ("pnpm-lock.yaml", pnpm),
    ] {
        let Frozen::OutOfSync(found) = check(name, "", &manifest, lock, &[]) else {
            panic!("{name} does not agree");
        };
        assert_eq!(found.len(), MANY, "{name}");
        let last = found.iter().find(|one| one.entry == "a19999");
        let place = last.expect("the last").place.find(manifest.as_bytes());
        assert_eq!(&manifest[place], "\"a19999\": \"1.0.19999\"", "{name}");
    }
}

#[test]
fn composer_may_ask_for_what_nothing_is_locked_for() {
    let asked = list(|at| format!("\"v/a{at}\": \"^{at}\""));
    let manifest = format!("{{\"require\": {{\n{asked}}}}}");
    let locked = list(|at| format!("{{\"name\": \"w/a{at}\"}}"));
    let lock = format!("{{\"content-hash\": \"0\", \"packages\": [\n{locked}]}}");
    let verdict = check("composer.lock", "", &manifest, &lock, &[]);
    assert_eq!(entries(&verdict).len(), MANY);
}

/// A package gets the nearest one of a name; what a neighbour brings it does not see, one whose name goes on either.
#[test]
fn npm_looks_upwards_from_each_package() {
    let lock = |inner: &str, needed: &str| {
        format!(
            r#"{{"lockfileVersion": 3, "packages": {{
            "": {{}},
            "node_modules/a": {{"version": "1.0.0", "dependencies": {{"x": "^{needed}"}}}},
            "node_modules/{inner}/node_modules/x": {{"version": "2.0.0"}},
            "node_modules/a-b": {{"version": "1.0.0", "dependencies": {{"x": "^1.0.0"}}}},
            "node_modules/a/node_modules/y": {{"version": "1.0.0", "dependencies": {{"x": "^{needed}"}}}},
            "node_modules/x": {{"version": "1.0.0"}}}}}}"#
        )
    };
    let verdict = |inner, needed| check("package-lock.json", "", "{}", &lock(inner, needed), &[]);
    assert_eq!(verdict("a", "2.0.0"), Frozen::InSync);
    assert_eq!(verdict("x", "1.0.0"), Frozen::InSync);
    assert_eq!(entries(&verdict("x", "2.0.0")), ["x", "x"]);
    assert_eq!(entries(&verdict("a", "1.0.0")), ["x", "x"]);
    assert_eq!(entries(&verdict("a-b", "1.0.0")), ["x"]);
}

/// Each level is a package in the one above, so the paths of all together are far longer than the tree.
#[test]
fn npm_packages_may_be_nested_deeply() {
    let mut path = String::new();
    let folders = (0..1_500).fold(String::new(), |mut out, _| {
        path.push_str(if path.is_empty() {
            "node_modules/a"
        } else {
            "/node_modules/a"
        });
        let _ = write!(
            out,
            ",\n\"{path}\": {{\"version\": \"1.0.0\", \"dependencies\": {{\"b\": \"1\"}}}}"
        );
        out
    });
    let lock = format!("{{\"lockfileVersion\": 3, \"packages\": {{\"\": {{}}{folders}}}}}");
    let verdict = check("package-lock.json", "", "{}", &lock, &[]);
    assert_eq!(entries(&verdict), ["b"; 5]);
}

/// Every group includes one with many requirements, and some include each other.
#[test]
fn groups_of_python_may_include_each_other() {
    let lock = "version = 1\n[[package]]\nname = \"p\"\nsource = { virtual = \".\" }\n[package.metadata.requires-dev]\na = [{ name = \"x\" }, { name = \"y\" }]\nb = [{ name = \"x\" }, { name = \"y\" }]\n";
    let project = "[project]\nname = \"p\"\n[dependency-groups]\n";
    let both = "a = [\"x\", { include-group = \"B\" }]\nB = [{ include-group = \"a\" }, \"y\", { include-group = \"a\" }]\n";
    let verdict = check("uv.lock", "", &format!("{project}{both}"), lock, &[]);
    assert_eq!(verdict, Frozen::InSync);
    let hub = list(|at| format!("\"n{at}\"")).replace('\n', " ");
    let groups = lines(|at| format!("g{at} = [{{ include-group = \"hub\" }}]"));
    let manifest = format!("{project}hub = [{hub}]\n{groups}");
    let verdict = check("uv.lock", "", &manifest, lock, &[]);
    assert_eq!(verdict, Frozen::Unknown);
}
