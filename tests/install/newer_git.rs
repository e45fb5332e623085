//! A stand-in for git 2.54, where the machine has an older one. It says that it is 2.54, and where the real git would run a
//! hook it runs what git-hook(1) of that version says: first the hooks of the configuration in its order, each name once,
//! by `sh -c 'COMMAND "$@"'` and unless they are disabled, then the file in the folder of hooks. Everything else is git.

use crate::kit::{Done, Sandbox};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

const GIT: &str = r#"#!/bin/bash
here=@HERE@
real=@REAL@
case $1 in
  --version) echo "git version 2.54.0"; exit ;;
  hook)
    event=$3
    found=1
    while read -r name; do echo "$name"; found=0; done < <("$here/configured" "$event")
    file=$("$real" rev-parse --git-path "hooks/$event" 2>/dev/null) && [ -x "$file" ] && echo "hook from hookdir" && found=0
    exit $found ;;
esac
for word in "$@"; do case $word in commit|push|merge)
  export BEFORE=${GIT_CONFIG_PARAMETERS-}
  exec "$real" -c "core.hooksPath=$here/hooks" "$@" ;;
esac; done
exec "$real" "$@"
"#;

const CONFIGURED: &str = r#"#!/bin/bash
# The names of the hooks for an event that are not disabled, in the order of the last line that names it.
real=@REAL@
while read -r key event; do
  name=${key#hook.}; name=${name%.event}
  [ "$event" = "$1" ] && [ "$("$real" config --type=bool --get "hook.$name.enabled")" != false ] && echo "$name"
done < <("$real" config --get-regexp '^hook\..*\.event$') | tac | awk '!seen[$0]++' | tac
"#;

const HOOK: &str = r#"#!/bin/bash
real=@REAL@
event=${0##*/}
if [ "$BEFORE" ]; then export GIT_CONFIG_PARAMETERS=$BEFORE; else unset GIT_CONFIG_PARAMETERS; fi
input=
[ "$event" = pre-push ] && input=$(cat)
status=0
while read -r name; do
  command=$("$real" config --get "hook.$name.command")
  [ -z "$input" ] || input=$input$'\n'
  printf %s "$input" | sh -c "$command \"\$@\"" "$command" "$@" || status=1
done < <(@HERE@/configured "$event")
file=$("$real" rev-parse --git-path "hooks/$event")
if [ -x "$file" ]; then printf %s "$input" | "$file" "$@" || status=1; fi
exit $status
"#;

/// The folder of the stand-in, to be put first on `PATH`.
pub(super) struct NewerGit {
    folder: PathBuf,
}

impl NewerGit {
    pub(super) fn new(sandbox: &Sandbox) -> Self {
        let folder = sandbox.top().join("git-2.54");
        let hooks = folder.join("hooks");
        fs::create_dir_all(&hooks).unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let mut places = std::env::split_paths(&path).map(|place| place.join("git"));
        let real = places.find(|file| file.exists()).unwrap();
        let write = |name: &str, text: &str| {
            let text = text
                .replace("@HERE@", folder.to_str().unwrap())
                .replace("@REAL@", real.to_str().unwrap());
            let file = folder.join(name);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        };
        write("git", GIT);
        write("configured", CONFIGURED);
        write("hook", HOOK);
        for event in ["pre-commit", "commit-msg", "post-commit", "pre-push"] {
            // It may be there from an earlier call.
            let _ = symlink("../hook", hooks.join(event));
        }
        Self { folder }
    }

    /// A command of the sandbox that finds this git.
    pub(super) fn command(&self, sandbox: &Sandbox, program: impl AsRef<Path>) -> Command {
        let program = program.as_ref();
        let mut path = OsString::from(&self.folder);
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap());
        let mut command = if program == Path::new("git") {
            sandbox.command(self.folder.join("git"))
        } else {
            sandbox.command(program)
        };
        command.env("PATH", path);
        command
    }

    pub(super) fn git<const N: usize>(&self, sandbox: &Sandbox, args: [&str; N]) -> Done {
        let mut command = self.command(sandbox, "git");
        command.args(args).output().unwrap().into()
    }

    pub(super) fn hookd<const N: usize>(&self, sandbox: &Sandbox, args: [&str; N]) -> Done {
        let mut command = self.command(sandbox, Sandbox::program());
        command.args(args).output().unwrap().into()
    }
}
