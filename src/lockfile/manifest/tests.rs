use super::{Manifests, Requirement};
use crate::lockfile::find;

fn requirements(lock: &str, text: &str, name: &str, files: &[(&str, &str)]) -> Vec<Requirement> {
    let format = find(lock).unwrap();
    let read = |path: &str| {
        let found = files.iter().find(|(other, _)| *other == path)?;
        Some(found.1.as_bytes().to_vec())
    };
    let folders = |folder: &str| {
        let below = files
            .iter()
            .filter_map(|(path, _)| path.strip_prefix(folder));
        let names = below.filter_map(|rest| Some(rest.strip_prefix('/')?.split_once('/')?.0));
        names.map(str::to_owned).collect()
    };
    let manifests = Manifests::new(format, lock, text.as_bytes(), &read, &folders);
    manifests.requirements(name).unwrap()
}

/// The requirements of `name` for the lockfile at `lock`, with these files: path, line, range, flag and what it becomes for 9.9.9.
fn asked(lock: &str, text: &str, name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let found = requirements(lock, text, name, files);
    found
        .iter()
        // A member takes the range of its workspace.
        .filter(|one| !one.range.is_empty())
        .map(|one| {
            let flag = one.flag.as_deref().unwrap_or("none");
            let to = one.raised("9.9.9");
            assert_eq!(one.admits("9.9.9"), Some(false), "{one:?}");
            format!("{}:{} {} [{flag}] {to}", one.path, one.line, one.range)
        })
        .collect()
}

#[test]
fn cargo_asks_in_lists_targets_and_workspaces() {
    let text = "[package]\nname = 'p'\n[dependencies]\na = '=1.2.3'\nb = '1'\n[target.'cfg(x)'.dev-dependencies]\nz = { package = 'a', version = '~1.2' }\n[workspace]\nmembers = ['m']\n[workspace.dependencies.a]\nversion = '>=1, <2'\n";
    let member = "[dependencies]\na.workspace = true\n[build-dependencies]\na = '1'\n";
    assert_eq!(
        asked(
            "w/Cargo.lock",
            "",
            "a",
            &[("w/Cargo.toml", text), ("w/m/Cargo.toml", member)]
        ),
        [
            "w/Cargo.toml:4 =1.2.3 [none] =9.9.9",
            "w/Cargo.toml:7 ~1.2 [none] ~9.9.9",
            "w/Cargo.toml:11 >=1, <2 [none] 9.9.9",
            "w/m/Cargo.toml:4 1 [none] 9.9.9",
        ]
    );
}

#[test]
fn package_json_asks_for_itself_and_its_members() {
    let root = "{\n \"lodash\": \"x\",\n \"dependencies\": {\n  \"lodash\": \"4.17.20\" },\n \"devDependencies\": { \"lodash\": \"~4.0.0\" }\n}";
    let lock = "{ \"packages\": { \"\": {}, \"packages/a\": {} } }";
    let files = [
        ("package.json", root),
        (
            "packages/a/package.json",
            "{ \"dependencies\": { \"lodash\": \"^4.0.0\" } }",
        ),
    ];
    assert_eq!(
        asked("package-lock.json", lock, "lodash", &files),
        [
            "package.json:4 4.17.20 [--save-exact ] 9.9.9",
            "package.json:5 ~4.0.0 [] ~9.9.9",
            "packages/a/package.json:1 ^4.0.0 [-w packages/a ] ^9.9.9",
        ]
    );
}

#[test]
fn members_that_only_patterns_name_are_asked() {
    let member = "{ \"dependencies\": { \"lodash\": \"^4.0.0\" } }";
    for patterns in [
        "[\"parts/*\"]",
        "{\"packages\": [\"parts/a\"], \"nohoist\": []}",
    ] {
        let root = format!("{{\"private\": true, \"workspaces\": {patterns}}}");
        let files = [
            ("package.json", root.as_str()),
            ("parts/a/package.json", member),
        ];
        let found = requirements("yarn.lock", "# yarn lockfile v1\n", "lodash", &files);
        let removal = found[0].removal.as_ref().unwrap();
        assert_eq!(found[0].path, "parts/a/package.json");
        assert!(removal.inside && removal.flag.is_empty(), "{removal:?}");
    }
    let root = "[workspace]\nmembers = ['./crates/core', 'crates/*']\nexclude = ['crates']\n[dependencies]\nown = { path = 'own' }\n";
    let member = "[package]\nname = 'tool-core'\n[dependencies]\na = '1'\n";
    let files = [
        ("Cargo.toml", root),
        ("crates/core/Cargo.toml", member),
        ("crates/old/Cargo.toml", member),
        ("own/Cargo.toml", member),
    ];
    let found = requirements("Cargo.lock", "", "a", &files);
    let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["crates/core/Cargo.toml", "own/Cargo.toml"]);
}

#[test]
fn pyproject_asks_in_groups_extras_and_tables() {
    let text = "[project]\ndependencies = [\n  'Jinja2==3.1.2',\n  'jinja2-x',\n]\n[project.optional-dependencies]\nweb = ['jinja2[i18n] < 4']\n[dependency-groups]\ntest = ['jinja2~=3.0', { include-group = 'x' }]\n";
    let of = |lock| asked(lock, "", "jinja2", &[("pyproject.toml", text)]);
    assert_eq!(
        of("uv.lock"),
        [
            "pyproject.toml:3 ==3.1.2 [] ==9.9.9",
            "pyproject.toml:7 < 4 [none] >=9.9.9",
            "pyproject.toml:9 ~=3.0 [--group test ] >=9.9.9",
        ]
    );
    assert!(of("pdm.lock")[2].contains("[-dG test ]"));
    let own = "[tool.poetry.dependencies]\njinja2 = '^3.1'\n[tool.poetry.group.dev.dependencies]\njinja2 = { version = '3.1.2', extras = ['x'] }\n";
    assert_eq!(
        asked("poetry.lock", "", "jinja2", &[("pyproject.toml", own)]),
        [
            "pyproject.toml:2 ^3.1 [] ^9.9.9",
            "pyproject.toml:4 3.1.2 [none] 9.9.9"
        ]
    );
    let pipfile = "[packages]\njinja2 = '==3.1.2'\n[dev-packages]\njinja2 = { version = '<4' }\n";
    assert_eq!(
        asked("Pipfile.lock", "", "jinja2", &[("Pipfile", pipfile)]),
        [
            "Pipfile:2 ==3.1.2 [] ==9.9.9",
            "Pipfile:4 <4 [none] >=9.9.9"
        ]
    );
}

