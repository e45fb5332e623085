//! From the regular expressions that choose files in other tools to globs as in `.gitignore`, where that says the same.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// How many globs one expression may become.
const MOST: usize = 40;

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// The path begins here.
    Start,
    /// The path ends here.
    End,
    /// This character.
    Char(char),
    /// Anything, slashes too.
    Any,
    /// Anything but a slash.
    Star,
    /// One character that is no slash.
    One,
    /// One of the characters of a class, written as globs write it.
    Class(String),
}

/// The globs that match the same paths as the regular expression `pattern` of Python, found anywhere in a path; `None` where
/// globs cannot say it, or only in too many. A folder's name alone matches nothing: every glob matches the paths of files.
pub(super) fn globs(pattern: &str) -> Option<Vec<String>> {
    let pattern = pattern.replace(r"\Z", r"\z");
    let mut parser = regex_syntax::ParserBuilder::new().build();
    let hir = parser.parse(&pattern).ok()?;
    let mut globs: Vec<String> = Vec::new();
    for parts in expand(&hir)? {
        for glob in glob(&parts)? {
            if !globs.contains(&glob) {
                globs.push(glob);
            }
        }
    }
    let kept = joined(&globs);
    (!kept.is_empty() && kept.len() <= MOST).then_some(kept)
}

/// The globs of `hookd.toml` that match the same paths as `glob`, whose `*` goes over slashes; `None` where they cannot say it.
pub(super) fn wide(glob: &str) -> Option<Vec<String>> {
    let mut globs: Vec<String> = Vec::new();
    for glob_text in braces(glob)? {
        let mut parts = vec![Part::Start];
        for c in glob_text.chars() {
            parts.push(match c {
                '*' => Part::Any,
                '?' => Part::One,
                '[' | ']' | '!' | '\\' => return None,
                c => Part::Char(c),
            });
        }
        parts.push(Part::End);
        globs.extend(self::glob(&parts)?);
    }
    Some(joined(&globs))
}

/// `glob` once for each word of its first `{a,b}`, and so on.
fn braces(glob: &str) -> Option<Vec<String>> {
    let Some(open) = glob.find('{') else {
        return (!glob.contains('}')).then(|| vec![glob.to_owned()]);
    };
    let close = open + glob[open..].find('}')?;
    let inner = &glob[open + 1..close];
    if inner.contains('{') {
        return None;
    }
    let mut all = Vec::new();
    for word in inner.split(',') {
        all.extend(braces(&format!(
            "{}{word}{}",
            &glob[..open],
            &glob[close + 1..]
        ))?);
    }
    (all.len() <= MOST).then_some(all)
}

/// `x` at the top and `x` below some folder are `x` anywhere; what that covers goes.
fn joined(globs: &[String]) -> Vec<String> {
    let plain = |glob: &str| glob.trim_start_matches('/').to_owned();
    let tops: Vec<String> = globs.iter().map(|glob| plain(glob)).collect();
    let mut kept: Vec<String> = Vec::new();
    for glob in globs {
        let glob = match glob.strip_prefix("*/**/") {
            Some(inner) if tops.iter().any(|top| top == inner) => short(&format!("/**/{inner}")),
            _ => glob.clone(),
        };
        kept.push(glob);
    }
    let all = kept.clone();
    kept.retain(|glob| {
        let inner = plain(glob);
        !all.iter().any(|other| {
            *other != *glob
                && (*other == format!("**/{inner}") || (*other == inner && !inner.contains('/')))
        })
    });
    kept
}

type Ways = Option<Vec<Vec<Part>>>;

/// Every way through the expression.
fn expand(hir: &Hir) -> Ways {
    match hir.kind() {
        HirKind::Empty => Some(vec![Vec::new()]),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok();
            text.map(|text| vec![text.chars().map(Part::Char).collect()])
        }
        HirKind::Class(class) => characters(class),
        HirKind::Look(look) => edge(*look),
        HirKind::Capture(capture) => expand(&capture.sub),
        HirKind::Repetition(again) => repeated(&again.sub, again.min, again.max),
        HirKind::Concat(parts) => parts
            .iter()
            .try_fold(vec![Vec::new()], |ways, part| both(&ways, &expand(part)?)),
        HirKind::Alternation(parts) => either(parts),
    }
}

fn edge(look: Look) -> Ways {
    match look {
        Look::Start => Some(vec![vec![Part::Start]]),
        Look::End => Some(vec![vec![Part::End]]),
        _ => None,
    }
}

fn either(parts: &[Hir]) -> Ways {
    let mut ways = Vec::new();
    for part in parts {
        ways.extend(expand(part)?);
    }
    (ways.len() <= MOST).then_some(ways)
}

