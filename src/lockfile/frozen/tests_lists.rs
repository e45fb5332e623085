//! Lockfiles that repeat or must cover what the manifest names.

use super::super::find;
use super::tests::{changes, check, check_bytes, covered, entries};
use super::{FROZEN, Frozen};

#[test]
fn classic_yarn_has_a_key_for_every_range() {
    let manifest = r#"{"dependencies": {"a": "^1.0.0", "al": "npm:real@^3", "l": "link:./l"}, "devDependencies": {"@s/d": "~2.0"}, "resolutions": {"b": "1.0.0"}}"#;
    let lock = "# yarn lockfile v1\n\n\n\"@s/d@~2.0\":\n  version \"2.0.1\"\n\na@^1.0.0, a@^1.1.0:\n  version \"1.2.0\"\n  dependencies:\n    b \"^0.9\"\n\n\"al@npm:real@^3\":\n  version \"3.0.0\"\n\nb@1.0.0, b@^0.9:\n  version \"1.0.0\"\n";
    changes(
        "yarn.lock",
        manifest,
        lock,
        &[
            ("\"^1.0.0\"", "\"^1.1.0\"", &[]),
            ("\"^1.0.0\"", "\"^1.0\"", &["a"]),
            ("\"a\": \"^1.0.0\", ", "", &[]),
            ("\"a\": \"^1.0.0\"", "\"b\": \"^7\"", &[]),
            ("real@^3", "real@^4", &["al"]),
            ("\"@s/d\"", "\"@s/e\"", &["@s/e"]),
        ],
    );
    // It looks at the root only, so nothing is said of other folders.
    assert_eq!(check("yarn.lock", "w/", manifest, lock, &[]), Frozen::Apart);
}

#[test]
fn later_yarn_repeats_every_workspace() {
    let manifest = r#"{"dependencies": {"a": "^1.0.0", "al": "npm:real@^3", "p": "patch:q@npm%3A1#./q.patch"}, "devDependencies": {"@s/d": "workspace:^"},
        "peerDependencies": {"react": "*"}, "resolutions": {"b": "1.0.0"}}"#;
    let head = "__metadata:\n  version: 8\n\n";
    let keys = "\"a@npm:^1.0.0\":\n  version: 1.2.0\n  resolution: \"a@npm:1.2.0\"\n  dependencies:\n    b: \"npm:^0.9\"\n\n\"b@npm:1.0.0\":\n  version: 1.0.0\n\n";
    let root = "\"root@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"root@workspace:.\"\n  dependencies:\n    \"@s/d\": \"workspace:^\"\n    a: \"npm:^1.0.0\"\n    al: \"npm:real@^3\"\n    p: \"patch:q@npm%3A1#./q.patch\"\n  peerDependencies:\n    react: \"*\"\n  languageName: unknown\n\n";
    let member = "\"@s/d@workspace:^, @s/d@workspace:packages/d\":\n  version: 0.0.0-use.local\n  resolution: \"@s/d@workspace:packages/d\"\n  dependencies:\n    a: \"npm:^1.0.0\"\n";
    let cases: &[(&str, &str, &[&str])] = &[
        ("\"^1.0.0\"", "\"^1.0.1\"", &["a"]),
        ("\"a\": \"^1.0.0\", ", "", &["a"]),
        ("\"a\":", "\"n\": \"1\", \"a\":", &["n"]),
        ("\"react\"", "\"vue\"", &["vue", "react"]),
        ("{\"b\": \"1.0.0\"}", "{\"b\": \"1.0.1\"}", &["b"]),
        ("{\"b\": \"1.0.0\"}", "{\"never\": \"1.0.1\"}", &[]),
        ("workspace:^", "workspace:*", &["@s/d"]),
    ];
    let lock = format!("{head}{keys}{root}{member}");
    changes("yarn.lock", manifest, &lock, cases);
    // Versions 2 and 3 wrote ranges without a protocol.
    changes(
        "yarn.lock",
        manifest,
        &lock.replace("a: \"npm:^1.0.0\"", "a: ^1.0.0"),
        cases,
    );
    let at = |folder: &str, range: &str| {
        let manifest = format!("{{\"dependencies\": {{\"a\": \"{range}\"}}}}");
        check("yarn.lock", folder, &manifest, &lock, &[])
    };
    assert_eq!(at("packages/d/", "^1.0.0"), Frozen::InSync);
    assert_eq!(entries(&at("packages/d/", "^2.0.0")), ["a"]);
    assert_eq!(at("packages/e/", "^1.0.0"), Frozen::Apart);
    assert_eq!(
        covered("yarn.lock", &lock, ""),
        ["package.json", "packages/d/package.json"]
    );
}

