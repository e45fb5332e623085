//! Runs the rules of a configuration over a file as gitleaks does: keywords decide which rules run, a rule's pattern runs
//! over the whole file, then come entropy, allowlists, and rules that must find something nearby.

use super::allowlist::{Allowlist, Candidate, Place};
use super::passes::Pass;
use super::shown::shown;
use super::written::{Required, Written};
use crate::rules::Rule;
use aho_corasick::AhoCorasick;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// How far a line is looked at on either side of a match, in bytes: a file may be one line.
const LINE_REACH: usize = 1 << 16;

/// The rules of a configuration, ready to run.
pub(super) struct Detector {
    rules: Vec<Loaded>,
    by_id: BTreeMap<String, usize>,
    /// Allowlists for all rules.
    pub(super) allowlists: Vec<Arc<Allowlist>>,
    /// `None` where no rule has keywords.
    keywords: Option<AhoCorasick>,
    /// The rules of each keyword.
    users: Vec<Vec<usize>>,
    /// The rules without keywords.
    always: Vec<usize>,
}

struct Loaded {
    written: Written,
    shown: &'static Rule,
}

/// A secret that a rule found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What reports say about the rule.
    pub rule: &'static Rule,
    /// The secret.
    pub secret: Range<usize>,
    /// All that the pattern matched.
    pub whole: Range<usize>,
    /// The tags of the rule.
    pub tags: Vec<String>,
    /// What the secret says: other than at its place where it was decoded.
    pub(super) value: Vec<u8>,
}

/// What came of a file.
#[derive(Debug, Default)]
pub struct Scanned {
    /// The secrets.
    pub hits: Vec<Hit>,
    /// Rules that the path alone offends.
    pub paths: Vec<&'static Rule>,
    /// What could not be checked, and why.
    pub errors: BTreeSet<String>,
}

/// A text to run rules over.
pub(super) struct Text<'a> {
    /// Where its file is.
    pub(super) place: Place<'a>,
    /// What patterns see.
    pub(super) bytes: Cow<'a, [u8]>,
    /// Where it comes from, if it is looked at exactly as gitleaks does.
    pub(super) exact: Option<Exact<'a>>,
}

/// A pass over a piece of a file.
#[derive(Clone, Copy)]
pub(super) struct Exact<'a> {
    /// The pass.
    pub(super) pass: &'a Pass,
    /// The piece before any pass.
    pub(super) raw: &'a [u8],
}

impl Detector {
    /// Whether an allowlist names `commit`.
    pub(super) fn names(&self, commit: &str) -> bool {
        let own = |rule: &Loaded| {
            rule.written
                .allowlists
                .iter()
                .any(|list| list.names(commit))
        };
        self.allowlists.iter().any(|list| list.names(commit)) || self.rules.iter().any(own)
    }

