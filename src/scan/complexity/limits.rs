//! The limits that a repository's linters already have: hookd keeps to them unless its own configuration says otherwise.

use crate::lang::KotlinOptions;
use std::fs;
use std::path::Path;

/// The greatest cyclomatic complexity where nothing says otherwise.
const DEFAULT: u32 = 10;
/// Larger configuration files are not read.
const LARGEST: u64 = 1 << 20;

/// Where ESLint's configuration stands.
const ESLINT: [&str; 9] = [
    "eslint.config.js",
    "eslint.config.mjs",
    "eslint.config.cjs",
    "eslint.config.ts",
    ".eslintrc.json",
    ".eslintrc",
    ".eslintrc.js",
    ".eslintrc.cjs",
    "package.json",
];

/// Where detekt's configuration stands.
const DETEKT: [&str; 4] = [
    "detekt.yml",
    ".detekt.yml",
    "config/detekt/detekt.yml",
    "config/detekt.yml",
];

/// The greatest cyclomatic complexity of functions in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Limits {
    all: Option<u32>,
    python: Option<u32>,
    javascript: Option<u32>,
    go: Option<u32>,
    ruby: Option<u32>,
    kotlin: Option<u32>,
}

impl Limits {
    /// One limit for all languages.
    pub(super) fn fixed(limit: u32) -> Self {
        Self {
            all: Some(limit),
            ..Self::default()
        }
    }

    /// The limits of the linters that are configured in `root`. Files that cannot be read or understood say nothing:
    /// their own tool complains about them.
    pub(super) fn read(root: &Path) -> Self {
        if root.as_os_str().is_empty() {
            return Self::default();
        }
        let file = |names: &[&str], limit: fn(&str) -> Option<u32>| {
            names
                .iter()
                .find_map(|name| limit(&text(&root.join(name))?))
        };
        Self {
            all: None,
            python: file(&["ruff.toml", ".ruff.toml", "pyproject.toml"], ruff),
            javascript: file(&ESLINT, eslint),
            go: file(
                &[".golangci.yml", ".golangci.yaml", ".golangci.toml"],
                golangci,
            ),
            ruby: file(&[".rubocop.yml"], rubocop),
            kotlin: file(&DETEKT, detekt),
        }
    }

    /// The limit for the language with id `language`.
    pub(super) fn of(&self, language: &str) -> u32 {
        let own = match language {
            "python" => self.python,
            "javascript" | "jsx" | "typescript" | "tsx" => self.javascript,
            "go" => self.go,
            "ruby" => self.ruby,
            "kotlin" => self.kotlin,
            _ => None,
        };
        self.all.or(own).unwrap_or(DEFAULT)
    }
}

fn text(path: &Path) -> Option<String> {
    let meta = fs::metadata(path).ok()?;
    let readable = meta.is_file() && meta.len() <= LARGEST;
    readable.then(|| fs::read_to_string(path).ok()).flatten()
}

/// `lint.mccabe.max-complexity`, at the top or in `tool.ruff`.
fn ruff(text: &str) -> Option<u32> {
    let table: toml::Table = text.parse().ok()?;
    let nested = table.get("tool").and_then(|tool| tool.get("ruff"));
    let top = toml::Value::Table(table.clone());
    let ruff = nested.unwrap_or(&top);
    let mccabe = ruff
        .get("lint")
        .and_then(|lint| lint.get("mccabe"))
        .or_else(|| ruff.get("mccabe"))?;
    u32::try_from(mccabe.get("max-complexity")?.as_integer()?).ok()
}

/// The rule `complexity` with a number that stands there: `["error", 12]`, `["warn", { max: 12 }]`. Off is no limit.
fn eslint(text: &str) -> Option<u32> {
    complexity_rule(text, eslint_value)
}

