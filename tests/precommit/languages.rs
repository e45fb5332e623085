//! Hooks in environments of their own. Where the machine lacks a language, or cannot make an environment without the
//! network, the test says so and passes.

use super::{CONFIG, hook_repo, local};
use crate::kit::{Done, Sandbox};
use std::process::Command;

/// pip without the network: nothing but what stands in the virtual environment itself.
const OFFLINE: [(&str, &str); 4] = [
    ("PIP_NO_INDEX", "1"),
    ("PIP_NO_BUILD_ISOLATION", "0"),
    ("UV_OFFLINE", "1"),
    ("npm_config_offline", "true"),
];

/// PATH with Python and without uv, so that `venv` and pip do the work.
fn without_uv(sandbox: &Sandbox) -> std::ffi::OsString {
    let bin = sandbox.top().join("python-only");
    if !bin.exists() {
        std::fs::create_dir(&bin).unwrap();
        let asked = Command::new("python3")
            .args(["-c", "import sys; print(sys.executable)"])
            .output()
            .unwrap();
        let python = String::from_utf8(asked.stdout).unwrap();
        std::os::unix::fs::symlink(python.trim(), bin.join("python3")).unwrap();
        for tool in ["git", "sh", "cp", "node", "npm"] {
            let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
                .map(|folder| folder.join(tool))
                .find(|path| path.exists());
            if let Some(found) = found {
                std::os::unix::fs::symlink(found, bin.join(tool)).unwrap();
            }
        }
    }
    let mut path = bin.into_os_string();
    path.push(":/usr/bin:/bin");
    path
}

fn hookd(sandbox: &Sandbox, args: &[&str]) -> Done {
    sandbox
        .command(Sandbox::program())
        .env("PATH", without_uv(sandbox))
        .envs(OFFLINE)
        .args(args)
        .output()
        .unwrap()
        .into()
}

fn has(program: &str, args: &[&str]) -> bool {
    let there = Command::new(program)
        .args(args)
        .output()
        .is_ok_and(|done| done.status.success());
    if !there {
        eprintln!("skipped: `{program} {}` does not work here", args.join(" "));
    }
    there
}

fn config(dir: &std::path::Path, id: &str) -> String {
    format!(
        "repos:\n  - repo: file://{}\n    rev: v1.0.0\n    hooks:\n      - id: {id}\n",
        dir.display()
    )
}

fn install(sandbox: &Sandbox, text: &str) -> Done {
    sandbox.write(CONFIG, text);
    sandbox.write("a.txt", "bad word\n");
    sandbox.git(["add", "."]);
    hookd(sandbox, &["install"])
}

#[test]
fn a_python_package() {
    // setuptools of the virtual environment itself: newer Pythons have none there.
    if !has(
        "python3",
        &[
            "-c",
            "import sys, venv, ensurepip; sys.exit(sys.version_info >= (3, 12))",
        ],
    ) || has("uv", &["--version"])
    {
        return;
    }
    let sandbox = Sandbox::new();
    let dir = hook_repo(
        &sandbox,
        "py",
        &[
            (
                ".pre-commit-hooks.yaml",
                "- id: words\n  name: w\n  language: python\n  entry: check-words\n  types: [text]\n  files: txt\n",
            ),
            (
                "setup.py",
                "from setuptools import setup\nsetup(name='words', version='1', py_modules=['words'], entry_points={'console_scripts': ['check-words=words:main']})\n",
            ),
            (
                "words.py",
                "import sys\ndef main():\n    bad = [f for f in sys.argv[1:] if 'bad' in open(f).read()]\n    print('words:', *bad, 'PRE_COMMIT', __import__('os').environ['PRE_COMMIT'], sys.prefix != sys.base_prefix)\n    return bool(bad)\n",
            ),
        ],
    );
    let done = install(&sandbox, &config(&dir, "words"));
    if done.code == 3 && done.err.contains("bdist_wheel") {
        eprintln!("skipped: pip cannot build without the network here");
        return;
    }
    let done = done.expect(0);
    assert!(
        done.err.contains("making the environment of words"),
        "{}",
        done.err
    );
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert!(
        done.all().contains("words: a.txt PRE_COMMIT 1 True"),
        "{}",
        done.all()
    );
    sandbox.write("a.txt", "fine\n");
    sandbox.git(["commit", "-qam", "x"]);
    hookd(&sandbox, &["gc"]).expect(0);
    sandbox.write("a.txt", "still fine\n");
    sandbox.git(["commit", "-qam", "x"]);
}

#[test]
fn a_python_hook_of_the_configuration() {
    if !has("python3", &["-c", "import venv, ensurepip"]) {
        return;
    }
    let sandbox = Sandbox::new();
    let hook = |version: &str| {
        local(&format!(
            "      - id: inside\n        name: i\n        language: python\n        entry: python -c 'import sys; sys.exit(sys.prefix == sys.base_prefix)'\n        language_version: {version}\n"
        ))
    };
    install(&sandbox, &hook("python3")).expect(0);
    sandbox.git(["commit", "-qm", "x"]);
    let done = install(&sandbox, &hook("python1.5")).expect(3);
    assert!(
        done.err.contains("not ready: inside") && done.err.contains("1.5"),
        "{}",
        done.err
    );
}

