//! The command line as a user meets it.

use crate::kit::{Sandbox, complex_python, findings, github_token};

#[test]
fn the_report_has_the_published_form() {
    let sandbox = Sandbox::installed();
    sandbox.write("a.py", format!("é = '{}'\n", github_token(1)));
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(report["schema"], "hookd-report/1");
    assert_eq!(
        (&report["mode"], &report["stage"], &report["exit_code"]),
        (&"staged".into(), &"pre-commit".into(), &1.into())
    );
    let finding = &report["findings"][0];
    assert_eq!(
        finding["start"],
        serde_json::json!({ "line": 1, "column": 6, "byte": 6 })
    );
    assert_eq!(
        finding["end"],
        serde_json::json!({ "line": 1, "column": 46, "byte": 46 })
    );
    assert_eq!(
        (&finding["scanner"], &finding["blocking"]),
        (&"secrets".into(), &true.into())
    );
    for key in ["message", "help", "excerpt", "fingerprint", "severity"] {
        assert!(
            finding[key].as_str().is_some_and(|text| !text.is_empty()),
            "{key}"
        );
    }
    let schema: serde_json::Value = serde_json::from_str(
        &sandbox
            .hookd(["config", "schema", "--report"])
            .expect(0)
            .out,
    )
    .unwrap();
    for key in report.as_object().unwrap().keys() {
        assert!(
            schema["properties"].get(key).is_some(),
            "the schema does not know {key}"
        );
    }
    let fields = &schema["$defs"]["FindingLine"]["properties"];
    for key in finding.as_object().unwrap().keys() {
        assert!(fields.get(key).is_some(), "the schema does not know {key}");
    }
}

#[test]
fn the_same_input_gives_the_same_report() {
    let sandbox = Sandbox::installed();
    for seed in 0..40 {
        sandbox.write(
            format!("dir{}/f{seed}.py", seed % 7),
            format!("{}k = '{}'\n", complex_python("f", 12), github_token(seed)),
        );
    }
    sandbox.git(["add", "."]);
    let run = |jobs: &str| {
        let mut report = sandbox.report(["--all", "--jobs", jobs]);
        report["summary"]["duration_ms"] = 0.into();
        for check in report["checks"].as_array_mut().unwrap() {
            check["duration_ms"] = 0.into();
        }
        report
    };
    let first = run("1");
    assert_eq!(findings(&first).len(), 80);
    assert_eq!(first, run("4"));
    assert_eq!(first, run("3"));
}

#[test]
fn people_get_lines_that_fit() {
    let sandbox = Sandbox::installed();
    sandbox.write(
        "a.py",
        format!("{}token = '{}'\n", "x".repeat(300), github_token(1)),
    );
    sandbox.write(
        "b.py",
        complex_python(
            "a_function_with_a_name_that_is_rather_long_for_one_line",
            15,
        ),
    );
    sandbox.git(["add", "."]);
    let out = sandbox.hookd(["run"]).expect(1).out;
    for line in out.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(
        out.contains("2 findings block this commit (secrets 1, complexity 1)"),
        "{out}"
    );
    assert!(!out.contains('\x1b'));
    let colored = sandbox.hookd(["run", "--color", "always"]).expect(1).out;
    assert!(colored.contains("\x1b["));
}

#[test]
fn checks_are_chosen_by_id() {
    let sandbox = Sandbox::installed();
    sandbox.write(
        "a.py",
        format!("{}token = '{}'\n", complex_python("f", 15), github_token(1)),
    );
    sandbox.git(["add", "."]);
    let rules = |report: serde_json::Value| findings(&report);
    assert_eq!(
        rules(sandbox.report(["complexity"])),
        ["cyclomatic-complexity a.py:1"]
    );
    assert_eq!(rules(sandbox.report(["--skip", "complexity"])).len(), 1);
    let done = sandbox.hookd(["run", "secret"]).expect(2);
    assert!(done.err.contains("did you mean `secrets`?"), "{}", done.err);
}

#[test]
fn rules_are_listed_and_explained() {
    let sandbox = Sandbox::installed();
    let list = sandbox.hookd(["list"]).expect(0).out;
    for id in ["secrets", "audit", "complexity"] {
        assert!(list.contains(id), "{list}");
    }
    let rules = sandbox.hookd(["list", "--rules"]).expect(0).out;
    assert!(rules.contains("github-pat") && rules.contains("cyclomatic-complexity"));
    let page = sandbox.hookd(["explain", "github-pat"]).expect(0).out;
    assert!(
        page.contains("hookd:allow github-pat") && page.contains("https://"),
        "{page}"
    );
    let done = sandbox.hookd(["explain", "github-pta"]).expect(2);
    assert!(
        done.err.contains("did you mean `github-pat`?"),
        "{}",
        done.err
    );
}

