//! What the formats say beside names and versions, and the forms that the peers' fixtures lack.

use super::{Package, Source, find};

fn packages(path: &str, text: &str) -> Vec<Package> {
    let format = find(path).expect("a known format");
    (format.parse)(text.as_bytes()).expect("a valid lockfile")
}

/// `name version`, then `dev`, `optional`, `direct` where they hold.
fn shown(path: &str, text: &str) -> Vec<String> {
    let flags = |package: &Package| {
        let known = [
            (package.dev, " dev"),
            (package.optional, " optional"),
            (package.direct == Some(true), " direct"),
        ];
        known
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| *word)
            .collect::<String>()
    };
    packages(path, text)
        .iter()
        .map(|package| format!("{} {}{}", package.name, package.version, flags(package)))
        .collect()
}

fn refused(path: &str, text: &str) {
    let format = find(path).expect("a known format");
    assert!((format.parse)(text.as_bytes()).is_err(), "{path}: {text}");
}

#[test]
fn cargo_knows_what_the_project_asks_for() {
    let text = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"near\",\n \"twice 2.0.0\",\n]\n\n\
        [[package]]\nname = \"near\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example\"\n\n\
        [[package]]\nname = \"twice\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example\"\n\n\
        [[package]]\nname = \"twice\"\nversion = \"2.0.0\"\nsource = \"registry+https://index.example\"\n";
    assert_eq!(
        shown("Cargo.lock", text),
        [
            "app 0.1.0",
            "near 1.0.0 direct",
            "twice 1.0.0",
            "twice 2.0.0 direct"
        ]
    );
    assert_eq!(packages("Cargo.lock", text)[0].source, Source::Path);
    refused(
        "Cargo.lock",
        "package = [{ name = \"a\", version = \"1\" }]\n",
    );
    refused("Cargo.lock", "[[package]]\nname = \"a\"\n");
    refused("Cargo.lock", "[[package]]\nname = \"a\nversion = \"1\"\n");
}

#[test]
fn npm_reads_aliases_links_and_nested_folders() {
    let text = r#"{"lockfileVersion": 3, "packages": {
        "": {"dependencies": {"old": "npm:lib@^1"}, "devDependencies": {"@s/tool": "1"}},
        "node_modules/old": {"name": "lib", "version": "1.0.0", "resolved": "https://r.example/lib/-/lib-1.0.0.tgz"},
        "node_modules/@s/tool": {"version": "1.2.3", "dev": true},
        "node_modules/@s/tool/node_modules/lib": {"version": "2.0.0", "dev": true, "optional": true},
        "node_modules/own": {"resolved": "parts/own", "link": true},
        "parts/own": {"version": "0.0.1"}
    }}"#;
    assert_eq!(
        shown("a/package-lock.json", text),
        [
            "lib 1.0.0 direct",
            "@s/tool 1.2.3 dev direct",
            "lib 2.0.0 dev optional",
            "own 0.0.1"
        ]
    );
}

#[test]
fn uv_tells_development_from_the_graph() {
    let text = "version = 1\n\n[[package]]\nname = \"app\"\nversion = \"1\"\nsource = { editable = \".\" }\n\
        dependencies = [\n    { name = \"web\" },\n]\n\n[package.optional-dependencies]\nfast = [{ name = \"speed\" }]\n\n\
        [package.dev-dependencies]\ndev = [\n    { name = \"check\" },\n]\n\n\
        [[package]]\nname = \"check\"\nversion = \"2\"\nsource = { registry = \"https://r.example\" }\n\
        dependencies = [{ name = \"deep\" }, { name = \"shared\" }]\n\n\
        [[package]]\nname = \"deep\"\nversion = \"3\"\nsource = { registry = \"https://r.example\" }\n\n\
        [[package]]\nname = \"shared\"\nversion = \"4\"\nsource = { registry = \"https://r.example\" }\n\n\
        [[package]]\nname = \"speed\"\nversion = \"5\"\nsource = { registry = \"https://r.example\" }\n\n\
        [[package]]\nname = \"web\"\nversion = \"6\"\nsource = { registry = \"https://r.example\" }\n\
        dependencies = [{ name = \"shared\" }]\n";
    assert_eq!(
        shown("uv.lock", text),
        [
            "app 1",
            "check 2 dev direct",
            "deep 3 dev",
            "shared 4",
            "speed 5 optional direct",
            "web 6 direct"
        ]
    );
}

#[test]
fn pnpm_tells_development_from_the_graph() {
    let text = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0(p@3.0.0)\n\
        \x20   devDependencies:\n      alias:\n        specifier: npm:t@2\n        version: t@2.0.0\n\n\
        packages:\n\n  a@1.0.0:\n    resolution: {integrity: x}\n\n  p@3.0.0:\n    resolution: {integrity: x}\n\n\
        \x20 t@2.0.0:\n    resolution: {integrity: x}\n\n  u@4.0.0:\n    resolution: {integrity: x}\n\n\
        snapshots:\n\n  a@1.0.0(p@3.0.0):\n    dependencies:\n      p: 3.0.0\n\n  p@3.0.0: {}\n\n\
        \x20 t@2.0.0:\n    dependencies:\n      u: 4.0.0\n\n  u@4.0.0: {}\n";
    assert_eq!(
        shown("pnpm-lock.yaml", text),
        [
            "a 1.0.0 direct",
            "p 3.0.0",
            "t 2.0.0 dev direct",
            "u 4.0.0 dev"
        ]
    );
    refused("pnpm-lock.yaml", "this is no YAML map\n");
}