#[test]
fn a_node_package() {
    if !has("node", &["--version"]) || !has("npm", &["--version"]) {
        return;
    }
    let sandbox = Sandbox::new();
    let dir = hook_repo(
        &sandbox,
        "js",
        &[
            (
                ".pre-commit-hooks.yaml",
                "- id: words\n  name: w\n  language: node\n  entry: check-words\n  files: txt\n",
            ),
            (
                "package.json",
                "{\"name\": \"words\", \"version\": \"1.0.0\", \"bin\": {\"check-words\": \"./words.js\"}}",
            ),
            (
                "words.js",
                "#!/usr/bin/env node\nconsole.log('words', process.argv.slice(2).join(' '));\nprocess.exit(1);\n",
            ),
        ],
    );
    let done = install(&sandbox, &config(&dir, "words")).expect(0);
    assert!(
        done.err.contains("making the environment of words"),
        "{}",
        done.err
    );
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert!(done.all().contains("words a.txt"), "{}", done.all());
    let text = config(&dir, "words") + "        language_version: '1.2.3'\n";
    let done = install(&sandbox, &text).expect(3);
    assert!(done.err.contains("it wants node 1.2.3"), "{}", done.err);
}

#[test]
fn a_rust_program() {
    let Some(cargo) = std::env::var_os("CARGO") else {
        return;
    };
    let sandbox = Sandbox::new();
    let dir = hook_repo(
        &sandbox,
        "rs",
        &[
            (
                ".pre-commit-hooks.yaml",
                "- id: words\n  name: w\n  language: rust\n  entry: check-words\n  files: txt\n",
            ),
            (
                "Cargo.toml",
                "[package]\nname = \"check-words\"\nversion = \"1.0.0\"\nedition = \"2021\"\n",
            ),
            (
                "src/main.rs",
                "fn main() { println!(\"words {:?}\", std::env::args().skip(1).collect::<Vec<_>>()); std::process::exit(1) }\n",
            ),
        ],
    );
    // The real program, not rustup's: HOME is the sandbox's.
    let mut path = std::ffi::OsString::from(std::path::Path::new(&cargo).parent().unwrap());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    sandbox.write(CONFIG, config(&dir, "words"));
    sandbox.write("a.txt", "x\n");
    sandbox.git(["add", "."]);
    let done: Done = sandbox
        .command(Sandbox::program())
        .env("PATH", path)
        .env("CARGO_NET_OFFLINE", "true")
        .arg("install")
        .output()
        .unwrap()
        .into();
    done.expect(0);
    let done = sandbox.hookd(["run"]).expect(1);
    assert!(done.out.contains("words [\"a.txt\"]"), "{}", done.all());
}

#[test]
fn containers_by_the_docker_command() {
    let sandbox = Sandbox::new();
    let bin = sandbox.top().join("bin");
    std::fs::create_dir(&bin).unwrap();
    std::fs::write(
        bin.join("docker"),
        "#!/bin/sh\necho docker \"$@\" >> \"$HOME/docker\"\n",
    )
    .unwrap();
    std::fs::set_permissions(
        bin.join("docker"),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let dir = hook_repo(
        &sandbox,
        "image",
        &[
            (
                ".pre-commit-hooks.yaml",
                "- id: built\n  name: b\n  language: docker\n  entry: tool --check\n",
            ),
            ("Dockerfile", "FROM scratch\n"),
        ],
    );
    let text = config(&dir, "built")
        + "  - repo: local\n    hooks:\n      - id: image\n        name: i\n        language: docker_image\n        entry: --entrypoint /lint example/lint:1\n        args: [-x]\n";
    sandbox.write(CONFIG, text);
    sandbox.write("a.txt", "x\n");
    sandbox.git(["add", "."]);
    for args in [&["install"][..], &["run"]] {
        let done: Done = sandbox
            .command(Sandbox::program())
            .env("PATH", &path)
            .args(args)
            .output()
            .unwrap()
            .into();
        done.expect(0);
    }
    let said = std::fs::read_to_string(sandbox.top().join("home/docker")).unwrap();
    let top = sandbox.repo.display();
    assert!(said.contains("docker build --tag hookd-"), "{said}");
    assert!(
        said.contains(&format!(
            "--volume {top}:/src:rw,Z --workdir /src --entrypoint tool hookd-"
        )),
        "{said}"
    );
    assert!(
        said.contains(
            "--workdir /src --entrypoint /lint example/lint:1 -x .pre-commit-config.yaml a.txt"
        ),
        "{said}"
    );
}