#[test]
fn every_rule_explains_itself() {
    let mut ids = std::collections::BTreeSet::new();
    for spec in hookd::scan::SCANNERS {
        for doc in (spec.rules)() {
            assert!(ids.insert(doc.id.clone()), "{} stands twice", doc.id);
            assert!(
                !doc.title.is_empty() && !doc.description.is_empty() && !doc.fix.is_empty(),
                "{}",
                doc.id
            );
            let kebab = doc
                .id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(kebab, "{}", doc.id);
        }
    }
}

#[test]
fn list_tells_why_a_file_is_left_out() {
    let sandbox = Sandbox::installed();
    sandbox.write("hookd.toml", "exclude = ['gen/']\n[scan.complexity]\nexclude = ['*_test.py']\n[scan.audit]\nenabled = false\n");
    for path in ["gen/a.py", "a_test.py", "a.py"] {
        sandbox.write(path, "x = 1\n");
    }
    let explain = |path: &str| sandbox.hookd(["list", "--explain", path]).expect(0).out;
    assert!(explain("gen/a.py").contains("`exclude` at the top"));
    assert!(explain("a_test.py").contains("`exclude` of [scan.complexity]"));
    assert!(explain("a.py").contains("enabled = false"));
    assert!(explain("a.py").contains("yes"));
}

#[test]
fn metrics_shows_every_function() {
    let sandbox = Sandbox::installed();
    sandbox.write(
        "a.py",
        format!(
            "{}{}",
            complex_python("big", 12),
            complex_python("small", 2)
        ),
    );
    let done = sandbox
        .hookd(["metrics", "a.py", "--format", "json"])
        .expect(0);
    let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    let functions = value["functions"].as_array().unwrap();
    assert_eq!(functions.len(), 2);
    assert_eq!(functions[0]["name"], "big");
    assert_eq!(functions[0]["cyclomatic"], 12);
    assert_eq!(
        (&functions[0]["start_line"], &functions[0]["language"]),
        (&1.into(), &"python".into())
    );
    let text = sandbox.hookd(["metrics", "."]).expect(0).out;
    assert!(text.contains("small") && text.contains("12"), "{text}");
}

#[test]
fn packages_shows_every_package() {
    let sandbox = Sandbox::installed();
    sandbox.write("requirements.txt", "flask==2.0.1\nrequests==2.31.0\n");
    let done = sandbox
        .hookd(["packages", ".", "--format", "json"])
        .expect(0);
    let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    let packages = value["packages"].as_array().unwrap();
    assert_eq!(packages.len(), 2);
    assert_eq!(
        (&packages[0]["name"], &packages[0]["version"]),
        (&"flask".into(), &"2.0.1".into())
    );
    assert_eq!(
        (&packages[0]["ecosystem"], &packages[0]["path"]),
        (&"PyPI".into(), &"requirements.txt".into())
    );
    let text = sandbox.hookd(["packages"]).expect(0).out;
    assert!(text.contains("flask") && text.contains("2.0.1"), "{text}");
}

#[test]
fn the_configuration_is_checked() {
    let sandbox = Sandbox::installed();
    sandbox.write("hookd.toml", "[scan.secrets]\nlevel = 'warn'\n");
    assert!(
        sandbox
            .hookd(["config", "check"])
            .expect(0)
            .out
            .contains("hookd.toml is fine")
    );
    sandbox.write("a", format!("token = '{}'\n", github_token(1)));
    sandbox.git(["add", "."]);
    let done = sandbox.hookd(["run"]).expect(0);
    assert!(
        done.out.contains("warning") && done.out.contains("github-pat"),
        "{}",
        done.out
    );
}

#[test]
fn a_report_can_go_to_a_file() {
    let sandbox = Sandbox::installed();
    sandbox
        .hookd([
            "run",
            "--all",
            "--format",
            "json",
            "--output",
            "report.json",
            "--offline",
        ])
        .expect(0);
    let text = std::fs::read_to_string(sandbox.repo.join("report.json")).unwrap();
    assert!(text.contains("hookd-report/1"));
}

#[test]
fn help_fits_a_terminal_and_hides_what_shims_use() {
    let sandbox = Sandbox::without_repo();
    let help = sandbox.hookd(["run", "--help"]).expect(0).out;
    assert!(!help.contains("--hook "), "{help}");
    for line in help.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    sandbox.hookd(["--version"]).expect(0);
    sandbox.hookd(["completions", "bash"]).expect(0);
    sandbox.hookd::<_, &str>([]).expect(2);
}
