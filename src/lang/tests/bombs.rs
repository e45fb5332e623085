//! Hostile input costs every language time in proportion to its size.

use crate::lang::{LANGUAGES, Language};
use std::time::{Duration, Instant};

/// The least time of three tries: what the machine does beside is left out as far as can be.
fn least(language: &Language, text: &[u8]) -> Duration {
    (0..3)
        .map(|_| {
            let start = Instant::now();
            let _ = (language.functions)(text);
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

/// Four times the input may cost little more than four times as much; squared it would be sixteen. What is over in no time
/// says nothing.
fn grows_in_proportion(what: &str, make: impl Fn(usize) -> String, size: usize) {
    let (small, large) = (make(size), make(size * 4));
    for language in LANGUAGES {
        let start = Instant::now();
        let _ = (language.functions)(large.as_bytes());
        if start.elapsed() < Duration::from_millis(200) {
            continue;
        }
        // The machine may have been at something else: only what is slow in every one of some tries is.
        let is_slow = |pause: u64| {
            std::thread::sleep(Duration::from_millis(200 * pause));
            least(language, large.as_bytes()) >= least(language, small.as_bytes()) * 10
        };
        let slow = (0..8).all(is_slow);
        assert!(!slow, "{} {what}: more than in proportion", language.id);
    }
}

#[test]
fn brackets_nest_in_proportion() {
    for open in [
        "(",
        "[",
        "{",
        "{{{",
        "a(",
        "if(",
        "()=>",
        "!",
        "x?",
        "f\"{",
        "`${",
        "<a>",
        "/*",
        "'",
        "match x {",
        "fn a() {",
        "def a(): ",
    ] {
        grows_in_proportion(open, |count| open.repeat(count), 25_000);
    }
}

#[test]
fn lines_go_on_in_proportion() {
    for piece in [
        "a && b ",
        "if ",
        "# '\n",
        "typedef a && b ",
        "<a ",
        "x? ",
        "%w",
        "<<<A ",
        "fun a() = ",
        "@a ",
        "a.b{ ",
        "get throws( ",
        "#if /*\n",
        "#if /*/*",
        "#if #\"\"\"\n",
        "@A @A() ",
        "range []a[",
    ] {
        let text = |count| format!("int f() {{ {}", piece.repeat(count));
        grows_in_proportion(piece, text, 25_000);
    }
}

#[test]
fn a_line_of_ten_megabytes_is_read() {
    let text = format!("int f() {{ return {}1; }}", "a + ".repeat(2_500_000));
    for language in LANGUAGES {
        // What it makes of it is its own affair: it ends, and takes no more functions than there are names.
        let found = (language.functions)(text.as_bytes()).unwrap_or_default();
        assert!(found.len() <= 1, "{}", language.id);
    }
}
