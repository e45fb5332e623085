//! `Cargo.toml`: a package's own dependencies and those that the workspace shares
//! (<https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>).

use super::{Asked, Dialect, Group};
use crate::lockfile::input::Input;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The lists of a package, and what `cargo remove` is told for each.
const LISTS: [(&str, &str); 5] = [
    ("dependencies", ""),
    ("dev-dependencies", "--dev "),
    ("dev_dependencies", "--dev "),
    ("build-dependencies", "--build "),
    ("build_dependencies", "--build "),
];

pub(super) fn asked(input: &Input<'_>) -> Option<Vec<Asked>> {
    let root = DeTable::parse(input.text).ok()?.into_inner();
    let mut out = Vec::new();
    let cargo = |options: String| Group::Cargo(options);
    lists(&root, &cargo, &mut out);
    let targets = root.get("target").and_then(table);
    for (target, value) in targets.into_iter().flatten() {
        let quoted = shlex::try_quote(target.get_ref());
        let of_target = |options: String| match &quoted {
            Ok(target) => Group::Cargo(format!("{options}--target {target} ")),
            Err(_) => Group::Other,
        };
        if let Some(lists_of) = table(value) {
            lists(lists_of, &of_target, &mut out);
        }
    }
    if let Some(workspace) = root.get("workspace").and_then(table) {
        // What members take from here is taken out of theirs, and Cargo cleans up behind them.
        lists(workspace, &|_| Group::Other, &mut out);
    }
    Some(out)
}

fn table<'a, 'b>(value: &'b Spanned<DeValue<'a>>) -> Option<&'b DeTable<'a>> {
    value.get_ref().as_table()
}

fn lists(root: &DeTable<'_>, group: &dyn Fn(String) -> Group, out: &mut Vec<Asked>) {
    for (list, options) in LISTS {
        let entries = root.get(list).and_then(table);
        for (key, value) in entries.into_iter().flatten() {
            let called = table(value).and_then(|own| own.get("package"));
            let called = called.and_then(|node| node.get_ref().as_str());
            out.extend(entry(value).map(|(range, at)| Asked {
                name: called.unwrap_or(key.get_ref()).to_owned(),
                range: range.to_owned(),
                at: at.unwrap_or(key.span().start),
                group: group(options.to_owned()),
                writable: false,
                key: key.get_ref().to_string(),
                dialect: Dialect::Cargo,
            }));
        }
    }
}

/// The range that an entry asks for, and where it stands; none of both where the workspace has it.
fn entry<'b>(value: &'b Spanned<DeValue<'_>>) -> Option<(&'b str, Option<usize>)> {
    let field = |field: &str| table(value)?.get(field);
    let text =
        |node: &'b Spanned<DeValue<'_>>| Some((node.get_ref().as_str()?, Some(node.span().start)));
    let shared = || field("workspace").map(|_| ("", None));
    text(value)
        .or_else(|| text(field("version")?))
        .or_else(shared)
}