    /// Prepares rules.
    pub(super) fn new(rules: BTreeMap<String, Written>, allowlists: Vec<Arc<Allowlist>>) -> Self {
        let mut by_keyword: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut always = Vec::new();
        let mut loaded = Vec::with_capacity(rules.len());
        let mut by_id = BTreeMap::new();
        for (index, (id, written)) in rules.into_iter().enumerate() {
            for keyword in written.keywords.iter().filter(|word| !word.is_empty()) {
                by_keyword.entry(keyword.clone()).or_default().push(index);
            }
            if written.keywords.iter().all(String::is_empty) {
                always.push(index);
            }
            by_id.insert(id, index);
            loaded.push(Loaded {
                shown: shown(&written),
                written,
            });
        }
        let words: Vec<&String> = by_keyword.keys().collect();
        let keywords = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&words)
            .ok();
        if keywords.is_none() {
            // Too many keywords for the automaton: every rule runs everywhere.
            always = (0..loaded.len()).collect();
        }
        Self {
            rules: loaded,
            by_id,
            allowlists,
            keywords: keywords.filter(|_| !words.is_empty()),
            users: by_keyword.into_values().collect(),
            always,
        }
    }

    /// Runs the rules over the file `bytes` at `place`.
    pub(super) fn scan(&self, place: Place<'_>, bytes: &[u8]) -> Scanned {
        let mut scanned = Scanned::default();
        if self.passes_over(place, &mut scanned) {
            return scanned;
        }
        let text = Text {
            place,
            bytes: valid(bytes),
            exact: None,
        };
        let hits = self.hits(&text, &mut scanned.errors);
        scanned.hits = hits;
        self.paths(place, &mut scanned);
        scanned
    }

    /// Whether an allowlist for all rules lets everything at the place pass.
    pub(super) fn passes_over(&self, place: Place<'_>, scanned: &mut Scanned) -> bool {
        passes(&self.allowlists, place).unwrap_or_else(|reason| {
            scanned.errors.insert(format!("an allowlist: {reason}"));
            false
        })
    }

    /// What the rules find in `text`. What could not be checked goes to `errors`.
    pub(super) fn hits(&self, text: &Text<'_>, errors: &mut BTreeSet<String>) -> Vec<Hit> {
        let mut found = Vec::new();
        for index in self.selected(&text.bytes) {
            match self.run(index, text, false) {
                Ok(hits) => found.extend(hits),
                Err(reason) => {
                    let id = self.rules[index].shown.id;
                    errors.insert(format!("rule `{id}`: {reason}"));
                }
            }
        }
        found
    }

    /// The rules that run: those whose keywords occur, and those without keywords.
    fn selected(&self, bytes: &[u8]) -> BTreeSet<usize> {
        let mut selected: BTreeSet<usize> = self.always.iter().copied().collect();
        if let Some(keywords) = &self.keywords {
            let mut seen = vec![false; self.users.len()];
            for hit in keywords.find_overlapping_iter(bytes) {
                let keyword = hit.pattern().as_usize();
                if !std::mem::replace(&mut seen[keyword], true) {
                    selected.extend(&self.users[keyword]);
                }
            }
        }
        selected
    }

    /// Rules that have only a path.
    pub(super) fn paths(&self, place: Place<'_>, scanned: &mut Scanned) {
        for rule in self
            .rules
            .iter()
            .filter(|rule| rule.written.regex.is_none() && !rule.written.skip_report)
        {
            match offends(&rule.written, place) {
                Ok(true) => scanned.paths.push(rule.shown),
                Ok(false) => {}
                Err(reason) => {
                    scanned
                        .errors
                        .insert(format!("rule `{}`: {reason}", rule.shown.id));
                }
            }
        }
    }

    /// What one rule finds. A rule that serves another runs though it is not reported, and requires nothing itself.
    fn run(&self, index: usize, text: &Text<'_>, serves: bool) -> Result<Vec<Hit>, String> {
        let rule = &self.rules[index];
        let Some(regex) = rule
            .written
            .regex
            .as_ref()
            .filter(|_| serves || !rule.written.skip_report)
        else {
            return Ok(Vec::new());
        };
        if !reads(&rule.written, text.place)? {
            return Ok(Vec::new());
        }
        let mut hits = Vec::new();
        for found in regex.compiled()?.find_iter(&text.bytes) {
            if let Some(hit) = self.hit(rule, text, found.range())? {
                hits.push(hit);
            }
        }
        if serves || rule.written.required.is_empty() || hits.is_empty() {
            return Ok(hits);
        }
        self.near(&rule.written.required, text, hits)
    }

    /// The secret in a match, if it counts.
    fn hit(
        &self,
        rule: &Loaded,
        text: &Text<'_>,
        found: Range<usize>,
    ) -> Result<Option<Hit>, String> {
        if text.exact.is_some_and(|exact| !exact.pass.is_fresh(&found)) {
            return Ok(None);
        }
        let whole = trimmed(&text.bytes, found.clone());
        let matched = &text.bytes[whole.clone()];
        let Some(within) = secret(&rule.written, matched)? else {
            return Ok(None);
        };
        let secret = whole.start + within.start..whole.start + within.end;
        if secret.is_empty()
            || (rule.written.entropy != 0.0
                && entropy(&text.bytes[secret.clone()]) <= rule.written.entropy)
        {
            return Ok(None);
        }
        let candidate = Candidate {
            place: text.place,
            secret: &text.bytes[secret.clone()],
            whole: matched,
            line: &text.bytes[text.line(&found, &whole)],
        };
        for list in self.allowlists.iter().chain(&rule.written.allowlists) {
            if list.allows(&candidate)? {
                return Ok(None);
            }
        }
        Ok(Some(Hit {
            rule: rule.shown,
            value: text.bytes[secret.clone()].to_vec(),
            secret: text.source(secret),
            whole: text.place(&found, whole),
            tags: rule.written.tags.clone(),
        }))
    }

    /// Those of `hits` that have a hit of every required rule nearby.
    fn near(
        &self,
        required: &[Required],
        text: &Text<'_>,
        mut hits: Vec<Hit>,
    ) -> Result<Vec<Hit>, String> {
        let raw = text.exact.map_or(&*text.bytes, |exact| exact.raw);
        let lines: Vec<usize> = memchr::memchr_iter(b'\n', raw).collect();
        for one in required {
            let Some(&index) = self.by_id.get(&one.id) else {
                return Ok(Vec::new());
            };
            let others = self.run(index, text, true)?;
            let mut places: Vec<(u64, u64)> = others
                .iter()
                .map(|hit| place(&lines, hit.whole.start))
                .collect();
            places.sort_unstable();
            hits.retain(|hit| is_near(place(&lines, hit.whole.start), &places, one));
        }
        Ok(hits)
    }
}

impl Text<'_> {
    /// Where `range` of the text stands in the file.
    fn source(&self, range: Range<usize>) -> Range<usize> {
        self.exact
            .map_or(range.clone(), |exact| exact.pass.source(&range))
    }

    /// Where a match stands in the file: `whole` is `found` without the line ends around it. gitleaks gives a match that
    /// begins with line ends to the line after the first of them.
    fn place(&self, found: &Range<usize>, whole: Range<usize>) -> Range<usize> {
        if self.exact.is_none() {
            return whole;
        }
        let breaks = self.bytes.get(found.start) == Some(&b'\n');
        let start = found.start + usize::from(breaks);
        self.source(start.min(whole.start)..whole.end)
    }

    /// The lines that an allowlist looks at.
    fn line(&self, found: &Range<usize>, whole: &Range<usize>) -> Range<usize> {
        let decoded = self.exact.filter(|exact| !exact.pass.is_first());
        decoded.map_or_else(
            || line_of(&self.bytes, whole),
            |exact| exact.pass.line(found),
        )
    }
}

