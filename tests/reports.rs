//! The report formats that CI services read.

use crate::kit::{Sandbox, complex_python, github_token};
use serde_json::Value;

/// A repository with something of each kind to report: a finding that blocks, one in a file with an odd name, a command
/// that fails and prints what the formats have to escape, and a file that cannot be checked.
fn sandbox() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = \"lint\"\nrun = \"printf '100 %% <b> ]]>\\\\n::error::x\\\\033[1mbold\\\\033[0m\\\\n'; exit 1\"\n",
    );
    sandbox.hookd(["install"]).expect(0);
    let token = github_token(7);
    sandbox.write("a, b:c%.py", format!("key = '{token}'\n"));
    sandbox.write("f.py", complex_python("tangled", 14));
    sandbox.write("broken.go", "package a\n\nvar s = `never closed\n");
    sandbox.git(["add", "."]);
    (sandbox, token)
}

fn report(format: &str) -> String {
    let (sandbox, token) = sandbox();
    let done = sandbox
        .hookd(["run", "--skip", "audit", "--format", format])
        .expect(1);
    assert!(!done.out.contains(&token), "a secret in {format}");
    done.out
}

#[test]
fn sarif_has_results_in_their_places() {
    let log: Value = serde_json::from_str(&report("sarif")).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "hookd");
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    let results = run["results"].as_array().unwrap();
    let secret = results
        .iter()
        .find(|result| result["ruleId"] == "github-pat")
        .unwrap();
    assert_eq!(secret["level"], "error");
    let place = &secret["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%2C%20b%3Ac%25.py");
    assert_eq!(place["region"]["startLine"], 1);
    assert_eq!(place["region"]["startColumn"], 8);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
    }
    let notes = run["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap();
    let has = |word: &str| {
        notes
            .iter()
            .any(|note| note["message"]["text"].as_str().unwrap().contains(word))
    };
    assert!(has("not readable as Go") && has("lint failed"), "{notes:?}");
}

#[test]
fn junit_counts_what_it_lists() {
    let text = report("junit");
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut failures, mut errors, mut cases, mut told) = (0, 0, 0, String::new());
    loop {
        use quick_xml::events::Event;
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "failure" => failures += 1,
                "error" => errors += 1,
                "testcase" => cases += 1,
                "testsuites" => told = tag.to_string(),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((failures, errors), (3, 1), "{text}");
    assert!(
        told.contains(&format!(
            "tests=\"{cases}\" failures=\"{failures}\" errors=\"{errors}\""
        )),
        "{told}"
    );
    assert!(!text.contains('\x1b'));
}

#[test]
fn github_gets_one_command_a_line_that_nothing_breaks_out_of() {
    let text = report("github");
    assert!(
        text.contains(
            "::error file=a%2C b%3Ac%25.py,line=1,endLine=1,col=8,endColumn=48,title=github-pat::"
        ),
        "{text}"
    );
    assert!(text.contains("::error file=f.py,line=1"), "{text}");
    assert!(
        text.contains("::error file=broken.go,title=not checked::"),
        "{text}"
    );
    assert!(text.contains("::error title=lint failed::"), "{text}");
    assert!(text.contains("100 %25 <b> ]]>%0A::error::xbold"), "{text}");
    let (last, commands) = text
        .trim_end()
        .rsplit_once('\n')
        .map(|(a, b)| (b, a))
        .unwrap();
    assert!(
        commands.lines().all(|line| line.starts_with("::error ")),
        "{text}"
    );
    assert_eq!(
        last,
        "hookd: 2 blocking, 0 warnings, 1 not checked, 4 files"
    );
}

#[test]
fn gitlab_gets_a_list_with_fingerprints_of_its_own() {
    let issues: Vec<Value> = serde_json::from_str(&report("gitlab")).unwrap();
    let mut prints: Vec<&str> = issues
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(prints.len(), 4, "{issues:?}");
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), 4);
    let secret = issues
        .iter()
        .find(|issue| issue["check_name"] == "github-pat")
        .unwrap();
    // A token without a right checksum is no more than a possible one.
    assert_eq!(secret["severity"], "major");
    assert_eq!(secret["location"]["path"], "a, b:c%.py");
    assert_eq!(secret["location"]["lines"]["begin"], 1);
}