#[test]
fn bundler_repeats_a_plain_gemfile() {
    let manifest = "# frozen_string_literal: true\nsource \"https://g.example\"\nruby '>= 3'\ngit_source(:own) { |name| \"https://h.example/#{name}\" }\n\ngem \"a\"\ngem 'b', '~>1.2', \"< 1.9\" # why\ngem(\"c\", \"1.0\", require: false)\ngroup :test, :development do\n  gem \"d\", [\">= 2\"],\n      platforms: %i[mri]\nend\npath \"lib\" do\n  gem \"e\"\nend\ngem \"f\", own: \"f\"\n";
    let lock = "GEM\n  remote: https://g.example/\n  specs:\n    a (1.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  a\n  b (~> 1.2, < 1.9)\n  c (= 1.0)\n  d (>= 2)\n  e!\n  f!\n\nBUNDLED WITH\n   2.3.27\n";
    changes(
        "Gemfile.lock",
        manifest,
        lock,
        &[
            ("gem \"a\"", "gem \"a\", \">= 0\"", &[]),
            ("gem \"a\"", "gem \"a\", \">= 1\"", &["a"]),
            ("gem \"a\"\n", "", &["a"]),
            ("gem \"a\"", "gem \"a\", :group => :test", &[]),
            (
                "gem \"a\"",
                "gem \"a\", git: \"https://h.example/a.git\"",
                &["a"],
            ),
            ("gem \"a\"", "gem \"new\"", &["new", "a"]),
            ("\"< 1.9\"", "\"< 2\"", &["b"]),
            ("gem \"a\"", "gem \"a\" if ENV[\"A\"]", &["unknown"]),
            ("gem \"a\"", "gemspec", &["unknown"]),
            ("gem \"a\"", "%w[a].each { |name| gem name }", &["unknown"]),
            ("\nend\npath", "\npath", &["unknown"]),
        ],
    );
    assert_eq!(
        check("gems.locked", "", "gem \"a\"\n", "DEPENDENCIES\n  a\n", &[]),
        Frozen::InSync
    );
}

/// pnpm 12.21 says that such a package could not be resolved and goes on; earlier ones refuse it.
#[test]
fn an_optional_package_that_is_not_locked_is_for_pnpm_to_judge() {
    let lock = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    optionalDependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0\n";
    let manifest = |manager: &str, range: &str| {
        format!(
            r#"{{"optionalDependencies": {{"a": "{range}", "b": "^1"}}, "packageManager": "{manager}"}}"#
        )
    };
    let verdict = |manager, range| {
        let manifest = manifest(manager, range);
        check("pnpm-lock.yaml", "", &manifest, lock, &[])
    };
    assert_eq!(entries(&verdict("pnpm@10.9.0+sha512.0", "^1")), ["b"]);
    assert_eq!(verdict("pnpm@12.0.0", "^1"), Frozen::InSync);
    assert_eq!(verdict("", "^1"), Frozen::InSync);
    assert_eq!(entries(&verdict("", "^2")), ["a"]);
}

#[test]
fn go_has_hashes_of_what_is_required() {
    let manifest = "module m.example/p\n\ngo 1.21\n\nrequire (\n\th.example/a v1.0.0\n\th.example/b v0.2.0 // indirect\n\th.example/r v1.0.0\n)\n\nreplace h.example/r => h.example/s v2.0.0+incompatible\n";
    let lock = "h.example/a v1.0.0 h1:x=\nh.example/a v1.0.0/go.mod h1:x=\nh.example/b v0.2.0/go.mod h1:x=\nh.example/s v2.0.0+incompatible h1:x=\nh.example/s v2.0.0+incompatible/go.mod h1:x=\n";
    changes(
        "go.sum",
        manifest,
        lock,
        &[
            ("h.example/a v1.0.0", "h.example/a v1.1.0", &["h.example/a"]),
            ("h.example/a v1.0.0", "h.example/n v1.0.0", &["h.example/n"]),
            ("\th.example/a v1.0.0\n", "", &[]),
            (" // indirect", "", &["h.example/b"]),
            ("h.example/s v2.0.0+incompatible", "../r", &[]),
            (
                "h.example/s v2.0.0+incompatible",
                "h.example/s v1.0.0",
                &["h.example/s"],
            ),
            ("go 1.21", "go 1.22", &[]),
        ],
    );
    let work = [("go.work", "go 1.21\n")];
    assert_eq!(check("go.sum", "", manifest, "", &work), Frozen::Unknown);
    // go.sum is no list of packages of its own.
    assert!(find("go.sum").is_none());
}