/// What `read` makes of the first value of the rule `complexity` that it understands.
fn complexity_rule<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("complexity") {
        rest = after;
        let named =
            !before.ends_with(|letter: char| letter.is_alphanumeric() || "-_/".contains(letter));
        let value = after.trim_start_matches(['"', '\'']).trim_start();
        let Some(value) = value.strip_prefix(':').filter(|_| named) else {
            continue;
        };
        let value = value.trim_start();
        let end = value
            .find(if value.starts_with('[') { ']' } else { ',' })
            .unwrap_or(value.len());
        let value = &value[..end.min(value.floor_char_boundary(200))];
        if let Some(limit) = read(value) {
            return Some(limit);
        }
    }
    None
}

fn eslint_value(value: &str) -> Option<u32> {
    if let Some(list) = value.strip_prefix('[') {
        let (severity, options) = list.split_once(',').unwrap_or((list, ""));
        return if is_off(severity) {
            Some(u32::MAX)
        } else {
            // ESLint's own default where no number stands there.
            number(options).or(options.trim().is_empty().then_some(20))
        };
    }
    let severity = value.lines().next().unwrap_or_default();
    if is_off(severity) {
        return Some(u32::MAX);
    }
    let on = severity.contains("error") || severity.contains("warn");
    on.then_some(20)
}

fn is_off(severity: &str) -> bool {
    let severity = severity.trim().trim_matches(['"', '\'', '}', ' ']);
    severity == "off" || severity == "0"
}

fn number(text: &str) -> Option<u32> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let digits = &text[start..];
    let end = digits
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// `linters-settings.gocyclo.min-complexity`, or `linters.settings.…` since version 2; gocyclo reports what is over it.
fn golangci(text: &str) -> Option<u32> {
    if let Ok(table) = text.parse::<toml::Table>() {
        let second = table.get("linters").and_then(|all| all.get("settings"));
        let settings = table.get("linters-settings").or(second)?;
        let value = settings.get("gocyclo")?.get("min-complexity")?;
        return u32::try_from(value.as_integer()?).ok();
    }
    yaml(text, "gocyclo", "min-complexity").and_then(|value| number(&value))
}

/// `Metrics/CyclomaticComplexity` with `Max`; `Enabled: false` is no limit.
fn rubocop(text: &str) -> Option<u32> {
    let section = "Metrics/CyclomaticComplexity";
    if yaml(text, section, "Enabled").is_some_and(|value| value == "false") {
        return Some(u32::MAX);
    }
    yaml(text, section, "Max").and_then(|value| number(&value))
}

/// `CyclomaticComplexMethod` with `allowedComplexity`, or `threshold`, which is the least that detekt reports.
fn detekt(text: &str) -> Option<u32> {
    ["CyclomaticComplexMethod", "ComplexMethod"]
        .iter()
        .find_map(|section| {
            if yaml(text, section, "active").is_some_and(|value| value == "false") {
                return Some(u32::MAX);
            }
            let allowed = yaml(text, section, "allowedComplexity");
            let threshold = yaml(text, section, "threshold");
            allowed
                .and_then(|value| number(&value))
                .or_else(|| number(&threshold?)?.checked_sub(1))
        })
}

/// Whether ESLint's rule is set to its variant `modified` in `root`.
pub(super) fn modified(root: &Path) -> bool {
    !root.as_os_str().is_empty()
        && ESLINT
            .iter()
            .filter_map(|name| text(&root.join(name)))
            .find_map(|text| complexity_rule(&text, |value| Some(is_modified(value))))
            .unwrap_or(false)
}

/// Whether `{ max: 10, variant: "modified" }` stands there.
fn is_modified(value: &str) -> bool {
    let variant = value.split_once("variant").map(|(_, rest)| rest);
    let variant = variant.and_then(|rest| rest.split_once(':'));
    variant.is_some_and(|(_, rest)| {
        rest.trim_start()
            .trim_start_matches(['"', '\''])
            .starts_with("modified")
    })
}

/// The options that detekt's rule has in `root`. See <https://detekt.dev/docs/rules/complexity#cyclomaticcomplexmethod>.
pub(super) fn kotlin_options(root: &Path) -> KotlinOptions {
    if root.as_os_str().is_empty() {
        return KotlinOptions::default();
    }
    let found = DETEKT.iter().find_map(|name| text(&root.join(name)));
    found.map_or_else(KotlinOptions::default, |text| detekt_options(&text))
}

