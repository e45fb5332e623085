//! The two lockfiles of npm, of which it reads one.

use crate::kit::Sandbox;

/// A lockfile of npm with `left` in a version.
fn npm_lock(version: &str) -> String {
    format!(
        "{{\"lockfileVersion\": 3, \"packages\": {{\"\": {{}}, \"node_modules/left\": {{\"version\": \"{version}\"}}}}}}\n"
    )
}

/// A repository with both lockfiles of npm, in which `left` has these versions, and an advisory about those before 2.0.0.
fn two_locks(shrinkwrap: &str, lock: &str) -> Sandbox {
    let sandbox = Sandbox::installed();
    sandbox.import_advisory("npm", "TEST-1", "left", "2.0.0");
    // What is written between them keeps git from taking one for the other, renamed.
    sandbox.write("npm-shrinkwrap.json", npm_lock(shrinkwrap));
    sandbox.write("package-lock.json", npm_lock(lock) + &"\n".repeat(900));
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-q", "--no-verify", "-m", "both"]);
    sandbox
}

#[test]
fn the_lockfile_that_npm_reads_from_now_on_is_judged() {
    let sandbox = two_locks("2.0.0", "1.0.0");
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = \"lint\"\nrun = \"exit 1\"\nglob = [\"*.json\"]\n",
    );
    sandbox.git(["rm", "-q", "npm-shrinkwrap.json"]);
    sandbox.git(["add", "."]);
    let text = sandbox.try_git(["commit", "-m", "gone"]).all();
    assert!(text.contains("critical TEST-1\n"), "{text}");
    assert!(
        text.contains("left 1.0.0 (downgraded from 2.0.0)"),
        "{text}"
    );
    assert!(text.contains("1 finding blocks"), "{text}");
    // Nobody else looks at a lockfile that the commit does not change, and commands do not get it.
    let report = sandbox.report([]);
    let checks = report["checks"].as_array().unwrap();
    let check = |id: &str| checks.iter().find(|check| check["id"] == id).unwrap();
    assert_eq!(
        (&check("audit")["files"], &check("secrets")["files"]),
        (&1.into(), &1.into())
    );
    assert_eq!(check("lint")["status"], "skipped");

    sandbox.git(["commit", "-q", "--no-verify", "-m", "gone"]);
    let report = sandbox.hookd([
        "run",
        "--from-ref",
        "HEAD~1",
        "--to-ref",
        "HEAD",
        "--format",
        "json",
    ]);
    assert_eq!(report.code, 1, "{}", report.all());
}

#[test]
fn what_npm_read_before_is_what_its_other_lockfile_is_compared_with() {
    let same = two_locks("1.0.0", "1.0.0");
    same.git(["rm", "-q", "npm-shrinkwrap.json"]);
    same.git(["commit", "-m", "gone"]);
    // The other way round: npm read the lockfile that stays, and from now on reads the new one.
    same.write("npm-shrinkwrap.json", npm_lock("1.0.0"));
    same.git(["add", "."]);
    same.git(["commit", "-m", "back"]);
    same.write("npm-shrinkwrap.json", npm_lock("0.9.0"));
    same.git(["add", "."]);
    assert_eq!(same.try_git(["commit", "-m", "worse"]).code, 1);

    // What the lockfile had while npm did not read it does not count as there before.
    let unread = two_locks("2.0.0", "1.0.0");
    unread.write("package-lock.json", npm_lock("1.0.0") + &"\n".repeat(500));
    unread.git(["rm", "-q", "npm-shrinkwrap.json"]);
    unread.git(["add", "."]);
    assert_eq!(unread.try_git(["commit", "-m", "gone"]).code, 1);

    let kept = two_locks("1.0.0", "1.0.0");
    kept.git(["rm", "-q", "package-lock.json"]);
    kept.git(["commit", "-m", "the one that npm does not read"]);
}

#[test]
fn of_two_lockfiles_the_one_that_npm_reads_is_listed() {
    let sandbox = two_locks("2.0.0", "1.0.0");
    let done = sandbox.hookd(["packages"]).expect(0);
    assert!(done.out.contains("left 2.0.0") && !done.out.contains("left 1.0.0"));
    assert!(
        done.err
            .contains("not listed: package-lock.json: npm reads npm-shrinkwrap.json"),
        "{}",
        done.err
    );
    let named = sandbox.hookd(["packages", "package-lock.json"]).expect(0);
    assert!(named.out.contains("left 1.0.0"), "{}", named.out);
}
