//! Bad input of every kind: a clear message, the right exit code, no panic, nothing lost.

use crate::kit::{Done, Sandbox, findings, github_token};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

#[test]
fn a_broken_configuration_shows_line_and_caret() {
    let sandbox = Sandbox::installed();
    for (text, words) in [
        (
            "[scan.secrets]\nenabeld = true\n",
            &["hookd.toml:2:1", "^^^^^^^", "did you mean `enabled`?"][..],
        ),
        (
            "[scan.secrts]\n",
            &["hookd.toml:1:7", "did you mean `secrets`?"],
        ),
        (
            "[scan.complexity]\ncyclomatic = \"ten\"\n",
            &["hookd.toml:2:14", "^^^^^"],
        ),
        (
            "[scan.secrets]\ndisable = [\"github-pta\"]\n",
            &["hookd.toml:2:12", "did you mean `github-pat`?"],
        ),
        ("[scan\n", &["hookd.toml:1:6"]),
        ("exclude = 7\n", &["hookd.toml:1:11"]),
    ] {
        sandbox.write("hookd.toml", text);
        sandbox.git(["add", "."]);
        for args in [&["config", "check"][..], &["run"], &["run", "--all"]] {
            let done = sandbox.hookd(args).expect(2);
            for word in words {
                assert!(
                    done.err.contains(word),
                    "{args:?} on {text:?}: {}",
                    done.err
                );
            }
        }
        sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    }
}

#[test]
fn a_lockfile_that_does_not_parse_is_not_passed() {
    let sandbox = Sandbox::installed();
    sandbox.import_advisory("crates.io", "RUSTSEC-2026-0001", "bad", "2.0.0");
    sandbox.write("a/Cargo.lock", "[[package]\nname = \"x\"\n");
    sandbox.write("b/Cargo.lock", "[[package]]\nname = \"bad\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example/crates\"\n");
    sandbox.write("c", format!("t = '{}'\n", github_token(1)));
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(
        findings(&report),
        ["RUSTSEC-2026-0001 b/Cargo.lock:3", "github-pat c:1"]
    );
    assert_eq!(report["errors"][0]["path"], "a/Cargo.lock");
    sandbox.git(["rm", "-q", "--cached", "-r", "b", "c"]);
    fs::remove_dir_all(sandbox.repo.join("b")).unwrap();
    let done = sandbox.hookd(["run"]).expect(3);
    assert!(
        done.out.contains("a/Cargo.lock") && !done.out.contains('✓'),
        "{}",
        done.out
    );
}

#[test]
fn corrupt_advisories_are_refused_and_the_old_ones_stay() {
    let sandbox = Sandbox::installed();
    sandbox.import_advisory("crates.io", "RUSTSEC-2026-0001", "bad", "2.0.0");
    let zip = sandbox.top().join("crates.io");
    fs::create_dir(&zip).unwrap();
    fs::write(zip.join("all.zip"), b"PK\x03\x04 this is no zip").unwrap();
    let done = sandbox
        .hookd([
            "db".as_ref(),
            "import".as_ref(),
            zip.join("all.zip").as_os_str(),
        ])
        .expect(2);
    assert!(done.err.contains("all.zip"), "{}", done.err);
    sandbox.write("Cargo.lock", "[[package]]\nname = \"bad\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example/crates\"\n");
    sandbox.git(["add", "."]);
    assert_eq!(
        findings(&sandbox.report([])),
        ["RUSTSEC-2026-0001 Cargo.lock:3"]
    );
    assert!(
        sandbox
            .hookd(["db", "status"])
            .expect(0)
            .out
            .contains("crates.io")
    );
}

#[test]
fn a_damaged_database_is_not_audited() {
    let sandbox = Sandbox::installed();
    sandbox.import_advisory("crates.io", "RUSTSEC-2026-0001", "bad", "2.0.0");
    sandbox.write("Cargo.lock", "[[package]]\nname = \"bad\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example/crates\"\n");
    sandbox.git(["add", "."]);
    for entry in fs::read_dir(sandbox.top().join("data/advisories")).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        let half = bytes.len() / 2;
        bytes.truncate(half);
        bytes.iter_mut().skip(8).for_each(|byte| *byte = !*byte);
        fs::write(&path, bytes).unwrap();
    }
    let done = sandbox.hookd(["run", "--all", "--offline"]).expect(3);
    assert!(done.out.contains("not audited"), "{}", done.out);
}

/// What a crash or a full disk leaves of an object that git just wrote; libgit2 would never come back from it.
#[test]
fn a_staged_file_whose_object_ends_too_early_is_not_passed() {
    let sandbox = Sandbox::installed();
    let text: String = (0..5_000)
        .map(|at| format!("x{at} = {}\n", at * at))
        .collect();
    sandbox.write("a.py", text);
    sandbox.git(["add", "."]);
    let id = sandbox.git(["rev-parse", ":a.py"]);
    let (folder, name) = id.trim().split_at(2);
    let object = sandbox.repo.join(".git/objects").join(folder).join(name);
    let whole = fs::read(&object).unwrap();
    fs::set_permissions(&object, fs::Permissions::from_mode(0o644)).unwrap();
    for length in [0, 1, 2, 5, 12, 40, whole.len() / 2, whole.len() - 1] {
        fs::write(&object, &whole[..length]).unwrap();
        // Of one without a head libgit2 can't tell the size.
        let done = sandbox.hookd(["run"]);
        assert!(matches!(done.code, 2 | 3), "{length}: {}", done.all());
    }
    fs::write(&object, &whole[..whole.len() / 2]).unwrap();
    let done = sandbox.hookd(["run"]).expect(3);
    assert!(done.out.contains("not checked a.py"), "{}", done.out);
    assert!(done.out.contains("git fsck"), "{}", done.out);
    // Another repository may lend it.
    let lent = sandbox.top().join("lent");
    fs::create_dir_all(lent.join(folder)).unwrap();
    fs::rename(&object, lent.join(folder).join(name)).unwrap();
    let list = sandbox.repo.join(".git/objects/info/alternates");
    fs::write(&list, format!("{}\n", lent.display())).unwrap();
    let done = sandbox.hookd(["run"]).expect(3);
    assert!(done.out.contains("git fsck"), "{}", done.out);
    fs::remove_file(&list).unwrap();
    fs::write(&object, &whole).unwrap();
    sandbox.hookd(["run"]).expect(0);
}

