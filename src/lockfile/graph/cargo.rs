//! `Cargo.lock`, line by line: `name = "…"`, `version = "…"`, `source = "…"`, and ` "dependency",` in a list.

use super::Graph;

pub(super) fn read(text: &str) -> Graph {
    let mut graph = Graph::default();
    for block in text.split("[[package]]").skip(1) {
        let field = |key: &str| {
            block.lines().find_map(|line| {
                let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
                Some(rest.trim().trim_matches('"'))
            })
        };
        let (Some(name), Some(version)) = (field("name"), field("version")) else {
            continue;
        };
        let own = field("source").is_none();
        let at = graph.add(format!("{name} {version}"), name, version, own);
        graph.alias(name.to_owned(), at);
        for line in block.lines() {
            let entry = line.trim().trim_end_matches(',');
            if let Some(entry) = entry
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
            {
                graph.need(at, vec![entry_key(entry)], "");
            }
        }
    }
    graph
}

/// `name`, `name version` or `name version (source)`.
fn entry_key(entry: &str) -> String {
    let mut words = entry.split(' ');
    let name = words.next().unwrap_or_default();
    words
        .next()
        .map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
}
