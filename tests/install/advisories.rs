//! Advisory data that installing speaks of and that updates in the background.

use crate::kit::Sandbox;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::TcpListener;
use std::time::{Duration, Instant};

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"left\"\nversion = \"1.0.0\"\n\
    source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";

fn with_lockfile() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("Cargo.lock", LOCK);
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "start"]);
    sandbox
}

fn own_configuration(sandbox: &Sandbox, text: &str) {
    let folder = sandbox.top().join("home/.config/hookd");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), text).unwrap();
}

/// A server that only hears who asks, and its address as a mirror in the user's own configuration.
fn mirror(sandbox: &Sandbox, background: bool) -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let text =
        format!("[scan.audit]\nurl = \"http://{address}\"\nbackground_update = {background}\n");
    own_configuration(sandbox, &text);
    listener
}

/// The first line of the next request; `None` where nobody asks within `most`.
fn asked(listener: &TcpListener, most: Duration) -> Option<String> {
    let start = Instant::now();
    while start.elapsed() < most {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false).unwrap();
                let mut line = String::new();
                BufReader::new(stream).read_line(&mut line).unwrap();
                return Some(line);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => panic!("{error}"),
        }
    }
    None
}

#[test]
fn installing_names_the_data_that_is_missing() {
    let sandbox = with_lockfile();
    let done = sandbox.hookd(["install"]).expect(0);
    assert!(
        done.out.contains("no advisory data for crates.io yet")
            && done.out.contains("hookd db update"),
        "{}",
        done.out
    );
    sandbox.import_advisory("crates.io", "T-1", "left", "2.0.0");
    let done = sandbox.hookd(["install"]).expect(0);
    assert!(!done.out.contains("advisory data"), "{}", done.out);
}

#[test]
fn an_update_in_the_background_asks_only_for_what_is_old() {
    let sandbox = with_lockfile();
    let listener = mirror(&sandbox, false);
    let done = sandbox.hookd(["db", "update", "--background"]).expect(0);
    assert_eq!(done.all(), "");
    let request = asked(&listener, Duration::from_secs(60)).expect("a request");
    assert!(request.starts_with("GET /crates.io/"), "{request}");

    let fresh = with_lockfile();
    fresh.import_advisory("crates.io", "T-1", "left", "2.0.0");
    let listener = mirror(&fresh, false);
    fresh.hookd(["db", "update", "--background"]).expect(0);
    assert_eq!(asked(&listener, Duration::from_millis(800)), None);
}

#[test]
fn a_checkout_updates_where_the_user_says_so() {
    let sandbox = with_lockfile();
    let listener = mirror(&sandbox, true);
    sandbox.hookd(["install"]).expect(0);
    for stage in ["post-merge", "post-checkout"] {
        assert!(sandbox.repo.join(".git/hooks").join(stage).is_file());
    }
    sandbox.git(["checkout", "-q", "-b", "other"]);
    assert!(asked(&listener, Duration::from_secs(60)).is_some());
}

#[test]
fn a_repository_cannot_switch_updates_on() {
    let sandbox = with_lockfile();
    sandbox.write("hookd.toml", "[scan.audit]\nbackground_update = true\n");
    let done = sandbox.hookd(["install"]).expect(2);
    assert!(
        done.err
            .contains("only your own configuration may set `background_update`")
            && done.err.contains("hookd/config.toml"),
        "{}",
        done.err
    );
}
