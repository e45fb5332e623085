//! Names of test files.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "name-tests-test",
    aliases: &["tests-should-end-in-test"],
    title: "a test file whose name the test runner does not know",
    description: "Looks at Python files below a folder `tests`: a test runner that goes by names never runs the others.",
    fix: "Rename the file.",
    severity: Severity::Low,
    types: Types::File,
    names: Some(below_tests),
    options: &[
        Opt::flag(&["--pytest"], "names are `*_test.py` (the default)"),
        Opt::flag(&["--pytest-test-first"], "names are `test_*.py`"),
        Opt::flag(&["--django", "--unittest"], "names are `test*.py`"),
    ],
    build,
};

/// `(^|/)tests/.+\.py$`
fn below_tests(path: &str) -> bool {
    let below = path
        .strip_prefix("tests/")
        .or_else(|| path.split_once("/tests/").map(|(_, below)| below));
    below.is_some_and(|below| below.len() > 3 && below.ends_with(".py"))
}

#[derive(Clone, Copy)]
enum Style {
    TestLast,
    TestFirst,
    Unittest,
}

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let style = if setup.args.has("--pytest-test-first") {
        Style::TestFirst
    } else if setup.args.has("--django") {
        Style::Unittest
    } else {
        Style::TestLast
    };
    Ok(Box::new(TestNames { style }))
}

struct TestNames {
    style: Style,
}

impl Check for TestNames {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let name = subject.name();
        if matches!(name, "__init__.py" | "conftest.py") {
            return;
        }
        let stem = name.strip_suffix(".py").filter(|stem| !stem.contains('\n'));
        let (fits, form) = match self.style {
            Style::TestLast => (
                stem.is_some_and(|stem| stem.ends_with("_test")),
                "*_test.py",
            ),
            Style::TestFirst => (
                stem.is_some_and(|stem| stem.starts_with("test_")),
                "test_*.py",
            ),
            Style::Unittest => (
                stem.is_some_and(|stem| stem.starts_with("test")),
                "test*.py",
            ),
        };
        if !fits {
            out.whole(0..0, format!("the name is not of the form `{form}`"));
        }
    }
}
