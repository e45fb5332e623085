//! What a repository with a past sees of the complexity scanner: legacy functions, a list that only shrinks, other tools' counts.

use crate::kit::{Sandbox, complex_python, simple_python};
use std::fs;

/// `a.py` with a function of `points` and a simple one.
fn write(sandbox: &Sandbox, points: usize, other: &str) {
    let text = format!(
        "{}\n\n{}",
        complex_python("legacy", points),
        simple_python(other)
    );
    sandbox.write("a.py", text);
    sandbox.git(["add", "."]);
}

/// A repository whose first commit holds a function of 40, from before hookd was there.
fn legacy() -> Sandbox {
    let sandbox = Sandbox::installed();
    write(&sandbox, 40, "other");
    sandbox.git(["commit", "--no-verify", "-m", "from before"]);
    sandbox
}

fn list(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.repo.join("hookd.ignore")).unwrap()
}

#[test]
fn a_legacy_function_stays_until_it_grows() {
    let sandbox = legacy();
    write(&sandbox, 40, "renamed");
    sandbox
        .try_git(["commit", "-m", "another function"])
        .expect(0);
    write(&sandbox, 41, "renamed");
    let blocked = sandbox.try_git(["commit", "-m", "worse"]).expect(1).all();
    assert!(
        blocked.contains("legacy() 40 → 41 (limit 10): +1 on line 80"),
        "{blocked}"
    );
    write(&sandbox, 39, "renamed");
    sandbox.try_git(["commit", "-m", "better"]).expect(0);
}

#[test]
fn an_accepted_function_counts_again_once_it_has_grown() {
    let sandbox = legacy();
    sandbox
        .hookd(["baseline", "create", "--reason", "legacy"])
        .expect(0);
    assert!(list(&sandbox).contains("a.py complexity/cyclomatic-complexity=40 $"));
    sandbox.hookd(["run", "--all"]).expect(0);
    write(&sandbox, 41, "other");
    let grown = sandbox.hookd(["run", "--all"]).expect(1).out;
    assert!(
        grown.contains("complexity 41 (limit 10) (accepted up to 40)"),
        "{grown}"
    );
    // Without `ratchet` a number that is too great does no harm; prune lowers it.
    write(&sandbox, 35, "other");
    sandbox.hookd(["run", "--all"]).expect(0);
    let pruned = sandbox.hookd(["baseline", "prune"]).expect(0).all();
    assert!(pruned.contains("lowered to 35"), "{pruned}");
    assert!(list(&sandbox).contains("cyclomatic-complexity=35 $"));
}

/// A repository with a ratchet and the function of 40 on the list.
fn ratchet() -> Sandbox {
    let sandbox = legacy();
    sandbox
        .hookd(["baseline", "create", "--reason", "legacy"])
        .expect(0);
    sandbox.write("hookd.toml", "[scan.complexity]\nratchet = true\n");
    sandbox.git(["add", "."]);
    // The list begins with this commit.
    sandbox.try_git(["commit", "-m", "ratchet"]).expect(0);
    sandbox
}

#[test]
fn a_ratchet_lets_the_list_only_shrink() {
    let sandbox = ratchet();
    let before = list(&sandbox);
    sandbox.write("hookd.ignore", before.replace("=40 ", "=45 "));
    sandbox.git(["add", "."]);
    let raised = sandbox.try_git(["commit", "-m", "raised"]).expect(1).all();
    assert!(raised.contains("from 40 to 45"), "{raised}");
    assert!(
        raised.contains("3:1") && !raised.contains("fine as it is"),
        "{raised}"
    );
    sandbox.write("hookd.ignore", before.replace("=40 ", " "));
    sandbox.git(["add", "."]);
    let any = sandbox
        .try_git(["commit", "-m", "any number"])
        .expect(1)
        .all();
    let any = any.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(any.contains("from 40 to any number"), "{any}");

    sandbox.write("hookd.ignore", &before);
    sandbox.write("b.py", complex_python("another", 12));
    sandbox.git(["add", "."]);
    sandbox
        .hookd(["baseline", "create", "--reason", "more"])
        .expect(0);
    sandbox.git(["add", "."]);
    let added = sandbox.try_git(["commit", "-m", "added"]).expect(1).all();
    assert!(
        added.contains("accepts another function of b.py"),
        "{added}"
    );

    sandbox.git(["rm", "-q", "-f", "b.py"]);
    sandbox.write("hookd.ignore", before.replace("=40 ", "=39 "));
    write(&sandbox, 39, "other");
    sandbox.try_git(["commit", "-m", "lower"]).expect(0);
}

