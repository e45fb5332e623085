//! Several advisories about one package: one line each, and once what is common to all of them.

use super::super::wrap::wrap;
use super::{INDENT, Page, label, short};
use crate::model::Finding;
use crate::text::printable;
use console::{Style as Paint, measure_text_width, pad_str, truncate_str};
use std::io;

/// Fewer columns than this say nothing: the line gets longer instead.
const TITLE_LEAST: usize = 20;
/// What an advisory says is sought in its first words only.
const PRELUDE_MOST: usize = 40;

/// Longer ids give way to that of the CVE: GHSA's have 19 characters.
const ID_MOST: usize = 19;

/// Findings that are shown together.
pub(super) struct Block<'a> {
    /// Those that are shown, worst first.
    pub(super) findings: Vec<&'a Finding>,
    /// How many there are.
    pub(super) of: usize,
}

/// What findings that are shown together have in common: the package, and what to do.
type Common<'a> = [&'a str; 3];

/// Puts advisories about one package at one place together, where one step is rid of them; all else stays alone.
/// `findings` are sorted by place.
pub(super) fn blocks(findings: &[Finding]) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut here = 0;
    for finding in findings {
        let same = blocks.get(here).and_then(|block| block.findings.first());
        if same.is_none_or(|one| (&one.path, one.span.start) != (&finding.path, finding.span.start))
        {
            here = blocks.len();
        }
        let common = common(finding);
        let is_mate = |block: &&mut Block<'_>| {
            common.is_some() && block.findings.first().and_then(|one| self::common(one)) == common
        };
        match blocks[here..].iter_mut().find(is_mate) {
            Some(block) => {
                block.findings.push(finding);
                block.of += 1;
            }
            None => blocks.push(Block {
                findings: vec![finding],
                of: 1,
            }),
        }
    }
    for block in &mut blocks {
        // The sort is stable: among equals the order of ids stays.
        block
            .findings
            .sort_by_key(|one| std::cmp::Reverse((one.blocking, one.severity)));
    }
    blocks
}

/// `None` for a finding that is no advisory.
fn common(finding: &Finding) -> Option<Common<'_>> {
    let is_advisory = finding.scanner == "audit" && text(finding, "id") == Some(&*finding.rule);
    is_advisory.then_some(())?;
    Some([
        text(finding, "package")?,
        text(finding, "version")?,
        text(finding, "remedy")?,
    ])
}

fn text<'a>(finding: &'a Finding, key: &str) -> Option<&'a str> {
    finding.data.get(key)?.as_str()
}

/// "django 3.2.0 (was 3.1.0): 25 advisories, via a → b".
fn title(finding: &Finding, number: usize) -> String {
    let [name, version] = ["package", "version"].map(|key| text(finding, key).unwrap_or_default());
    let space = if version.is_empty() { "" } else { " " };
    let was = text(finding, "was").map_or_else(String::new, |was| format!(" (was {was})"));
    let steps = finding.data.get("via").and_then(|via| via.as_array());
    let steps: Vec<&str> = steps
        .into_iter()
        .flatten()
        .filter_map(|step| step.as_str())
        .collect();
    let via = if steps.is_empty() {
        String::new()
    } else {
        format!(", via {}", steps.join(" → "))
    };
    format!("{name}{space}{version}{was}: {number} advisories{via}")
}

/// The name that people know it by.
fn id(finding: &Finding) -> String {
    let aliases = finding
        .data
        .get("aliases")
        .and_then(|aliases| aliases.as_array());
    let mut known = aliases
        .into_iter()
        .flatten()
        .filter_map(|alias| alias.as_str());
    let cve = known.find(|alias| alias.starts_with("CVE-"));
    let rule = &*finding.rule;
    let is_obscure = rule.starts_with("PYSEC-") || rule.starts_with("GO-") || rule.len() > ID_MOST;
    let id = cve.filter(|_| is_obscure).unwrap_or(rule);
    printable(id).into_owned()
}

fn gist(finding: &Finding) -> String {
    let [summary, name] = ["summary", "package"].map(|key| text(finding, key).unwrap_or_default());
    printable(&gist_of(summary, name)).into_owned()
}