#[test]
fn go_replaces_and_names_its_standard_library() {
    let text = "module m\n\ngo 1.21\n\ntoolchain go1.22.3-custom\n\nrequire (\n\ta.example/x v1.0.0 // indirect\n\tb.example/y v2.0.0+incompatible\n)\n\n\
        replace a.example/x => ../x\n\nexclude c.example/z v1.0.0\n\nretract [v1.0.0, v1.1.0]\n\ntool b.example/y/cmd\n";
    assert_eq!(
        shown("go.mod", text),
        [
            "a.example/x 1.0.0",
            "b.example/y 2.0.0+incompatible direct",
            "stdlib 1.22.3 direct"
        ]
    );
    assert_eq!(packages("go.mod", text)[0].source, Source::Path);
    assert_eq!(
        shown("go.mod", "module m\ngo 1.21\ntoolchain default\n"),
        ["stdlib 1.21 direct"]
    );
    refused("go.mod", "this is no module\n");
    refused("go.mod", "module m\nrequire (\n\ta v1\n");
}

#[test]
fn requirements_have_versions_only_where_they_are_pinned() {
    let text = "-r other.txt\n-e ./here\nDjango[argon2]==4.2.1 ; python_version > '3.8' \\\n    --hash=sha256:00\n\
        ranged>=1.0\nstar==1.*\nboth == 2.0, !=2.1  # why\nfree\n(odd)\nexact===1.0-custom\n./folder\nhttps://h.example/x.whl\n";
    assert_eq!(
        shown("requirements/dev.txt", text),
        [
            "Django 4.2.1",
            "ranged 1.0",
            "star ",
            "both 2.0",
            "free ",
            "exact 1.0-custom"
        ]
    );
}

#[test]
fn further_formats_give_names_and_versions() {
    for (path, text, want) in [
        (
            "Package.resolved",
            r#"{"pins": [{"location": "https://github.com/Apple/swift-nio.git", "state": {"version": "2.1.0", "revision": "x"}}], "version": 2}"#,
            "github.com/apple/swift-nio 2.1.0",
        ),
        (
            "Manifest.toml",
            "manifest_format = \"2.0\"\n\n[[deps.Dates]]\nuuid = \"x\"\n\n[[deps.Zlib_jll]]\nversion = \"1.2.13+1\"\n\n    [deps.Zlib_jll.extensions]\n    version = \"9\"\n",
            "Zlib_jll 1.2.13+1",
        ),
        (
            "deno.lock",
            r#"{"version": "4", "npm": {"@s/a@1.0.0_b@2.0.0": {}}}"#,
            "@s/a 1.0.0",
        ),
        (
            "deno.lock",
            r#"{"version": "3", "packages": {"npm": {"a@1.0.0": {}}}}"#,
            "a 1.0.0",
        ),
        (
            "packages.lock.json",
            r#"{"version": 1, "dependencies": {"net8.0": {"A.B": {"type": "Direct", "resolved": "1.0.0"}, "own": {"type": "Project"}}}}"#,
            "A.B 1.0.0 direct",
        ),
        (
            "stack.yaml.lock",
            "packages:\n- completed:\n    hackage: a-b-1.2@sha256:00,12\n  original:\n    hackage: a-b-1.2\n",
            "a-b 1.2",
        ),
        (
            "Gemfile.lock",
            "GEM\n  remote: https://r.example/\n  specs:\n    nokogiri (1.13.3-x86_64-linux)\n    nokogiri (1.13.3)\n      racc (~> 1.4)\n\nDEPENDENCIES\n  nokogiri\n",
            "nokogiri 1.13.3 direct",
        ),
        (
            "App.csproj",
            "<Project><ItemGroup><PackageReference Include=\"A\"><Version>[1.0.0]</Version></PackageReference><PackageReference Include=\"B\" Version=\"$(V)\"/></ItemGroup></Project>",
            "A 1.0.0 direct",
        ),
        (
            "pom.xml",
            "<project><version>3</version><properties><v>1.0</v></properties><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version><scope>test</scope></dependency></dependencies></project>",
            "g:a 1.0 dev direct",
        ),
        (
            "bun.lock",
            "{\n// note\n\"packages\": {\"a\": [\"a@1.0.0\", \"\", {}, \"x\",], /* b */ },\n}",
            "a 1.0.0",
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 8\n\n? \"a@npm:^1.0.0, a@npm:^1.1.0\"\n: version: 1.1.0\n  resolution: \"a@npm:1.1.0\"\n  linkType: hard\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n  dependencies:\n    a: \"npm:^1.0.0\"\n",
            "a 1.1.0 direct",
        ),
    ] {
        assert_eq!(shown(path, text), [want], "{path}");
    }
}
