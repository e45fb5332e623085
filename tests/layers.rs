//! Configuration files over configuration files: `extends`, what counts in the end, and consent through all of them.

use crate::kit::Sandbox;
use std::fs;

#[test]
fn extended_files_lie_under_the_one_that_names_them() {
    let sandbox = Sandbox::installed();
    sandbox.write(
        "hookd.toml",
        "extends = ['ci/base.toml', 'ci/more.toml']\n[scan.complexity]\ncyclomatic = 7\n",
    );
    sandbox.write(
        "ci/base.toml",
        "extends = ['../deep.toml']\nexclude = ['base/**']\n[scan.complexity]\ncyclomatic = 8\nlevel = 'warn'\n",
    );
    sandbox.write("ci/more.toml", "exclude = ['more/**']\n");
    sandbox.write(
        "deep.toml",
        "[[hook]]\nid = 'deep'\nrun = 'true'\n[scan.complexity]\nscope = 'all'\nlevel = 'error'\n",
    );
    let done = sandbox.hookd(["config", "show", "--origin"]).expect(0);
    for line in [
        "exclude = [\"more/**\"]  # ci/more.toml:1",
        "cyclomatic = 7  # hookd.toml:3",
        "level = \"warn\"  # ci/base.toml:5",
        "scope = \"all\"  # deep.toml:5",
        "enabled = true  # default",
        "run = \"true\"  # deep.toml:3",
    ] {
        assert!(done.out.contains(line), "{line}: {}", done.out);
    }
    let done = sandbox.hookd(["config", "check"]).expect(0);
    let files: Vec<&str> = done
        .out
        .lines()
        .filter_map(|line| line.strip_suffix(" is fine"))
        .collect();
    assert_eq!(
        files,
        ["deep.toml", "ci/base.toml", "ci/more.toml", "hookd.toml"]
    );
}

#[test]
fn what_is_shown_is_a_configuration_of_the_same_meaning() {
    let sandbox = Sandbox::installed();
    sandbox.write(
        "hookd.toml",
        "exclude = ['vendor/**']\n[scan.hygiene]\nchecks = ['trailing-whitespace']\nargs = { trailing-whitespace = ['--markdown-linebreak-ext=md'] }\n\
         [[hook]]\nid = 'a'\nrun = \"\"\"first\nsecond \\\"$@\\\"\"\"\"\nenv = { A = 'b # c' }\n",
    );
    sandbox.write("hookd.local.toml", "[[hook]]\nid = 'a'\ntimeout = 1.5\n");
    let shown = sandbox.hookd(["config", "show", "--origin"]).expect(0).out;
    assert!(
        shown.contains("timeout = 1.5  # hookd.local.toml:3"),
        "{shown}"
    );
    let plain = sandbox.hookd(["config", "show"]).expect(0).out;
    assert!(!plain.contains(".toml:"), "{plain}");
    let json = sandbox
        .hookd(["config", "show", "--format", "json"])
        .expect(0);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["hook"][0]["timeout"]["origin"]["line"], 3);
    assert_eq!(
        json["scan"]["audit"]["enabled"]["origin"],
        serde_json::Value::Null
    );
    fs::remove_file(sandbox.repo.join("hookd.local.toml")).unwrap();
    for text in [&shown, &plain] {
        sandbox.write("hookd.toml", text);
        let again = sandbox.hookd(["config", "show"]).expect(0).out;
        assert_eq!(again, plain);
    }
}

#[test]
fn mistakes_in_extends_show_their_place() {
    let sandbox = Sandbox::installed();
    sandbox.write("b.toml", "extends = ['a.toml']\n");
    sandbox.write("a.toml", "extends = ['b.toml']\n");
    sandbox.write("bad.toml", "[scan.complexity]\ncyclomatik = 3\n");
    fs::create_dir(sandbox.repo.join("folder")).unwrap();
    for number in 0..30 {
        sandbox.write(
            format!("deep{number}.toml"),
            format!("extends = ['deep{}.toml']\n", number + 1),
        );
    }
    for (text, words) in [
        (
            "extends = ['gone.toml']\n",
            &["hookd.toml:1:12: gone.toml is not there", "^^^^^^^^^^^"][..],
        ),
        (
            "extends = ['a.toml']\n",
            &["b.toml:1:12", "a.toml → b.toml → a.toml"],
        ),
        (
            "extends = ['hookd.toml']\n",
            &["hookd.toml:1:12", "hookd.toml → hookd.toml"],
        ),
        ("extends = ['bad.toml']\n", &["bad.toml:2:1", "cyclomatic"]),
        (
            "extends = 'bad.toml'\n",
            &["hookd.toml:1:11", "list of paths"],
        ),
        ("extends = ['bad.toml', 3]\n", &["hookd.toml:1:24"]),
        ("extends = ['folder']\n", &["folder", "not a file"]),
        (
            "extends = ['deep0.toml']\n",
            &["deep14.toml:1:12", "too many"],
        ),
        ("extend = ['a.toml']\n", &["did you mean `extends`?"]),
    ] {
        sandbox.write("hookd.toml", text);
        let done = sandbox.hookd(["config", "check"]).expect(2);
        for word in words {
            assert!(done.err.contains(word), "{text}: {}", done.err);
        }
    }
}

