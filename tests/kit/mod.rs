//! A sandbox for scenarios: a repository with its own HOME, git configuration and hookd data.

mod samples;

pub(crate) use samples::{complex_python, github_token, osv_record, simple_python};

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A temporary folder with `home`, `data` and an empty repository `repo`.
pub(crate) struct Sandbox {
    dir: tempfile::TempDir,
    pub(crate) repo: PathBuf,
}

/// What a program printed and how it ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    /// Fails the test unless the program ended with `code`.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.out, self.err
        );
        self
    }

    /// Standard output and standard error together: git sends what hooks print to the latter.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Sandbox {
    /// A sandbox whose repository has no commit yet.
    pub(crate) fn new() -> Self {
        let sandbox = Self::without_repo();
        sandbox.git(["init", "-q", "-b", "main", "."]);
        sandbox
    }

    /// A sandbox whose `repo` is a plain folder.
    pub(crate) fn without_repo() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path().canonicalize().unwrap().join("repo");
        fs::create_dir_all(&repo).unwrap();
        fs::create_dir_all(dir.path().join("home")).unwrap();
        Self { dir, repo }
    }

    /// A sandbox with one commit and hookd installed.
    pub(crate) fn installed() -> Self {
        let sandbox = Self::new();
        sandbox.write("README", "readme\n");
        sandbox.git(["add", "."]);
        sandbox.git(["commit", "-qm", "start"]);
        sandbox.hookd(["install"]).expect(0);
        sandbox
    }

    /// The folder that holds everything.
    pub(crate) fn top(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }

    /// A command in the sandbox: nothing of the surrounding environment but PATH.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.repo)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.top().join("home"))
            .env("HOOKD_DATA_DIR", self.top().join("data"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "A")
            .env("GIT_AUTHOR_EMAIL", "a@example.com")
            .env("GIT_COMMITTER_NAME", "C")
            .env("GIT_COMMITTER_EMAIL", "c@example.com")
            .env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs git; the test fails unless it ends with 0.
    #[track_caller]
    pub(crate) fn git<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, args: I) -> String {
        self.try_git(args).expect(0).out
    }

    /// Runs git.
    pub(crate) fn try_git<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, args: I) -> Done {
        self.command("git").args(args).output().unwrap().into()
    }

    /// Runs hookd.
    pub(crate) fn hookd<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, args: I) -> Done {
        self.command(Self::program())
            .args(args)
            .output()
            .unwrap()
            .into()
    }

    /// The built program.
    pub(crate) fn program() -> &'static Path {
        Path::new(env!("CARGO_BIN_EXE_hookd"))
    }

    /// Puts a copy of the built program at `path`. By another process: one that this process has open for writing, even
    /// for a moment, is inherited by whatever other tests start then, and cannot be run ("text file busy").
    #[track_caller]
    pub(crate) fn copy_program(path: &Path) {
        let copied = Command::new("cp")
            .arg("--")
            .args([Self::program(), path])
            .status()
            .unwrap();
        assert!(copied.success(), "cp: {copied}");
    }

    /// Runs `hookd run --format json` with `args` and gives the report.
    #[track_caller]
    pub(crate) fn report<const N: usize>(&self, args: [&str; N]) -> Value {
        let done = self.hookd(["run", "--format", "json"].iter().chain(&args));
        serde_json::from_str(&done.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", done.out, done.err))
    }

    /// Writes a file of the repository, its folders too.
    pub(crate) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.repo.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Imports one advisory for `package` of `ecosystem`: versions below `fixed` are affected.
    pub(crate) fn import_advisory(&self, ecosystem: &str, id: &str, package: &str, fixed: &str) {
        let folder = self.top().join("osv").join(ecosystem);
        fs::create_dir_all(&folder).unwrap();
        fs::write(
            folder.join(format!("{id}.json")),
            osv_record(ecosystem, id, package, fixed),
        )
        .unwrap();
        self.hookd([
            OsStr::new("db"),
            "import".as_ref(),
            self.top().join("osv").as_os_str(),
        ])
        .expect(0);
    }
}

/// `rule path:line` of each finding of a report, in its order.
pub(crate) fn findings(report: &Value) -> Vec<String> {
    let list = report["findings"].as_array().unwrap();
    list.iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            format!(
                "{} {}:{}",
                text("rule"),
                text("path"),
                finding["start"]["line"]
            )
        })
        .collect()
}