/// Line and column of a byte, given where lines end.
fn place(lines: &[usize], at: usize) -> (u64, u64) {
    let line = lines.partition_point(|&end| end < at);
    let start = line.checked_sub(1).map_or(0, |before| lines[before]);
    (line as u64, (at - start) as u64)
}

/// Whether one of `places`, which are in order, is as near to `here` as wanted.
fn is_near(here: (u64, u64), places: &[(u64, u64)], wanted: &Required) -> bool {
    let (from, to) = wanted.lines.map_or((0, u64::MAX), |lines| {
        (here.0.saturating_sub(lines), here.0.saturating_add(lines))
    });
    let first = places.partition_point(|place| place.0 < from);
    places[first..]
        .iter()
        .take_while(|place| place.0 <= to)
        .any(|place| {
            wanted
                .columns
                .is_none_or(|columns| place.1.abs_diff(here.1) <= columns)
        })
}

/// Whether a rule looks into the file at `place`.
fn reads(rule: &Written, place: Place<'_>) -> Result<bool, String> {
    if passes(&rule.allowlists, place)? {
        return Ok(false);
    }
    let Some(pattern) = &rule.path else {
        return Ok(true);
    };
    Ok(pattern.compiled()?.is_match(place.path.as_bytes()))
}

/// Whether a rule that has only a path names that of `place`.
fn offends(rule: &Written, place: Place<'_>) -> Result<bool, String> {
    let Some(pattern) = &rule.path else {
        return Ok(false);
    };
    Ok(pattern.compiled()?.is_match(place.path.as_bytes()) && !passes(&rule.allowlists, place)?)
}

/// Whether one of `lists` lets pass whatever is in the file.
fn passes(lists: &[Arc<Allowlist>], place: Place<'_>) -> Result<bool, String> {
    for list in lists {
        if list.allows_place(place)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The bytes as Go sees them: a byte that is no UTF-8 is one character of no class. DEL stands in for it, which has one
/// byte too, so that places stay what they are.
pub(super) fn valid(bytes: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(bytes).is_ok() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        out.resize(out.len() + chunk.invalid().len(), 0x7F);
    }
    Cow::Owned(out)
}

/// A match without the line ends around it.
fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let text = &bytes[range.clone()];
    let start = text.iter().take_while(|&&byte| byte == b'\n').count();
    let end = text[start..]
        .iter()
        .rev()
        .take_while(|&&byte| byte == b'\n')
        .count();
    range.start + start..range.end - end
}

/// The secret in a match: the group that the rule names, or the first group that is not empty, or all of it. Groups are
/// looked for in the match alone, as gitleaks does.
fn secret(rule: &Written, matched: &[u8]) -> Result<Option<Range<usize>>, String> {
    let Some(regex) = rule.regex.as_ref().filter(|regex| regex.groups > 0) else {
        return Ok(Some(0..matched.len()));
    };
    let Some(captures) = regex.compiled()?.captures(matched) else {
        return Ok(Some(0..matched.len()));
    };
    let group = |index: usize| captures.get(index).map(|found| found.range());
    if rule.secret_group > 0 {
        return Ok(group(rule.secret_group));
    }
    let mut groups = (1..captures.len()).filter_map(group);
    Ok(Some(
        groups
            .find(|range| !range.is_empty())
            .unwrap_or(0..matched.len()),
    ))
}

/// The lines around a match, from the line end before it on.
pub(super) fn line_of(bytes: &[u8], whole: &Range<usize>) -> Range<usize> {
    let from = whole.start.saturating_sub(LINE_REACH);
    let to = bytes.len().min(whole.end + LINE_REACH);
    let first = bytes.len().min(whole.start + 1);
    let start = memchr::memrchr(b'\n', &bytes[from..first]).map_or(from, |at| from + at);
    let end = memchr::memchr(b'\n', &bytes[whole.end..to]).map_or(to, |at| whole.end + at);
    start..end.max(start)
}

/// Shannon entropy as gitleaks has it: characters are counted, and shares are of the bytes.
#[allow(clippy::cast_precision_loss)] // secrets are far shorter than 2^52 bytes
fn entropy(secret: &[u8]) -> f64 {
    let text = String::from_utf8_lossy(secret);
    let mut counts: HashMap<char, usize> = HashMap::new();
    for character in text.chars() {
        *counts.entry(character).or_default() += 1;
    }
    let total = secret.len() as f64;
    let mut shares: Vec<f64> = counts.values().map(|&count| count as f64 / total).collect();
    // The sum of floating-point numbers depends on their order.
    shares.sort_by(f64::total_cmp);
    shares.iter().map(|share| -share * share.log2()).sum()
}
