//! How the process starts and ends: its standard streams, a reader that goes away, its exit code.

use crate::kit::{Sandbox, complex_python};
use std::os::unix::process::ExitStatusExt;

/// Runs a line of the shell in which `$0` is hookd.
fn shell(sandbox: &Sandbox, line: &str) -> std::process::Output {
    let mut command = sandbox.command("sh");
    command.args(["-c", line]).arg(Sandbox::program());
    command.output().expect("a shell")
}

#[test]
fn closed_streams_are_no_place_for_files() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", complex_python("f", 12));
    sandbox.git(["add", "."]);
    let done = shell(
        &sandbox,
        "exec \"$0\" run complexity --offline --output report.txt <&- >&- 2>&-",
    );
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    // What is printed would otherwise go to the first file that is opened.
    let source = std::fs::read_to_string(sandbox.top().join("repo/a.py")).unwrap();
    assert_eq!(source, complex_python("f", 12));
    let report = std::fs::read_to_string(sandbox.top().join("repo/report.txt")).unwrap();
    assert!(report.contains("cyclomatic-complexity"), "{report}");
}

#[test]
fn a_reader_that_goes_away_kills_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", complex_python("f", 12));
    sandbox.git(["add", "."]);
    let done = shell(
        &sandbox,
        "{ sleep 0.2; \"$0\" run complexity --offline; echo \"$?\" >code; } | true",
    );
    assert_eq!(done.status.signal(), None);
    let code = std::fs::read_to_string(sandbox.top().join("repo/code")).unwrap();
    // 141 would be the signal.
    assert!(["1\n", "2\n"].contains(&code.as_str()), "{code}");
}

#[test]
fn what_is_printed_last_is_printed() {
    let sandbox = Sandbox::new();
    let done = shell(&sandbox, "\"$0\" --version");
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(text.starts_with("hookd ") && text.ends_with('\n'), "{text}");
    assert_eq!(done.status.code(), Some(0));
}