/// What an advisory about `name` says without the versions that many begin with ("In Left 2.2 before 2.2.25, …").
fn gist_of(summary: &str, name: &str) -> String {
    const FILLING: &[&str] = &[
        "a",
        "an",
        "the",
        "in",
        "issue",
        "was",
        "discovered",
        "found",
        "before",
        "through",
        "prior",
        "to",
        "up",
        "and",
        "or",
        "of",
        "version",
        "versions",
        "package",
    ];
    let words: Vec<&str> = summary.split_whitespace().collect();
    let bare = |word: &str| {
        word.trim_matches([',', '.', ':', ';', '(', ')'])
            .to_lowercase()
    };
    let is_version = |word: &str| {
        let digits = word.strip_prefix('v').unwrap_or(word);
        digits.starts_with(|c: char| c.is_ascii_digit())
    };
    let prelude = words
        .iter()
        .take(PRELUDE_MOST)
        .map(|word| bare(word))
        .take_while(|word| {
            is_version(word) || FILLING.contains(&word.as_str()) || word.eq_ignore_ascii_case(name)
        });
    let prelude: Vec<String> = prelude.collect();
    let last = prelude.iter().rposition(|word| is_version(word));
    let mut rest = last.map_or(&words[..], |last| &words[last + 1..]);
    if last.is_some() && rest.first().is_some_and(|word| word.starts_with('(')) {
        let end = rest.iter().position(|word| word.contains(')'));
        rest = end.map_or(rest, |end| &rest[end + 1..]);
    }
    // Where nothing else is said, the versions are what it says.
    let said = if rest.is_empty() { &words[..] } else { rest };
    said.join(" ")
}

/// The columns of the list, each as wide as its widest.
struct Row {
    paint: Paint,
    cells: [String; 4],
    gist: String,
}

fn row(finding: &Finding) -> Row {
    let (label, paint) = label(finding);
    let fixed = text(finding, "fixed_alone").map_or("-".into(), printable);
    let name = if finding.blocking {
        short(finding)
    } else {
        String::new()
    };
    Row {
        paint,
        cells: [label.to_owned(), id(finding), fixed.into_owned(), name],
        gist: gist(finding),
    }
}

const HEADS: [&str; 4] = ["", "advisory", "fixed in", "name"];

impl Page<'_> {
    /// Several advisories about one package.
    pub(super) fn advisories(&mut self, block: &Block<'_>) -> io::Result<()> {
        let [finding, ..] = block.findings[..] else {
            return Ok(());
        };
        let mut title = wrap(
            &title(finding, block.of),
            self.style.width.saturating_sub(INDENT).max(TITLE_LEAST),
        )
        .into_iter();
        self.head(finding, &title.next().unwrap_or_default())?;
        for more in title {
            self.text(&more, &Paint::new().bold())?;
        }
        self.rows(&block.findings)?;
        self.excerpt(finding)?;
        self.text(
            text(finding, "remedy").unwrap_or_default(),
            &Paint::new().cyan(),
        )?;
        let accept = if finding.blocking {
            "hookd explain ADVISORY tells more, hookd ignore NAME --reason \"…\" accepts it"
        } else {
            "hookd explain ADVISORY tells more; to accept one: ignore = [{ id = \"…\", reason = \"…\" }] in [scan.audit]"
        };
        self.text(accept, &Paint::new().dim())?;
        writeln!(self.out)
    }

    fn rows(&mut self, findings: &[&Finding]) -> io::Result<()> {
        let rows: Vec<Row> = findings.iter().map(|finding| row(finding)).collect();
        let blocks = rows.iter().any(|row| !row.cells[3].is_empty());
        let columns = if blocks { 4 } else { 3 };
        let wide = |column: usize| {
            let cells = rows.iter().map(|row| row.cells[column].as_str());
            cells
                .chain([HEADS[column]])
                .map(measure_text_width)
                .max()
                .unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(wide).collect();
        let used = INDENT + widths.iter().map(|width| width + 1).sum::<usize>();
        let room = self.style.width.saturating_sub(used).max(TITLE_LEAST);
        let padded = |cells: &[String]| -> Vec<String> {
            let cells = cells.iter().zip(&widths);
            cells
                .map(|(cell, width)| {
                    pad_str(cell, *width, console::Alignment::Left, None).into_owned()
                })
                .collect()
        };
        let heads = padded(&HEADS.map(str::to_owned)).join(" ");
        let line = self.paint(Paint::new().dim(), heads.trim_end());
        writeln!(self.out, "{:INDENT$}{line}", "")?;
        for row in rows {
            let mut cells = padded(&row.cells);
            cells[0] = self.paint(row.paint, &cells[0]);
            let gist = truncate_str(&row.gist, room, "…");
            writeln!(self.out, "{:INDENT$}{} {gist}", "", cells.join(" "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::gist_of;

    #[test]
    fn versions_at_the_start_are_not_what_an_advisory_says() {
        let gist = |summary| gist_of(summary, "Left");
        for (summary, said) in [
            (
                "In Left 1.2 before 1.2.25 and 2.1 before v2.1.14, long names are read twice",
                "long names are read twice",
            ),
            (
                "An issue was discovered in Left before 1.0 (with Other 3.9+), names leak",
                "names leak",
            ),
            ("Left leaks names before 1.0", "Left leaks names before 1.0"),
            ("In Left before 1.0", "In Left before 1.0"),
            ("", ""),
        ] {
            assert_eq!(gist(summary), said);
        }
    }
}
