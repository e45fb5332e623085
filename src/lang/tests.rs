//! The numbers against those that each tool's own tests expect, and any bytes against panics.

mod oracles;

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

fn column(text: &str, at: usize) -> u64 {
    text[..at]
        .chars()
        .rev()
        .take_while(|&letter| letter != '\n')
        .count() as u64
        + 1
}

#[test]
fn go_counts_as_gocyclo_does() {
    for case in cases("gocyclo").unwrap_or_default() {
        let text = case["text"].as_str().expect("text");
        let found = functions("a.go", text)
            .into_iter()
            .find(|function| {
                function.name == case["function"]
                    && case["start_line"] == line(text, function.name_span.start)
            })
            .map(|function| u64::from(function.cyclomatic));
        assert_eq!(found, case["cyclomatic"].as_u64(), "{case}");
    }
}

#[test]
fn python_counts_as_ruff_does() {
    for case in cases("ruff").unwrap_or_default() {
        let text = case["text"].as_str().expect("text");
        let all = functions("a.py", text);
        let outer = all.iter().filter(|function| {
            !all.iter().any(|other| {
                other != *function
                    && other.span.start <= function.span.start
                    && other.span.end >= function.span.end
            })
        });
        let sum: u64 = outer.map(|function| u64::from(function.cyclomatic)).sum();
        assert_eq!(Some(sum), case["suite_complexity"].as_u64(), "{case}");
    }
}

#[test]
fn javascript_counts_as_eslint_does() {
    let classic = |case: &Value| case["variant"] == "classic";
    for case in cases("eslint")
        .unwrap_or_default()
        .into_iter()
        .filter(classic)
    {
        let text = case["text"].as_str().expect("text");
        let at = (case["start_line"].as_u64(), case["column"].as_u64());
        let named = |function: &Function| {
            // A finding stands under the name where there is one on the line; ESLint points at the head.
            let near = function.span.start.min(function.name_span.start);
            [near, function.name_span.start, function.span.start]
                .iter()
                .any(|&place| (Some(line(text, place)), Some(column(text, place))) == at)
                || text[function.span.start..function.span.end].contains("=>")
                    && text
                        .get(..at.1.unwrap_or(0) as usize + 1)
                        .is_some_and(|head| head.ends_with("=>"))
                    && function.span.contains(&(at.1.unwrap_or(0) as usize))
        };
        let all = functions("a.js", text);
        let found = all.iter().any(|function| {
            named(function) && Some(u64::from(function.cyclomatic)) == case["cyclomatic"].as_u64()
        });
        assert!(found, "{case}\n{all:?}");
    }
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

#[test]
fn deep_nesting_neither_overflows_nor_takes_long() {
    let deep = 100_000;
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
        let text = open.repeat(deep);
        for language in LANGUAGES {
            let start = std::time::Instant::now();
            let _ = (language.functions)(text.as_bytes());
            assert!(start.elapsed().as_secs() < 20, "{} {open}", language.id);
        }
    }
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

/// The share of the cases of `tool` in files that end in `extension` for which `right` holds, and how many there are.
fn agreement(tool: &str, extension: &str, metric: &str) -> Option<(usize, usize)> {
    let cases = cases(tool)?;
    let (mut right, mut all) = (0, 0);
    for case in &cases {
        let file = case["file"].as_str().unwrap_or("");
        let named = file.is_empty() || file.ends_with(&format!(".{extension}"));
        let plain = case["extensions"].as_array().is_none_or(Vec::is_empty);
        let measured = case["metric"].as_str().unwrap_or("cyclomatic") == metric;
        if !(named && plain && measured) {
            continue;
        }
        let text = case["text"].as_str().expect("text");
        let found = functions(&format!("a.{extension}"), text);
        all += 1;
        right += usize::from(found.iter().any(|function| {
            case["cyclomatic"] == function.cyclomatic
                && case["start_line"] == line(text, function.name_span.start)
        }));
    }
    Some((right, all))
}

#[test]
fn lizards_languages_count_as_lizard_does() {
    // The rest is explained in docs/scanners/complexity.md.
    for (extension, least) in [
        ("c", 100),
        ("cpp", 100),
        ("php", 97),
        ("swift", 100),
        ("scala", 100),
        ("lua", 100),
        ("java", 100),
    ] {
        let Some((right, all)) = agreement("lizard", extension, "cyclomatic") else {
            return;
        };
        assert!(right * 100 >= all * least, "{extension}: {right} of {all}");
        assert!(all > 0, "{extension}");
    }
}

#[test]
fn ruby_counts_as_rubocop_does() {
    let Some((right, all)) = agreement("rubocop", "rb", "cyclomatic") else {
        return;
    };
    assert_eq!(right, all);
}

#[test]
fn kotlin_counts_as_detekt_does() {
    for case in cases("detekt").unwrap_or_default() {
        let text = case["text"].as_str().expect("text");
        let expected = case["expected_expr"].as_str().expect("a number");
        let expected = expected.replace("defaultFunctionComplexity", "1");
        let sum: u32 = expected
            .split('+')
            .map(|part| part.trim().parse::<u32>().expect("a number"))
            .sum();
        let all = functions("a.kt", text);
        let outer = all.iter().filter(|function| {
            !all.iter().any(|other| {
                other != *function
                    && other.span.start <= function.span.start
                    && other.span.end >= function.span.end
            })
        });
        let cyclomatic = case["metric"] == "cyclomatic";
        let found: u32 = outer
            .map(|function| {
                if cyclomatic {
                    function.cyclomatic
                } else {
                    function.cognitive
                }
            })
            .sum();
        // Three cases set `ignoreSimpleWhenEntries`, which hookd does not have.
        let option = cyclomatic && text.contains("when (System") && found > sum;
        assert!(found == sum || option, "{found}: {case}");
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

#[test]
fn long_lines_take_time_in_proportion() {
    let deep = 100_000;
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
    ] {
        let text = format!("int f() {{ {}", piece.repeat(deep));
        for language in LANGUAGES {
            let start = std::time::Instant::now();
            let _ = (language.functions)(text.as_bytes());
            assert!(start.elapsed().as_secs() < 20, "{} {piece}", language.id);
        }
    }
}
