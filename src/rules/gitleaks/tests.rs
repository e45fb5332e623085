//! Patterns against matches derived from RE2's syntax page and against Python's; configurations against what gitleaks
//! does with them.

use super::config::{Config, load};
use super::keys::{File, Placed};
use super::pattern::Pattern;
use super::syntax::translate;
use crate::rules::{builtin, sample};
use proptest::prelude::*;
use std::io::Write;
use std::process::{Command, Stdio};

fn compiled(pattern: &str) -> Pattern {
    let file = File {
        name: "x.toml",
        text: "",
    };
    let written = Placed {
        value: pattern.to_owned(),
        span: 0..0,
    };
    Pattern::new(file, &written).expect("Go takes it")
}

fn spans(pattern: &str, text: &[u8]) -> Vec<(usize, usize)> {
    let pattern = compiled(pattern);
    let regex = pattern.compiled().expect("it compiles");
    regex
        .find_iter(text)
        .map(|found| (found.start(), found.end()))
        .collect()
}

/// One line for each construct of <https://github.com/google/re2/wiki/Syntax>: a pattern, a text, where Go matches.
#[test]
fn constructs_match_where_go_matches() {
    type Case = (&'static str, &'static str, &'static [(usize, usize)]);
    let cases: &[Case] = &[
        // Classes are ASCII: an Arabic digit, a letter with an accent and a vertical tab are outside.
        (r"\d", "1\u{663}2", &[(0, 1), (3, 4)]),
        (r"\w+", "aé_9", &[(0, 1), (3, 5)]),
        (
            r"\s",
            " \t\n\r\x0c\x0b\u{a0}",
            &[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)],
        ),
        (r"\S+", "a\x0bb c", &[(0, 3), (4, 5)]),
        (r"\W", "é-", &[(0, 2), (2, 3)]),
        (r"\D+", "1é2", &[(1, 3)]),
        (r"[\w-]+", "a-b é", &[(0, 3)]),
        (r"[^\w]", "aé", &[(1, 3)]),
        (r"[\W]", "aé", &[(1, 3)]),
        (r"[^\S ]", " \tx", &[(1, 2)]),
        // Word boundaries are ASCII too.
        (r"\bkey\b", "ékey key_ key", &[(2, 5), (11, 14)]),
        (r"x\B", "xy x", &[(0, 1)]),
        // Braces that are no repetition.
        (r"a{", "a{", &[(0, 2)]),
        (r"a{,2}", "aa a{,2}", &[(3, 8)]),
        (r"\${x}", "${x}", &[(0, 4)]),
        (r"{{.*}}", "a{{b}}", &[(1, 6)]),
        (r"a{2}", "aaaa", &[(0, 2), (2, 4)]),
        (r"a{2,}", "aaaa", &[(0, 4)]),
        (r"a{1,2}?", "aa", &[(0, 1), (1, 2)]),
        (r"a{01}", "a{01}", &[(0, 5)]),
        // Classes: a bracket first, a hyphen last, no set operations, nothing nested.
        (r"[]a]+", "]a", &[(0, 2)]),
        (r"[^]a]", "]b", &[(1, 2)]),
        (r"[a-]+", "a-b", &[(0, 2)]),
        (r"[-a]+", "-ab", &[(0, 2)]),
        (r"[a&&b]+", "a&b", &[(0, 3)]),
        (r"[a~~b]+", "~a~", &[(0, 3)]),
        (r"[[a]+", "[a", &[(0, 2)]),
        (r"[a[]+", "[a", &[(0, 2)]),
        (r"[\]\-\\]+", r"]-\", &[(0, 3)]),
        (r"[[:alpha:]_]+", "ab_é", &[(0, 3)]),
        (r"[[:^digit:]]", "1a", &[(1, 2)]),
        (r"[[:word:]]+", "a_1-", &[(0, 3)]),
        (r"[\x00-\x1f]", "a\x01", &[(1, 2)]),
        (r"[^\n]+", "a\nb", &[(0, 1), (2, 3)]),
        // Escapes.
        (r"\<\>\_\-\#\/\%\ ", "<>_-#/% ", &[(0, 8)]),
        (r"\Qa.b\E+", "a.bb axb", &[(0, 4)]),
        (r"\Q(", "(", &[(0, 1)]),
        (r"\x41\x{42}\103\t", "ABC\t", &[(0, 4)]),
        (r"\a\f\v", "\x07\x0c\x0b", &[(0, 3)]),
        (r"\pL\p{Lu}\P{^Nd}", "éÉ1", &[(0, 5)]),
        (r"[\pN\p{^L}]", "a1", &[(1, 2)]),
        // Anchors.
        (r"^a|b$", "a\nb", &[(0, 1), (2, 3)]),
        (r"a$", "a\n", &[]),
        (r"(?m)^a$", "a\na", &[(0, 1), (2, 3)]),
        (r"\Aa\z", "a", &[(0, 1)]),
        // Flags, their reach, groups.
        (r"a(?i)b|c", "aB C", &[(0, 2), (3, 4)]),
        (r"a(?i:b)c", "aBc aBC", &[(0, 3)]),
        (r"(?i)a(?-i)b", "Ab AB", &[(0, 2)]),
        (r"a.c", "a\nc", &[]),
        (r"(?s)a.c", "a\nc", &[(0, 3)]),
        (r"(?U)a+", "aa", &[(0, 1), (1, 2)]),
        (r"(?)a", "a", &[(0, 1)]),
        (r"(?P<n>a)(?<m>b)", "ab", &[(0, 2)]),
        (r"(?P<1n>a)", "a", &[(0, 1)]),
        // The first alternative wins, not the longest.
        (r"a|ab", "ab", &[(0, 1)]),
        (r"(?:a|ab)(?:c|bcd)", "abcd", &[(0, 4)]),
        // Case is folded as Unicode does: the Kelvin sign is a `k`, and the long s an `s`.
        (r"(?i)k", "\u{212a}", &[(0, 3)]),
        (r"(?i)[a-z]", "\u{17f}", &[(0, 2)]),
        (r"(?i)STRASSE", "strasse straße", &[(0, 7)]),
        // A character is a character, however many bytes it has.
        (r"^.{2}$", "éé", &[(0, 4)]),
        (r"[é-ü]", "ö", &[(0, 2)]),
    ];
    for (pattern, text, want) in cases {
        assert_eq!(
            spans(pattern, text.as_bytes()),
            *want,
            "{pattern} in {text:?}"
        );
    }
}

#[test]
fn what_go_refuses_is_refused() {
    for pattern in [
        "a**",
        "a+*",
        "a{2}{3}",
        "*a",
        "(*)",
        "a|*",
        "(",
        ")",
        "(a",
        "[a",
        "[z-a]",
        "[a--]",
        "[a-\\d]",
        r"\",
        r"\y",
        r"\1",
        r"\C",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(?<!a)",
        "(?P=n)",
        "(?x)a",
        "(?-)a",
        "(?i",
        "(?P<>a)",
        "(?P<n>a)(?P<n>b)",
        "a{1001}",
        "a{3,2}",
        r"[\b]",
        r"\x{110000}",
        r"\pé",
        "[[:nope:]]",
        r"\Z",
        r"\8",
    ] {
        assert!(translate(pattern).is_err(), "{pattern}");
    }
}

/// Pieces that Go and Python (with ASCII classes) read alike.
const COMMON: &[&str] = &[
    "a", "b", "-", "_", ".", "\\.", "\\d", "\\w", "\\W", "\\b", "\\B", "[a-c]", "[^a-c]", "[\\w-]",
    "[]a]", "[^]a]", "[-a]", "(a|b)", "(?:ab|a)", "(a)", "x{", "{", "}", "[{}]", "\\/", "\\-",
    "\\\"", "\\n", "(?:a|)", "[a.]", "\\x61", "(?i:B)", "[&~]",
];
const REPEATS: &[&str] = &[
    "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}",
];

/// Python's `re` is another implementation: run once over generated patterns and texts.
#[test]
#[allow(clippy::print_stderr)] // a skipped test says so
fn agrees_with_python_where_both_mean_the_same() {
    // Where a pattern matches nothing, the two go on differently: such cases are left out.
    const PROGRAM: &str = "import json,re,sys\nfor line in sys.stdin:\n    p,t=json.loads(line)\n    spans=[list(m.span()) for m in re.finditer(p,t,re.ASCII)]\n    print(json.dumps(None if any(a==b for a,b in spans) else spans))\n";
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut pick = |count: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % count as u64).unwrap_or(0)
    };
    let mut cases = Vec::new();
    for _ in 0..800 {
        let mut pattern = String::new();
        for _ in 0..=pick(4) {
            let piece = COMMON[pick(COMMON.len())];
            pattern.push_str(piece);
            // What may match nothing is not repeated: there the two differ in what an empty iteration is.
            if !piece.ends_with(['b', 'B', ')', '{']) || piece == "b" {
                pattern.push_str(REPEATS[pick(REPEATS.len())]);
            }
        }
        let text: String = (0..24)
            .map(|_| char::from(b"aabbcxB_-.{}0/\"\n &~"[pick(19)]))
            .collect();
        cases.push((pattern, text));
    }
    let child = Command::new("python3")
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: there is no python3");
        return;
    };
    let input: String = cases
        .iter()
        .map(|case| serde_json::to_string(case).expect("text") + "\n")
        .collect();
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("python3 ends");
    writer.join().expect("no panic").expect("python3 reads");
    let output = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.lines().count(), cases.len());
    let mut compared = 0;
    for ((pattern, text), line) in cases.iter().zip(output.lines()) {
        let want: Option<Vec<(usize, usize)>> = serde_json::from_str(line).expect("spans");
        let Some(want) = want else { continue };
        compared += 1;
        let found = spans(pattern, text.as_bytes());
        assert_eq!(found, want, "{pattern} in {text:?}");
    }
    assert!(compared > 200, "{compared}");
}

