//! The states: `group: name`, and how git is brought into it.

use super::*;

/// One state.
type State = (&'static str, fn(&Sandbox));

pub(super) const STATES: &[State] = &[
    ("hunks: all staged", |s| {
        line(s, "a", 3, "staged");
        add(s);
    }),
    ("hunks: far apart", |s| {
        partly(s, "a");
        line(s, "b", 3, "staged");
        s.git(["add", "b"]);
    }),
    ("hunks: adjacent", |s| {
        line(s, "a", 5, "staged");
        add(s);
        line(s, "a", 6, "unstaged");
    }),
    ("hunks: overlapping", |s| {
        line(s, "a", 5, "staged");
        add(s);
        line(s, "a", 5, "something else, unstaged");
    }),
    ("hunks: one takes the other back", |s| {
        line(s, "a", 5, "staged");
        add(s);
        line(s, "a", 5, "line 5");
    }),
    ("hunks: only touched", |s| {
        line(s, "a", 5, "staged");
        add(s);
        let text = read(s, "b");
        s.write("b", text);
    }),
    ("paths: intent to add", |s| {
        s.write("new", "intended\n");
        s.git(["add", "-N", "new"]);
        line(s, "b", 3, "staged");
        s.git(["add", "b"]);
    }),
    ("paths: intent to add beside a partly staged file", |s| {
        s.write("new", "intended\n");
        s.write("empty", "");
        s.git(["add", "-N", "new", "empty"]);
        partly(s, "a");
    }),
    ("paths: intent to add, then deleted", |s| {
        s.write("new", "intended\n");
        s.git(["add", "-N", "new"]);
        remove(s, "new");
        partly(s, "a");
    }),
    ("paths: added", |s| {
        s.write("new", lines());
        add(s);
        partly(s, "new");
    }),
    ("paths: deleted and staged", |s| {
        s.git(["rm", "-q", "c"]);
        partly(s, "b");
    }),
    ("paths: deleted from the index only", |s| {
        s.git(["rm", "-q", "--cached", "c"]);
        s.write("c", "kept\n");
        partly(s, "b");
    }),
    ("paths: renamed with an edit", |s| {
        s.git(["mv", "a", "z"]);
        line(s, "z", 2, "staged");
        add(s);
        line(s, "z", 20, "unstaged");
    }),
    ("paths: a chain of renames", |s| {
        for [from, to] in [["b", "t"], ["a", "b"], ["t", "a"]] {
            s.git(["mv", from, to]);
        }
        line(s, "a", 2, "staged");
        add(s);
        line(s, "b", 2, "unstaged");
    }),
    ("paths: untracked and ignored files, empty folders", |s| {
        s.write(".gitignore", "ignored\nout/\n");
        s.git(["add", ".gitignore"]);
        for path in ["ignored", "out/x", "loose", "loose.d/x"] {
            s.write(path, "precious\n");
        }
        fs::create_dir_all(s.repo.join("empty/deep")).unwrap();
        partly(s, "a");
    }),
    ("paths: a repository in the repository", |s| {
        fs::create_dir(s.repo.join("nested")).unwrap();
        let mut git = s.command("git");
        git.args(["init", "-q"]).current_dir(s.repo.join("nested"));
        assert!(git.status().unwrap().success());
        s.write("nested/x", "precious\n");
        partly(s, "a");
    }),
    ("kinds: a mode", |s| {
        set_mode(s, "c", 0o755);
        add(s);
        partly(s, "b");
    }),
    ("kinds: a mode, unstaged", |s| {
        set_mode(s, "c", 0o755);
        partly(s, "b");
    }),
    ("kinds: a mode, taken back", |s| {
        partly(s, "b");
        set_mode(s, "c", 0o755);
        s.git(["add", "c"]);
        set_mode(s, "c", 0o644);
    }),
    ("kinds: links, new, retargeted, broken", |s| {
        partly(s, "a");
        for (link, staged, unstaged) in [
            ("l1", "b", "c"),
            ("link", "b", "c"),
            ("l2", "gone", "gone too"),
            ("l3", "l3", "b"),
        ] {
            let place = s.repo.join(link);
            let _ = fs::remove_file(&place);
            symlink(staged, &place).unwrap();
            s.git(["add", link]);
            fs::remove_file(&place).unwrap();
            symlink(unstaged, &place).unwrap();
        }
    }),
    ("kinds: a file becomes a link", |s| {
        partly(s, "b");
        remove(s, "a");
        symlink("b", s.repo.join("a")).unwrap();
        s.git(["add", "a"]);
    }),
    ("kinds: a link becomes a file", |s| {
        remove(s, "link");
        s.write("link", lines());
        s.git(["add", "link"]);
        line(s, "link", 20, "unstaged");
    }),
    ("kinds: types that change unstaged", |s| {
        partly(s, "b");
        remove(s, "c");
        symlink("b", s.repo.join("c")).unwrap();
        remove(s, "link");
        s.write("link", "a file\n");
    }),
    ("kinds: modes 0600, 0440 and 0444", |s| {
        partly(s, "a");
        partly(s, "b");
        set_mode(s, "a", 0o600);
        set_mode(s, "c", 0o440);
        set_mode(s, "d/g", 0o444);
    }),
    ("kinds: a file becomes a folder and back", |s| {
        remove(s, "c");
        s.write("c/x", lines());
        fs::remove_dir_all(s.repo.join("d")).unwrap();
        s.write("d", lines());
        add(s);
        line(s, "c/x", 20, "unstaged");
        line(s, "d", 20, "unstaged");
    }),
    ("obstacle: a folder", |s| {
        partly(s, "b");
        remove(s, "c");
        s.write("c/precious", "p\n");
        s.write("c/deep/er", "p\n");
    }),
    ("obstacle: a file in place of a folder", |s| {
        partly(s, "b");
        fs::remove_dir_all(s.repo.join("d")).unwrap();
        s.write("d", "precious\n");
    }),
    ("obstacle: a link to outside", |s| {
        partly(s, "b");
        remove(s, "c");
        symlink("/etc/hostname", s.repo.join("c")).unwrap();
    }),
    ("obstacle: a named pipe", |s| {
        partly(s, "b");
        remove(s, "c");
        assert!(s.command("mkfifo").arg("c").status().unwrap().success());
    }),
    ("obstacle: a linked parent folder", |s| {
        partly(s, "b");
        fs::rename(s.repo.join("d"), s.top().join("outside")).unwrap();
        symlink("../outside", s.repo.join("d")).unwrap();
    }),
    ("obstacle: files that are gone", |s| {
        s.write("new", "added\n");
        line(s, "d/g", 2, "staged");
        add(s);
        partly(s, "a");
        remove(s, "new");
        fs::remove_dir_all(s.repo.join("d")).unwrap();
    }),
    ("flags: assumed unchanged, with edits", |s| {
        s.git(["update-index", "--assume-unchanged", "c"]);
        line(s, "c", 3, "hidden");
        partly(s, "b");
    }),
    ("flags: skipped, with edits", |s| {
        s.git(["update-index", "--skip-worktree", "c"]);
        line(s, "c", 3, "hidden");
        partly(s, "b");
    }),
    ("flags: a sparse checkout", |s| {
        s.git(["sparse-checkout", "set", "--no-cone", "/*", "!/d/"]);
        partly(s, "b");
    }),
    ("flags: a sparse index", |s| {
        s.git(["sparse-checkout", "set", "--cone", "--sparse-index", "d/e"]);
        partly(s, "b");
    }),
    ("contents: binary, latin-1, empty, no line end", |s| {
        partly(s, "a");
        let files: [(&str, &[u8], &[u8]); 4] = [
            ("bin", b"\0\x01\x02\x03", b"\x03\0\x01"),
            ("latin", b"caf\xe9\n", b"caf\xe9 \xff\n"),
            ("filled", b"", b"not empty\n"),
            ("open", b"no line end", b"still no line end"),
        ];
        for (path, staged, _) in files {
            s.write(path, staged);
            s.git(["add", path]);
        }
        for (path, _, unstaged) in files {
            s.write(path, unstaged);
        }
    }),
    ("contents: large", |s| {
        let text = lines().repeat(40_000);
        s.write("large", &text);
        add(s);
        s.write("large", text + "more\n");
    }),
    ("contents: mixed line ends", |s| {
        s.write("mixed", "1\r\n2\n3\r\n4\n5\n");
        add(s);
        s.write("mixed", "1\r\n2\n3\r\n4\n5\r\n");
        partly(s, "a");
    }),
    ("contents: eol=crlf and ident", |s| {
        s.write(".gitattributes", "*.crlf text eol=crlf\n*.id ident\n");
        s.write("x.crlf", "1\r\n2\r\n3\r\n4\r\n");
        s.write("x.id", "$Id$\n1\n2\n3\n4\n");
        commit_all(s);
        s.write("x.crlf", "1\r\n2\r\n3\r\n4\r\nunstaged\r\n");
        s.write("x.id", "$Id$\n1\n2\n3\n4\nunstaged\n");
        partly(s, "a");
    }),
    ("contents: working-tree-encoding", |s| {
        let utf16 = |text: &str| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        };
        s.write(
            ".gitattributes",
            "*.u16 text working-tree-encoding=UTF-16LE-BOM\n",
        );
        s.write("x.u16", utf16("one\n"));
        commit_all(s);
        s.write("x.u16", utf16("one\nunstaged\n"));
        partly(s, "a");
    }),
    ("contents: a filter that loses lines", |s| {
        s.git(["config", "filter.lossy.clean", "sed /local/d"]);
        s.git(["config", "filter.lossy.smudge", "cat"]);
        s.write(".gitattributes", "*.l filter=lossy\n");
        s.write("x.l", lines() + "local only\n");
        commit_all(s);
        line(s, "x.l", 20, "unstaged");
        partly(s, "a");
    }),
    ("contents: a filter like LFS, and textconv", |s| {
        let store = s.top().join("store");
        fs::create_dir(&store).unwrap();
        let store = store.display();
        s.git(["config", "filter.big.clean", &format!("cat > {store}/tmp; h=$(git hash-object --no-filters {store}/tmp); mv {store}/tmp {store}/$h; echo $h")]);
        s.git([
            "config",
            "filter.big.smudge",
            &format!("read h; cat {store}/$h"),
        ]);
        s.git(["config", "filter.big.required", "true"]);
        s.git(["config", "diff.loud.textconv", "tr a-z A-Z <"]);
        s.write(".gitattributes", "*.big filter=big -text\na diff=loud\n");
        s.write("x.big", lines());
        commit_all(s);
        line(s, "x.big", 20, "unstaged");
        partly(s, "a");
    }),
    ("settings: hostile", |s| {
        for [key, value] in [
            ["diff.external", "/bin/false"],
            ["diff.noprefix", "true"],
            ["color.ui", "always"],
            ["diff.relative", "true"],
            ["status.short", "true"],
            ["status.showUntrackedFiles", "no"],
            ["diff.ignoreSubmodules", "all"],
            ["diff.renames", "copies"],
            ["core.pager", "false"],
        ] {
            s.git(["config", key, value]);
        }
        partly(s, "d/g");
    }),
    ("settings: split index", |s| {
        s.git(["update-index", "--split-index"]);
        partly(s, "a");
    }),
    ("settings: index of version 4", |s| {
        s.git(["update-index", "--index-version", "4"]);
        partly(s, "a");
    }),
    ("settings: untracked cache and a file system monitor", |s| {
        let monitor = s.top().join("monitor");
        fs::write(&monitor, "#!/bin/sh\nprintf 'token\\0/\\0'\n").unwrap();
        fs::set_permissions(&monitor, fs::Permissions::from_mode(0o755)).unwrap();
        s.git(["config", "core.fsmonitorHookVersion", "2"]);
        s.git(["config", "core.untrackedCache", "true"]);
        partly(s, "a");
        s.git(["config", "core.fsmonitor", monitor.to_str().unwrap()]);
        s.git(["status"]);
    }),
    ("settings: detached head", |s| {
        s.git(["checkout", "-q", "--detach"]);
        partly(s, "a");
    }),
    ("settings: unstaged attributes and configuration", |s| {
        partly(s, "a");
        s.write(".gitattributes", "*.none text\n");
        s.git(["add", ".gitattributes"]);
        s.write(".gitattributes", "*.none -text\n");
        let config = read(s, "hookd.toml");
        s.write("hookd.toml", config + "# unstaged\n");
    }),
    ("operation: a merge", |s| {
        conflict(s);
        s.try_git(["merge", "-q", "side"]).expect(1);
        resolve(s);
    }),
    ("operation: a cherry-pick", |s| {
        conflict(s);
        s.try_git(["cherry-pick", "side"]).expect(1);
        resolve(s);
    }),
    ("operation: a revert", |s| {
        conflict(s);
        line(s, "c", 10, "later");
        commit_all(s);
        s.try_git(["revert", "--no-edit", "HEAD~1"]).expect(1);
        resolve(s);
    }),
    ("operation: a rebase", |s| {
        conflict(s);
        s.try_git(["rebase", "-q", "side"]).expect(1);
        resolve(s);
    }),
    ("operation: a bisection, a stash", |s| {
        line(s, "c", 1, "for the stash");
        s.git(["stash", "-q"]);
        s.git(["bisect", "start"]);
        partly(s, "a");
    }),
];

/// Two branches that change one line of `c`.
fn conflict(s: &Sandbox) {
    s.git(["checkout", "-qb", "side"]);
    line(s, "c", 10, "theirs");
    commit_all(s);
    s.git(["checkout", "-q", "main"]);
    line(s, "c", 10, "ours");
    commit_all(s);
}

fn resolve(s: &Sandbox) {
    s.write("c", lines() + "resolved\n");
    s.git(["add", "c"]);
    partly(s, "a");
}