fn detekt_options(text: &str) -> KotlinOptions {
    let set = |key| {
        ["CyclomaticComplexMethod", "ComplexMethod"]
            .iter()
            .any(|section| yaml(text, section, key).is_some_and(|value| value == "true"))
    };
    KotlinOptions {
        simple_when_entries: set("ignoreSimpleWhenEntries"),
        single_when: set("ignoreSingleWhenExpression"),
        nesting_functions: set("ignoreNestingFunctions"),
    }
}

/// The value of `key` right below the line `section:` of a YAML file in block style.
fn yaml(text: &str, section: &str, key: &str) -> Option<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text
        .lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim_end())
        .filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'));
    let head = lines.by_ref().find(|line| {
        let name = line.trim_start().strip_suffix(':').unwrap_or_default();
        name.trim_matches(['"', '\'']) == section
    })?;
    let outer = indent(head);
    lines
        .take_while(|line| indent(line) > outer)
        .find_map(|line| {
            let (name, value) = line.trim_start().split_once(':')?;
            (name == key).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
        })
}

#[cfg(test)]
mod tests {
    use super::{Limits, detekt, detekt_options, eslint, golangci, rubocop, ruff};

    #[test]
    fn limits_of_the_linters_are_found() {
        assert_eq!(ruff("[lint.mccabe]\nmax-complexity = 7\n"), Some(7));
        let pyproject = "[tool.ruff.lint.mccabe]\nmax-complexity = 8\n";
        assert_eq!(ruff(pyproject), Some(8));
        assert_eq!(ruff("[project]\nname = \"a\"\n"), None);
        assert_eq!(
            eslint("{\"rules\": {\"complexity\": [\"error\", 12]}}"),
            Some(12)
        );
        assert_eq!(
            eslint("rules: { complexity: ['warn', { max: 9 }] }"),
            Some(9)
        );
        assert_eq!(eslint("rules: { complexity: 'off', }"), Some(u32::MAX));
        assert_eq!(
            eslint("{\"sonarjs/cognitive-complexity\": [\"error\", 3]}"),
            None
        );
        let golang = "linters-settings:\n  gocyclo:\n    # why\n    min-complexity: 15\n";
        assert_eq!(golangci(golang), Some(15));
        let second =
            "version: \"2\"\nlinters:\n  settings:\n    gocyclo:\n      min-complexity: 16\n";
        assert_eq!(golangci(second), Some(16));
        let table = "[linters.settings.gocyclo]\nmin-complexity = 17\n";
        assert_eq!(golangci(table), Some(17));
        assert_eq!(
            rubocop(
                "Metrics/AbcSize:\n  Max: 20\nMetrics/CyclomaticComplexity:\n  Max: 12 # later\n"
            ),
            Some(12)
        );
        assert_eq!(
            detekt(
                "complexity:\n  CyclomaticComplexMethod:\n    active: true\n    threshold: 15\n"
            ),
            Some(14)
        );
    }

    #[test]
    fn options_of_detekt_are_found() {
        let options = detekt_options(
            "complexity:\n  CyclomaticComplexMethod:\n    active: true\n    ignoreSimpleWhenEntries: true\n    \
             ignoreSingleWhenExpression: false\n  LongMethod:\n    ignoreNestingFunctions: true\n",
        );
        assert!(options.simple_when_entries);
        assert!(!options.single_when && !options.nesting_functions);
    }

    #[test]
    fn each_language_has_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(
            folder.path().join("ruff.toml"),
            "[lint.mccabe]\nmax-complexity = 7\n",
        )
        .expect("written");
        let limits = Limits::read(folder.path());
        assert_eq!((limits.of("python"), limits.of("go")), (7, 10));
        assert_eq!(Limits::fixed(3).of("python"), 3);
    }
}
