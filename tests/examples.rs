//! Every example's configuration works, and the generated files in `docs/` are up to date.

mod tools;

use crate::kit::{Sandbox, github_token};
use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_example_is_a_working_configuration() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let folder = entry.unwrap().path();
        let sandbox = Sandbox::installed();
        sandbox.write("hookd.toml", fs::read(folder.join("hookd.toml")).unwrap());
        assert!(folder.join("README.md").exists(), "{}", folder.display());
        sandbox.hookd(["config", "check"]).expect(0);
        sandbox.git(["add", "."]);
        sandbox.git(["commit", "-qm", "the example itself"]);
        sandbox.write("bad", format!("k = '{}'\n", github_token(1)));
        sandbox.git(["add", "."]);
        sandbox.try_git(["commit", "-qm", "x"]).expect(1);
        count += 1;
    }
    assert!(count >= 3);
}

#[test]
fn the_published_schema_is_the_one_in_use() {
    let sandbox = Sandbox::without_repo();
    let now = sandbox
        .hookd(["config", "schema", "--report"])
        .expect(0)
        .out;
    let published = fs::read_to_string(root().join("docs/report-schema.json")).unwrap();
    assert!(
        now == published,
        "hookd config schema --report > docs/report-schema.json"
    );
}

#[test]
fn links_in_the_docs_lead_somewhere() {
    let mut pages = vec![root().join("README.md")];
    for folder in ["docs", "docs/scanners"] {
        let entries = fs::read_dir(root().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path());
        pages.extend(
            entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")),
        );
    }
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', '#']).next())
        {
            if !link.is_empty() && !link.contains("://") && !link.contains(' ') {
                let target = page.parent().unwrap().join(link);
                assert!(target.exists(), "{} links to {link}", page.display());
            }
        }
    }
}

/// docs/git-cases.md names a test for each case: each is there.
#[test]
fn the_tests_of_the_cases_are_there() {
    let page = fs::read_to_string(root().join("docs/git-cases.md")).unwrap();
    let mut count = 0;
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let Some(name) = row.rsplit('`').nth(1).filter(|name| name.contains("::")) else {
            continue;
        };
        let (modules, test) = name.rsplit_once("::").unwrap();
        let file = root().join(format!("tests/{}.rs", modules.replace("::", "/")));
        let text = fs::read_to_string(&file).unwrap_or_default();
        assert!(text.contains(&format!("#[test]\nfn {test}()")), "{name}");
        count += 1;
    }
    assert!(count > 40, "{count}");
}