fn config(text: &str) -> Config {
    load("gitleaks.toml", text, &|path| Err(format!("no {path}"))).expect("a good configuration")
}

/// What the rules of a configuration find in a text: rule and secret.
fn found(text: &str, path: &str, bytes: &str) -> Vec<(String, String)> {
    let scanned = config(text).scan(path, bytes.as_bytes());
    assert!(scanned.errors.is_empty(), "{:?}", scanned.errors);
    let hits = scanned.hits.into_iter();
    hits.map(|hit| (hit.rule.id.get().to_owned(), bytes[hit.secret].to_owned()))
        .collect()
}

fn secrets(text: &str, bytes: &str) -> Vec<String> {
    found(text, "a.txt", bytes)
        .into_iter()
        .map(|(_, secret)| secret)
        .collect()
}

#[test]
fn the_secret_is_the_group_or_the_match() {
    let rule = |extra: &str| format!("[[rules]]\nid='x'\nregex='''k=(a)?(\\w+)'''\n{extra}");
    assert_eq!(secrets(&rule(""), "k=abc"), ["a"]);
    assert_eq!(secrets(&rule(""), "k=bc"), ["bc"]);
    assert_eq!(secrets(&rule("secretGroup=2"), "k=abc"), ["bc"]);
    assert_eq!(
        secrets("[[rules]]\nid='x'\nregex='k=\\w+\\n'", "k=abc\n\n"),
        ["k=abc"]
    );
}

