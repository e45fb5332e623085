//! A whole commit that adds a vulnerable and a malicious package, ecosystem by ecosystem: what it says, and that it passes
//! once the steps are followed.

use crate::kit::Sandbox;
use serde_json::json;
use std::fmt::Write as _;
use std::fs;

/// Names and versions.
type Packages<'a> = &'a [(&'a str, &'a str)];

/// One package manager.
struct Trial {
    ecosystem: &'static str,
    /// A package that stays, one with a vulnerability before 2.0.0, and one that is malicious.
    names: [&'static str; 3],
    /// The manifest and the lockfile with these packages.
    files: fn(Packages<'_>) -> Vec<(&'static str, String)>,
    /// What the commit is told to do.
    steps: [&'static str; 2],
}

const SRI: &str = "sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";

/// Each package in a form.
fn each(packages: Packages<'_>, form: impl Fn(&str, &str) -> String) -> String {
    packages
        .iter()
        .fold(String::new(), |mut text, (name, version)| {
            write!(text, "{}", form(name, version)).unwrap();
            text
        })
}

fn go(packages: Packages<'_>) -> Vec<(&'static str, String)> {
    let hash = format!("h1:{}=", "A".repeat(43));
    let require = each(packages, |name, version| format!("\t{name} v{version}\n"));
    let sum = each(packages, |name, version| {
        format!("{name} v{version} {hash}\n{name} v{version}/go.mod {hash}\n")
    });
    vec![
        (
            "go.mod",
            format!("module example.com/app\n\ngo 1.22\n\nrequire (\n{require})\n"),
        ),
        ("go.sum", sum),
    ]
}

fn bundler(packages: Packages<'_>) -> Vec<(&'static str, String)> {
    let gems = each(packages, |name, version| {
        format!("gem \"{name}\", \"{version}\"\n")
    });
    let specs = each(packages, |name, version| {
        format!("    {name} ({version})\n")
    });
    let asked = each(packages, |name, version| {
        format!("  {name} (= {version})\n")
    });
    vec![
        (
            "Gemfile",
            format!("source \"https://gems.example\"\n\n{gems}"),
        ),
        (
            "Gemfile.lock",
            format!(
                "GEM\n  remote: https://gems.example/\n  specs:\n{specs}\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n{asked}\nBUNDLED WITH\n   2.5.0\n"
            ),
        ),
    ]
}

fn composer(packages: Packages<'_>) -> Vec<(&'static str, String)> {
    let list: Vec<_> = packages
        .iter()
        .map(|(name, version)| json!({ "name": name, "version": version, "type": "library" }))
        .collect();
    let lock = json!({ "packages": list, "packages-dev": [], "aliases": [] });
    vec![("composer.lock", format!("{lock:#}\n"))]
}

fn poetry(packages: Packages<'_>) -> Vec<(&'static str, String)> {
    let entries = each(packages, |name, version| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\noptional = false\npython-versions = \">=3.9\"\ngroups = [\"main\"]\nfiles = [\n    {{file = \"{name}-{version}.tar.gz\", hash = \"sha256:{}\"}},\n]\n\n",
            "0".repeat(64)
        )
    });
    vec![(
        "poetry.lock",
        format!("{entries}[metadata]\nlock-version = \"2.1\"\npython-versions = \">=3.9\"\n"),
    )]
}

fn pnpm(packages: Packages<'_>) -> Vec<(&'static str, String)> {
    let asked: serde_json::Map<_, _> = packages
        .iter()
        .map(|(name, version)| ((*name).to_owned(), json!(version)))
        .collect();
    let importers = each(packages, |name, version| {
        format!("      {name}:\n        specifier: {version}\n        version: {version}\n")
    });
    let entries = each(packages, |name, version| {
        format!("\n  {name}@{version}:\n    resolution: {{integrity: {SRI}}}\n")
    });
    let snapshots = each(packages, |name, version| {
        format!("\n  {name}@{version}: {{}}\n")
    });
    vec![
        (
            "package.json",
            format!("{:#}\n", json!({ "name": "app", "dependencies": asked })),
        ),
        (
            "pnpm-lock.yaml",
            format!(
                "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n{importers}\npackages:\n{entries}\nsnapshots:\n{snapshots}"
            ),
        ),
    ]
}

fn nuget(packages: Packages<'_>) -> Vec<(&'static str, String)> {
    let references = each(packages, |name, version| {
        format!("    <PackageReference Include=\"{name}\" Version=\"{version}\" />\n")
    });
    let entries: serde_json::Map<_, _> = packages
        .iter()
        .map(|(name, version)| {
            let entry = json!({ "type": "Direct", "requested": format!("[{version}, )"), "resolved": version, "contentHash": &SRI[7..] });
            ((*name).to_owned(), entry)
        })
        .collect();
    let lock = json!({ "version": 1, "dependencies": { "net8.0": entries } });
    vec![
        (
            "App.csproj",
            format!(
                "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n    <TargetFramework>net8.0</TargetFramework>\n  </PropertyGroup>\n  <ItemGroup>\n{references}  </ItemGroup>\n</Project>\n"
            ),
        ),
        ("packages.lock.json", format!("{lock:#}\n")),
    ]
}

