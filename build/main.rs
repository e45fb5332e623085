//! Build script: turns the rule files of `hooks/rules/secrets` into a static table, so that nothing is parsed at start, and says
//! what is linked into the binary.

// A build script speaks to cargo on its standard output.
#![allow(clippy::print_stdout)]

mod link;

#[allow(dead_code)] // searching is for run time
#[path = "../src/rules/filter.rs"]
mod filter;

use filter::KeywordFilter;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A file of the folder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Named parts that patterns write as `%{name}`.
    #[serde(default)]
    fragments: BTreeMap<String, String>,
    #[serde(default)]
    rule: Vec<Rule>,
}

/// A rule as written. `docs/scanners/secrets.md` says what each key means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    title: String,
    description: String,
    revoke: String,
    keywords: Vec<String>,
    #[serde(default)]
    pattern: String,
    #[serde(default)]
    requires: String,
    #[serde(default)]
    entropy: f32,
    severity: String,
    class: String,
    #[serde(default = "default_profile")]
    profile: String,
    #[serde(default = "default_matcher")]
    matcher: String,
    #[serde(default)]
    check: Option<String>,
    #[serde(default)]
    before: usize,
    #[serde(default = "default_after")]
    after: usize,
    #[serde(default)]
    multiline: bool,
    #[serde(default)]
    stop: Vec<String>,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    path: String,
    positive: Vec<String>,
    negative: Vec<String>,
}

fn default_profile() -> String {
    "default".to_owned()
}

fn default_matcher() -> String {
    "pattern".to_owned()
}

const fn default_after() -> usize {
    512
}

const SEVERITIES: &[&str] = &["info", "low", "medium", "high", "critical"];
const CLASSES: &[&str] = &["generic", "context", "assignment", "token"];
const PROFILES: &[&str] = &["default", "strict"];
const MATCHERS: &[&str] = &["pattern", "assignment", "manifest"];
const CHECKS: &[&str] = &[
    "none",
    "jwt",
    "basic",
    "checksum",
    "random",
    "issuer",
    "password",
    "private-key",
    "registry-auth",
    "password-hash",
    "weak",
    "drawn",
];

fn main() -> Result<(), String> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let folder = root.join("hooks/rules/secrets");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/rules/filter.rs");
    link::unwinder();
    let rules = read(&folder)?;
    let mut texts = Texts::default();
    let mut out = String::from("static RULES: &[Rule] = &[\n");
    for rule in rules.values() {
        write_rule(rule, &mut texts, &mut out).map_err(|error| error.to_string())?;
    }
    out.push_str("];\n");
    let texts = format!(
        "static TEXTS: &str = {:?};\nstatic LISTED: &[Text] = &[{}];\n",
        texts.all,
        texts.listed.join(", ")
    );
    write_filter(&rules, &mut out).map_err(|error| error.to_string())?;
    let target = PathBuf::from(variable("OUT_DIR")?);
    write_file(&target.join("secret_texts.rs"), &texts)?;
    write_file(&target.join("secret_rules.rs"), &out)
}

fn write_file(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}"))
}

/// Every rule of the folder by id, checked, its pattern without fragments.
fn read(folder: &Path) -> Result<BTreeMap<String, Rule>, String> {
    let listing =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = listing
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    paths.sort();
    let mut files = Vec::new();
    let mut fragments = BTreeMap::new();
    for path in paths {
        let fail = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|error| fail(&error))?;
        let mut file: File = toml::from_str(&text).map_err(|error| fail(&error))?;
        fragments.append(&mut file.fragments);
        files.push((path, file.rule));
    }
    let mut rules = BTreeMap::new();
    for (path, file) in files {
        for mut rule in file {
            let fail = |error: String| format!("{}: rule `{}`: {error}", path.display(), rule.id);
            check(&rule).map_err(fail)?;
            rule.pattern = expand(&rule.pattern, &fragments).map_err(fail)?;
            if let Some(other) = rules.insert(rule.id.clone(), rule) {
                return Err(format!(
                    "{}: rule `{}` is there already",
                    path.display(),
                    other.id
                ));
            }
        }
    }
    Ok(rules)
}

fn check(rule: &Rule) -> Result<(), String> {
    let kebab = |text: &str| {
        text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
    };
    let one_of = |what: &str, word: &str, known: &[&str]| {
        if known.contains(&word) {
            Ok(())
        } else {
            Err(format!("{what} `{word}`: one of {}", known.join(", ")))
        }
    };
    if !kebab(&rule.id) {
        return Err("the id is not kebab-case".to_owned());
    }
    one_of("severity", &rule.severity, SEVERITIES)?;
    one_of("class", &rule.class, CLASSES)?;
    one_of("profile", &rule.profile, PROFILES)?;
    one_of("matcher", &rule.matcher, MATCHERS)?;
    one_of("check", rule.check.as_deref().unwrap_or("none"), CHECKS)?;
    check_keywords(rule)?;
    if rule.pattern.is_empty() == (rule.matcher == "pattern") {
        return Err("a pattern is there for `matcher = \"pattern\"`, and only for it".to_owned());
    }
    if rule.positive.is_empty() || rule.negative.is_empty() {
        return Err("no positive or no negative sample".to_owned());
    }
    Ok(())
}

