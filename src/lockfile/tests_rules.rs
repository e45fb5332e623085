//! Rules of single formats: what counts as a package, which of two entries goes before, and what is refused.

use super::{Beside, Package, find};

pub(super) fn read(
    path: &str,
    text: &str,
    others: &[(&str, &str)],
) -> Result<Vec<Package>, String> {
    let beside = Beside {
        read: &|path| {
            let found = others.iter().find(|(name, _)| *name == path)?;
            Some(found.1.as_bytes().to_vec())
        },
        apart: &|path| path.starts_with("apart"),
    };
    let format = find(path).expect("a known format");
    let contents = format.read(path, text.as_bytes(), beside);
    contents
        .map(|contents| contents.packages)
        .map_err(|error| error.message)
}

pub(super) fn packages(path: &str, text: &str) -> Vec<Package> {
    read(path, text, &[]).expect("a valid file")
}

/// `name version`, then `dev` and `optional` where they hold.
pub(super) fn shown(packages: &[Package]) -> Vec<String> {
    let line = |one: &Package| {
        let dev = if one.dev { " dev" } else { "" };
        let optional = if one.optional { " optional" } else { "" };
        format!("{} {}{dev}{optional}", one.name, one.version)
    };
    packages.iter().map(line).collect()
}

#[test]
fn what_is_broken_is_refused() {
    for (path, text, why) in [
        (
            "bun.lock",
            r#"{"lockfileVersion": 1, "packages": {"a": []}}"#,
            "`a` has no name",
        ),
        (
            "bun.lock",
            r#"{"lockfileVersion": 1, "packages": {"a": [1]}}"#,
            "`a` has no name",
        ),
        (
            "yarn.lock",
            "  version \"1.0.0\"\n",
            "before the first package",
        ),
        (
            "Gemfile.lock",
            "    rake (13.0)\nGEM\n",
            "before all sections",
        ),
        (
            "a.deps.json",
            r#"{"runtimeTarget": {}, "libraries": {}}"#,
            "no libraries",
        ),
        (
            "composer.lock",
            r#"{"packages": [{"name": "a/b", "version": {}}]}"#,
            "`a/b` is no text",
        ),
        (
            "composer.lock",
            r#"{"packages": [{"name": 5, "version": "1"}]}"#,
            "has no name",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: 5.3\n\npackages:\n\n  odd:\n    resolution: {integrity: x}\n",
            "`odd` is no path",
        ),
        ("a.csproj", "<html><body/></html>", "`html`"),
        ("packages.config", "<configuration/>", "`configuration`"),
        ("pom.xml", "<settings></settings>", "`settings`"),
        (
            "gradle/verification-metadata.xml",
            "<components/>",
            "`components`",
        ),
        ("pubspec.lock", "", "empty"),
        ("Podfile.lock", "# nothing\n", "empty"),
        ("Podfile.lock", "PODS:\n  - A\n", "no version"),
        (
            "go.mod",
            "module m\nrequire a.example/x main\n",
            "don't have",
        ),
        (
            "go.mod",
            "module m\nreplace a.example/x => b.example/x\n",
            "don't have",
        ),
    ] {
        let error = read(path, text, &[]).expect_err(text);
        assert!(error.contains(why), "{path}: {error}");
    }
}

