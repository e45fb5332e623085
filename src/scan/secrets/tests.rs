//! What users see: samples of every rule are found in context, negatives are not, windows change nothing.

use super::SPEC;
use super::scanner::SecretScanner;
use crate::config::Section;
use crate::model::{
    AddedLines, Content, FileKind, FileMeta, Finding, Mode, Position, RepoPath, Sink,
};
use crate::rules::{Class, Matcher, Rule, RuleSet, builtin, compile, sample};
use crate::scan::{Base, ScanContext, Scanner, SourceFile};
use proptest::prelude::*;
use std::path::PathBuf;

struct NoBase;

impl Base for NoBase {
    fn contents(&self) -> Result<Vec<Vec<u8>>, String> {
        Ok(Vec::new())
    }

    fn added(&self, _: &[Vec<u8>], _: &[u8]) -> AddedLines {
        AddedLines::All
    }
}

pub(super) fn meta(path: &str, size: usize) -> FileMeta {
    FileMeta {
        path: RepoPath::from(path),
        kind: FileKind::Regular,
        size: size as u64,
        content: Content::Disk(PathBuf::from(path)),
        bases: Vec::new(),
        commit: None,
    }
}

pub(super) fn scan(scanner: &dyn Scanner, path: &str, text: &[u8]) -> Vec<Finding> {
    let meta = meta(path, text.len());
    let mut sink = Sink::new();
    scanner.scan_file(&SourceFile::new(&meta, text, &NoBase), &mut sink);
    sink.into_parts().0
}

pub(super) fn all_rules() -> SecretScanner {
    SecretScanner::new(RuleSet::new(|_| true), Vec::new())
}

/// A path that the rule reads.
fn path_for(rule: &Rule) -> &'static str {
    let paths = [
        "notes.txt",
        ".npmrc",
        ".pypirc",
        ".pgpass",
        "site.htpasswd",
        "main.tf",
        "app.yaml",
    ];
    let pattern = compile(&rule.path);
    paths
        .into_iter()
        .find(|path| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(path.as_bytes()))
        })
        .unwrap_or("notes.txt")
}

/// The places a value stands in, where the rule needs no place of its own.
fn contexts(rule: &Rule, text: &str) -> Vec<String> {
    if rule.class != Class::Token || rule.multiline {
        return vec![text.to_owned()];
    }
    vec![
        text.to_owned(),
        format!("value = \"{text}\"\n"),
        format!("{{\"value\": \"{text}\"}}"),
        format!("value: {text}\n"),
        format!("export VALUE={text}\n"),
        format!("https://host/path?value={text}&x=1"),
        format!("printf(\"a\\n{text}\\n\");"),
    ]
}

