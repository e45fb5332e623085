//! Running real processes.

use crate::command::{Done, Environment, Exit, Invocation, execute};
use std::path::Path;
use std::time::{Duration, Instant};

fn sh(script: &str) -> Invocation {
    let mut environment = Environment::default();
    environment.set("PATH", "/usr/bin:/bin");
    environment.set("LC_ALL", "C");
    Invocation {
        program: "/bin/sh".into(),
        name: "sh".into(),
        arguments: vec!["-c".into(), script.into()],
        dir: std::env::temp_dir(),
        environment,
        stdin: None,
        tty: false,
        timeout: None,
    }
}

fn run(invocation: &Invocation) -> Done {
    execute(invocation, &|| false).unwrap()
}

fn text(done: &Done) -> String {
    String::from_utf8_lossy(&done.output).into_owned()
}

#[test]
fn output_stands_in_the_order_in_which_it_was_written() {
    let done = run(&sh("echo a; echo b >&2; echo c; exit 3"));
    assert_eq!(
        (text(&done).as_str(), done.exit),
        ("a\nb\nc\n", Exit::Code(3))
    );
}

#[test]
fn input_is_given_or_empty() {
    assert_eq!(text(&run(&sh("cat; echo end"))), "end\n");
    let mut given = sh("wc -c");
    given.stdin = Some(vec![b'x'; 300_000]);
    assert_eq!(text(&run(&given)).trim(), "300000");
    given.arguments[1] = "exit 0".into();
    assert_eq!(run(&given).exit, Exit::Code(0));
}

#[test]
fn signals_and_large_output_are_data() {
    assert_eq!(run(&sh("kill -9 $$")).exit, Exit::Signal(9));
    let done = run(&sh("head -c 5000000 /dev/zero; echo last"));
    assert!(done.output.len() < 2_200_000);
    assert!(text(&done).contains("bytes of output left out") && text(&done).ends_with("last\n"));
}

#[test]
fn a_background_child_neither_hangs_the_run_nor_outlives_it() {
    let begun = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("pid");
    let script = format!("sleep 30 & echo $! > '{}'; echo done", mark.display());
    let done = run(&sh(&script));
    assert_eq!((text(&done).as_str(), done.exit), ("done\n", Exit::Code(0)));
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    let pid = std::fs::read_to_string(mark).unwrap();
    // An orphan that was ended may stay a zombie where nothing reaps it.
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat"));
    assert!(stat.map_or(true, |stat| stat.contains(") Z ")));
}

#[test]
fn a_time_limit_ends_the_whole_group() {
    let begun = Instant::now();
    let mut late = sh("sleep 30; echo never");
    late.timeout = Some(Duration::from_millis(100));
    assert_eq!(run(&late).exit, Exit::TimedOut);
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    // A process that ignores TERM gets KILL.
    late.arguments[1] = "trap '' TERM; while :; do sleep 0.1; done".into();
    assert_eq!(run(&late).exit, Exit::TimedOut);
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn an_interruption_ends_the_process() {
    let begun = Instant::now();
    let after = || begun.elapsed() > Duration::from_millis(50);
    let done = execute(&sh("echo a; sleep 30"), &after).unwrap();
    assert_eq!(
        (done.exit, text(&done).as_str()),
        (Exit::Interrupted, "a\n")
    );
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_stopped_process_is_not_waited_for() {
    let begun = Instant::now();
    assert_eq!(
        run(&sh("kill -STOP $$; sleep 30")).exit,
        Exit::WantsTerminal
    );
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn only_the_given_variables_are_seen() {
    let mut plain = sh("env");
    plain.environment.set("HOOKD_STAGE", "pre-commit");
    let text = text(&run(&plain));
    assert!(
        text.contains("HOOKD_STAGE=pre-commit") && !text.contains("CARGO"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_started_is_an_error() {
    let mut gone = sh("");
    gone.program = "/no/such/program".into();
    assert!(execute(&gone, &|| false).is_err());
}