#[test]
fn keys_have_any_case_and_values_nearly_any_type() {
    let text = "[[RULES]]\nID = 7\nReGeX = 'k=(\\w)(\\w+)'\nsecretgroup = \"2\"\nENTROPY = \"1.5\"\nKeyWords = 'k=,q='\nTAGS = 'a'\nunknown = 1";
    assert_eq!(secrets(text, "k=xabcd k=xaaaa"), ["abcd"]);
}

#[test]
fn keywords_entropy_and_paths_decide_what_runs() {
    let rule = |extra: &str| format!("[[rules]]\nid='x'\nregex='\\w+'\n{extra}");
    assert_eq!(secrets(&rule("keywords=['KEY']"), "key"), ["key"]);
    assert!(secrets(&rule("keywords=['other']"), "key").is_empty());
    assert!(
        secrets(&rule("entropy=2.0"), "abcd").is_empty(),
        "entropy must be exceeded"
    );
    assert_eq!(secrets(&rule("entropy=1.99"), "abcd"), ["abcd"]);
    assert!(secrets(&rule("path='\\.env$'"), "key").is_empty());
    assert_eq!(found(&rule("path='\\.env$'"), "x/.env", "key").len(), 1);
    let scanned = config("[[rules]]\nid='p12'\npath='\\.p12$'").scan("a/b.p12", b"x");
    assert_eq!(scanned.paths.len(), 1);
}

