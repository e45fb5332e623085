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
    ("true", "language: system\n        entry: 'true'"),
    ("false", "language: system\n        entry: 'false'"),
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
fn copy_real_files(to: &Path, most: usize) -> usize {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let mut roots = vec![
        home.join(".cargo/registry/src"),
        PathBuf::from("/usr/lib"),
        PathBuf::from("/usr/share"),
        PathBuf::from("/etc"),
    ];
    roots.push(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"));
    let share = most / roots.len();
    let mut names = BTreeSet::new();
    for root in roots {
        let walk = ignore::WalkBuilder::new(&root)
            .hidden(false)
            .ignore(false)
            .git_ignore(false)
            .build();
        let files = walk.flatten().filter(|entry| {
            entry
                .file_type()
                .is_some_and(|kind| kind.is_file() || kind.is_symlink())
        });
        let mut taken = 0;
        for (at, entry) in files.enumerate() {
            // Every so many, so that folders of one kind do not crowd out the rest.
            if taken >= share || at % 7 != 0 {
                continue;
            }
            let below = entry.path().strip_prefix(&root).unwrap().to_path_buf();
            let is_git = below.components().any(|part| {
                part.as_os_str() == ".git"
                    || part.as_os_str() == ".gitmodules"
                    || part.as_os_str() == ".gitattributes"
                    || part.as_os_str() == ".gitignore"
            });
            let plain = below.to_str().is_some_and(|name| {
                !name.contains(char::is_whitespace) && !name.contains('\\') && name.is_ascii()
            });
            if is_git || !plain || !names.insert(below.clone()) {
                continue;
            }
            let target = to.join(&below);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let copied = if entry.path_is_symlink() {
                std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), &target).is_ok()
            } else {
                entry.metadata().is_ok_and(|meta| meta.len() < 200_000)
                    && fs::copy(entry.path(), &target).is_ok()
            };
            taken += usize::from(copied);
        }
    }
    names.len()
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
        let mut differences = 0;
        for (id, _) in CHOOSERS {
            run(&sandbox, program, &["run", "--all-files", id], &theirs).expect(0);
            let (a, b) = (chosen(&mine, id), chosen(&theirs, id));
            for path in a.symmetric_difference(&b) {
                differences += 1;
                eprintln!(
                    "{name}, {id}: {path} is in {} only",
                    if a.contains(path) {
                        "hookd's"
                    } else {
                        "the other's"
                    }
                );
            }
        }
        for ((id, _), own) in JUDGES.iter().zip(&own) {
            let other = verdict(program, &["run", "--all-files", id]);
            if *own != other {
                differences += 1;
                eprintln!("{name}, {id}: hookd ends with {own}, the other with {other}");
            }
        }
        assert_eq!(differences, 0, "over {files} files, {name}");
        eprintln!(
            "{name}: {} selections and {} verdicts agree over {files} files",
            CHOOSERS.len(),
            JUDGES.len()
        );
    }
}