#[test]
fn entries_count_where_they_are_packages() {
    for (path, text, want) in [
        (
            "uv.lock",
            "version = 1\n\n[[package]]\nname = \"app\"\nversion = \"1\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\" }]\n\n[[package]]\nname = \"a\"\nversion = \"2\"\nsource = { registry = \"https://r.example\" }\n\n[[package]]\nname = \"b\"\nversion = \"3\"\nsource = { virtual = \"part\" }\n",
            vec!["a 2", "b 3"],
        ),
        (
            "pylock.toml",
            "lock-version = \"1.0\"\n[[packages]]\nname = \"me\"\n[packages.directory]\npath = \".\"\n[[packages]]\nname = \"part\"\ndirectory = { path = \"part\" }\n[[packages]]\nname = \"far\"\narchive = { url = \"https://h.example/far.zip\" }\n",
            vec!["part ", "far "],
        ),
        (
            "Pipfile.lock",
            r#"{"_meta": {}, "default": {"a": {"version": "==1.0"}, "me": {"path": ".", "editable": true}}, "develop": {"a": {"version": "==1.0"}, "b": {"version": "==2.0"}}}"#,
            vec!["a 1.0", "b 2.0 dev"],
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 8\n\n\"me@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"me@workspace:.\"\n\n\"part@workspace:part\":\n  version: 0.0.0-use.local\n  resolution: \"part@workspace:part\"\n",
            vec!["part 0.0.0-use.local"],
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: 5.4\n\npackages:\n\n  file:part:\n    name: part\n    resolution: {directory: part, type: directory}\n\n  file:other:\n    name: other\n    version: 1.0.0\n    resolution: {directory: other, type: directory}\n",
            vec!["other 1.0.0"],
        ),
        (
            "a.deps.json",
            r#"{"libraries": {"Me/1.0.0": {"type": "project"}, "A/2.0": {"type": "package"}, "odd": {}, "B/": {}}}"#,
            vec!["Me 1.0.0", "A 2.0"],
        ),
        (
            "composer.lock",
            r#"{"packages": null, "packages-dev": [{"name": "a/b", "version": "1"}]}"#,
            vec!["a/b 1 dev"],
        ),
        (
            "go.mod",
            "module m\nrequire a.example/x v1.0.0\nrequire a.example/x v1.0.0\n",
            vec!["a.example/x 1.0.0"],
        ),
        (
            "package-lock.json",
            r#"{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0", "dev": true}, "node_modules/b/node_modules/a": {"version": "1.0.0", "optional": true}, "node_modules/c": {"version": "1.0.0", "dev": true}, "node_modules/b/node_modules/c": {"version": "1.0.0"}}}"#,
            vec!["a 1.0.0 dev optional", "c 1.0.0"],
        ),
    ] {
        assert_eq!(shown(&packages(path, text)), want, "{path}");
    }
}

