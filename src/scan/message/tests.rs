//! Messages and what is wrong with them.

use super::parts::Parts;
use super::settings::Settings;
use super::{Issue, conventional, trailers};
use crate::config::Section;

fn section(text: &str) -> Result<Settings, String> {
    let table = toml::de::DeTable::parse(text).unwrap().into_inner();
    let mut section = Section::default();
    section.push("hookd.toml", text, table);
    Settings::new(&section).map_err(|error| error.to_string())
}

/// `rule from-to` of what is wrong with the form and the trailers; the author is `A <a@b.c>`.
fn wrong(config: &str, message: &str) -> Vec<String> {
    let settings = section(config).unwrap();
    let parts = Parts::new(message.as_bytes());
    let mut issues: Vec<Issue> = Vec::new();
    if let Some(form) = &settings.conventional {
        conventional::check(form, &parts, &mut issues);
    }
    let author = || Ok("A <a@b.c>".to_owned());
    trailers::check(&settings, &parts, &author, &mut issues).unwrap();
    let each = issues.iter();
    each.map(|one| format!("{} {}-{}", one.rule, one.at.start, one.at.end))
        .collect()
}

const FORM: &str = "conventional = true\n";

#[test]
fn the_conventional_form() {
    for right in [
        "feat: x",
        "fix(a b)!: x\n\nbody\n",
        "docs!: x\n\nbody\n\nBREAKING CHANGE: all\nRefs: #1\n",
        "ci: a: b",
    ] {
        assert_eq!(wrong(FORM, right), Vec::<String>::new(), "{right}");
    }
    for (message, expected) in [
        ("just words", "message-format 0-10"),
        ("feat : x", "message-format 0-8"),
        ("feat:x", "message-format 5-6"),
        ("feat(: x", "message-format 0-8"),
        ("feat(): x", "message-scope 5-5"),
        ("feet: x", "message-type 0-4"),
        ("Feat: x", "message-type 0-4"),
        ("feat: x\nbody", "message-format 8-12"),
        ("feat: x\n\nBreaking change: y", "message-format 9-27"),
        ("feat: x\n\nBREAKING CHANGE:", "message-format 9-25"),
    ] {
        assert_eq!(wrong(FORM, message), [expected], "{message}");
    }
}

#[test]
fn scopes_and_types_of_the_project() {
    let config =
        "conventional = true\ntypes = ['add']\nscopes = ['cli', 'api']\nrequire_scope = true\n";
    assert_eq!(wrong(config, "add(cli,api): x"), Vec::<String>::new());
    assert_eq!(wrong(config, "add: x"), ["message-scope 0-3"]);
    assert_eq!(
        wrong(config, "fix(db): x"),
        ["message-type 0-3", "message-scope 4-6"]
    );
}

#[test]
fn trailers_are_the_last_paragraph_only() {
    let config =
        "require_trailers = ['Refs: ^#[0-9]+$']\nforbid_trailers = ['Co-authored-by: bot@']\n";
    assert_eq!(wrong(config, "x\n\nRefs: #1\n"), Vec::<String>::new());
    assert_eq!(wrong(config, "x\n\nrefs: #1\n"), Vec::<String>::new());
    for missing in [
        "Refs: #1",
        "x\n\nRefs: #1\n\nmore",
        "x\n\nRefs: 1",
        "x\n\nRefs: #1\nand words",
    ] {
        let found = wrong(config, missing);
        assert!(
            found.len() == 1 && found[0].starts_with("message-trailer-missing"),
            "{missing}: {found:?}"
        );
    }
    let both = "x\n\nRefs: #1\nCo-authored-by: B <bot@x>\nCo-authored-by: P <p@x>";
    assert_eq!(wrong(config, both), ["message-trailer-forbidden 12-37"]);
}

#[test]
fn the_author_signs_off() {
    let config = "signed_off = true\n";
    assert_eq!(
        wrong(config, "x\n\nSigned-off-by: A <A@b.c>\n"),
        Vec::<String>::new()
    );
    assert_eq!(wrong(config, "x\n"), ["message-signed-off 1-1"]);
    assert_eq!(
        wrong(config, "x\n\nSigned-off-by: B <b@b.c>\n"),
        ["message-signed-off 3-27"]
    );
}

#[test]
fn mistakes_in_the_section_have_a_place() {
    let error = section("forbid_trailers = ['A b']\n").unwrap_err();
    assert!(error.contains("cannot be the name of a trailer"), "{error}");
    let error = section("require_trailers = ['A: (']\n").unwrap_err();
    assert!(error.contains("not a regular expression"), "{error}");
    assert!(section("types = []\n").is_err());
    assert!(section("subject = 1\n").is_err());
}
