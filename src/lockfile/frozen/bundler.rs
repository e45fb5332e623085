//! Bundler: `Gemfile` and the `DEPENDENCIES` of `Gemfile.lock`, which repeat it
//! (<https://bundler.io/man/bundle-install.1.html>: `frozen`). A Gemfile is a program: one that does more than name gems is not judged.

use super::super::input::Input;
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Place, Top};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

pub(super) static SPEC: FrozenSpec =
    spec(&["Gemfile.lock"], "Gemfile", |_| vec!["Gemfile".to_owned()]);

/// The same under the names that Bundler 2 brought.
pub(super) static GEMS: FrozenSpec =
    spec(&["gems.locked"], "gems.rb", |_| vec!["gems.rb".to_owned()]);

const fn spec(
    locks: &'static [&'static str],
    manifest: &'static str,
    manifests: fn(&Top<'_>) -> Vec<String>,
) -> FrozenSpec {
    FrozenSpec {
        locks,
        manifest: ManifestName::Exact(manifest),
        command: "bundle lock",
        strict: "BUNDLE_FROZEN=true bundle install",
        check,
        manifests,
    }
}

/// What is asked for: the clauses, and whether it comes from a source of its own.
type Wanted = (BTreeSet<String>, bool);

fn check(pair: &Pair<'_>) -> Frozen {
    if !pair.folder().is_empty() {
        return Frozen::Apart;
    }
    let (Ok(manifest), Ok(lock)) = (Input::new(pair.manifest), Input::new(pair.lock.bytes()))
    else {
        return Frozen::Unknown;
    };
    let (Some(asked), Some(locked)) = (gemfile(manifest.text), dependencies(lock.text)) else {
        return Frozen::Unknown;
    };
    Frozen::of(differences(&asked, &locked, manifest.base))
}

/// What is asked for otherwise than it is locked, and what is locked for nobody; `base` is where the manifest's text starts.
fn differences(asked: &Gems<'_>, locked: &BTreeMap<&str, Wanted>, base: usize) -> Vec<Mismatch> {
    let mut out = Vec::new();
    for (name, (wanted, place)) in asked {
        let message = match locked.get(name) {
            Some(old) if old == wanted => continue,
            Some(old) if old.0 == wanted.0 => "it is locked from another source".to_owned(),
            Some(old) => format!(
                "`{}` is asked for, locked is for `{}`",
                shown(wanted),
                shown(old)
            ),
            None => format!("`{}` is asked for, nothing is locked", shown(wanted)),
        };
        out.push(Mismatch {
            entry: (*name).to_owned(),
            message,
            place: Place::At(place.start + base, place.end + base),
        });
    }
    for name in locked.keys().filter(|name| !asked.contains_key(*name)) {
        out.push(Mismatch::left_over(name));
    }
    out
}

fn shown(wanted: &Wanted) -> String {
    if wanted.0.is_empty() {
        return ">= 0".to_owned();
    }
    let clauses: Vec<&str> = wanted.0.iter().map(String::as_str).collect();
    clauses.join(", ")
}

/// `name (clause, clause)!` under `DEPENDENCIES`.
fn dependencies(text: &str) -> Option<BTreeMap<&str, Wanted>> {
    let mut lines = text.lines().skip_while(|line| *line != "DEPENDENCIES");
    lines.next()?;
    let mut out = BTreeMap::new();
    for line in lines.take_while(|line| line.starts_with("  ")) {
        let line = line.trim();
        let (line, pinned) = match line.strip_suffix('!') {
            Some(line) => (line, true),
            None => (line, false),
        };
        let (name, rest) = line.split_once(" (").unwrap_or((line, ""));
        let list = rest.trim_end_matches(')');
        let clauses = list.split(", ").filter(|one| !one.is_empty());
        out.insert(name, (clauses.filter_map(clause).collect(), pinned));
    }
    Some(out)
}

/// `= 1.0` for `1.0`; nothing for what admits everything.
fn clause(text: &str) -> Option<String> {
    let text = text.trim();
    let version = text.trim_start_matches(['=', '<', '>', '~', '!']);
    let operator = text[..text.len() - version.len()].trim();
    let operator = if operator.is_empty() { "=" } else { operator };
    let clause = format!("{operator} {}", version.trim());
    (clause != ">= 0").then_some(clause)
}

/// The gems of a Gemfile with their places.
type Gems<'a> = BTreeMap<&'a str, (Wanted, Range<usize>)>;

/// A Gemfile while it is read.
#[derive(Default)]
struct Reading<'a> {
    gems: Gems<'a>,
    /// For each open block whether gems inside come from a source of their own.
    blocks: Vec<bool>,
    /// The options that the file defines for sources of its own.
    sources: HashSet<&'a str>,
}

