//! Of a text that breaks, the functions that end before that place are known, and no other.

use crate::lang::{Compat, Counting, Function, find};

/// The text in front of the break with the functions `a` and `b`, and what is never closed, with the start of a function around
/// it and another behind it.
const BROKEN: [(&str, &str, &str); 16] = [
    (
        "a.c",
        "int a(int c) { return c ? 1 : 2; }\nint b(void) { return 1; }\n",
        "int d(void) { /* e; }\nint f(void) { return 1; }\n",
    ),
    (
        "a.cpp",
        "int a(int c) { return c ? 1 : 2; }\nstruct A { int b() { return 1; }\n",
        "int d() { /* e; }\n};\n",
    ),
    (
        "a.cs",
        "class A { int a(int c) { return c > 1 ? 1 : 2; }\nint b() { return 1; }\n",
        "int d() { return @\"e; }\nint f() { return 1; } }\n",
    ),
    (
        "a.go",
        "package a\nfunc a(c int) { if c > 1 { d() } }\nfunc b() { }\n",
        "func d() { e := `f }\nfunc g() { }\n",
    ),
    (
        "A.java",
        "class A { int a(int c) { return c > 1 ? 1 : 2; }\nint b() { return 1; }\n",
        "int d() { /* e; }\nint f() { return 1; } }\n",
    ),
    (
        "a.kt",
        "fun a(c: Int) = if (c > 1) 1 else 2\nfun b() { }\n",
        "fun d() = \"\"\"e\nfun f() { }\n",
    ),
    (
        "a.php",
        "<?php\nfunction a($c) { return $c ? 1 : 2; }\nfunction b() { }\n",
        "function d() { /* e }\nfunction f() { }\n",
    ),
    (
        "a.py",
        "def a(c):\n    if c: return 1\n    return 2\n\ndef b(): pass\n",
        "def d():\n    return \"\"\"e\n\ndef f(): pass\n",
    ),
    (
        "a.rb",
        "def a(c) = c ? 1 : 2\ndef b; end\n",
        "def d\n  e <<~F\n  g\nend\ndef h; end\n",
    ),
    (
        "a.rs",
        "fn a(c: u8) -> u8 { if c > 1 { 1 } else { 2 } }\nfn b() {}\n",
        "fn d() { /* e }\nfn f() {}\n",
    ),
    (
        "a.scala",
        "object A { def a(c: Int) = { if (c > 1) 1 else 2 }\ndef b() = { 1 }\n",
        "def d() = { /* e }\ndef f() = { 1 } }\n",
    ),
    (
        "a.swift",
        "func a(c: Int) -> Int { return c > 1 ? 1 : 2 }\nfunc b() { }\n",
        "func d() { let e = \"\"\"\n}\nfunc f() { }\n",
    ),
    (
        "a.js",
        "function a(c) { return c ? 1 : 2 }\nfunction b() { }\n",
        "function d() { return `e }\nfunction f() { }\n",
    ),
    (
        "a.jsx",
        "function a(c) { return c ? 1 : 2 }\nconst b = () => <i/>;\n",
        "function d() { /* e }\nfunction f() { }\n",
    ),
    (
        "a.ts",
        "function a(c: number) { return c ? 1 : 2 }\nfunction b(): void { }\n",
        "function d() { if (e { f() }\nfunction g() { }\n",
    ),
    (
        "a.tsx",
        "function a(c: number) { return c ? 1 : 2 }\nfunction b(): void { }\n",
        "export class D { e() { return 1 }\n  f() { return `g }\n}\nfunction h() { }\n",
    ),
];

fn numbers(functions: &[Function]) -> Vec<(&str, u32)> {
    let named = functions.iter();
    named.map(|it| (it.name.as_str(), it.cyclomatic)).collect()
}

#[test]
fn what_ends_before_the_break_is_known() {
    for (path, before, rest) in BROKEN {
        let language = find(path, b"").expect("a known language");
        let text = format!("{before}{rest}");
        let error = language
            .count(text.as_bytes(), &Counting::default())
            .expect_err(path);
        let functions = numbers(&error.before);
        let [(a, 2), (b, 1)] = functions.as_slice() else {
            panic!("{path}: {functions:?}, {error}")
        };
        assert!(
            a.ends_with('a') && b.ends_with('b'),
            "{path}: {functions:?}"
        );
        assert!(
            (before.len()..text.len()).contains(&error.read_to),
            "{path}"
        );
        assert!(error.at >= error.read_to, "{path}");
    }
}

#[test]
fn what_ends_before_the_break_is_known_to_every_rule() {
    for compat in [Compat::Lizard, Compat::Sonar] {
        let counting = Counting {
            compat: Some(compat),
            ..Counting::default()
        };
        for (path, before, rest) in BROKEN {
            let language = find(path, b"").expect("a known language");
            let text = format!("{before}{rest}");
            // Some read such a text to its end, as lizard does.
            if let Err(error) = language.count(text.as_bytes(), &counting) {
                let functions = numbers(&error.before);
                assert_eq!(functions.len(), 2, "{path}: {functions:?}, {error}");
            }
        }
    }
}

#[test]
fn where_nothing_can_be_read_nothing_is_known() {
    for (path, text) in [
        ("a.js", "function a() { if (b { }\n"),
        ("a.c", "/* a() { }"),
    ] {
        let language = find(path, b"").expect("a known language");
        let error = language
            .count(text.as_bytes(), &Counting::default())
            .expect_err(path);
        assert_eq!((error.read_to, error.before.len()), (0, 0), "{path}");
    }
}