#[test]
fn nuget_repeats_direct_references() {
    let manifest = "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <ItemGroup>\n    <PackageReference Include=\"A.One\" Version=\"1.2\" />\n    <PackageReference Include=\"B\"><Version>[2.0,3)</Version></PackageReference>\n<PackageReference Include=\"C\" />\n  </ItemGroup>\n</Project>\n";
    let locked = |name: &str, range: &str| {
        format!(
            "\"{name}\": {{\"type\": \"Direct\", \"requested\": \"{range}\", \"resolved\": \"2.0.0\"}}"
        )
    };
    let packages = [
        locked("A.One", "[1.2.0, )"),
        locked("B", "[2.0.0, 3.0.0)"),
        locked("c", "[4.0.0-rc.1, )"),
        locked("NETStandard.Library", "[2.0.3, )"),
    ]
    .join(", ");
    let lock = format!(
        "{{\"version\": 2, \"dependencies\": {{\"net8.0\": {{{packages}, \"T\": {{\"type\": \"Transitive\", \"resolved\": \"1.0.0\"}}}}, \"net8.0/linux-x64\": {{}}}}}}"
    );
    let props = [(
        "Directory.Packages.props",
        "<Project><ItemGroup><PackageVersion Include=\"C\" Version=\"4-rc.1\" /></ItemGroup></Project>",
    )];
    let at = |manifest: &str| check("packages.lock.json", "", manifest, &lock, &props);
    assert_eq!(at(manifest), Frozen::InSync);
    for (from, to, want) in [
        ("\"1.2\"", "\"1.2.1\"", &["A.One"][..]),
        ("\"1.2\"", "\"1.2.0.0\"", &[]),
        ("[2.0,3)", "[2.0]", &["B"]),
        ("Include=\"A.One\"", "Include=\"New\"", &["New", "a.one"]),
        (
            "<ItemGroup>",
            "<ItemGroup Condition=\"'$(X)' == ''\">",
            &["unknown"],
        ),
        ("\"1.2\"", "\"$(V)\"", &["unknown"]),
        (
            "Include=\"C\" />",
            "Include=\"C\" VersionOverride=\"5\" />",
            &["C"],
        ),
    ] {
        assert!(manifest.contains(from), "{from}");
        let verdict = at(&manifest.replace(from, to));
        assert_eq!(entries(&verdict), want, "{from} -> {to}: {verdict:?}");
    }
    let build = [
        props[0],
        (
            "Directory.Build.props",
            "<Project><Import Project=\"x\" /></Project>",
        ),
    ];
    assert_eq!(
        check("packages.lock.json", "", manifest, &lock, &build),
        Frozen::Unknown
    );
}

#[test]
fn nuget_projects_are_read_in_the_encoding_that_they_declare() {
    let manifest = "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<Project>\n  <!-- J\u{fc}rgen -->\n  <ItemGroup><PackageReference Include=\"A\" Version=\"1.0.0\" /></ItemGroup>\n</Project>\n";
    let lock = r#"{"version": 1, "dependencies": {"net8.0": {"A": {"type": "Direct", "requested": "[1.0.0, )", "resolved": "1.0.0"}}}}"#;
    let latin = |text: &str| -> Vec<u8> {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect()
    };
    let wide = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    for encode in [&latin as &dyn Fn(&str) -> Vec<u8>, &wide] {
        let at = |text: &str, others: &[(&str, &[u8])]| {
            check_bytes("packages.lock.json", "", &encode(text), lock, others)
        };
        assert_eq!(at(manifest, &[]), Frozen::InSync);
        let changed = manifest.replace("1.0.0\" />", "2.0.0\" />");
        let Frozen::OutOfSync(found) = at(&changed, &[]) else {
            panic!("{:?}", at(&changed, &[]));
        };
        let changed = encode(&changed);
        let place = &changed[found[0].place.find(&changed)];
        assert!([&b"A"[..], b"A\0"].contains(&place), "{place:?}");
        // A name that is not ASCII can't be compared.
        let odd = manifest.replace("\"A\"", "\"\u{c4}\"");
        assert_eq!(at(&odd, &[]), Frozen::Unknown);
        let import = encode(
            "<?xml version=\"1.0\" encoding=\"windows-1252\"?><Project><!-- \u{fc} --><Import Project=\"x\" /></Project>",
        );
        let others = [("Directory.Build.props", import.as_slice())];
        assert_eq!(at(manifest, &others), Frozen::Unknown);
    }
}

#[test]
fn compiled_requirements_have_every_name() {
    let manifest = "-c constraints.txt\nFlask[async]>=2\nsix  # why\nsetuptools\nold; python_version < '3'\nlocal @ file:///x\n";
    let lock = "#\n# This file is autogenerated by pip-compile with Python 3.11\n# by the following command:\n#\nflask[async]==2.3.0\nlocal @ file:///x\nsix==1.16.0\n    # via -r requirements.in\n";
    changes(
        "requirements.txt",
        manifest,
        lock,
        &[
            (">=2", ">=3", &["flask"]),
            ("six ", "sixty ", &["sixty"]),
            ("six  # why\n", "", &[]),
            ("six ", "SIX ", &[]),
        ],
    );
    let by_hand = lock.replace("pip-compile", "hand");
    assert_eq!(
        check("requirements.txt", "", "new\n", &by_hand, &[]),
        Frozen::Unknown
    );
    let spec = FROZEN
        .iter()
        .find(|spec| spec.locks.contains(&"*.txt"))
        .expect("pip-compile");
    assert_eq!(spec.stem("requirements/dev.in"), Some("dev"));
    assert_eq!(spec.stem("MANIFEST.in"), None);
    assert_eq!(spec.stem_of_lock("dev.txt"), Some("dev"));
}
