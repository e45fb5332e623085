//! The numbers against those that each tool's own tests expect, and any bytes against panics.

mod bombs;
mod broken;
mod compat;
mod kotlin;
mod oracles;
mod passing;
mod reference;
mod shapes;

use super::{Function, LANGUAGES, find};
use proptest::prelude::*;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn data() -> PathBuf {
    std::env::var_os("HOOKD_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    )
}

/// The cases of one tool; `None` where the data is not here.
fn cases(tool: &str) -> Option<Vec<Value>> {
    let archive = data().join("complexity.tar.xz");
    let output = Command::new("tar")
        .arg("-xJOf")
        .arg(&archive)
        .args(["--wildcards", &format!("*{tool}*")])
        .output()
        .ok()
        .filter(|output| output.status.success() && archive.exists());
    let Some(output) = output else {
        #[allow(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: no complexity.tar.xz, or no tar");
        }
        return None;
    };
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect(),
    )
}

fn functions(path: &str, text: &str) -> Vec<Function> {
    let language = find(path, b"").expect("a known language");
    (language.functions)(text.as_bytes()).expect("readable")
}

fn line(text: &str, at: usize) -> u64 {
    text[..at].matches('\n').count() as u64 + 1
}

fn numbers(path: &str, text: &str) -> Vec<(String, u32, u32, u32, u32)> {
    functions(path, text)
        .into_iter()
        .map(|f| (f.name, f.cyclomatic, f.cognitive, f.parameters, f.nesting))
        .collect()
}

fn row(
    name: &str,
    cyclomatic: u32,
    cognitive: u32,
    parameters: u32,
    nesting: u32,
) -> (String, u32, u32, u32, u32) {
    (name.to_owned(), cyclomatic, cognitive, parameters, nesting)
}

#[test]
fn rust_counts_by_its_own_rule() {
    let text = r##"
impl<T: Ord> Tree<T> for Map<K, V> {
    fn walk(&self, f: impl Fn(&&T) -> bool, b: Vec<(u8, u8)>) -> Option<()> {
        let Some(x) = self.top else { return None };
        for a in b { if a.0 == 1 && f(&&x) || !f(&&x) { break; } }
        let c = || 1;
        match x {
            0 | 1 => {}
            n if n > 2 => loop {},
            _ => {}
        }
        fn inner() { while true {} }
        let s = r#"if && || fn x() {"#; /* if /* nested */ if */
        Some(())
    }
}
macro_rules! m { ($x:expr) => { fn y() { if $x {} } } }
fn lifetimes<'a>(c: char) -> &'a str { if c == '"' || c == '\'' { "a" } else if c == 'x' { "b" } else { "" } }
"##;
    assert_eq!(
        numbers("a.rs", text),
        [
            row("Map::walk", 10, 11, 3, 2),
            row("Map::walk::inner", 2, 1, 0, 1),
            row("lifetimes", 4, 4, 1, 1),
        ]
    );
}

#[test]
fn python_reads_strings_and_lines_as_python_does() {
    let text = "class A:\n    def f(self, a, *, b=lambda: 1, **c):\n        x = f\"{a['if']:>{b}} {f'{a!r}' if a else 'else:'}\"\n        if (y := x) and \\\n            a: return \"\"\"\nif x:\n\"\"\"\n        def g(): pass\n        match = 1; match[0:1]\n        match x:\n            case [1, *_] | {'a': 1}: pass\n            case (1 | _): pass\n        return [i for i in a if i]\nasync def h():\n\tasync for x in y:\n\t\tpass\n\telse:\n\t\tpass\n";
    let found: Vec<(String, u32, u32)> = numbers("a.py", text)
        .into_iter()
        .map(|f| (f.0, f.1, f.3))
        .collect();
    assert_eq!(
        found,
        [
            ("A.f".to_owned(), 4, 4),
            ("A.f.g".to_owned(), 1, 0),
            ("h".to_owned(), 2, 0)
        ]
    );
}