#[test]
fn positive_samples_are_found() {
    let scanner = all_rules();
    let mut missed = Vec::new();
    for rule in builtin() {
        for (template, seed) in rule
            .positive
            .iter()
            .flat_map(|t| (0..4).map(move |seed| (t, seed)))
        {
            for text in contexts(rule, &sample(template, seed)) {
                let found = scan(&scanner, path_for(rule), text.as_bytes());
                if !found.iter().any(|finding| rule.id == finding.rule) {
                    let ids: Vec<_> = found
                        .iter()
                        .map(|finding| finding.rule.to_string())
                        .collect();
                    missed.push(format!("{} (found {ids:?}): {text}", rule.id));
                    break;
                }
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn negative_samples_are_not_found() {
    let scanner = all_rules();
    let mut wrong = Vec::new();
    for rule in builtin() {
        for (template, seed) in rule
            .negative
            .iter()
            .flat_map(|t| (0..4).map(move |seed| (t, seed)))
        {
            let text = sample(template, seed);
            let found = scan(&scanner, path_for(rule), text.as_bytes());
            if found.iter().any(|finding| rule.id == finding.rule) {
                wrong.push(format!("{}: {text}", rule.id));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} found:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn findings_never_show_the_secret() {
    let scanner = all_rules();
    for rule in builtin() {
        for template in rule.positive {
            let text = sample(template, 11);
            for finding in scan(&scanner, path_for(rule), text.as_bytes()) {
                let secret = String::from_utf8_lossy(&finding.identity).into_owned();
                let shown = finding.excerpt.text.trim_end_matches("***");
                let armour = shown.starts_with("-----BEGIN ");
                assert!(
                    armour || shown.len() * 3 <= secret.len(),
                    "{}: {shown}",
                    rule.id
                );
                for part in [&finding.message, &finding.help] {
                    assert!(!part.contains(&secret), "{}", rule.id);
                }
            }
        }
    }
}

#[test]
fn a_finding_says_where_and_what_to_do() {
    let token = sample("ghp_{base62:36}", 5);
    let text = format!("first line\nlet token = \"{token}\";\n");
    let found = scan(&all_rules(), "src/a.rs", text.as_bytes());
    let [finding] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(finding.rule, "github-pat");
    assert_eq!(
        (finding.span.start.line, finding.span.start.column),
        (2, 14)
    );
    assert_eq!(finding.identity, token.as_bytes());
    assert_eq!(finding.data["checksum"], "invalid");
    assert!(finding.help.contains("hookd:allow github-pat"));
    assert_eq!(finding.excerpt.text, format!("{}***", &token[..5]));
}

#[test]
fn what_the_rule_of_an_issuer_refuses_is_not_found_by_its_name_alone() {
    let found = |text: &str| !scan(&all_rules(), "notes.txt", text.as_bytes()).is_empty();
    let twelve = "a9c4b7".repeat(6);
    assert!(!found(&format!("datadog_api_key = \"{}\"", &twelve[..32])));
    // The secret keys of AWS are base64; another's may be hexadecimal.
    assert!(found(&sample("secret_key = \"{hex:40}\"", 2)));
}

#[test]
fn binary_files_are_searched_for_tokens_only() {
    let token = sample("ghp_{base62:36}", 5);
    let other = sample("api_key = \"{base62:40}\"", 5);
    let text = format!("\0\0{other}\0 {token}\0");
    let ids: Vec<_> = scan(&all_rules(), "a.bin", text.as_bytes())
        .into_iter()
        .map(|f| f.rule)
        .collect();
    assert_eq!(ids, ["github-pat"]);
}

fn with_section(text: &str) -> Result<Box<dyn Scanner>, String> {
    section_in(".", text)
}

fn section_in(root: impl Into<PathBuf>, text: &str) -> Result<Box<dyn Scanner>, String> {
    let table = toml::de::DeTable::parse(text)
        .map_err(|error| error.to_string())?
        .into_inner();
    let context = ScanContext {
        commits: None,
        reads_message: false,
        mode: Mode::All,
        data_dir: None,
        root: root.into(),
        today: jiff::civil::date(2026, 1, 1),
    };
    let mut section = Section::default();
    section.push("hookd.toml", text, table);
    (SPEC.build)(&section, &context).map_err(|error| error.to_string())
}

#[test]
fn the_section_chooses_rules() {
    let text = sample("password = \"swordfish\" ghp_{base62:36}", 3);
    let ids = |config: &str| -> Vec<String> {
        let scanner = with_section(config).expect("a good section");
        scan(&*scanner, "a.py", text.as_bytes())
            .into_iter()
            .map(|f| f.rule.into_owned())
            .collect()
    };
    assert_eq!(ids(""), ["github-pat"]);
    assert_eq!(
        ids("rules = [\"default\", \"strict\"]"),
        ["generic-weak-password", "github-pat"]
    );
    assert!(
        ids("disable = [\"github-pat\"]")
            .iter()
            .all(|id| id != "github-pat")
    );
    assert!(ids("rules = []").is_empty());
}

#[test]
fn mistakes_in_the_section_are_explained() {
    let error = |config| with_section(config).err().unwrap_or_default();
    assert!(error("disable = [\"github-pt\"]").contains("did you mean `github-pat`?"));
    assert!(error("rules = [\"missing.toml\"]").contains("missing.toml: "));
    assert!(error("rules = [\"strcit\"]").contains("did you mean `strict`?"));
    assert!(error("rule = []").contains("did you mean `rules`?"));
}

#[test]
fn agreement_with_gitleaks_takes_its_configuration_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("it is written");
    };
    write(
        "g.toml",
        "[[rules]]\nid='acme'\nregex='acme = (\\w+)'\n[[rules]]\nid='word'\nregex='= (\\w+)'",
    );
    write("default.toml", "[extend]\nuseDefault = true");
    let token = sample("ghp_{base62:36}", 3);
    let text = format!("\nacme = changeme\nacme = {token}\n");
    let scanner =
        section_in(folder.path(), "compat = \"gitleaks\"\nrules = [\"g.toml\"]").expect("it loads");
    let found: Vec<_> = scan(scanner.as_ref(), "a.txt", text.as_bytes())
        .into_iter()
        .map(|finding| {
            (
                finding.rule.into_owned(),
                finding.span.start.line,
                finding.span.start.column,
            )
        })
        .collect();
    let wanted = [
        ("acme", 2, 1),
        ("word", 2, 6),
        ("acme", 3, 1),
        ("word", 3, 6),
    ];
    assert_eq!(
        found,
        wanted.map(|(rule, line, column)| (rule.to_owned(), line, column))
    );
    for (section, message) in [
        ("compat = \"gitleaks\"", "needs the configuration"),
        (
            "compat = \"gitleaks\"\nrules = [\"default\", \"g.toml\"]",
            "leaves out the rule pack",
        ),
        (
            "compat = \"gitleaks\"\nrules = [\"default.toml\"]",
            "extends gitleaks' own rules",
        ),
        (
            "compat = \"gitleaks\"\nrules = [\"g.toml\"]\ndisable = [\"jwt\"]",
            "names built-in rules",
        ),
        (
            "compat = \"gitleeks\"\nrules = [\"g.toml\"]",
            "did you mean `gitleaks`?",
        ),
    ] {
        let error = section_in(folder.path(), section).err().expect(section);
        assert!(
            error.contains(message) && error.contains('^'),
            "{section}: {error}"
        );
    }
}

#[test]
fn gitleaks_configurations_run_beside_the_pack() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |text: &str| std::fs::write(folder.path().join("gitleaks.toml"), text).expect("a file");
    let ids = |rules: &str, text: &str| -> Vec<String> {
        let scanner = section_in(folder.path(), rules).expect("a good section");
        let found = scan(&*scanner, "a.py", text.as_bytes());
        found.into_iter().map(|f| f.rule.into_owned()).collect()
    };
    let own = "[[rules]]\nid='Acme Key'\ndescription='Acme'\nregex='acme-(\\d{6})'\ntags=['a']\n";
    let token = sample("ghp_{base62:36}", 3);
    let text = format!("acme-123456 {token}");
    write(own);
    assert_eq!(ids("rules = [\"gitleaks.toml\"]", &text), ["Acme Key"]);
    assert_eq!(
        ids("rules = [\"default\", \"gitleaks.toml\"]", &text),
        ["Acme Key", "github-pat"]
    );
    write(&format!(
        "{own}[extend]\nuseDefault = true\n[[allowlists]]\nstopwords=['ghp_']"
    ));
    assert_eq!(ids("rules = [\"gitleaks.toml\"]", &text), ["Acme Key"]);
    write("[[rules]]\nid = 'x'\nregex = 'a(?=b)'\n");
    let error = section_in(folder.path(), "rules = [\"gitleaks.toml\"]").err();
    let error = error.expect("a mistake");
    assert!(error.starts_with("gitleaks.toml:3:11: "), "{error}");
    assert!(error.contains("regex = 'a(?=b)'"), "{error}");
    write("[[rules]]\nid = 'x'\nregex = '\\p{Nope}'\n");
    let scanner = section_in(folder.path(), "rules = [\"gitleaks.toml\"]").expect("it loads");
    let meta = meta("a.py", text.len());
    let mut sink = Sink::new();
    scanner.scan_file(&SourceFile::new(&meta, text.as_bytes(), &NoBase), &mut sink);
    let (_, errors) = sink.into_parts();
    assert!(
        errors.iter().all(|error| error.fatal) && errors.len() == 1,
        "{errors:?}"
    );
}

#[test]
fn encoded_secrets_are_found_where_they_stand() {
    use crate::rules::encode_base64;
    let token = sample("ghp_{base62:36}", 8);
    let base64 = encode_base64(format!("the token: {token}.").as_bytes());
    let hex: String = token.bytes().map(|byte| format!("{byte:02X}")).collect();
    let percent: String = token.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let unicode: String = token.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let twice = encode_base64(base64.as_bytes());
    let thrice = encode_base64(twice.as_bytes());
    let scanner = all_rules();
    for code in [&base64, &hex, &percent, &unicode, &twice, &thrice] {
        let text = format!("line\nx = '{code}';\n");
        let found = scan(&scanner, "a.js", text.as_bytes());
        let [finding] = found.as_slice() else {
            panic!("{code}: {found:?}");
        };
        assert_eq!(finding.rule, "github-pat", "{code}");
        assert_eq!(finding.span.start.line, 2);
        let (from, to) = (
            finding.span.start.byte as usize,
            finding.span.end.byte as usize,
        );
        assert!(
            from >= 10 && to <= 10 + code.len() && to - from >= token.len(),
            "{code}"
        );
        assert!(finding.data.contains_key("encoding"));
    }
    // A fourth time is out of reach.
    let text = encode_base64(thrice.as_bytes());
    assert!(scan(&scanner, "a.js", text.as_bytes()).is_empty());
    // A name before the code says what it is.
    let text = format!(
        "heroku_api_key: {}\n",
        encode_base64(sample("{uuid}", 4).as_bytes())
    );
    assert_eq!(
        scan(&scanner, "a.yml", text.as_bytes())[0].rule,
        "heroku-api-key"
    );
}

#[test]
fn every_rule_is_documented() {
    for doc in (SPEC.rules)() {
        assert!(
            !doc.title.is_empty() && !doc.description.is_empty() && !doc.fix.is_empty(),
            "{}",
            doc.id
        );
    }
}

/// Text that holds samples of a few rules among noise.
fn mixed() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        (0..builtin().len(), any::<u64>()).prop_map(|(rule, seed)| {
            sample(builtin()[rule].positive.first().unwrap(), seed).into_bytes()
        }),
        Just(b"\n".to_vec()),
        Just(b" = \"".to_vec()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_scanned_without_panic(bytes in mixed()) {
        for finding in scan(&all_rules(), "any.env", &bytes) {
            prop_assert!(finding.span.start.byte < finding.span.end.byte);
            prop_assert!(finding.span.end.byte <= bytes.len() as u64);
        }
    }

    #[test]
    fn windows_find_what_the_whole_file_holds(seed in any::<u64>(), cut in 0usize..3000) {
        let tokens: Vec<&Rule> = builtin().iter()
            .filter(|rule| rule.class == Class::Token && rule.matcher == Matcher::Pattern && !rule.multiline && rule.after < 600)
            .collect();
        let text: String = (0..48u64).map(|n| {
            let rule = tokens[usize::try_from(seed.wrapping_add(n * 31) % tokens.len() as u64).unwrap_or(0)];
            format!("line {n} = \"{}\"\n", sample(rule.positive.first().unwrap(), seed ^ n))
        }).collect();
        let bytes = text.as_bytes();
        let scanner = all_rules();
        let key = |finding: &Finding| (finding.span, finding.rule.to_string());
        let mut whole: Vec<_> = scan(&scanner, "a.txt", bytes).iter().map(key).collect();
        let meta = meta("a.txt", bytes.len());
        let cut = cut.min(bytes.len());
        // The second window starts at a line at least a token before the first one ends.
        let start = bytes[..cut.saturating_sub(512 + super::scanner::EDGE)].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let line = bytes[..start].iter().filter(|&&b| b == b'\n').count();
        let mut sink = Sink::new();
        scanner.scan_file(&SourceFile::window(&meta, &bytes[..cut], Position::START, &NoBase), &mut sink);
        let origin = Position { line: u32::try_from(line).unwrap_or(0) + 1, column: 1, byte: start as u64 };
        scanner.scan_file(&SourceFile::window(&meta, &bytes[start..], origin, &NoBase), &mut sink);
        let mut parts: Vec<_> = sink.into_parts().0.iter().map(key).collect();
        whole.sort();
        parts.sort();
        parts.dedup();
        let odd: Vec<_> = parts.iter().filter(|one| !whole.contains(one)).chain(whole.iter().filter(|one| !parts.contains(one))).collect();
        prop_assert!(odd.is_empty(), "{:?}", odd);
    }
}
