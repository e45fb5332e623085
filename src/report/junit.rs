//! For CI servers: JUnit's XML, a suite for each check, a failed case for each finding that blocks.
//!
//! There is no specification; this keeps to what <https://github.com/testmoapp/junitxml> documents as common.

use super::place::readable;
use super::{Reporter, Style};
use crate::model::{Check, CheckError, CheckKind, CheckStatus, Finding, Outcome};
use crate::text::printable;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Write};

/// The format for CI servers.
pub(super) struct Junit;

impl Reporter for Junit {
    fn write(&self, outcome: &Outcome, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        let suites: Vec<Suite> = suites(outcome);
        let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let (tests, failures, errors) = suites.iter().fold((0, 0, 0), |sum, suite| {
            let (tests, failures, errors) = suite.counts();
            (sum.0 + tests, sum.1 + failures, sum.2 + errors)
        });
        xml.create_element("testsuites")
            .with_attribute(("name", "hookd"))
            .with_attribute(("tests", tests.to_string().as_str()))
            .with_attribute(("failures", failures.to_string().as_str()))
            .with_attribute(("errors", errors.to_string().as_str()))
            .with_attribute(("time", seconds(outcome.summary.duration).as_str()))
            .write_inner_content(|xml| {
                suites
                    .iter()
                    .try_for_each(|suite| write_suite(xml, outcome, suite))
            })?;
        writeln!(out)
    }
}

/// What a check came to.
struct Suite<'a> {
    name: &'a str,
    check: Option<&'a Check>,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    result: Result<(), Bad>,
}

/// Why a case is not fine: `failure` or `error`, in a sentence, and at length.
struct Bad {
    element: &'static str,
    message: String,
    text: String,
}

impl Suite<'_> {
    fn counts(&self) -> (usize, usize, usize) {
        let of = |element: &str| {
            let bad = self
                .cases
                .iter()
                .filter_map(|case| case.result.as_ref().err());
            bad.filter(|bad| bad.element == element).count()
        };
        (self.cases.len(), of("failure"), of("error"))
    }
}

fn suites(outcome: &Outcome) -> Vec<Suite<'_>> {
    let mut suites: Vec<Suite<'_>> = outcome
        .checks
        .iter()
        .map(|check| Suite {
            name: &check.id,
            check: Some(check),
            cases: cases(check, outcome),
        })
        .collect();
    let nobodys: Vec<Case> = outcome
        .errors
        .iter()
        .filter(|error| {
            error.fatal && !outcome.checks.iter().any(|check| check.id == error.scanner)
        })
        .map(not_checked)
        .collect();
    if !nobodys.is_empty() {
        suites.push(Suite {
            name: "run",
            check: None,
            cases: nobodys,
        });
    }
    suites
}

fn cases(check: &Check, outcome: &Outcome) -> Vec<Case> {
    let findings = outcome
        .findings
        .iter()
        .filter(|finding| finding.blocking && finding.scanner == check.id);
    let errors = outcome
        .errors
        .iter()
        .filter(|error| error.fatal && error.scanner == check.id);
    let mut cases: Vec<Case> = findings.map(found).chain(errors.map(not_checked)).collect();
    if cases.is_empty() {
        cases.push(Case {
            name: check.id.clone(),
            result: hook(check),
        });
    }
    cases
}

fn found(finding: &Finding) -> Case {
    let at = finding.span.start;
    let path = readable(&finding.path).0;
    Case {
        name: format!("{} {path}:{}:{}", finding.rule, at.line, at.column),
        result: Err(Bad {
            element: "failure",
            message: finding.message.clone(),
            text: format!("{}\n{}", finding.excerpt.text, finding.help),
        }),
    }
}

fn not_checked(error: &CheckError) -> Case {
    let path = error.path.as_ref().map(|path| readable(path).0);
    Case {
        name: format!("not checked {}", path.unwrap_or_default()),
        result: Err(Bad {
            element: "error",
            message: error.message.clone(),
            text: error.help.clone(),
        }),
    }
}

fn hook(check: &Check) -> Result<(), Bad> {
    let failed = check.kind == CheckKind::Hook
        && matches!(
            check.status,
            CheckStatus::Failed | CheckStatus::Modified | CheckStatus::Error
        );
    if !failed {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&check.output);
    Err(Bad {
        element: "failure",
        message: format!("{} {}", check.id, check.message),
        text: console::strip_ansi_codes(&output).into_owned(),
    })
}

fn write_suite<W: Write>(
    xml: &mut Writer<W>,
    outcome: &Outcome,
    suite: &Suite<'_>,
) -> io::Result<()> {
    let (tests, failures, errors) = suite.counts();
    let skipped = suite
        .check
        .is_some_and(|check| check.status == CheckStatus::Skipped);
    let time = suite
        .check
        .map_or_else(String::new, |check| seconds(check.duration));
    let class = format!("hookd.{}.{}", outcome.stage, suite.name);
    xml.create_element("testsuite")
        .with_attribute(("name", suite.name))
        .with_attribute(("tests", tests.to_string().as_str()))
        .with_attribute(("failures", failures.to_string().as_str()))
        .with_attribute(("errors", errors.to_string().as_str()))
        .with_attribute(("skipped", if skipped { "1" } else { "0" }))
        .with_attribute(("time", time.as_str()))
        .write_inner_content(|xml| {
            suite
                .cases
                .iter()
                .try_for_each(|case| write_case(xml, &class, case, skipped))
        })?;
    Ok(())
}

fn write_case<W: Write>(
    xml: &mut Writer<W>,
    class: &str,
    case: &Case,
    skipped: bool,
) -> io::Result<()> {
    let element = xml
        .create_element("testcase")
        .with_attribute(("name", clean(&case.name).as_str()))
        .with_attribute(("classname", class));
    match &case.result {
        Ok(()) if skipped => element
            .write_inner_content(|xml| xml.create_element("skipped").write_empty().map(|_| ())),
        Ok(()) => element.write_empty(),
        Err(bad) => element.write_inner_content(|xml| {
            xml.create_element(bad.element)
                .with_attribute(("message", clean(&bad.message).as_str()))
                .write_text_content(BytesText::new(&clean(&bad.text)))
                .map(|_| ())
        }),
    }?;
    Ok(())
}

/// Control characters have no place in XML: they are made visible, line by line.
fn clean(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().map(printable).collect();
    lines.join("\n")
}

fn seconds(time: std::time::Duration) -> String {
    format!("{:.6}", time.as_secs_f64())
}