#[test]
fn a_ratchet_wants_what_is_not_needed_taken_out() {
    let sandbox = ratchet();
    sandbox.hookd(["run", "--all"]).expect(0);
    write(&sandbox, 39, "other");
    let loose = sandbox.hookd(["run", "--all"]).expect(1).out;
    assert!(
        loose.contains("up to 40, and 39 is enough") && loose.contains("hookd baseline prune"),
        "{loose}"
    );
    sandbox.hookd(["baseline", "prune"]).expect(0);
    sandbox.hookd(["run", "--all"]).expect(0);
    write(&sandbox, 9, "other");
    let gone = sandbox.hookd(["run", "--all"]).expect(1).out;
    assert!(gone.contains("not there any more"), "{gone}");
    sandbox.hookd(["baseline", "prune"]).expect(0);
    assert!(!list(&sandbox).contains("a.py"));
    sandbox.hookd(["run", "--all"]).expect(0);
}

#[test]
fn functions_are_counted_as_another_tool_does() {
    let sandbox = Sandbox::installed();
    sandbox.write("a.py", "def a(x):\n    return x and 1 or 2\n");
    let count = |args: &[&str]| {
        let out = sandbox.hookd(args).expect(0).out;
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        value["functions"][0]["cyclomatic"].as_u64().unwrap()
    };
    let plain = ["metrics", "--format", "json", "a.py"];
    assert_eq!(count(&plain), 1);
    assert_eq!(
        count(&["metrics", "--compat", "lizard", "--format", "json", "a.py"]),
        3
    );
    sandbox.write(
        "hookd.toml",
        "[scan.complexity]\ncompat = 'sonar'\ncyclomatic = 2\n",
    );
    assert_eq!(count(&plain), 3);
    sandbox.git(["add", "."]);
    let blocked = sandbox.try_git(["commit", "-m", "x"]).expect(1).all();
    assert!(blocked.contains("complexity 3 (limit 2)"), "{blocked}");
    sandbox.write("hookd.toml", "[scan.complexity]\ncompat = 'mccabe'\n");
    let wrong = sandbox.hookd(["config", "check"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.all().contains("lizard"), "{}", wrong.all());
}

#[test]
fn options_of_the_linters_are_read() {
    let sandbox = Sandbox::installed();
    sandbox.write(
        "a.kt",
        "fun a(x: Int) { when (x) { 1 -> b()\n 2 -> c()\n else -> d() } }\n",
    );
    sandbox.write(
        "a.js",
        "function a(x) { switch (x) { case 1: case 2: case 3: } }\n",
    );
    let counts = || {
        let out = sandbox
            .hookd(["metrics", "--format", "json", "."])
            .expect(0)
            .out;
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        let functions = value["functions"].as_array().unwrap().iter();
        functions
            .map(|f| f["cyclomatic"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(counts(), [4, 4]);
    sandbox.write(
        "detekt.yml",
        "complexity:\n  CyclomaticComplexMethod:\n    ignoreSimpleWhenEntries: true\n",
    );
    sandbox.write(
        ".eslintrc.json",
        "{\"rules\": {\"complexity\": [\"error\", {\"max\": 9, \"variant\": \"modified\"}]}}\n",
    );
    assert_eq!(counts(), [2, 2]);
}

#[test]
fn a_file_that_breaks_is_judged_up_to_there_and_not_called_checked() {
    let sandbox = Sandbox::installed();
    let broken = format!(
        "{}\n\nx = \"\"\"never closed\n{}",
        complex_python("before", 12),
        complex_python("behind", 12)
    );
    sandbox.write("a.py", &broken);
    sandbox.write(
        "b.js",
        "function f(a) {\n  return a ? 1 : 2;\n}\n\nfunction g() { return `open }\n",
    );
    sandbox.git(["add", "."]);
    let told = sandbox.hookd(["run", "--all"]).expect(1).all();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("before() has cyclomatic complexity 12"),
        "{told}"
    );
    assert!(!told.contains("behind()"), "{told}");
    assert!(
        told.contains("not checked from line 5 on: not readable as JavaScript"),
        "{told}"
    );
    let listed = sandbox.hookd(["metrics", "b.js"]).expect(3);
    assert!(listed.out.contains(" f b.js:1"), "{}", listed.out);
    assert!(
        listed.all().contains("not read from line 5 on: b.js: "),
        "{}",
        listed.all()
    );
    // Without a finding the run is incomplete.
    sandbox.git(["rm", "-q", "-f", "a.py"]);
    sandbox.hookd(["run", "--all"]).expect(3);
}