#[test]
fn a_named_pipe_does_not_hang() {
    let sandbox = Sandbox::installed();
    sandbox.write("pipe", "x\n");
    sandbox.git(["add", "pipe"]);
    sandbox.git(["commit", "-qm", "x"]);
    fs::remove_file(sandbox.repo.join("pipe")).unwrap();
    assert!(
        sandbox
            .command("mkfifo")
            .arg("pipe")
            .status()
            .unwrap()
            .success()
    );
    for args in [
        ["run", "--all", "--offline"].as_slice(),
        &["run", "--files", "pipe"],
    ] {
        let began = Instant::now();
        let done = sandbox.hookd(args).expect(3);
        assert!(began.elapsed() < Duration::from_secs(20));
        assert!(done.out.contains("pipe"), "{}", done.out);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_not_passed() {
    let sandbox = Sandbox::installed();
    sandbox.write("locked", "x\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    let path = sandbox.repo.join("locked");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        eprintln!("skipped: this user reads files without permission");
        return;
    }
    let done = sandbox.hookd(["run", "--all", "--offline"]).expect(3);
    assert!(done.out.contains("locked"), "{}", done.out);
}

#[test]
fn a_file_gone_from_the_object_database_is_not_passed() {
    let sandbox = Sandbox::installed();
    sandbox.write("lost", "some text\n");
    sandbox.git(["add", "."]);
    let id = sandbox.git(["rev-parse", ":lost"]);
    let (folder, file) = id.trim().split_at(2);
    fs::remove_file(sandbox.repo.join(".git/objects").join(folder).join(file)).unwrap();
    let done = sandbox.hookd(["run"]);
    assert!(matches!(done.code, 2 | 3), "{done:?}");
    assert!(!done.all().contains('✓'), "{}", done.all());
}

#[test]
fn a_huge_file_is_scanned_in_windows() {
    let sandbox = Sandbox::installed();
    let path = sandbox.repo.join("huge.bin");
    let file = fs::File::create(&path).unwrap();
    // Sparse: it costs no disk.
    file.set_len(100 << 20).unwrap();
    use std::io::{Seek, SeekFrom, Write};
    let mut file = file;
    file.seek(SeekFrom::Start((70 << 20) - 20)).unwrap();
    writeln!(file, "\ntoken = '{}'", github_token(1)).unwrap();
    let report = sandbox.report(["secrets", "--files", "huge.bin"]);
    assert_eq!(findings(&report), ["github-pat huge.bin:2"], "{report:#}");
    assert_eq!(report["errors"].as_array().unwrap().len(), 0);
    let lock = sandbox.repo.join("Cargo.lock");
    fs::File::create(&lock).unwrap().set_len(100 << 20).unwrap();
    let done = sandbox
        .hookd(["run", "audit", "--offline", "--files", "Cargo.lock"])
        .expect(3);
    assert!(done.out.contains("100 MiB"), "{}", done.out);
}

#[test]
fn binary_files_and_odd_text_do_not_panic() {
    let sandbox = Sandbox::installed();
    let noise: Vec<u8> = (0..200_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for name in [
        "a.bin",
        "b.py",
        "c.js",
        "d.go",
        "e.rs",
        "Cargo.lock.bak",
        "f.ts",
        "g.toml",
    ] {
        sandbox.write(name, &noise);
    }
    sandbox.write("empty.py", "");
    sandbox.write("latin.py", b"# caf\xe9\nx = 1\n");
    sandbox.write("bom.py", b"\xef\xbb\xbfdef f():\n    pass\n");
    sandbox.write(
        "deep.js",
        format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000)),
    );
    sandbox.write("long.js", "var a=1;".repeat(100_000));
    sandbox.git(["add", "."]);
    let done = sandbox.hookd(["run"]);
    assert!(matches!(done.code, 0 | 3), "{done:?}");
    assert!(
        !done.all().contains("panicked") && !done.all().contains("this is a bug"),
        "{}",
        done.all()
    );
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let sandbox = Sandbox::installed();
    let mut child = sandbox
        .command(Sandbox::program())
        .args(["list", "--rules"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done: Done = child.wait_with_output().unwrap().into();
    assert!(!done.err.contains("panicked"), "{}", done.err);
}

#[test]
fn usage_errors_say_what_to_type() {
    let sandbox = Sandbox::installed();
    for (args, word) in [
        (&["run", "--files", "nope"][..], "nope"),
        (&["-C", "nope", "run"], "nope"),
        (&["explain", "nope"], "hookd list --rules"),
        (&["run", "--al"], "--all"),
        (&["install", "--hook-type", "pre-comit"], "pre-commit"),
        (&["db", "import", "nope"], "nope"),
    ] {
        let done = sandbox.hookd(args).expect(2);
        assert!(done.err.contains(word), "{args:?}: {}", done.err);
    }
    let outside = Sandbox::without_repo();
    for command in [&["install"][..], &["uninstall"], &["run"]] {
        let done = outside.hookd(command).expect(2);
        assert!(done.err.contains("not in a git repository"), "{}", done.err);
    }
}