#[test]
fn gemfiles_and_composer_ask_too() {
    let text = "source 'https://gems.example'\ngem 'rack', '2.2.6'\ngroup :x do\n  gem(\"rack\", \"~> 2.0\", \">= 2.0.1\", require: false)\nend\n";
    assert_eq!(
        asked("Gemfile.lock", "", "rack", &[("Gemfile", text)]),
        [
            "Gemfile:2 2.2.6 [none] 9.9.9",
            "Gemfile:4 ~> 2.0, >= 2.0.1 [none] >= 9.9.9"
        ]
    );
    let text = "{\n \"require\": { \"A/one\": \"1.0.0\" },\n \"require-dev\": {\n  \"a/one\": \"~1.0\" }\n}";
    assert_eq!(
        asked("composer.lock", "", "a/one", &[("composer.json", text)]),
        [
            "composer.json:2 1.0.0 [] 9.9.9",
            "composer.json:4 ~1.0 [--dev ] ~9.9.9"
        ]
    );
}

#[test]
fn poetrys_own_ranges_admit_as_poetry_has_it() {
    let admits = |range: &str, version: &str| {
        let text = format!("[tool.poetry.dependencies]\na = '{range}'\n");
        let read = |path: &str| (path == "pyproject.toml").then(|| text.clone().into_bytes());
        let format = find("poetry.lock").unwrap();
        Manifests::new(format, "poetry.lock", b"", &read, &|_| Vec::new())
            .requirements("a")
            .unwrap()[0]
            .admits(version)
    };
    for (range, version, want) in [
        ("^1.2.3", "1.9", true),
        ("^1.2.3", "2.0", false),
        ("^0.2.3", "0.3.0", false),
        ("^0.0.3", "0.0.4", false),
        ("~1.2.3", "1.2.9", true),
        ("~1.2", "1.3", false),
        ("~1", "1.9", true),
        ("1.2.3", "1.2.4", false),
        ("1.2.*", "1.2.9", true),
        (">=1,<2", "2.1", false),
        ("*", "7", true),
    ] {
        assert_eq!(admits(range, version), Some(want), "{range} {version}");
    }
    assert_eq!(admits("^1 || ^2", "1.0"), None);
}

/// The options and names that take `name` out, each with the folder that it is said in.
fn removals(lock: &str, text: &str, name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let found = requirements(lock, text, name, files);
    found
        .iter()
        .map(|one| match &one.removal {
            Some(out) => {
                let at = if out.inside { &*one.path } else { "top" };
                format!("{at}: {}{}", out.flag, out.name)
            }
            None => "none".to_owned(),
        })
        .collect()
}

#[test]
fn cargo_takes_out_of_the_list_by_the_name_that_it_has_there() {
    let top = "[dev-dependencies]\nb = { package = 'a', version = '1' }\n[target.'cfg(unix)'.build-dependencies]\na = '1'\n[workspace.dependencies]\na = '1'\n[workspace]\nmembers = ['m']\n";
    let files = [
        ("Cargo.toml", top),
        ("m/Cargo.toml", "[dependencies]\na.workspace = true\n"),
    ];
    assert_eq!(
        removals("Cargo.lock", "", "a", &files),
        [
            "Cargo.toml: --dev b",
            "Cargo.toml: --build --target 'cfg(unix)' a",
            "none",
            "m/Cargo.toml: a",
        ]
    );
}

#[test]
fn each_tool_is_told_the_list_where_it_does_not_look_itself() {
    let manifest = "{ \"devDependencies\": { \"a\": \"1\" }, \"require-dev\": { \"a\": \"1\" } }";
    let lock = "{ \"packages\": { \"\": {}, \"m\": {} } }";
    let files = [("package.json", manifest), ("m/package.json", manifest)];
    assert_eq!(
        removals("package-lock.json", lock, "a", &files),
        ["top: a", "top: -w m a"]
    );
    let composer = [("composer.json", manifest)];
    assert_eq!(
        removals("composer.lock", "", "a", &composer),
        ["composer.json: --dev a"]
    );
    let pipfile = [("Pipfile", "[dev-packages]\na = '*'\n")];
    assert_eq!(
        removals("Pipfile.lock", "", "a", &pipfile),
        ["Pipfile: --categories dev-packages a"]
    );
    let text = "[project]\ndependencies = ['a[x]>1']\n[project.optional-dependencies]\nweb = ['a']\n[dependency-groups]\ntest = ['a']\n";
    let project = [("pyproject.toml", text)];
    let of = |lock| {
        removals(lock, "", "a", &project)
            .join(", ")
            .replace("pyproject.toml: ", "")
    };
    assert_eq!(of("uv.lock"), "a, --optional web a, --group test a");
    assert_eq!(of("pdm.lock"), "a, -G web a, -dG test a");
    assert_eq!(of("poetry.lock"), "a, none, a");
}