const TRIALS: &[Trial] = &[
    Trial {
        ecosystem: "Go",
        names: ["example.com/kept", "example.com/left", "example.com/vile"],
        files: go,
        steps: [
            "go get example.com/left@v2.0.0",
            "go get example.com/vile@none",
        ],
    },
    Trial {
        ecosystem: "RubyGems",
        names: ["kept", "left", "vile"],
        files: bundler,
        steps: [
            "which Gemfile line 4 leaves out (1.0.0): write 2.0.0 there, then: bundle update left --conservative",
            "bundle remove vile && bundle lock",
        ],
    },
    Trial {
        ecosystem: "Packagist",
        names: ["a/kept", "b/left", "c/vile"],
        files: composer,
        steps: [
            "composer update b/left --with b/left:2.0.0",
            "composer remove c/vile",
        ],
    },
    Trial {
        ecosystem: "PyPI",
        names: ["kept", "left", "vile"],
        files: poetry,
        steps: ["poetry update left", "poetry remove vile"],
    },
    Trial {
        ecosystem: "npm",
        names: ["kept", "left", "vile"],
        files: pnpm,
        steps: ["pnpm update left@2.0.0", "pnpm remove vile"],
    },
    Trial {
        ecosystem: "NuGet",
        names: ["Kept", "Left", "Vile"],
        files: nuget,
        steps: [
            "dotnet add package Left --version 2.0.0",
            "dotnet remove package Vile",
        ],
    },
];

/// A sandbox that knows what is wrong with the packages.
fn informed(trial: &Trial) -> Sandbox {
    let [_, left, vile] = trial.names;
    let sandbox = Sandbox::installed();
    let records = sandbox.top().join("osv").join(trial.ecosystem);
    fs::create_dir_all(&records).unwrap();
    let malicious = json!({
        "id": "MAL-2026-1", "modified": "2026-01-01T00:00:00Z", "summary": "Malicious code",
        "affected": [{ "package": { "ecosystem": trial.ecosystem, "name": vile },
                       "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }] }] }]
    });
    fs::write(records.join("MAL-2026-1.json"), malicious.to_string()).unwrap();
    sandbox.import_advisory(trial.ecosystem, "TEST-1", left, "2.0.0");
    sandbox
}

#[test]
fn a_commit_that_adds_a_vulnerable_and_a_malicious_package() {
    for trial in TRIALS {
        let [kept, left, vile] = trial.names;
        let sandbox = informed(trial);
        let stage = |packages: Packages<'_>| {
            for (path, text) in (trial.files)(packages) {
                sandbox.write(path, text);
            }
            sandbox.git(["add", "."]);
        };
        stage(&[(kept, "1.0.0")]);
        sandbox.git(["commit", "-m", "kept"]);

        stage(&[(kept, "1.0.0"), (left, "1.0.0"), (vile, "1.0.0")]);
        let refused = sandbox.try_git(["commit", "-m", "more"]);
        let text = refused.all();
        assert_eq!(refused.code, 1, "{}: {text}", trial.ecosystem);
        // Lines are broken at blanks.
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for step in trial.steps {
            assert!(words.contains(step), "{}: {step}: {text}", trial.ecosystem);
        }
        for said in ["critical MAL-2026-1", "critical TEST-1", "fixed in 2.0.0"] {
            assert!(words.contains(said), "{}: {said}: {text}", trial.ecosystem);
        }

        // One step alone is not enough.
        stage(&[(kept, "1.0.0"), (left, "2.0.0"), (vile, "1.0.0")]);
        let refused = sandbox.try_git(["commit", "-m", "more"]);
        assert!(refused.code == 1 && !refused.all().contains("TEST-1"));
        stage(&[(kept, "1.0.0"), (left, "2.0.0")]);
        sandbox.git(["commit", "-m", "more"]);
    }
}

#[test]
fn where_no_version_is_clear_the_one_with_the_fewest_advisories_is_named() {
    let sandbox = Sandbox::installed();
    // As publishers write it who know of no fix.
    for (id, fixed) in [
        ("TEST-1", "1.2.0"),
        ("TEST-2", "1.5.0"),
        ("TEST-3", "999.999.999"),
    ] {
        sandbox.import_advisory("PyPI", id, "left", fixed);
    }
    sandbox.write("requirements.txt", "left==1.0.0\n");
    sandbox.git(["add", "."]);
    let text = sandbox.try_git(["commit", "-m", "add"]).all();
    assert!(text.contains("left 1.0.0: 3 advisories"), "{text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("no version is without all of them; in 1.5.0 1 is left: write left==1.5.0"),
        "{text}"
    );
    let report = sandbox.report(["audit"]);
    let fixed = [0, 1, 2].map(|at| report["findings"][at]["data"]["fixed"].clone());
    assert_eq!(fixed, [json!("1.2.0"), json!("1.5.0"), json!(null)]);
}
