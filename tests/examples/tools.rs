//! `examples/03_tools`, with stand-ins for the tools: they fix, format and complain as the real ones do, and nothing is
//! installed.

use crate::kit::{Done, Sandbox};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// `npx --no -- TOOL ARGS…`: ESLint turns `var` into `let`, Prettier ends statements, tsc looks at every file of the project.
const NPX: &str = r#"#!/bin/sh
[ "$1 $2" = "--no --" ] || exit 9
tool=$3
shift 3
case $tool in
eslint)
    [ "$1" = --fix ] || exit 9
    shift
    sed -i 's/^var /let /' "$@" ;;
prettier)
    [ "$1" = --write ] || exit 9
    shift 2
    sed -i 's/\([^;]\)$/\1;/' "$@" ;;
tsc)
    [ "$*" = --noEmit ] || exit 9
    if grep -n 'number = "' src/*.ts; then
        echo 'error TS2322: a text is no number'
        exit 2
    fi ;;
*) exit 9 ;;
esac
"#;

/// `ruff check --fix --quiet FILE…` takes an unused import out.
const RUFF: &str = "#!/bin/sh\n[ \"$1 $2 $3\" = 'check --fix --quiet' ] || exit 9\nshift 3\n\
                    sed -i '/^import os$/d' \"$@\"\n";

/// `black --quiet FILE…` wants double quotes.
const BLACK: &str =
    "#!/bin/sh\n[ \"$1\" = --quiet ] || exit 9\nshift\nsed -i s/\\'/\\\"/g \"$@\"\n";

const TS: &str = "let a = 1;\nlet b = 2;\nlet c = 3;\nlet d = 4;\nlet e = 5;\nlet f = 6;\n";
const PY: &str = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n";

/// A project that uses the example, and its tools.
struct Project(Sandbox);

impl Project {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/03_tools/hookd.toml");
        sandbox.write("hookd.toml", fs::read(example).unwrap());
        sandbox.write("src/app.ts", TS);
        sandbox.write("tool.py", PY);
        sandbox.git(["add", "."]);
        sandbox.git(["commit", "-qm", "start"]);
        let bin = sandbox.top().join("bin");
        fs::create_dir(&bin).unwrap();
        for (name, text) in [("npx", NPX), ("ruff", RUFF), ("black", BLACK)] {
            fs::write(bin.join(name), text).unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        sandbox.hookd(["install"]).expect(0);
        Self(sandbox)
    }

    fn commit(&self) -> Done {
        let mut path = self.0.top().join("bin").into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap());
        let mut git = self.0.command("git");
        let done = git.args(["commit", "-qm", "change"]).env("PATH", path);
        done.output().unwrap().into()
    }

    /// Stages `staged` and leaves `then` in the worktree.
    fn write(&self, path: &str, staged: &str, then: &str) {
        self.0.write(path, staged);
        self.0.git(["add", path]);
        self.0.write(path, then);
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.repo.join(path)).unwrap()
    }
}

#[test]
fn fixes_are_committed_and_unstaged_lines_stay() {
    let project = Project::new();
    let ts = TS.replace("let a = 1;", "var a = 10");
    let py = format!("import os\n{}", PY.replace("a = 1", "a = 'x'"));
    project.write("src/app.ts", &ts, &ts.replace("let f = 6;", "var f = 60"));
    project.write("tool.py", &py, &py.replace("f = 6", "f = 'later'"));
    let done = project.commit().expect(0);
    let fixed_ts = TS.replace("let a = 1;", "let a = 10;");
    let fixed_py = PY.replace("a = 1", "a = \"x\"");
    assert_eq!(project.0.git(["show", "HEAD:src/app.ts"]), fixed_ts);
    assert_eq!(project.0.git(["show", "HEAD:tool.py"]), fixed_py);
    assert_eq!(project.0.git(["diff", "--cached", "--name-only"]), "");
    // What was not staged has been seen by no tool.
    assert_eq!(
        project.read("src/app.ts"),
        fixed_ts.replace("let f = 6;", "var f = 60"),
        "{}",
        done.all()
    );
    assert_eq!(
        project.read("tool.py"),
        fixed_py.replace("f = 6", "f = 'later'")
    );
}

#[test]
fn a_type_error_stops_the_commit_only_where_it_is_staged() {
    let project = Project::new();
    let wrong = TS.replace("let a = 1;", "let a: number = \"x\";");
    project.write("src/app.ts", &wrong, TS);
    let done = project.commit().expect(1);
    assert!(done.all().contains("TS2322"), "{}", done.all());
    assert_eq!(project.read("src/app.ts"), TS);
    assert_eq!(project.0.git(["show", ":src/app.ts"]), wrong);
    // The other way round: the error is in the worktree only.
    let right = TS.replace("let a = 1;", "let a: number = 7;");
    project.write("src/app.ts", &right, &wrong);
    project.commit().expect(0);
    assert_eq!(project.0.git(["show", "HEAD:src/app.ts"]), right);
    assert_eq!(project.read("src/app.ts"), wrong);
}