#[test]
fn allowlists_let_pass_what_they_say() {
    let rule = "[[rules]]\nid='x'\nregex='k=(\\w+)'\n";
    let with = |list: &str| {
        secrets(
            &format!("{rule}[[rules.allowlists]]\n{list}"),
            "k=abc # fine\nk=def\n",
        )
    };
    assert_eq!(with("regexes=['^abc$']"), ["def"]);
    assert_eq!(with("regexTarget='match'\nregexes=['k=a']"), ["def"]);
    assert_eq!(with("regexTarget='line'\nregexes=['fine']"), ["def"]);
    assert_eq!(with("stopwords=['EF']"), ["abc"]);
    assert!(with("paths=['a\\.txt']").is_empty());
    assert_eq!(
        with("condition='AND'\npaths=['a\\.txt']\nregexes=['abc']"),
        ["def"]
    );
    assert_eq!(
        with("condition='and'\npaths=['b\\.txt']\nregexes=['abc']"),
        ["abc", "def"]
    );
    assert_eq!(
        with("condition='&&'\ncommits=['abc']\nregexes=['abc']"),
        ["abc", "def"]
    );
    // An inline flag leaks into the patterns after it.
    assert!(with("regexes=['(?i)ABC','DEF']").is_empty());
    assert_eq!(with("regexes=['DEF','(?i)ABC']"), ["def"]);
    let global = |list: &str| secrets(&format!("{rule}[[allowlists]]\n{list}"), "k=abc\nk=def\n");
    assert_eq!(global("stopwords=['abc']"), ["def"]);
    assert_eq!(global("targetRules=['x']\nstopwords=['abc']"), ["def"]);
    let older =
        format!("{rule}[rules.allowlist]\nregexes='abc'\n[allowlist]\nstopwords=['nothing']\n");
    assert_eq!(secrets(&older, "k=abc k=def"), ["def"]);
}

#[test]
fn required_rules_must_find_something_near() {
    let text = |within: &str| {
        format!(
            "[[rules]]\nid='user'\nregex='u=(\\w+)'\nskipReport=true\n[[rules]]\nid='pass'\nregex='p=(\\w+)'\n[[rules.required]]\nid='user'\n{within}"
        )
    };
    assert_eq!(secrets(&text(""), "u=me\n\n\n\np=secret"), ["secret"]);
    assert!(secrets(&text(""), "p=secret").is_empty());
    assert_eq!(
        secrets(&text("withinLines=1"), "u=me\np=one\n\np=two"),
        ["one"]
    );
    assert_eq!(
        secrets(&text("withinColumns=3"), "u=me\np=one\n        p=two"),
        ["one"]
    );
}

#[test]
fn files_extend_files() {
    let base = "[[rules]]\nid='a'\nregex='a=(\\w+)'\nkeywords=['a=']\n[[rules]]\nid='b'\nregex='b=(\\w+)'\n[[rules]]\nid='c'\nregex='c=(\\w+)'\n[allowlist]\nstopwords=['zzz']";
    let text = "[extend]\npath='base.toml'\ndisabledRules=['b']\n[[rules]]\nid='a'\nentropy=1.0\n[[rules]]\nid='c'\nregex='C=(\\w+)'";
    let read = |path: &str| {
        if path == "base.toml" {
            Ok(base.to_owned())
        } else {
            Err("missing".to_owned())
        }
    };
    let config = load("x.toml", text, &read).expect("a good configuration");
    let bytes = "a=aaaa a=abcd b=bcde c=cdef C=efgh a=zzzyx";
    let scanned = config.scan("f", bytes.as_bytes());
    let mut secrets: Vec<&str> = scanned
        .hits
        .iter()
        .map(|hit| &bytes[hit.secret.clone()])
        .collect();
    secrets.sort_unstable();
    assert_eq!(secrets, ["abcd", "efgh"]);
    let error = load("x.toml", "[extend]\npath='other.toml'", &read)
        .err()
        .expect("an error");
    assert!(error.message.contains("missing") && error.file == "x.toml");
}

#[test]
fn the_default_is_the_built_in_pack() {
    let text = "[extend]\nuseDefault=true\ndisabledRules=['jwt']\n[[rules]]\nid='github-pat'\n[[rules.allowlists]]\nregexes=['_x']\n[[rules]]\nid='a-kind-of-theirs'\n[[rules.allowlists]]\nstopwords=['x']\n[[allowlists]]\npaths=['vendor/']";
    let config = config(text);
    assert!(config.uses_default() && config.disables("jwt") && !config.disables("github-pat"));
    let rule = builtin()
        .iter()
        .find(|rule| rule.id == "github-pat")
        .expect("a rule");
    let token = sample("ghp_{base62:36}", 3);
    let allows = |path: &str, text: &str| {
        let range = 0..text.len();
        config
            .allows(rule, path, text.as_bytes(), &range, &range)
            .expect("patterns compile")
    };
    assert!(!allows("a", &token));
    assert!(allows("vendor/a", &token));
    assert!(allows("a", &token.replace('_', "_x")));
}