/// The gems of a Gemfile; `None` where it is more than a list.
fn gemfile(text: &str) -> Option<Gems<'_>> {
    let mut reading = Reading::default();
    for (line, place) in statements(text) {
        let (word, rest) = split_word(line);
        reading.statement(word, rest, place)?;
    }
    reading.blocks.is_empty().then_some(reading.gems)
}

impl<'a> Reading<'a> {
    fn statement(&mut self, word: &str, rest: &'a str, place: Range<usize>) -> Option<()> {
        match word {
            "gem" => self.gem(rest, place)?,
            "end" if rest.is_empty() => {
                self.blocks.pop()?;
            }
            "source" | "git" | "path" | "github" => self.block(rest, true, word == "source")?,
            "group" | "platforms" | "platform" => self.block(rest, false, false)?,
            "git_source" => {
                self.sources.insert(own_source(rest)?);
            }
            "ruby" | "plugin" if !rest.ends_with(" do") => {}
            _ => return None,
        }
        Some(())
    }

    fn gem(&mut self, rest: &'a str, place: Range<usize>) -> Option<()> {
        let (name, mut wanted) = gem(rest, &self.sources)?;
        wanted.1 |= self.blocks.contains(&true);
        self.gems.insert(name, (wanted, place));
        Some(())
    }

    /// A block, of which gems come from a source of its own (`pins`); `alone`: it may also be a line of its own.
    fn block(&mut self, rest: &str, pins: bool, alone: bool) -> Option<()> {
        let opens = rest.ends_with(" do") || rest.ends_with(" {");
        if !(opens || alone) || is_program(rest) {
            return None;
        }
        self.blocks.extend(opens.then_some(pins));
        Some(())
    }
}

/// The name in `git_source(:name) { … }`, on one line.
fn own_source(rest: &str) -> Option<&str> {
    rest.strip_prefix("(:")?
        .strip_suffix('}')?
        .split(')')
        .next()
}

/// Whether a line does something besides naming things.
fn is_program(text: &str) -> bool {
    [" if ", " unless ", "#{", "ENV", " ? "]
        .iter()
        .any(|part| text.contains(part))
}

/// The lines without comments; one that ends in a comma goes on in the next.
fn statements(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut out: Vec<(&str, Range<usize>)> = Vec::new();
    let mut open = false;
    for raw in text.lines() {
        let line = without_comment(raw).trim();
        if line.is_empty() {
            continue;
        }
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + line.len();
        match out.last_mut().filter(|_| open) {
            Some(last) => {
                last.1.end = end;
                last.0 = &text[last.1.clone()];
            }
            None => out.push((line, start..end)),
        }
        open = line.ends_with(',');
    }
    out
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '#' => return &line[..at],
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
    }
    line
}

fn split_word(line: &str) -> (&str, &str) {
    let end = line
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    (word, rest.trim())
}

/// The arguments of `gem`: its name, clauses, options.
fn gem<'a>(rest: &'a str, sources: &HashSet<&str>) -> Option<(&'a str, Wanted)> {
    if is_program(rest) || rest.contains('\n') && rest.contains('#') {
        return None;
    }
    let rest = match rest.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')')?,
        None => rest,
    };
    let mut arguments = arguments(rest).into_iter();
    let name = quoted(arguments.next()?)?;
    let mut wanted = (BTreeSet::new(), false);
    for argument in arguments {
        take(argument, sources, &mut wanted)?;
    }
    Some((name, wanted))
}

/// A clause, a list of clauses, or an option.
fn take(argument: &str, sources: &HashSet<&str>, wanted: &mut Wanted) -> Option<()> {
    if let Some(text) = quoted(argument) {
        wanted.0.extend(clause(text));
    } else if let Some(list) = argument.strip_prefix('[') {
        for one in list.strip_suffix(']')?.split(',') {
            wanted.0.extend(clause(quoted(one.trim())?));
        }
    } else {
        let key = option(argument)?;
        let known = ["git", "github", "gist", "bitbucket", "path", "source"];
        wanted.1 |= known.contains(&key) || sources.contains(key);
    }
    Some(())
}

/// Splits at commas outside of quotes and brackets.
fn arguments(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut quote, mut start) = (0_i32, None, 0);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(' | '{') => depth += 1,
            (None, ']' | ')' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                out.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(text[start..].trim());
    out
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.get(1..)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then_some(inner)
}

/// The key of `key: value` or `:key => value`.
fn option(text: &str) -> Option<&str> {
    if let Some((key, _)) = text.split_once("=>") {
        return Some(key.trim().trim_start_matches(':').trim_matches(['"', '\'']));
    }
    let (key, _) = text.split_once(':')?;
    Some(key.trim_matches(['"', '\'']))
}
