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
        let mut tries = 0;
        loop {
            let (one, four) = (
                least(language, small.as_bytes()),
                least(language, large.as_bytes()),
            );
            if four < Duration::from_millis(100) || four < one * 8 {
                break;
            }
            tries += 1;
            // The machine may be at something else.
            std::thread::sleep(Duration::from_millis(100));
            assert!(tries < 10, "{} {what}: {one:?}, then {four:?}", language.id);
        }
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
