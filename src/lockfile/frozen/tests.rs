//! Every package manager: pairs that agree, and the same with one entry changed. `benches/frozen.py` asks the tools.

use super::{Contents, FROZEN, Frozen, FrozenSpec, Kept, Pair, Top};
use std::sync::Arc;

fn spec(lock: &str) -> &'static FrozenSpec {
    FROZEN
        .iter()
        .find(|spec| spec.stem_of_lock(lock).is_some())
        .expect("a known lockfile")
}

fn contents(name: &str, bytes: &[u8]) -> Option<Arc<Contents>> {
    let packages = (crate::lockfile::find(name)?.parse)(bytes).ok()?;
    let unread = Vec::new();
    Some(Arc::new(Contents { packages, unread }))
}

/// The manifests that a lockfile covers, where `crates` and `packages` have a folder `app`.
pub(super) fn covered(name: &str, lock: &str, manifest: &str) -> Vec<String> {
    (spec(name).manifests)(&Top {
        lock: &kept(lock.as_bytes()),
        manifest: manifest.as_bytes(),
        folders: &|at| match at {
            "crates" | "packages" => vec!["app".to_owned()],
            _ => Vec::new(),
        },
    })
}

pub(super) fn kept(bytes: &[u8]) -> Kept<'_> {
    Kept::new(bytes)
}

pub(super) fn check(
    lock_name: &str,
    folder: &str,
    manifest: &str,
    lock: &str,
    others: &[(&str, &str)],
) -> Frozen {
    let others: Vec<(&str, &[u8])> = others
        .iter()
        .map(|(name, text)| (*name, text.as_bytes()))
        .collect();
    check_bytes(lock_name, folder, manifest.as_bytes(), lock, &others)
}

/// The same of files in any encoding.
pub(super) fn check_bytes(
    lock_name: &str,
    folder: &str,
    manifest: &[u8],
    lock: &str,
    others: &[(&str, &[u8])],
) -> Frozen {
    let spec = spec(lock_name);
    let name = spec.manifest_of("requirements").expect("a name");
    (spec.check)(&Pair {
        manifest_path: &format!("{folder}{name}"),
        manifest,
        lock_path: lock_name,
        lock: &kept(lock.as_bytes()),
        contents: &|| contents(lock_name, lock.as_bytes()),
        read: &|path| {
            let found = others.iter().find(|(name, _)| *name == path)?;
            Some(Arc::new(Kept::new(found.1.to_vec())))
        },
    })
}

/// The entries that do not agree.
pub(super) fn entries(verdict: &Frozen) -> Vec<&str> {
    match verdict {
        Frozen::OutOfSync(found) => found.iter().map(|one| one.entry.as_str()).collect(),
        Frozen::InSync => Vec::new(),
        Frozen::Unknown => vec!["unknown"],
        Frozen::Apart => vec!["apart"],
    }
}

/// Checks the pair as it is, then with each replacement in the manifest.
pub(super) fn changes(
    lock_name: &str,
    manifest: &str,
    lock: &str,
    cases: &[(&str, &str, &[&str])],
) {
    assert_eq!(check(lock_name, "", manifest, lock, &[]), Frozen::InSync);
    for (from, to, want) in cases {
        assert!(manifest.contains(from), "{from}");
        let changed = manifest.replace(from, to);
        let verdict = check(lock_name, "", &changed, lock, &[]);
        assert_eq!(
            entries(&verdict),
            *want,
            "{lock_name}: {from} -> {to}: {verdict:?}"
        );
    }
}

const NPM_LOCK: &str = r#"{"lockfileVersion": 3, "packages": {
    "": {"dependencies": {"a": "^1.0.0"}},
    "node_modules/a": {"version": "1.2.0", "dependencies": {"b": "^2.0.0"}},
    "node_modules/b": {"version": "2.1.0"},
    "node_modules/al": {"name": "real", "version": "3.0.0"},
    "node_modules/w": {"resolved": "packages/w", "link": true},
    "packages/w": {"version": "1.0.0"},
    "packages/w/node_modules/b": {"version": "1.0.0"}
}}"#;