#[test]
fn forms_that_are_rare_are_read_as_their_tools_read_them() {
    for (path, text, want) in [
        ("editor.deps.json", "[\"react\", \"moment\"]\n", vec![]),
        (
            "packages.config",
            r#"<packages><package id="A" version="1.0" /><package id="B" developmentDependency="true" /><package version="2" developmentDependency="true" /><package id="C" version="3.0" developmentDependency="true" /></packages>"#,
            vec!["A 1.0", "C 3.0 dev"],
        ),
        (
            "bom.csproj",
            "\u{feff}<Project>\r\n  <!-- why -->\r\n  <ItemGroup><PackageReference Include=\"B\"><Version>2.0<!-- pinned --></Version></PackageReference></ItemGroup></Project>",
            vec!["B 2.0"],
        ),
        (
            "src/Directory.Build.props",
            "<Project><ItemGroup><PackageReference Include=\"A\" Version=\"1.0\" /><GlobalPackageReference Include=\"B\"><Version>2.0</Version></GlobalPackageReference></ItemGroup></Project>",
            vec!["A 1.0", "B 2.0"],
        ),
        (
            "package-lock.json",
            r#"{"dependencies": {"a": {"version": "npm:@s/b"}, "c": {"version": "npm:d"}, "e": {"version": "npm:@s/f@1.0"}, "g": {"version": "npm:"}}}"#,
            vec!["@s/b ", "d ", "@s/f 1.0", "g "],
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\n\na:\n  version \"1.0\"\n\n\"@s/b\":\n  version \"2.0\"\n",
            vec!["a 1.0", "@s/b 2.0"],
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0\n    devDependencies:\n      b:\n        specifier: ^2.0.0\n        version: 2.0.0\n\npackages:\n\n  a@1.0.0:\n    resolution: {integrity: x}\n\n  b@2.0.0:\n    resolution: {integrity: x}\n\nsnapshots:\n\n  a@1.0.0: {}\n\n  b@2.0.0: {}\n",
            vec!["a 1.0.0", "b 2.0.0 dev"],
        ),
        (
            "composer.lock",
            r#"{"packages": [{"name": "a/b", "version": 20190220}, {"name": "c/d", "version": "1.0"}, {"name": "e/f"}]}"#,
            vec!["a/b 20190220", "c/d 1.0", "e/f "],
        ),
        (
            "Gemfile.lock",
            "GEM\n  remote: https://r.example/\n  specs:\n    a (1.0)!\n\nDEPENDENCIES\n  a\n",
            vec!["a 1.0"],
        ),
        (
            "pom.xml",
            "<!DOCTYPE p [ <!ENTITY x \"1.5\"> ]>\n<p:project xmlns:p=\"x\"><p:dependencies><p:dependency><p:groupId>g</p:groupId><p:artifactId><![CDATA[a]]></p:artifactId><p:version>1<!-- one -->&#46;0</p:version></p:dependency></p:dependencies></p:project>",
            vec!["g:a 1.0"],
        ),
        (
            "renv.lock",
            r#"{"Packages": {"a": {"Package": "a", "Version": "1.0", "Repository": "CRAN"}, "b": {"Package": "b", "Version": "2.0", "Source": "unknown"}, "c": {"Package": "c", "Version": "3.0", "Source": "GitHub", "Repository": "CRAN"}}}"#,
            vec!["a 1.0"],
        ),
        (
            "requirements.txt",
            "foo==\\\n\\\n  1.2.3\nba\\\nr==4.\\\n5 -C k=v\nx[one,\\\ntwo]==6.0\\\n  --hash=sha256:00\nlast==7.0\t-C k=v\n",
            vec!["foo 1.2.3", "bar 4.5", "x 6.0", "last 7.0"],
        ),
        (
            "Package.resolved",
            r#"{"pins": [{"identity": "mona.LinkedList", "kind": "registry", "location": "", "state": {"version": "1.1.1"}}, {"identity": "b", "location": "git@github.com:X/b.git", "state": {"version": "2.0.0"}}], "version": 3}"#,
            vec!["mona.linkedlist 1.1.1", "github.com/x/b 2.0.0"],
        ),
    ] {
        assert_eq!(shown(&packages(path, text)), want, "{path}");
    }
}

#[test]
fn what_came_with_a_package_of_npm_is_no_lockfile() {
    for (path, is_one) in [
        ("node_modules/a/yarn.lock", false),
        ("web/node_modules/@s/a/Cargo.lock", false),
        ("web/node_modules/.package-lock.json", true),
        ("node_modules_old/yarn.lock", true),
    ] {
        assert_eq!(find(path).is_some(), is_one, "{path}");
    }
}

#[test]
fn ranges_of_requirements_are_bounds_and_are_not_looked_up() {
    let text = "low>=1.0\nabout ~= 2.1 ; python_version > '3'\nhigh<=3\nboth>=1,<2\nless<2\nstar==1.*\nnot!=1\nmore[x] >= 4.0 --hash=sha256:00\nfixed==5.0\n";
    let got = packages("requirements.txt", text);
    assert_eq!(
        shown(&got),
        [
            "low 1.0",
            "about 2.1",
            "high 3",
            "both ",
            "less ",
            "star ",
            "not ",
            "more 4.0",
            "fixed 5.0"
        ]
    );
    let judged: Vec<_> = got
        .iter()
        .map(|one| one.judged())
        .filter(|one| !one.is_empty())
        .collect();
    assert_eq!(judged, ["5.0"]);
    let pinned = read(
        "requirements.txt",
        "-c pins.txt\nlow>=1.0\n",
        &[("pins.txt", "low==1.5\n")],
    );
    let pinned = pinned.expect("readable");
    assert_eq!(pinned[0].judged(), "1.5");
    let loose = read(
        "requirements.txt",
        "-c pins.txt\nlow\n",
        &[("pins.txt", "low>=1.5\n")],
    );
    assert_eq!(loose.expect("readable")[0].version, "");
}
