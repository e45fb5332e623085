//! The same configuration over the same files with pre-commit and prek themselves: which files each hook gets, and how each
//! ends. Skipped where neither is there; `HOOKD_PEERS` names the folder of their programs, `HOOKD_PEER_FILES` how many real
//! files are taken (400 otherwise).

use super::{CONFIG, local};
use crate::kit::{Done, Sandbox};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Hooks that write down the files they get: id, and the keys that choose.
const CHOOSERS: [(&str, &str); 22] = [
    ("all", ""),
    ("text", "types: [text]"),
    ("binary", "types: [binary]"),
    ("python", "types: [python]"),
    ("python-or", "types_or: [python, pyi, cython]"),
    ("shell", "types: [shell]"),
    ("executable", "types: [executable]"),
    ("script", "types: [text, executable]"),
    ("symlink", "types: [symlink]"),
    ("anything", "types: []"),
    ("not-text", "exclude_types: [text]"),
    ("data", "types_or: [json, yaml, toml, xml, ini, csv]"),
    ("web", "types_or: [javascript, ts, css, html, svg]"),
    ("docs", "types_or: [markdown, rst, plain-text]"),
    ("c", "types_or: [c, c++]"),
    ("rust", "types: [rust]"),
    ("make", "types_or: [makefile, dockerfile, cmake, batch]"),
    ("below", "files: ^[a-m]"),
    ("ends", "files: '\\.(py|rs|md)$'"),
    ("without", "exclude: (?x)^( [a-f].* | .*test.* )$"),
    ("dots", "files: '(^|/)\\.[^/]+$'"),
    (
        "mixed",
        "types: [text]\n        files: '[A-Z]'\n        exclude: '(?i)readme|license'\n        exclude_types: [python]",
    ),
];

/// Hooks whose verdict is compared.
const JUDGES: [(&str, &str); 10] = [
    (
        "fails",
        "language: fail\n        entry: not here\n        files: ^one\\.",
    ),
    (
        "fails-not",
        "language: fail\n        entry: not here\n        files: ^no-such",
    ),
    (
        "grep",
        "language: pygrep\n        entry: 'unsafe|eval\\('\n        types: [text]",
    ),
    (
        "grep-not",
        "language: pygrep\n        entry: no-such-word-in-any-file-[0-9]{9}\n        types: [text]",
    ),
    (
        "negate",
        "language: pygrep\n        entry: '.'\n        args: [--negate]\n        files: ^one\\.",
    ),
    (
        "multiline",
        "language: pygrep\n        entry: 'first.*second'\n        args: [--multiline]\n        files: ^one\\.",
    ),
    (
        "small",
        "language: pygrep\n        entry: SECOND\n        args: [-i]\n        files: ^one\\.",
    ),
    ("passes", "language: system\n        entry: 'true'"),
    ("refuses", "language: system\n        entry: 'false'"),
    (
        "fixer",
        "language: system\n        entry: sed -i s/first/FIRST/\n        files: ^one\\.",
    ),
];

fn peers() -> Vec<(&'static str, PathBuf)> {
    let own = std::env::var_os("HOOKD_PEERS").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = own
        .into_iter()
        .chain(std::env::split_paths(&path))
        .collect();
    ["pre-commit", "prek"]
        .into_iter()
        .filter_map(|name| {
            Some((
                name,
                folders
                    .iter()
                    .map(|folder| folder.join(name))
                    .find(|path| path.is_file())?,
            ))
        })
        .collect()
}

/// Real files of this machine: sources of libraries of several languages, links and modes as they are.
fn copy_real_files(to: &Path, most: usize) {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let roots = [
        home.join(".cargo/registry/src"),
        "/usr/lib".into(),
        "/usr/share".into(),
        "/etc".into(),
        own.join("src"),
    ];
    for root in &roots {
        let walk = ignore::WalkBuilder::new(root)
            .standard_filters(false)
            .build();
        // Every so many, so that folders of one kind do not crowd out the rest.
        let files = walk
            .flatten()
            .filter(|entry| !entry.path().is_dir())
            .step_by(7);
        let copied = files.filter(|entry| copy(entry.path(), root, to));
        copied.take(most / roots.len()).for_each(drop);
    }
}

/// Whether git, a shell or the tools themselves would read nothing more into the name.
fn is_plain(name: &str) -> bool {
    let own = [".git", "pre-commit", "prek"];
    let graphic = name
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    graphic && !own.iter().any(|word| name.contains(word))
}

