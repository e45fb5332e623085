//! Hostile input costs every language time in proportion to its size.

use crate::lang::{Compat, Counting, LANGUAGES, Language};
use std::time::{Duration, Instant};

/// The language's own rule, and lizard's.
fn rules() -> [Counting; 2] {
    let lizard = Counting {
        compat: Some(Compat::Lizard),
        ..Counting::default()
    };
    [Counting::default(), lizard]
}

/// The least time of three tries: what the machine does beside is left out as far as can be.
fn least(language: &Language, text: &str, rule: &Counting) -> Duration {
    (0..3)
        .map(|_| {
            let start = Instant::now();
            let _ = language.count(text.as_bytes(), rule);
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

/// Four times the input may cost little more than four times as much; squared it would be sixteen. What is over in no time
/// says nothing.
fn grows_in_proportion(what: &str, make: impl Fn(usize) -> String, size: usize) {
    for rule in rules() {
        // As lizard reads it a text is read twice, and most of it has been judged by then.
        let size = if rule.compat.is_some() {
            size / 8
        } else {
            size
        };
        let (small, large) = (make(size), make(size * 4));
        for language in LANGUAGES {
            let start = Instant::now();
            let _ = language.count(large.as_bytes(), &rule);
            if start.elapsed() < Duration::from_millis(200) {
                continue;
            }
            // The machine may have been at something else: only what is slow in every one of some tries is.
            let is_slow = |pause: u64| {
                std::thread::sleep(Duration::from_millis(200 * pause));
                least(language, &large, &rule) >= least(language, &small, &rule) * 10
            };
            let slow = (0..8).all(is_slow);
            assert!(!slow, "{} {what}: more than in proportion", language.id);
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
        "class A { a() {",
        "new A(",
        "\"#{",
        "func(",
        "fun a() = when (",
        "def a; ",
        "A {",
        "{a: ",
        "[[a = ",
        "(a = ",
        "a((b) => ",
        "`${`",
        "<a b={",
        "<a>{",
        "a: (",
        "type A = { ",
        "class { a = ",
        "f'{f\"{",
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
        "func() ",
        "*func(*",
        "=/[",
        "%( ",
        "{ -> ",
        "}#{\" ",
        "@A(",
        "where a: class ",
        "var a func(",
        "A() => b { ",
        "=> match ",
        "a.b .c ",
        "={ a: ",
        ":`a` ",
        "=/[a]/[b",
        "<a b='c' d ",
        "type A<B> = C\n",
        "a: a.b(",
        "/* ` */ ' ",
        "'\n` ",
        "f'{ ",
        "case (",
    ] {
        let text = |count| format!("int f() {{ {}", piece.repeat(count));
        grows_in_proportion(piece, text, 25_000);
    }
}

#[test]
fn a_line_of_ten_megabytes_is_read() {
    for rule in rules() {
        let terms = if rule.compat.is_some() {
            250_000
        } else {
            2_500_000
        };
        let text = format!("int f() {{ return {}1; }}", "a + ".repeat(terms));
        for language in LANGUAGES {
            // What it makes of it is its own affair: it ends, and takes no more functions than there are names.
            let found = language.count(text.as_bytes(), &rule).unwrap_or_default();
            assert!(found.len() <= 1, "{}", language.id);
        }
    }
}