#[test]
fn npm_asks_what_npm_ci_asks() {
    let manifest = r#"{"name": "m", "dependencies": {"a": "^1.0.0", "al": "npm:real@^3.0.0", "t": "latest"},
        "devDependencies": {"b": "2.x"}, "peerDependencies": {"p": "*"}, "peerDependenciesMeta": {"p": {"optional": true}}}"#;
    let lock = NPM_LOCK.replace(
        "\"node_modules/b\"",
        "\"node_modules/t\": {\"version\": \"9.0.0\"}, \"node_modules/b\"",
    );
    changes(
        "package-lock.json",
        manifest,
        &lock,
        &[
            ("\"a\": \"^1.0.0\"", "\"a\": \"^1.1.0\"", &[]),
            ("\"a\": \"^1.0.0\"", "\"a\": \"^2.0.0\"", &["a"]),
            ("\"a\": \"^1.0.0\", ", "", &[]),
            ("\"t\"", "\"new\"", &["new"]),
            ("real@^3.0.0", "real@^4.0.0", &["al"]),
            ("2.x", "3.x", &["b"]),
            ("\"optional\": true", "\"optional\": false", &["p"]),
            (
                "\"name\": \"m\"",
                "\"overrides\": {\"b\": \"1\"}",
                &["unknown"],
            ),
        ],
    );
    let broken = lock.replace("\"version\": \"2.1.0\"", "\"version\": \"1.1.0\"");
    let verdict = check("package-lock.json", "", manifest, &broken, &[]);
    assert_eq!(entries(&verdict), ["b", "b"]);
    let old = r#"{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.2.0"}}}"#;
    let asks = |range: &str| format!("{{\"dependencies\": {{\"a\": \"{range}\"}}}}");
    assert_eq!(
        check("package-lock.json", "", &asks("^1"), old, &[]),
        Frozen::InSync
    );
    assert_eq!(
        entries(&check("package-lock.json", "", &asks("^2"), old, &[])),
        ["a"]
    );
}

#[test]
fn npm_knows_workspaces() {
    let member = r#"{"name": "w", "version": "1.0.0", "dependencies": {"b": "^1.0.0", "a": "*"}}"#;
    let at =
        |folder: &str, manifest: &str| check("package-lock.json", folder, manifest, NPM_LOCK, &[]);
    assert_eq!(at("packages/w/", member), Frozen::InSync);
    assert_eq!(
        entries(&at("packages/w/", &member.replace("^1.0.0", "^2.0.0"))),
        ["b"]
    );
    assert_eq!(at("elsewhere/", member), Frozen::Apart);
    let covered = covered("package-lock.json", NPM_LOCK, "");
    assert_eq!(covered, ["package.json", "packages/w/package.json"]);
}

#[test]
fn pnpm_and_bun_repeat_what_is_asked_for() {
    let manifest =
        r#"{"dependencies": {"a": "^1.0.0"}, "devDependencies": {"@s/d": "workspace:*"}}"#;
    let cases: &[(&str, &str, &[&str])] = &[
        ("^1.0.0", "^1.0.1", &["a"]),
        ("\"a\": \"^1.0.0\"", "", &["a"]),
        ("\"a\"", "\"n\": \"1\", \"a\"", &["n"]),
    ];
    let nine = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0\n    \
                devDependencies:\n      '@s/d':\n        specifier: workspace:*\n        version: link:d\n\n  d: {}\n\npackages:\n\n  a@1.0.0: {}\n";
    let six = "lockfileVersion: '6.0'\n\ndependencies:\n  a:\n    specifier: ^1.0.0\n    version: 1.0.0\n\ndevDependencies:\n  '@s/d':\n    \
               specifier: workspace:*\n    version: link:d\n";
    let five = "lockfileVersion: 5.4\n\nspecifiers:\n  '@s/d': workspace:*\n  a: ^1.0.0\n\ndependencies:\n  a: 1.0.0\n";
    for lock in [nine, six, five] {
        changes("pnpm-lock.yaml", manifest, lock, cases);
    }
    assert_eq!(
        check("pnpm-lock.yaml", "d/", "{}", nine, &[]),
        Frozen::InSync
    );
    assert_eq!(
        check("pnpm-lock.yaml", "e/", "{}", nine, &[]),
        Frozen::Apart
    );
    let bun = "{\"lockfileVersion\": 1, \"workspaces\": {\"\": {\"dependencies\": {\"a\": \"^1.0.0\",}, \"devDependencies\": {\"@s/d\": \"workspace:*\"}}}} // end\n";
    changes("bun.lock", manifest, bun, cases);
}