/// Each of `left` followed by each of `right`.
fn both(left: &[Vec<Part>], right: &[Vec<Part>]) -> Ways {
    if left.len() * right.len() > MOST {
        return None;
    }
    let join = |left: &Vec<Part>| {
        let left = left.clone();
        right
            .iter()
            .map(move |right| [left.as_slice(), right].concat())
    };
    Some(left.iter().flat_map(join).collect())
}

fn repeated(sub: &Hir, min: u32, max: Option<u32>) -> Ways {
    if let (HirKind::Class(class), None) = (sub.kind(), max) {
        let one = single(class)?;
        // `.` stands for a slash too, but `*` behind it does not change what a path can hold there.
        let many = if holds(class, '/') {
            Part::Any
        } else {
            Part::Star
        };
        let full = matches!(one, Part::One) && covers(class);
        return match (full, min) {
            (true, 0) => Some(vec![vec![many]]),
            (true, 1) => Some(vec![vec![one, many]]),
            _ => None,
        };
    }
    match (min, max) {
        (0, Some(1)) => {
            let mut ways = expand(sub)?;
            ways.push(Vec::new());
            Some(ways)
        }
        (n, Some(m)) if n == m && n <= 8 => {
            let one = expand(sub)?;
            (0..n).try_fold(vec![Vec::new()], |ways, _| both(&ways, &one))
        }
        _ => None,
    }
}

fn characters(class: &Class) -> Ways {
    Some(vec![vec![single(class)?]])
}

/// One character of a class.
fn single(class: &Class) -> Option<Part> {
    if covers(class) {
        return Some(Part::One);
    }
    let Class::Unicode(class) = class else {
        return None;
    };
    let mut text = String::from("[");
    for range in class.ranges() {
        if range.start() == '-' && range.end() == '-' {
            // A hyphen is itself at the beginning only.
            text.insert(1, '-');
        } else if is_plain(range.start()) && is_plain(range.end()) {
            text.push_str(&in_class(range.start(), range.end()));
        } else {
            return None;
        }
    }
    text.push(']');
    Some(Part::Class(text))
}

/// Whether `c` means itself in a class of a glob, too.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

fn in_class(start: char, end: char) -> String {
    if start == end {
        start.to_string()
    } else {
        format!("{start}-{end}")
    }
}

fn holds(class: &Class, wanted: char) -> bool {
    match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .any(|range| range.start() <= wanted && wanted <= range.end()),
        Class::Bytes(_) => false,
    }
}

/// Whether the class is everything that a file's name can have: `.`, or all but the slash.
fn covers(class: &Class) -> bool {
    ['a', 'Z', '0', '.', '-', '_', ' ', '~', 'é', '中']
        .into_iter()
        .all(|c| holds(class, c))
}

/// The globs of one way through an expression; `None` where it asks for an end in the middle.
fn glob(parts: &[Part]) -> Option<Vec<String>> {
    let (anchored, rest) = begun(parts)?;
    let (closed, rest) = ended(rest)?;
    let mut all = Vec::new();
    if !anchored {
        all.push(Part::Any);
    }
    all.extend_from_slice(rest);
    if !closed {
        all.push(Part::Any);
    }
    // The path is not written with a slash before it.
    if anchored && all.first() == Some(&Part::Char('/')) {
        return Some(Vec::new());
    }
    all.dedup_by(|next, part| widen(part, next));
    let mut ways = vec![String::from("/")];
    for at in 0..all.len() {
        let before = at.checked_sub(1).map(|at| &all[at]);
        ways = written(&ways, &all[at], before, all.get(at + 1))?;
    }
    Some(ways.iter().map(|way| short(way)).collect())
}

/// Anything beside anything is anything: whether `next` is covered by `part`, which is widened for it.
fn widen(part: &mut Part, next: &Part) -> bool {
    let covered = matches!(
        (&*part, next),
        (Part::Any, Part::Any | Part::Star) | (Part::Star, Part::Any)
    );
    if covered {
        *part = Part::Any;
    }
    covered
}

/// Whether the path begins where `parts` do, and what follows; `None` where it is to begin in their middle.
fn begun(parts: &[Part]) -> Option<(bool, &[Part])> {
    let count = parts
        .iter()
        .take_while(|part| **part == Part::Start)
        .count();
    let rest = &parts[count..];
    (!rest.contains(&Part::Start)).then_some((count > 0, rest))
}

/// The same for the end.
fn ended(parts: &[Part]) -> Option<(bool, &[Part])> {
    let ends = parts.iter().rev().take_while(|part| **part == Part::End);
    let count = ends.count();
    let rest = &parts[..parts.len() - count];
    (!rest.contains(&Part::End)).then_some((count > 0, rest))
}

