//! Comments and attributes that tell another tool to let a function be: what its users have accepted stays accepted.

use crate::lang::Function;
use std::ops::Range;

/// How many lines above a function's name are looked through for annotations.
const ABOVE: usize = 12;
/// Longer lines hold no marker that anybody wrote.
const WIDTH: usize = 2000;

/// Whether a marker of the language's own linter accepts `function`.
pub(super) fn accepted(language: &str, text: &[u8], function: &Function) -> bool {
    let name = function.name_span.start.min(text.len());
    match language {
        "python" => noqa(line_at(text, name).1),
        "javascript" | "jsx" | "typescript" | "tsx" => eslint(text, name),
        "ruby" => rubocop(text, name),
        "java" => annotated(text, name, "@SuppressWarnings", &["CyclomaticComplexity"]),
        "kotlin" => {
            let rules = ["CyclomaticComplexMethod", "ComplexMethod"];
            annotated(text, name, "@Suppress", &rules) || whole_file(text, &rules)
        }
        "rust" => annotated(text, name, "allow(", &["clippy::cognitive_complexity"]),
        _ => false,
    }
}

/// The line that holds byte `at`: its range and its text.
fn line_at(text: &[u8], at: usize) -> (Range<usize>, &str) {
    let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |found| found + 1);
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |found| at + found);
    let shown = &text[start..end.min(start + WIDTH)];
    (start..end, std::str::from_utf8(shown).unwrap_or_default())
}

/// `# noqa`, `# noqa: C901, E501`. See <https://docs.astral.sh/ruff/linter/#error-suppression>.
fn noqa(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let Some((_, rest)) = lower.split_once("# noqa") else {
        return false;
    };
    match rest.trim_start().strip_prefix(':') {
        Some(codes) => codes
            .split(|letter: char| letter == ',' || letter.is_whitespace())
            .any(|code| matches!(code, "c901" | "c90" | "c9" | "c")),
        None => true,
    }
}

/// `eslint-disable-line`, `-next-line` and blocks. See
/// <https://eslint.org/docs/latest/use/configure/rules#disabling-rules>.
fn eslint(text: &[u8], at: usize) -> bool {
    let (here, line) = line_at(text, at);
    if directive(line, "eslint-disable-line") {
        return true;
    }
    if here.start > 0 && directive(line_at(text, here.start - 1).1, "eslint-disable-next-line") {
        return true;
    }
    let mut off = false;
    for found in memchr::memmem::find_iter(&text[..at], "/* eslint-") {
        let end = memchr::memmem::find(&text[found..], b"*/").map_or(text.len(), |end| found + end);
        let comment = std::str::from_utf8(&text[found..end.min(found + WIDTH)]).unwrap_or_default();
        if directive(comment, "eslint-disable") {
            off = true;
        } else if directive(comment, "eslint-enable") {
            off = false;
        }
    }
    off
}

/// Whether `line` holds the directive for all rules, or for `complexity` among others.
fn directive(line: &str, word: &str) -> bool {
    let Some((_, rest)) = line.split_once(word) else {
        return false;
    };
    if rest.starts_with('-') {
        return false;
    }
    let rules = rest.split("--").next().unwrap_or_default();
    let rules = rules.split("*/").next().unwrap_or_default().trim();
    rules.is_empty() || rules.split(',').any(|rule| rule.trim() == "complexity")
}

