//! `Cargo.toml`: a package's own dependencies and those that the workspace shares
//! (<https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>).

use super::{Asked, Dialect, Group};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const LISTS: [&str; 5] = [
    "dependencies",
    "dev-dependencies",
    "dev_dependencies",
    "build-dependencies",
    "build_dependencies",
];

pub(super) fn asked(text: &str, name: &str) -> Option<Vec<Asked>> {
    let root = DeTable::parse(text).ok()?.into_inner();
    let mut out = Vec::new();
    lists(&root, name, &mut out);
    for target in tables(root.get("target")) {
        lists(target, name, &mut out);
    }
    if let Some(workspace) = root.get("workspace").and_then(table) {
        lists(workspace, name, &mut out);
    }
    Some(out)
}

fn table<'a, 'b>(value: &'b Spanned<DeValue<'a>>) -> Option<&'b DeTable<'a>> {
    value.get_ref().as_table()
}

/// The tables inside of a table.
fn tables<'a, 'b>(
    value: Option<&'b Spanned<DeValue<'a>>>,
) -> impl Iterator<Item = &'b DeTable<'a>> {
    let inner = value.and_then(table).into_iter();
    inner.flat_map(|inner| inner.values().filter_map(table))
}

fn lists(root: &DeTable<'_>, name: &str, out: &mut Vec<Asked>) {
    for list in LISTS
        .iter()
        .filter_map(|list| root.get(*list).and_then(table))
    {
        for (key, value) in list {
            let field = |field: &str| {
                let inner = table(value)?.get(field)?;
                Some((inner.get_ref().as_str()?, inner.span().start))
            };
            let called = field("package").map_or(key.get_ref().as_ref(), |(name, _)| name);
            let direct = value.get_ref().as_str();
            let range = direct
                .map(|range| (range, value.span().start))
                .or_else(|| field("version"));
            if let Some((range, at)) = range.filter(|_| called == name) {
                out.push(Asked {
                    range: range.to_owned(),
                    at,
                    group: Group::Other,
                    dialect: Dialect::Cargo,
                });
            }
        }
    }
}