fn check_keywords(rule: &Rule) -> Result<(), String> {
    if rule.keywords.is_empty() {
        return Err("no keywords".to_owned());
    }
    let bad =
        |word: &&String| word.len() < 3 || !word.is_ascii() || word.to_ascii_lowercase() != **word;
    if let Some(word) = rule.keywords.iter().find(bad) {
        return Err(format!(
            "keyword `{word}` must be lower-case ASCII of at least three characters"
        ));
    }
    Ok(())
}

/// Puts the fragments in.
fn expand(pattern: &str, fragments: &BTreeMap<String, String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("%{") {
        let (name, tail) = after.split_once('}').ok_or("`%{` without `}`")?;
        let fragment = fragments
            .get(name)
            .ok_or_else(|| format!("no fragment `{name}`"))?;
        out.push_str(before);
        out.push_str(fragment);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

/// The texts of all rules one behind the other, and the places of those in lists.
#[derive(Default)]
struct Texts {
    all: String,
    known: BTreeMap<String, usize>,
    listed: Vec<String>,
}

impl Texts {
    /// The place of a text, as Rust writes it.
    fn place(&mut self, text: &str) -> String {
        let all = &mut self.all;
        let start = *self.known.entry(text.to_owned()).or_insert_with(|| {
            all.push_str(text);
            all.len() - text.len()
        });
        format!("Text::Part {{ start: {start}, length: {} }}", text.len())
    }

    /// The place of a list.
    fn list(&mut self, texts: &[String]) -> String {
        let start = self.listed.len();
        for text in texts {
            let place = self.place(text);
            self.listed.push(place);
        }
        format!("Texts {{ start: {start}, count: {} }}", texts.len())
    }
}

fn write_rule(rule: &Rule, texts: &mut Texts, out: &mut String) -> std::fmt::Result {
    let check = rule.check.as_deref().unwrap_or("none");
    let [id, title, description, revoke, pattern, requires, path] = [
        &rule.id,
        &rule.title,
        &rule.description,
        &rule.revoke,
        &rule.pattern,
        &rule.requires,
        &rule.path,
    ]
    .map(|text| texts.place(text));
    let [keywords, stop, allow, positive, negative] = [
        &rule.keywords,
        &rule.stop,
        &rule.allow,
        &rule.positive,
        &rule.negative,
    ]
    .map(|list| texts.list(list));
    writeln!(
        out,
        "Rule {{ id: {id}, title: {title}, description: {description}, revoke: {revoke}, keywords: {keywords}, \
         pattern: {pattern}, requires: {requires}, entropy: {:?}, \
         severity: Severity::{}, class: Class::{}, profile: Profile::{}, matcher: Matcher::{}, check: Check::{}, \
         before: {}, after: {}, multiline: {}, stop: {stop}, allow: {allow}, path: {path}, positive: {positive}, \
         negative: {negative} }},",
        rule.entropy,
        variant(&rule.severity),
        variant(&rule.class),
        variant(&rule.profile),
        variant(&rule.matcher),
        variant(check),
        rule.before,
        rule.after,
        rule.multiline,
    )
}

/// The tables of the keyword filter, and the rules of each keyword by their place.
fn write_filter(rules: &BTreeMap<String, Rule>, out: &mut String) -> std::fmt::Result {
    let mut users: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    for (index, rule) in rules.values().enumerate() {
        for keyword in &rule.keywords {
            // A build script ends soon: what it leaks does not matter.
            let keyword: &'static str = String::leak(keyword.clone());
            users.entry(keyword).or_default().push(index);
        }
    }
    let keywords: Vec<&'static str> = users.keys().copied().collect();
    let filter = KeywordFilter::new(&keywords);
    writeln!(
        out,
        "static FILTER: KeywordFilter = KeywordFilter {{ bits: Cow::Borrowed(&{:?}), chains: Cow::Borrowed(&{:?}), \
         entries: Cow::Borrowed(&{:?}), keywords: Cow::Borrowed(&{:?}) }};",
        filter.bits, filter.chains, filter.entries, filter.keywords
    )?;
    let all: Vec<usize> = users.values().flatten().copied().collect();
    let lengths = users.values().map(Vec::len);
    let ends: Vec<usize> = lengths
        .scan(0, |end, length| {
            *end += length;
            Some(*end)
        })
        .collect();
    writeln!(out, "static USERS: &[u16] = &{all:?};")?;
    writeln!(out, "static USERS_ENDS: &[u16] = &{ends:?};")
}

/// `registry-auth` as Rust writes it: `RegistryAuth`.
fn variant(word: &str) -> String {
    word.split('-')
        .map(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}
