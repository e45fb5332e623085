//! Odd names of files and repositories, and every kind of repository, through the whole program.

use super::*;

/// Names that shells, git, terminals or option parsers take for something else.
const NAMES: [&[u8]; 40] = [
    b"a b",
    b" lead",
    b"trail ",
    b"tab\tx",
    b"nl\nx",
    b"nl\n",
    b"cr\rx",
    b"cr\r",
    b"dq\"x",
    b"sq'x",
    b"$(touch PWNED)",
    b"`touch PWNED`",
    b"$HOME",
    b"esc\x1b[31mx",
    b"bel\x07",
    b"back\\slash",
    b":!x",
    b":(top)x",
    b"-rf",
    b"--help",
    b"-",
    b"{files}",
    b"{}",
    b"*",
    b"?",
    b"[a]",
    b"~",
    b"#x",
    b"!x",
    b"latin\xe9",
    b"\xff\xfe",
    b"u\xcc\x88nicode\xe2\x80\xae",
    b"a;b",
    b"a&b|c>d",
    b"%41",
    b"a,b",
    b"-d/x",
    b"...",
    b"a=b",
    b"nl\ndir/f",
];

fn named(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

#[test]
fn names_of_files() {
    for (mode, more, code) in [
        ("pass", "", 0),
        ("fail", "", 1),
        // One process: of two the one would see the other's fixes as what is not staged.
        ("fix", "stage_fixed = true\nserial = true", 0),
    ] {
        let sandbox = hooked(mode, more);
        let long = "x".repeat(250);
        let names = || NAMES.into_iter().chain([long.as_bytes()]);
        for name in names() {
            sandbox.write(named(name), lines());
        }
        add(&sandbox);
        for name in names() {
            sandbox.write(named(name), lines() + "unstaged\n");
        }
        let before = state(&sandbox);
        let done = sandbox.try_git(["commit", "-qm", "x"]).expect(code);
        let after = state(&sandbox);
        assert!(!done.all().contains(['\x1b', '\x07']), "{}", done.all());
        assert!(!sandbox.repo.join("PWNED").exists());
        match mode {
            "pass" => assert_eq!(before.files, after.files),
            "fail" => assert_same(&before, &after, "names"),
            _ => {
                for name in names() {
                    let mut object = b"HEAD:".to_vec();
                    object.extend_from_slice(name);
                    let shown = sandbox.git([
                        OsStr::new("cat-file"),
                        "blob".as_ref(),
                        OsStr::from_bytes(&object),
                    ]);
                    assert_eq!(
                        shown,
                        format!("FIX\n{}", lines()),
                        "{}",
                        name.escape_ascii()
                    );
                }
                assert_eq!(without_fixes(&before), without_fixes(&after));
            }
        }
    }
}

#[test]
fn names_in_the_report() {
    let sandbox = Sandbox::new();
    for name in NAMES {
        sandbox.write(named(name), "<<<<<<< x\n=======\n>>>>>>> y\n");
    }
    add(&sandbox);
    for args in [
        &["--offline"][..],
        &["--all", "--offline", "--skip", "audit"],
    ] {
        let mut all = vec!["run", "--format", "json"];
        all.extend_from_slice(args);
        let done = sandbox.hookd(all).expect(1);
        let report: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        let path = |finding: &serde_json::Value| {
            let text = finding["path"].as_str().unwrap().to_owned();
            if finding["path_encoding"] == "percent" {
                decoded(&text)
            } else {
                text.into_bytes()
            }
        };
        let found: std::collections::BTreeSet<_> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(path)
            .collect();
        let wanted: std::collections::BTreeSet<_> = NAMES.map(<[u8]>::to_vec).into();
        assert_eq!(found, wanted);
    }
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    bytes
}

/// Where a repository, a linked worktree of it and the program itself may be.
const PLACES: [&[u8]; 9] = [
    b"re\npo",
    b"repo\n",
    b"r\xe9po\xff",
    b"it's \"q\"",
    b" blank ",
    b"-dash",
    b"$(touch PWNED)",
    b"back\\",
    b"*",
];

#[test]
fn places_of_repositories_worktrees_and_the_program() {
    for place in PLACES {
        let what = place.escape_ascii().to_string();
        let mut sandbox = Sandbox::new();
        let moved = sandbox.top().join(named(place));
        fs::rename(&sandbox.repo, &moved).unwrap();
        sandbox.repo = moved;
        prepare(&sandbox, "fail", "");
        partly(&sandbox, "a");
        let before = state(&sandbox);
        sandbox.try_git(["commit", "-qm", "x"]).expect(1);
        assert_same(&before, &state(&sandbox), &what);
        assert_nothing_left(&sandbox, &what);

        let mut linked = b"linked ".to_vec();
        linked.extend_from_slice(place);
        let linked = sandbox.top().join(named(&linked));
        let args: [&OsStr; 5] = [
            "worktree".as_ref(),
            "add".as_ref(),
            "-qb".as_ref(),
            "other".as_ref(),
            linked.as_os_str(),
        ];
        sandbox.git(args);
        let main = std::mem::replace(&mut sandbox.repo, linked);
        partly(&sandbox, "b");
        let before = state(&sandbox);
        sandbox.try_git(["commit", "-qm", "x"]).expect(1);
        assert_same(&before, &state(&sandbox), &format!("linked {what}"));
        sandbox.repo = main;

        let folder = sandbox.top().join("bin").join(named(place));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("hookd");
        Sandbox::copy_program(&program);
        let done: Done = sandbox
            .command(&program)
            .arg("install")
            .output()
            .unwrap()
            .into();
        done.expect(0);
        let before = state(&sandbox);
        let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
        assert!(done.all().contains("failed"), "{what}: {}", done.all());
        fs::remove_file(&program).unwrap();
        sandbox.try_git(["commit", "-qm", "x"]).expect(1);
        assert_same(&before, &state(&sandbox), &format!("program {what}"));
    }
}

#[test]
fn kinds_of_repositories() {
    let git_dir = "--separate-git-dir=../elsewhere";
    for kind in [
        "--object-format=sha256",
        "--ref-format=reftable",
        git_dir,
        "--quiet",
    ] {
        for (mode, more, code) in [
            ("pass", "", 0),
            ("fail", "", 1),
            ("fix", "stage_fixed = true", 0),
        ] {
            let sandbox = Sandbox::without_repo();
            if sandbox
                .try_git(["init", "-q", "-b", "main", kind, "."])
                .code
                != 0
            {
                eprintln!("skipped: this git knows no {kind}");
                continue;
            }
            prepare(&sandbox, mode, more);
            partly(&sandbox, "a");
            let what = format!("{kind} {mode}");
            let before = state(&sandbox);
            sandbox.try_git(["commit", "-qm", "x"]).expect(code);
            let after = state(&sandbox);
            match mode {
                "pass" => assert_eq!(before.files, after.files, "{what}"),
                "fail" => assert_same(&before, &after, &what),
                _ => assert!(
                    sandbox.git(["show", "HEAD:a"]).starts_with("FIX\n"),
                    "{what}"
                ),
            }
            assert_nothing_left(&sandbox, &what);
        }
    }
}

#[test]
fn before_the_first_commit() {
    for (mode, more, code) in [
        ("pass", "", 0),
        ("fail", "", 1),
        ("fix", "stage_fixed = true", 0),
    ] {
        let sandbox = hooked(mode, more);
        sandbox.git(["update-ref", "-d", "HEAD"]);
        partly(&sandbox, "a");
        let before = state(&sandbox);
        sandbox.try_git(["commit", "-qm", "x"]).expect(code);
        let after = state(&sandbox);
        assert_eq!(without_fixes(&before), without_fixes(&after), "{mode}");
        if code == 1 {
            assert_same(&before, &after, "no HEAD");
        } else {
            assert_eq!(sandbox.git(["rev-list", "--count", "HEAD"]), "1\n");
        }
    }
}

#[test]
fn a_partial_clone_offline() {
    let origin = hooked("fail", "");
    origin.git(["config", "uploadpack.allowFilter", "true"]);
    let mut sandbox = Sandbox::without_repo();
    sandbox.repo = sandbox.top().join("clone");
    let url = format!("file://{}", origin.repo.display());
    let mut git = sandbox.command("git");
    git.args(["clone", "-q", "--filter=blob:none", &url])
        .arg(&sandbox.repo)
        .current_dir(sandbox.top());
    assert!(git.status().unwrap().success());
    fs::write(sandbox.top().join("hook.sh"), "exit 1\n").unwrap();
    sandbox.hookd(["install"]).expect(0);
    fs::rename(&origin.repo, origin.top().join("unreachable")).unwrap();
    partly(&sandbox, "a");
    let before = state(&sandbox);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert_same(&before, &state(&sandbox), "offline");
}

#[test]
fn an_index_with_conflicts_is_refused() {
    let sandbox = hooked("pass", "");
    sandbox.git(["checkout", "-qb", "side"]);
    line(&sandbox, "c", 10, "theirs");
    commit_all(&sandbox);
    sandbox.git(["checkout", "-q", "main"]);
    line(&sandbox, "c", 10, "ours");
    commit_all(&sandbox);
    sandbox.try_git(["merge", "-q", "side"]).expect(1);
    let before = state(&sandbox);
    let done = sandbox.hookd(["run"]).expect(2);
    assert!(done.err.contains('c'), "{}", done.err);
    assert_same(&before, &state(&sandbox), "conflicts");
}

#[test]
fn inside_a_submodule_and_with_a_configured_worktree() {
    let mut sandbox = hooked("fail", "");
    let outer = sandbox.top().join("outer");
    fs::create_dir(&outer).unwrap();
    let inner = std::mem::replace(&mut sandbox.repo, outer.clone());
    sandbox.git(["init", "-q", "."]);
    let args = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
    ]
    .map(OsStr::new);
    sandbox.git(args.into_iter().chain([inner.as_os_str(), "sub".as_ref()]));
    sandbox.repo = outer.join("sub");
    let failing = |sandbox: &Sandbox, what: &str| {
        sandbox.hookd(["install"]).expect(0);
        partly(sandbox, "a");
        let before = state(sandbox);
        let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
        assert!(done.all().contains("exit status 1"), "{}", done.all());
        assert_same(&before, &state(sandbox), what);
        assert_nothing_left(sandbox, what);
    };
    failing(&sandbox, "submodule");

    // A git directory somewhere else that knows its worktree by itself.
    let sandbox = hooked("fail", "");
    let elsewhere = sandbox.top().join("elsewhere");
    fs::rename(sandbox.repo.join(".git"), &elsewhere).unwrap();
    let link = format!("gitdir: {}\n", elsewhere.display());
    fs::write(sandbox.repo.join(".git"), link).unwrap();
    sandbox.git(["config", "core.worktree", sandbox.repo.to_str().unwrap()]);
    failing(&sandbox, "core.worktree");
}