/// Copies one file with its mode, or a link as it is.
fn copy(file: &Path, root: &Path, to: &Path) -> bool {
    let below = file.strip_prefix(root).unwrap();
    let target = to.join(below);
    if !below.to_str().is_some_and(is_plain) || target.symlink_metadata().is_ok() {
        return false;
    }
    let _ = fs::create_dir_all(target.parent().unwrap());
    match fs::read_link(file) {
        Ok(link) => std::os::unix::fs::symlink(link, &target).is_ok(),
        Err(_) => {
            file.metadata().is_ok_and(|meta| meta.len() < 200_000)
                && fs::copy(file, &target).is_ok()
        }
    }
}

fn run(sandbox: &Sandbox, program: &Path, args: &[&str], out: &Path) -> Done {
    let cache = sandbox.top().join("cache");
    let mut path = OsString::from(program.parent().unwrap());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    sandbox
        .command(program)
        .env("PATH", path)
        .env("OUT", out)
        .env("PRE_COMMIT_HOME", cache.join("pc"))
        .env("PREK_HOME", cache.join("prek"))
        .args(args)
        .output()
        .unwrap()
        .into()
}

fn chosen(out: &Path, id: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(out.join(id)).unwrap_or_default();
    text.lines()
        .map(|line| line.strip_prefix("./").unwrap_or(line).to_owned())
        .collect()
}

#[test]
fn the_same_files_and_verdicts() {
    let peers = peers();
    if peers.is_empty() {
        eprintln!("skipped: neither pre-commit nor prek is here (HOOKD_PEERS)");
        return;
    }
    let most = std::env::var("HOOKD_PEER_FILES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(400);
    let sandbox = Sandbox::new();
    copy_real_files(&sandbox.repo, most);
    sandbox.write("one.txt", "first\nsecond\n");
    let choosers = CHOOSERS.iter().map(|(id, keys)| {
        let keys = if keys.is_empty() { String::new() } else { format!("        {keys}\n") };
        format!("      - id: {id}\n        name: {id}\n        language: system\n        entry: sh -c 'printf \"%s\\n\" \"$@\" >> \"$OUT/{id}\"' --\n{keys}")
    });
    let judges = JUDGES
        .iter()
        .map(|(id, keys)| format!("      - id: {id}\n        name: {id}\n        {keys}\n"));
    let hooks: String = choosers.chain(judges).collect();
    sandbox.write(
        CONFIG,
        format!("exclude: ^(LICENSE|COPYING)\n{}", local(&hooks)),
    );
    sandbox.git(["add", "-A", "-f"]);
    sandbox.git(["commit", "-qm", "files"]);
    sandbox.hookd(["install"]).expect(0);
    let files = sandbox.git(["ls-files"]).lines().count();
    let hookd = Sandbox::program().to_path_buf();
    let mine = sandbox.top().join("mine");
    fs::create_dir_all(&mine).unwrap();
    for (id, _) in CHOOSERS {
        run(&sandbox, &hookd, &["run", "--all", "--offline", id], &mine).expect(0);
    }
    let verdict = |program: &Path, args: &[&str]| {
        let code = run(&sandbox, program, args, &mine).code;
        sandbox.git(["checkout", "-q", "--", "."]);
        code
    };
    let own: Vec<i32> = JUDGES
        .iter()
        .map(|(id, _)| verdict(&hookd, &["run", "--all", "--offline", id]))
        .collect();
    for (name, program) in &peers {
        let theirs = sandbox.top().join(name);
        fs::create_dir_all(&theirs).unwrap();
        let mut differences = Vec::new();
        for (id, _) in CHOOSERS {
            run(&sandbox, program, &["run", "--all-files", id], &theirs).expect(0);
            let (a, b) = (chosen(&mine, id), chosen(&theirs, id));
            // identify, and so pre-commit, calls `NEWS.gz` text by its name and binary by its extension; prek does not.
            let counts = |path: &&String| !(*name == "prek" && path.ends_with(".gz"));
            let apart = a.symmetric_difference(&b).filter(counts);
            differences
                .extend(apart.map(|path| format!("{id}: {path}, hookd: {}", a.contains(path))));
        }
        for ((id, _), own) in JUDGES.iter().zip(&own) {
            let other = verdict(program, &["run", "--all-files", id]);
            if *own != other {
                differences.push(format!(
                    "{id}: hookd ends with {own}, the other with {other}"
                ));
            }
        }
        assert!(
            differences.is_empty(),
            "over {files} files, {name}:\n{}",
            differences.join("\n")
        );
        eprintln!(
            "{name}: {} selections and {} verdicts agree over {files} files",
            CHOOSERS.len(),
            JUDGES.len()
        );
    }
}