/// `# rubocop:disable Metrics/CyclomaticComplexity`, behind the `def` or on a line of its own up to `enable`. See
/// <https://docs.rubocop.org/rubocop/configuration.html#disabling-cops-within-source-code>.
fn rubocop(text: &[u8], at: usize) -> bool {
    let names = |line: &str, word: &str| {
        line.split_once(word).is_some_and(|(_, rest)| {
            rest.split("--")
                .next()
                .unwrap_or_default()
                .split(',')
                .any(|cop| {
                    matches!(
                        cop.trim(),
                        "Metrics/CyclomaticComplexity" | "Metrics" | "all"
                    )
                })
        })
    };
    let disables = |line: &str| names(line, "rubocop:disable ") || names(line, "rubocop:todo ");
    let (here, line) = line_at(text, at);
    if disables(line) {
        return true;
    }
    let mut off = false;
    for found in memchr::memmem::find_iter(&text[..here.start], "rubocop:") {
        let (_, line) = line_at(text, found);
        if !line.trim_start().starts_with('#') {
            continue;
        }
        off = disables(line) || off && !names(line, "rubocop:enable ");
    }
    off
}

/// Whether an annotation above the name, or in front of it on its line, names one of `rules`, or all.
fn annotated(text: &[u8], at: usize, annotation: &str, rules: &[&str]) -> bool {
    let (mut range, line) = line_at(text, at);
    let mut seen = line;
    for _ in 0..ABOVE {
        let rest = seen.split_once(annotation).map(|(_, rest)| rest);
        let all = rest.is_some_and(|rest| rest.contains("\"all\""));
        if all || rest.is_some() && rules.iter().any(|rule| seen.contains(rule)) {
            return true;
        }
        if range.start == 0 {
            return false;
        }
        (range, seen) = line_at(text, range.start - 1);
        let over = seen.trim_end();
        if over.is_empty() || over.ends_with(['}', ';', '{']) {
            return false;
        }
    }
    false
}

/// Kotlin's `@file:Suppress("…")`.
fn whole_file(text: &[u8], rules: &[&str]) -> bool {
    let head = &text[..text.len().min(8 * WIDTH)];
    let head = String::from_utf8_lossy(head);
    head.lines()
        .filter(|line| line.trim_start().starts_with("@file:Suppress("))
        .any(|line| {
            rules
                .iter()
                .any(|rule| line.contains(&format!("\"{rule}\"")))
        })
}

#[cfg(test)]
mod tests {
    use super::accepted;
    use crate::lang;

    fn check(path: &str, text: &str) -> Vec<bool> {
        let language = lang::by_path(path).expect("a known language");
        let functions = (language.functions)(text.as_bytes()).expect("readable");
        functions
            .iter()
            .map(|function| accepted(language.id, text.as_bytes(), function))
            .collect()
    }

    #[test]
    fn markers_of_the_linters_are_honoured() {
        let python = "def a(): # noqa: E501, C901\n  pass\ndef b(): # noqa: E501\n  pass\ndef c(): # noqa\n  pass\n";
        assert_eq!(check("a.py", python), [true, false, true]);
        let javascript = "function a() {} // eslint-disable-line complexity\n// eslint-disable-next-line no-x, complexity -- why\n\
            function b() {}\nfunction c() {}\n/* eslint-disable complexity */\nfunction d() {}\n/* eslint-enable */\nfunction e() {}\n";
        assert_eq!(check("a.js", javascript), [true, true, false, true, false]);
        let ruby = "def a # rubocop:disable Metrics/CyclomaticComplexity\nend\ndef b\nend\n# rubocop:disable Metrics/AbcSize, \
            Metrics/CyclomaticComplexity\ndef c\nend\n# rubocop:enable Metrics/CyclomaticComplexity\ndef d\nend\n";
        assert_eq!(check("a.rb", ruby), [true, false, true, false]);
        let kotlin = "@Suppress(\"CyclomaticComplexMethod\")\nfun a() {}\n\nfun b() {}\n";
        assert_eq!(check("a.kt", kotlin), [true, false]);
        let java = "class A {\n  @SuppressWarnings(\"checkstyle:CyclomaticComplexity\")\n  void a() {}\n  void b() {}\n}\n";
        assert_eq!(check("A.java", java), [true, false]);
        let rust = "#[allow(clippy::cognitive_complexity)]\nfn a() {}\nfn b() {}\n";
        assert_eq!(check("a.rs", rust), [true, false]);
    }
}