#[test]
fn cargo_locks_exactly_what_manifests_name() {
    let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.2.0\"\nsource = \"registry+x\"\n\n[[package]]\nname = \"a\"\nversion = \"2.0.0\"\n\
                source = \"registry+x\"\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a 1.2.0\",\n \"a 2.0.0\",\n \"t\",\n]\n\n\
                [[package]]\nname = \"t\"\nversion = \"0.5.1\"\nsource = \"git+https://h.example/t#00\"\n";
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\na = \"1.1\"\n\n[dev-dependencies]\nother = { package = \"a\", version = \"2\" }\n\n\
                    [target.'cfg(unix)'.build-dependencies]\nt = { git = \"https://h.example/t\" }\n";
    changes(
        "Cargo.lock",
        manifest,
        lock,
        &[
            ("a = \"1.1\"", "a = \"1.3\"", &["a"]),
            ("a = \"1.1\"", "a = \"1.2\"", &[]),
            ("a = \"1.1\"", "n = \"1\"", &["n"]),
            ("t = {", "u = {", &["u", "t"]),
            ("version = \"0.1.0\"", "version = \"0.2.0\"", &["app"]),
            (
                "[dependencies]",
                "[patch.crates-io]\n[dependencies]",
                &["unknown"],
            ),
        ],
    );
    let root = "[workspace]\nmembers = [\"crates/*\", \"tool\"]\n[workspace.package]\nversion = \"0.1.0\"\n[workspace.dependencies]\na = \"1\"\nb = { package = \"a\", version = \"2\" }\n";
    let member = "[package]\nname = \"app\"\nversion.workspace = true\n[dependencies]\na.workspace = true\nb = { workspace = true }\n[build-dependencies]\nt = \"0.5\"\n";
    let at = |manifest: &str, root: &str| {
        check(
            "Cargo.lock",
            "crates/app/",
            manifest,
            lock,
            &[("Cargo.toml", root)],
        )
    };
    assert_eq!(at(member, root), Frozen::InSync);
    assert_eq!(
        entries(&at(member, &root.replace("a = \"1\"", "a = \"3\""))),
        ["a"]
    );
    assert_eq!(at(member, "[package]\nname = \"x\"\n"), Frozen::Apart);
    let covered = covered("Cargo.lock", lock, root);
    assert_eq!(
        covered,
        ["Cargo.toml", "crates/app/Cargo.toml", "tool/Cargo.toml"]
    );
}

#[test]
fn uv_repeats_what_is_asked_for() {
    let manifest = "[project]\nname = \"P_x\"\nversion = \"0.1\"\nrequires-python = \">=3.9\"\ndependencies = [\n  \"Flask[async]>=2, <3 ; python_version < '3.12'\",\n  \"six\",\n]\n\n\
                    [project.optional-dependencies]\nmore = [\"idna==3.4\"]\n\n[dependency-groups]\nbase = [\"tox\"]\ndev = [{ include-group = \"base\" }, \"ruff\"]\n";
    let lock = "version = 1\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"p-x\"\nversion = \"0.1.0\"\nsource = { virtual = \".\" }\n\n[package.metadata]\nrequires-dist = [\n    \
                { name = \"flask\", extras = [\"async\"], marker = \"python_full_version < '3.12'\", specifier = \">=2,<3\" },\n    \
                { name = \"idna\", marker = \"extra == 'more'\", specifier = \"==3.4\" },\n    { name = \"six\" },\n]\nprovides-extras = [\"more\"]\n\n\
                [package.metadata.requires-dev]\nbase = [{ name = \"tox\" }]\ndev = [\n    { name = \"ruff\" },\n    { name = \"tox\" },\n]\n\n[[package]]\nname = \"six\"\nversion = \"1.16.0\"\nsource = { registry = \"x\" }\n";
    changes(
        "uv.lock",
        manifest,
        lock,
        &[
            (">=2, <3", "<3,>=2", &[]),
            (">=2, <3", ">=2", &["flask[async]"]),
            ("[async]", "", &["flask", "flask[async]"]),
            ("  \"six\",\n", "", &["six"]),
            ("idna==3.4", "idna==3.5", &["idna"]),
            ("\"ruff\"", "\"ruff>1\"", &["ruff"]),
            ("base = [\"tox\"]", "base = []", &["tox", "tox"]),
            ("version = \"0.1\"", "version = \"0.2\"", &["version"]),
            ("\">=3.9\"", "\">=3.10\"", &["requires-python"]),
            (
                "requires-python",
                "dynamic = [\"dependencies\"]\nrequires-python",
                &["unknown"],
            ),
        ],
    );
}

#[test]
fn hostile_pairs_are_not_judged() {
    for spec in FROZEN {
        for bytes in [
            &b""[..],
            b"{",
            b"[[package]]\nname = 1\n",
            b"\xff\xfe",
            b"{\"packages\": []}",
            b"importers:\n  .:\n",
        ] {
            let lock = kept(bytes);
            let pair = Pair {
                manifest_path: &spec.manifest_of("a").expect("a name"),
                manifest: bytes,
                lock_path: spec.locks[0],
                lock: &lock,
                contents: &|| contents(spec.locks[0], bytes),
                read: &|_| Some(Arc::new(kept(b"["))),
            };
            let _ = (spec.check)(&pair);
            let _ = (spec.manifests)(&Top {
                lock: &lock,
                manifest: bytes,
                folders: &|_| Vec::new(),
            });
        }
    }
}
