//! Files made to exhaust whoever reads them: a verdict or an error, in bounded time and memory.

use crate::kit::Sandbox;
use std::time::{Duration, Instant};

const CHECKS: &str = "[scan.hygiene]\nchecks = ['check-json', 'check-yaml', 'check-toml', 'check-xml', 'check-ast', \
                      'trailing-whitespace', 'end-of-file-fixer', 'mixed-line-ending', 'pretty-format-json', \
                      'double-quote-string-fixer']\n";

/// Checks one file alone, in a program that may not have more than 2 GiB.
#[track_caller]
fn ends(name: &str, content: &[u8]) {
    let sandbox = Sandbox::without_repo();
    sandbox.write("hookd.toml", CHECKS);
    sandbox.write(name, content);
    let began = Instant::now();
    let done = sandbox
        .command("sh")
        .args([
            "-c",
            "ulimit -v 2097152; exec \"$0\" run hygiene --offline -j1 --files \"$1\"",
        ])
        .arg(Sandbox::program())
        .arg(name)
        .output()
        .unwrap();
    let code = done.status.code();
    assert!(
        matches!(code, Some(0 | 1 | 3)),
        "{name}: {:?} {}",
        done.status,
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(began.elapsed() < Duration::from_secs(60), "{name}");
}

/// Entities or anchors, each of the one before ten times.
fn doubling(first: &str, each: impl Fn(char, char) -> String) -> String {
    let mut text = first.to_owned();
    for (before, now) in ('a'..'l').zip('b'..='l') {
        text.push_str(&each(before, now));
    }
    text
}

#[test]
fn nesting_without_end() {
    for name in ["a.json", "a.yaml", "a.py"] {
        ends(name, &b"[".repeat(200_000));
    }
    ends(
        "a.toml",
        &[b"a = ".as_slice(), &b"[".repeat(200_000)].concat(),
    );
    ends("a.xml", &b"<a>".repeat(100_000));
    let closed = [b"[".repeat(50_000), b"]".repeat(50_000)].concat();
    ends("closed.json", &closed);
    ends("closed.yaml", &closed);
    ends(
        "dots.toml",
        &[b"a".as_slice(), &b".a".repeat(50_000), b" = 1\n"].concat(),
    );
}

#[test]
fn entities_and_anchors_that_multiply() {
    let yaml = doubling("a: &a [x, x]\n", |before, now| {
        format!(
            "{now}: &{now} [{}]\n",
            vec![format!("*{before}"); 10].join(", ")
        )
    });
    ends("a.yaml", yaml.as_bytes());
    let entities = doubling("<!DOCTYPE l [<!ENTITY a 'x'>", |before, now| {
        format!("<!ENTITY {now} '{}'>", format!("&{before};").repeat(10))
    });
    ends("a.xml", format!("{entities}]><l>&l;</l>").as_bytes());
}

#[test]
fn bytes_that_are_no_text_and_lines_without_end() {
    for name in ["a.json", "a.yaml", "a.toml", "a.xml", "a.py", "a.txt"] {
        ends(name, b"\"\xff\xfe\x00\x80\"");
        ends(name, &b"a b ".repeat(1_000_000));
        ends(name, &b" ".repeat(3_000_000));
    }
    ends("a.txt", &b"\r".repeat(1_000_000));
    ends("lines.txt", &b" \n".repeat(500_000));
}
