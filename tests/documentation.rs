//! The documentation and the schema of the configuration say what the program does.

use crate::kit::Sandbox;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn schema() -> Value {
    let done = Sandbox::without_repo()
        .hookd(["config", "schema"])
        .expect(0);
    serde_json::from_str(&done.out).unwrap()
}

fn keys(table: &Value) -> BTreeSet<String> {
    table["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// The words between quotes of the list that follows `start` in a source file.
fn listed(path: &str, start: &str) -> BTreeSet<String> {
    let text = read(path);
    let from = text
        .find(start)
        .unwrap_or_else(|| panic!("{path}: {start}"));
    let list = text[from..].split_once('=').unwrap().1;
    let list = list.split(';').next().unwrap();
    let words = list.split('"').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

const KEYS: &str = "const KEYS: &'static [&'static str] =";

/// The scanners by the folders beside each other, and the file in which each lists its keys.
fn scanners() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("src/scan")).unwrap() {
        let folder = entry.unwrap().path();
        for file in ["mod.rs", "settings.rs"] {
            let path = folder.join(file);
            if fs::read_to_string(&path).is_ok_and(|text| text.contains(KEYS)) {
                let id = folder.file_name().unwrap().to_str().unwrap().to_owned();
                let path = path.strip_prefix(root()).unwrap();
                found.push((id, path.to_str().unwrap().to_owned()));
            }
        }
    }
    found
}

#[test]
fn the_schema_has_every_key_that_is_read_and_no_other() {
    let schema = schema();
    let hook = &schema["properties"]["hook"]["items"];
    let written = "impl SectionKeys for Written {\n    const KEYS: &'static [&'static str] =";
    assert_eq!(keys(hook), listed("src/command/written.rs", written));
    let mut top = listed("src/config/document.rs", "const TOP_LEVEL: [&str; ");
    top.insert("default_hook_types".to_owned());
    assert_eq!(keys(&schema), top);
    let scanners = scanners();
    let sections = &schema["properties"]["scan"];
    let ids: BTreeSet<String> = scanners.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(keys(sections), ids);
    for (id, path) in scanners {
        let mut own = listed(&path, KEYS);
        own.extend(["enabled", "level", "scope", "exclude"].map(str::to_owned));
        assert_eq!(keys(&sections["properties"][&id]), own, "{id}");
    }
}

#[test]
fn every_key_is_documented() {
    let schema = schema();
    let top = &schema["properties"];
    let named = |pages: &[&str], key: &str| {
        pages.iter().any(|page| {
            let text = read(page);
            let begins = |line: &str| {
                line.trim_start_matches(['#', ' '])
                    .strip_prefix(key)
                    .is_some_and(|rest| rest.trim_start().starts_with('='))
            };
            text.contains(&format!("`{key}`"))
                || text.contains(&format!("`{key} ="))
                || text.contains(&format!("[{key}]"))
                || text.contains(&format!("[scan.{key}]"))
                || text.lines().any(begins)
        })
    };
    for key in keys(&schema) {
        let found = named(&["docs/configuration.md"], &key) || key == "hook" || key == "scan";
        assert!(found, "{key}");
    }
    for key in keys(&top["hook"]["items"]) {
        assert!(named(&["docs/hooks.md"], &key), "{key}");
    }
    for (id, section) in top["scan"]["properties"].as_object().unwrap() {
        let page = format!("docs/scanners/{id}.md");
        for key in keys(section) {
            let found = named(&[&page, "docs/configuration.md"], &key);
            assert!(found, "[scan.{id}] {key}");
        }
    }
}

/// A TOML block of a page and where it begins.
fn blocks(page: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(page).unwrap();
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line.trim() == "```toml" {
            let block = lines.by_ref().map(|(_, line)| line);
            let block: Vec<&str> = block.take_while(|line| line.trim() != "```").collect();
            found.push((
                format!("{}:{}", page.display(), number + 2),
                block.join("\n"),
            ));
        }
    }
    found
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    for folder in ["docs", "docs/scanners"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        pages.extend(paths.filter(|path| path.extension().is_some_and(|end| end == "md")));
    }
    pages
}

/// What a block stands for: whole files, or a key of a hook on each line.
fn files(block: &str) -> Vec<[String; 3]> {
    const OTHERS: &str =
        "[[hook]]\nid = 'eslint'\nrun = 'true'\n\n[[hook]]\nid = 'prettier'\nrun = 'true'\n\n";
    let has_key = |key: &str| block.lines().any(|line| line.trim_start().starts_with(key));
    let hooks = block.contains("[[hook]]");
    let is_part = ["run =", "glob =", "stages ="]
        .iter()
        .any(|key| has_key(key));
    if is_part && !hooks {
        let lines = block.lines().filter(|line| !line.trim().is_empty());
        let one = |line: &str| {
            let run = if line.starts_with("run =") {
                ""
            } else {
                "run = 'true'\n"
            };
            [
                format!("[[hook]]\nid = 'x'\n{run}{line}\n"),
                String::new(),
                String::new(),
            ]
        };
        return lines.map(one).collect();
    }
    let block = format!("{block}\n");
    let personal = ["require_trust", "background_update"]
        .iter()
        .any(|key| has_key(key));
    if personal {
        return vec![[String::new(), String::new(), block]];
    }
    if has_key("[precommit]") {
        return vec![[String::new(), block, String::new()]];
    }
    if hooks && !has_key("run =") {
        return vec![[OTHERS.to_owned(), block, String::new()]];
    }
    let needs_others = has_key("depends_on") && !block.contains("id = \"eslint\"");
    let before = if needs_others { OTHERS } else { "" };
    vec![[format!("{before}{block}"), String::new(), String::new()]]
}

#[test]
fn every_configuration_in_the_documentation_is_right() {
    let sandbox = Sandbox::new();
    sandbox.write("ci/base.toml", "");
    sandbox.write("gitleaks.toml", "title = 'x'\n");
    sandbox.write(".gitleaks.toml", "title = 'x'\n");
    let mut count = 0;
    for (place, block) in pages().iter().flat_map(|page| blocks(page)) {
        // A rule of the built-in pack, which stands in a file of its own.
        if block.starts_with("[[rule]]") {
            continue;
        }
        for [shared, local, own] in files(&block) {
            sandbox.write("hookd.toml", &shared);
            sandbox.write("hookd.local.toml", &local);
            let user = sandbox.top().join("home/.config/hookd");
            fs::create_dir_all(&user).unwrap();
            fs::write(user.join("config.toml"), &own).unwrap();
            let done = sandbox.hookd(["config", "check"]);
            assert_eq!(done.code, 0, "{place}\n{}", done.err);
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}
