use super::{Graph, Obstacle, graph};
use crate::lockfile::find;

fn read<'a>(file: &str, text: &'a str) -> Graph<'a> {
    let format = find(file).unwrap();
    let packages = (format.parse)(text.as_bytes()).unwrap().leak();
    graph(format, text, packages).unwrap()
}

/// The way to `c`, which `a` needs by way of `b`.
fn way(file: &str, text: &str) -> Option<String> {
    let graph = read(file, text);
    Some(graph.path("c", "1.0.0")?.join(" → "))
}

#[test]
fn the_way_from_what_the_project_asks_for_is_found_in_each_format() {
    let cases = [
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"me\"\nversion = \"0.1.0\"\ndependencies = [\n \"a\",\n]\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\ndependencies = [\n \"b 1.0.0\",\n]\n\n[[package]]\nname = \"b\"\nversion = \"2.0.0\"\nsource = \"registry+x\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\ndependencies = [\n \"c 1.0.0 (registry+x)\",\n]\n\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n",
        ),
        (
            "package-lock.json",
            r#"{"lockfileVersion":3,"packages":{"":{"name":"me","devDependencies":{"a":"^1.0.0"}},"node_modules/a":{"version":"1.0.0","dependencies":{"b":"^1.0.0"}},"node_modules/a/node_modules/b":{"version":"1.0.0","dependencies":{"c":"~1.0.0"}},"node_modules/c":{"version":"1.0.0"}}}"#,
        ),
        (
            "composer.lock",
            r#"{"packages":[{"name":"a","version":"1.0.0","require":{"php":">=8","b":"^1"}},{"name":"b","version":"1.0.0","require":{"c":"^1"}},{"name":"c","version":"1.0.0","require":[]}]}"#,
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"A\"\nversion = \"1.0.0\"\n\n[package.dependencies]\nB = \">=1\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n\n[package.dependencies]\nc = {version = \">=1\"}\n\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\n",
        ),
        (
            "pdm.lock",
            "[[package]]\nname = \"A\"\nversion = \"1.0.0\"\ndependencies = [\"b>=1; python_version > '3'\"]\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"c[x]\"]\n\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\n",
        ),
        (
            "uv.lock",
            "version = 1\n\n[[package]]\nname = \"me\"\nversion = \"0.1.0\"\nsource = { virtual = \".\" }\n\n[package.dev-dependencies]\ndev = [{ name = \"a\" }]\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = { registry = \"x\" }\ndependencies = [{ name = \"b\", marker = \"x\" }]\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = { registry = \"x\" }\ndependencies = [{ name = \"c\" }]\n\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\nsource = { registry = \"x\" }\n",
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\na@^1.0.0:\n  version \"1.0.0\"\n  dependencies:\n    b \"^1.0.0\"\n\nb@^1.0.0, b@~1.0.0:\n  version \"1.0.0\"\n  dependencies:\n    c \"~1.0.0\"\n\nc@~1.0.0:\n  version \"1.0.0\"\n",
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 8\n\n\"a@npm:^1.0.0\":\n  version: 1.0.0\n  dependencies:\n    b: \"npm:^1.0.0\"\n\n\"b@npm:^1.0.0\":\n  version: 1.0.0\n  dependencies:\n    c: \"npm:~1.0.0\"\n\n\"c@npm:~1.0.0\":\n  version: 1.0.0\n\n\"me@workspace:.\":\n  version: 0.0.0-use.local\n  dependencies:\n    a: \"npm:^1.0.0\"\n",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0(x@2.0.0)\n\npackages:\n\n  a@1.0.0:\n    resolution: {integrity: x}\n\nsnapshots:\n\n  a@1.0.0(x@2.0.0):\n    dependencies:\n      b: 1.0.0\n\n  b@1.0.0:\n    dependencies:\n      c: 1.0.0\n\n  c@1.0.0: {}\n",
        ),
        (
            "Gemfile.lock",
            "GEM\n  remote: x\n  specs:\n    a (1.0.0)\n      b (>= 1)\n    b (1.0.0)\n      c\n    c (1.0.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  a (~> 1.0)\n",
        ),
    ];
    for (file, text) in cases {
        let way = way(file, text).map(|way| way.to_lowercase());
        assert_eq!(way.as_deref(), Some("a → b → c"), "{file}");
    }
}

#[test]
fn what_the_project_asks_for_itself_has_no_way_and_cycles_end() {
    let text = r#"{"packages":{"":{"dependencies":{"c":"1.0.0"}},"node_modules/c":{"version":"1.0.0","dependencies":{"d":"*"}},"node_modules/d":{"version":"1.0.0","dependencies":{"c":"*"}}}}"#;
    assert_eq!(way("package-lock.json", text), None);
    let graph = read("package-lock.json", text);
    assert_eq!(graph.path("d", "1.0.0").unwrap(), ["c", "d"]);
    assert_eq!(graph.path("d", "2.0.0"), None);
}

#[test]
fn whether_a_version_is_admitted_is_known_where_ranges_are() {
    let text = r#"{"packages":{"":{"dependencies":{"a":"1.0.0","c":"^1.0.0"}},"node_modules/a":{"version":"1.0.0","dependencies":{"c":"~1.0.0"}},"node_modules/c":{"version":"1.0.0"}}}"#;
    let graph = read("package-lock.json", text);
    assert_eq!(graph.obstacle("c", "1.0.0", "1.0.5"), None);
    let obstacle = |by: &str, range: &str| {
        Some(Some(Obstacle {
            by: by.to_owned(),
            range: range.to_owned(),
        }))
    };
    assert_eq!(
        graph.obstacle("c", "1.0.0", "1.1.0"),
        obstacle("a", "~1.0.0")
    );
    assert_eq!(graph.obstacle("a", "1.0.0", "1.1.0"), obstacle("", "1.0.0"));
    let cargo = read(
        "Cargo.lock",
        "[[package]]\nname = \"c\"\nversion = \"1.0.0\"\n",
    );
    assert_eq!(cargo.obstacle("c", "1.0.0", "1.1.0"), Some(None));
}

#[test]
fn a_cargo_lock_without_a_package_of_its_own_begins_at_what_nobody_needs() {
    let package = |name: &str, source: &str, needs: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\nsource = \"{source}\"\ndependencies = [\n{needs}]\n\n"
        )
    };
    let text = [
        package("a", "registry+x", " \"b\",\n"),
        package(
            "b",
            "registry+x",
            " \"a-cycle\",\n \"c 1.0.0 (registry+y)\",\n",
        ),
        package("a-cycle", "registry+x", " \"b\",\n"),
        package("c", "registry+y", ""),
    ]
    .concat();
    assert_eq!(way("Cargo.lock", &text).as_deref(), Some("a → b → c"));
    let graph = read("Cargo.lock", &text);
    assert_eq!(graph.path("b", "1.0.0").unwrap(), ["a", "b"]);
    assert_eq!(graph.path("a", "1.0.0"), None);
    assert_eq!(graph.path("b", "2.0.0"), None);
}