#[test]
fn a_broken_function_leaves_the_others_alone() {
    let python =
        "def a():\n    if x: pass\n\ndef broken(:\n    x = (1,\n\ndef b():\n    if x: pass\n";
    let found = numbers("a.py", python);
    assert_eq!(
        (found.first(), found.last()),
        (Some(&row("a", 2, 1, 0, 1)), Some(&row("b", 2, 1, 0, 1)))
    );
    let go =
        "package p\n\nfunc a() { if x {} }\n\nfunc broken( {\n\tif (\n\nfunc b() { if x {} }\n";
    let found = numbers("a.go", go);
    assert_eq!(
        (found.first(), found.last()),
        (Some(&row("a", 2, 1, 0, 1)), Some(&row("b", 2, 1, 0, 1)))
    );
    let rust = "fn a() { if x {} }\n\nfn broken() {\n    if (x {\n\nfn b() { if x {} }\n";
    let found = numbers("a.rs", rust);
    assert_eq!(
        (found.first(), found.last()),
        (Some(&row("a", 2, 1, 0, 1)), Some(&row("b", 2, 1, 0, 1)))
    );
}

#[test]
fn files_are_known_by_name_and_by_interpreter() {
    let id = |path, line: &str| find(path, line.as_bytes()).map(|language| language.id);
    assert_eq!(id("a/b.TSX", ""), Some("tsx"));
    assert_eq!(
        id("bin/tool", "#!/usr/bin/env -S python3.12 -u"),
        Some("python")
    );
    assert_eq!(id("bin/tool", "#!/bin/sh"), None);
    assert_eq!(id("bin/node.conf", "#!/usr/bin/node"), None);
    assert_eq!(id("a.ts", "<?xml version=\"1.0\"?>"), None);
    assert_eq!(id(".py", ""), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for language in LANGUAGES {
            if let Ok(functions) = (language.functions)(&bytes) {
                for function in functions {
                    prop_assert!(function.span.end <= bytes.len() && function.name_span.end <= bytes.len());
                }
            }
        }
    }

    #[test]
    fn no_words_make_it_panic(words in prop::collection::vec(prop::sample::select(vec![
        "fn ", "def ", "func ", "class ", "if ", "else ", "match ", "case ", "for ", "in ", "let ", "=>", "->", "(", ")",
        "[", "]", "{", "}", "\n", "    ", "\t", ":", ",", ";", "=", "\"", "'", "`", "f\"", "{{", "\\", "#", "//", "/*", "*/", "r#\"",
        "x", "_", "&&", "||", "?", "<", ">", "|", "impl ", "macro_rules! ", "async ", "function ", "try ", "except ", "$", "é", "0.5",
    ]), 0..60)) {
        let text = words.concat();
        for language in LANGUAGES {
            if let Ok(functions) = (language.functions)(text.as_bytes()) {
                for function in functions {
                    prop_assert!(function.cyclomatic >= 1);
                    prop_assert!(function.span.start <= function.span.end && function.span.end <= text.len());
                    prop_assert!(function.name_span.start <= function.name_span.end && function.name_span.end <= text.len());
                }
            }
        }
    }
}

#[test]
fn csharp_counts_by_its_own_rule() {
    let text = "namespace N { class A<T> where T : class {\n\
        public int Name { get { return x ?? 1; } set => y = value; }\n\
        public A(int? a, string b) : base(a) { foreach (var c in b) { if (c == 'x') return; } }\n\
        int F<U>(U a) where U : struct => a switch { 1 => 2, > 3 when c => 4, _ => 5 };\n\
        string G() { return $\"{(x ? 1 : 2)} {y}\"; }\n} }\n";
    let found: Vec<(String, u32, u32)> = functions("a.cs", text)
        .into_iter()
        .map(|function| (function.name, function.cyclomatic, function.parameters))
        .collect();
    let expected = [
        ("N.A.Name.get", 2, 0),
        ("N.A.Name.set", 1, 0),
        ("N.A.A", 3, 2),
        ("N.A.F", 3, 1),
        ("N.A.G", 2, 0),
    ];
    assert_eq!(found, expected.map(|(name, a, b)| (name.to_owned(), a, b)));
}