#[test]
fn a_commit_is_judged_by_the_staged_version_of_what_is_extended() {
    let sandbox = Sandbox::installed();
    sandbox.write("hookd.toml", "extends = ['base.toml']\n");
    sandbox.write("base.toml", "exclude = ['a.py']\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "configured"]);
    // On disk it is broken; what is staged counts.
    sandbox.write("base.toml", "exclude = 3\n");
    sandbox.write(
        "a.py",
        format!("token = '{}'\n", crate::kit::github_token(7)),
    );
    sandbox.git(["add", "a.py"]);
    sandbox.git(["commit", "-qm", "excluded"]);
    // Not tracked: read from the disk.
    sandbox.write("hookd.toml", "extends = ['other.toml']\n");
    sandbox.write("other.toml", "exclude = 4\n");
    sandbox.git(["add", "hookd.toml"]);
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert!(done.err.contains("other.toml:1:11"), "{}", done.err);
}

#[test]
fn the_home_folder_is_meant_in_files_of_the_user_only() {
    let sandbox = Sandbox::installed();
    let own = sandbox.top().join("home/.config/hookd");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("config.toml"), "extends = ['~/mine.toml']\n").unwrap();
    let mine = sandbox.top().join("home/mine.toml");
    fs::write(&mine, "require_trust = true\nexclude = ['mine/**']\n").unwrap();
    let done = sandbox.hookd(["config", "show", "--origin"]).expect(0);
    assert!(
        done.out
            .contains(&format!("require_trust = true  # {}:1", mine.display())),
        "{}",
        done.out
    );
    fs::remove_file(own.join("config.toml")).unwrap();
    sandbox.write("hookd.toml", "extends = ['~/mine.toml']\n");
    let done = sandbox.hookd(["config", "check"]).expect(2);
    assert!(
        done.err.contains("~/mine.toml is not there"),
        "{}",
        done.err
    );
    // A repository cannot reach it in another way either.
    sandbox.write("hookd.toml", "extends = ['../home/mine.toml']\n");
    let done = sandbox.hookd(["config", "check"]).expect(2);
    assert!(
        done.err.contains("only your own configuration"),
        "{}",
        done.err
    );
}

#[test]
fn new_commands_are_named_wherever_they_come_from() {
    let sandbox = Sandbox::installed();
    sandbox.write("hookd.toml", "extends = ['base.toml']\n");
    sandbox.write(
        "base.toml",
        "[[hook]]\nid = 'base'\nrun = 'true'\nalways_run = true\n",
    );
    sandbox.git(["add", "."]);
    sandbox.hookd(["trust"]).expect(0);
    let own = sandbox.top().join("home/.config/hookd");
    fs::create_dir_all(&own).unwrap();
    let commit = || sandbox.try_git(["commit", "-q", "--allow-empty", "-m", "x"]);
    assert_eq!(commit().expect(0).err, "");
    for (name, path) in [
        ("base", sandbox.repo.join("base.toml")),
        ("local", sandbox.repo.join("hookd.local.toml")),
        ("own", own.join("config.toml")),
    ] {
        let hook =
            |run: &str| format!("[[hook]]\nid = '{name}'\nrun = '{run}'\nalways_run = true\n");
        fs::write(&path, hook("echo one")).unwrap();
        sandbox.git(["add", "-u"]);
        let said = commit().expect(0).err;
        assert!(
            said.contains(&format!("new or changed commands: {name}")),
            "{said}"
        );
        assert_eq!(commit().expect(0).err, "", "{name}");
    }
    let trusting = fs::read_to_string(own.join("config.toml")).unwrap();
    fs::write(
        own.join("config.toml"),
        format!("require_trust = true\n{trusting}"),
    )
    .unwrap();
    commit().expect(0);
    sandbox.write(
        "base.toml",
        "[[hook]]\nid = 'base'\nrun = 'echo two'\nalways_run = true\n",
    );
    sandbox.git(["add", "-u"]);
    let said = commit().expect(1).err;
    assert!(
        said.contains("base") && said.contains("hookd trust"),
        "{said}"
    );
    sandbox.hookd(["trust"]).expect(0);
    assert_eq!(commit().expect(0).err, "");
}