#[test]
fn mistakes_have_a_place() {
    let error = |text: &str| {
        let error = load("g.toml", text, &|_| Err("no file".to_owned()))
            .err()
            .expect(text);
        let line = text[..error.span.start].matches('\n').count() + 1;
        (line, error.message)
    };
    for (text, line, message) in [
        ("[[rules]]\nid='x'\nregex='a(b'", 3, "missing closing"),
        ("[[rules]]\nid='x'\nregex='a(?=b)'", 3, "lookaround"),
        ("[[rules]]\nregex='a'", 1, "needs an `id`"),
        ("[[rules]]\nid='x'", 2, "neither `regex` nor `path`"),
        (
            "[[rules]]\nid='x'\nregex='(a)'\nsecretGroup=2",
            4,
            "1 capture groups",
        ),
        (
            "[[rules]]\nid='x'\nregex='a'\nentropy='high'",
            4,
            "must be a number",
        ),
        (
            "[[rules]]\nid='x'\nregex='a'\n[[rules.allowlists]]\ncondition='xor'\nregexes=['a']",
            5,
            "no condition",
        ),
        (
            "[[rules]]\nid='x'\nregex='a'\n[[rules.allowlists]]\nregexTarget='file'\nregexes=['a']",
            5,
            "no target",
        ),
        ("[[allowlists]]\ndescription='nothing'", 1, "needs one of"),
        (
            "[allowlist]\npaths=['a']\n[[allowlists]]\npaths=['b']",
            1,
            "exclude each other",
        ),
        (
            "[[allowlists]]\ntargetRules=['y']\npaths=['a']",
            2,
            "no rule `y`",
        ),
        (
            "[[rules]]\nid='x'\nregex='a'\n[[rules.required]]\nid='y'",
            2,
            "requires `y`",
        ),
        (
            "[extend]\nuseDefault=true\npath='b.toml'",
            3,
            "exclude each other",
        ),
        ("[[rules]\n", 1, ""),
        ("rules = 3", 1, "must be a table"),
    ] {
        let (at, got) = error(text);
        assert_eq!(at, line, "{text}: {got}");
        assert!(got.contains(message), "{text}: {got}");
    }
    let text = "[[rules]]\nid = 'x'\nregex = 'ab(?=c)'";
    let error = load("g.toml", text, &|_| Err(String::new()))
        .err()
        .expect("an error");
    assert_eq!(&text[error.span.start..], "(?=c)'");
}

#[test]
fn bytes_that_are_no_text_are_characters_of_no_class() {
    let scanned =
        config("[[rules]]\nid='x'\nregex='a.b|c[^d]e|f\\wg'").scan("f", b"a\xffb c\xfee f\xfdg");
    let spans: Vec<_> = scanned.hits.iter().map(|hit| hit.secret.clone()).collect();
    assert_eq!(spans, [0..3, 4..7]);
}

proptest! {
    #[test]
    fn any_pattern_is_translated_or_refused(pattern in "[a-c(){}\\[\\]\\\\|*+?.^$\\-,0-9:<>PQEdbwpxL&~é]{0,20}") {
        if let Ok(translated) = translate(&pattern) {
            let regex = regex::bytes::RegexBuilder::new(&translated.text).size_limit(1 << 20).build();
            if let Err(regex::Error::Syntax(reason)) = regex {
                // Scripts and categories that are not there are the only difference left.
                prop_assert!(reason.contains("Unicode property"), "{pattern} -> {}: {reason}", translated.text);
            }
        }
    }

    #[test]
    fn any_text_is_loaded_or_refused(text in "(\\[\\[?(rules|allowlists|extend|rules\\.allowlists)\\]?\\]\n|(id|regex|path|keywords|entropy|regexes|condition) ?= ?('[a-z()\\[+]{0,4}'|3|true|\\[\\]|\\['a'\\])\n){0,8}") {
        if let Ok(config) = load("g.toml", &text, &|_| Err("no file".to_owned())) {
            let _ = config.scan("a", b"some text a b c");
        }
    }
}