/// `ways` with `part` behind each.
fn written(
    ways: &[String],
    part: &Part,
    before: Option<&Part>,
    after: Option<&Part>,
) -> Option<Vec<String>> {
    let add = |text: &str| Some(ways.iter().map(|way| format!("{way}{text}")).collect());
    match part {
        Part::Start | Part::End => None,
        Part::Char(c) if "*?[]{}\\!#".contains(*c) => add(&format!("\\{c}")),
        Part::Char(c) => add(&c.to_string()),
        Part::One => add("?"),
        Part::Class(class) => add(class),
        Part::Star => add("*"),
        Part::Any => any(ways, before, after),
    }
}

/// Anything between `before` and `after`: within a name, or from one name over folders into another.
fn any(ways: &[String], before: Option<&Part>, after: Option<&Part>) -> Option<Vec<String>> {
    let opens = matches!(before, None | Some(Part::Char('/')));
    let mut all = Vec::new();
    for way in ways {
        match (opens, after) {
            (true, None) => all.push(format!("{way}**")),
            (true, Some(Part::Char('/'))) => all.push(format!("{way}*/**")),
            (true, Some(_)) => all.push(format!("{way}**/*")),
            (false, Some(Part::Char('/'))) => all.push(format!("{way}*/**")),
            (false, None) => all.extend([format!("{way}*"), format!("{way}*/**")]),
            (false, Some(_)) => all.extend([format!("{way}*"), format!("{way}*/**/*")]),
        }
    }
    (all.len() <= MOST).then_some(all)
}

/// The glob in its usual notation: without the slash at the beginning where that means the same.
fn short(glob: &str) -> String {
    if let Some(name) = glob.strip_prefix("/**/")
        && !name.contains('/')
    {
        return name.to_owned();
    }
    let inner = glob.trim_start_matches('/');
    // A slash in the middle anchors a glob as well.
    if inner.contains('/') && !inner.starts_with(['!', '#', '\\']) {
        return inner.to_owned();
    }
    if inner == "**" {
        "*".to_owned()
    } else {
        glob.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::globs;
    use crate::command::PythonPattern;
    use crate::text::PathSet;
    use std::path::Path;

    const PATHS: [&str; 28] = [
        "a.py",
        "src/a.py",
        "src/x/a.py",
        "x/src/a.py",
        "vendor/a.js",
        "x/vendor/b/c.js",
        "myvendor/a.js",
        "docs/conf.py",
        "docs/x/conf.py",
        "tests/data/x.snap",
        "x.snap",
        "a.snapx",
        "app/migrations/0001.py",
        "migrations/1.py",
        "package-lock.json",
        "web/package-lock.json",
        "CHANGELOG.md",
        "x.min.js",
        "x/y.min.css",
        "dist/a.js",
        "a/dist",
        "requirements.txt",
        "requirements-dev.txt",
        "x/constraints/a.in",
        "poetry.lock",
        ".github/workflows/ci.yml",
        "charts/a/templates/x.yaml",
        "a[1].py",
    ];

    #[test]
    fn globs_match_what_the_expression_matches() {
        for pattern in [
            r"\.py$",
            "^src/",
            "^docs/conf\\.py$",
            "(^|/)vendor/",
            "vendor",
            r"^(dist|vendor)/",
            r"\.snap$",
            r"^tests/data/",
            r"^.*/migrations/.*$",
            r"migrations/",
            r"(?x)^(
                docs/conf\.py |
                .*/migrations/.*
            )$",
            r"package-lock\.json|poetry\.lock",
            r"^(dist/|.*\.min\.)",
            r"\.[jt]sx?$",
            r"(requirements|constraints).*\.(txt|in)$",
            r"^[^/]+\.py$",
            r"CHANGELOG\.md",
            r"^charts/.+/templates/",
            r"^\.github/workflows/[^/]*\.ya?ml$",
            r"a\[1\]",
            r".*\.lock\Z",
            "^src/.*py$",
        ] {
            let globs = globs(pattern).unwrap_or_else(|| panic!("{pattern} was not converted"));
            let set = PathSet::new(&globs).unwrap();
            // As in `files`, where the last one that matches the file itself decides.
            let mut without = vec!["*".to_owned()];
            without.extend(globs.iter().map(|glob| format!("!{glob}")));
            let without = PathSet::new(&without).unwrap();
            let regex = PythonPattern::new(pattern, "").unwrap();
            for path in PATHS {
                let want = regex.is_match(path).unwrap();
                assert_eq!(
                    set.contains(Path::new(path)),
                    want,
                    "{pattern} {globs:?} {path}"
                );
                assert_eq!(
                    without.contains(Path::new(path)),
                    !want,
                    "not {pattern} {globs:?} {path}"
                );
            }
        }
    }

    #[test]
    fn what_globs_cannot_say_is_left() {
        for pattern in ["^(?!src/)", "a+", r"\bword\b", "x{2,}", "(a|b)*"] {
            assert_eq!(globs(pattern), None, "{pattern}");
        }
    }
}
