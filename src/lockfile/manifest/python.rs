//! `pyproject.toml`, as the standards (<https://packaging.python.org/en/latest/specifications/pyproject-toml/>,
//! <https://packaging.python.org/en/latest/specifications/dependency-groups/>), Poetry, PDM and uv write it, and `Pipfile`.

use super::{Asked, Dialect, Group};
use crate::lockfile::input::Input;
use crate::lockfile::pep508;
use crate::version::Ecosystem;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Node<'a> = Spanned<DeValue<'a>>;

pub(super) fn pyproject(input: &Input<'_>) -> Option<Vec<Asked>> {
    let root = DeTable::parse(input.text).ok()?.into_inner();
    let mut search = Search::default();
    search.array(at(&root, &["project", "dependencies"]), &Group::Main);
    search.arrays(
        at(&root, &["project", "optional-dependencies"]),
        Group::Extra,
    );
    search.arrays(at(&root, &["dependency-groups"]), Group::Named);
    search.array(at(&root, &["tool", "uv", "dev-dependencies"]), &Group::Dev);
    search.arrays(
        at(&root, &["tool", "pdm", "dev-dependencies"]),
        Group::Named,
    );
    let poetry = |keys: &[&str]| at(&root, &[&["tool", "poetry"], keys].concat());
    search.table(poetry(&["dependencies"]), &Group::Main, Dialect::Poetry);
    search.table(poetry(&["dev-dependencies"]), &Group::Dev, Dialect::Poetry);
    let groups = poetry(&["group"]).and_then(|groups| groups.get_ref().as_table());
    for (group, value) in groups.into_iter().flatten() {
        let list = value
            .get_ref()
            .as_table()
            .and_then(|table| table.get("dependencies"));
        let group = Group::Named(group.get_ref().to_string());
        search.table(list, &group, Dialect::Poetry);
    }
    Some(search.out)
}

pub(super) fn pipfile(input: &Input<'_>) -> Option<Vec<Asked>> {
    let root = DeTable::parse(input.text).ok()?.into_inner();
    let mut search = Search::default();
    for (key, value) in &root {
        let group = match key.get_ref().as_ref() {
            "packages" => Group::Main,
            "dev-packages" => Group::Dev,
            "source" | "requires" | "scripts" | "pipenv" => continue,
            other => Group::Named(other.to_owned()),
        };
        search.table(Some(value), &group, Dialect::Pep440);
    }
    Some(search.out)
}

/// The value that `keys` lead to.
fn at<'a, 'b>(root: &'b DeTable<'a>, keys: &[&str]) -> Option<&'b Node<'a>> {
    let (first, rest) = keys.split_first()?;
    let start = root.get(*first)?;
    rest.iter()
        .try_fold(start, |value, key| value.get_ref().as_table()?.get(*key))
}

/// The form that all spellings of a name have in common.
pub(super) fn normal(name: &str) -> String {
    Ecosystem::PyPI.normalize_name(name).into_owned()
}

#[derive(Default)]
struct Search {
    out: Vec<Asked>,
}

impl Search {
    /// Lists by the names of their groups.
    fn arrays(&mut self, groups: Option<&Node<'_>>, group: fn(String) -> Group) {
        let groups = groups.and_then(|groups| groups.get_ref().as_table());
        for (name, list) in groups.into_iter().flatten() {
            self.array(Some(list), &group(name.get_ref().to_string()));
        }
    }

    /// A list of requirements as PEP 508 writes them.
    fn array(&mut self, list: Option<&Node<'_>>, group: &Group) {
        let list = list.and_then(|list| list.get_ref().as_array());
        for one in list.into_iter().flat_map(|list| list.iter()) {
            let Some((name, range, plain)) = one.get_ref().as_str().and_then(requirement) else {
                continue;
            };
            self.found(
                range,
                one.span().start,
                (group.clone(), plain),
                (name, Dialect::Pep440),
            );
        }
    }

    /// A table of names with ranges, or with tables that have one.
    fn table(&mut self, list: Option<&Node<'_>>, group: &Group, dialect: Dialect) {
        let list = list.and_then(|list| list.get_ref().as_table());
        for (key, value) in list.into_iter().flatten() {
            let own = value.get_ref().as_table();
            if let Some(range) = value.get_ref().as_str() {
                // Poetry's own list for development is an old form, which its command writes to no more.
                let plain = dialect != Dialect::Poetry || *group != Group::Dev;
                self.found(
                    range,
                    key.span().start,
                    (group.clone(), plain),
                    (key.get_ref(), dialect),
                );
            } else if let Some(inner) = own.and_then(|own| own.get("version")) {
                let range = inner.get_ref().as_str().unwrap_or_default();
                self.found(
                    range,
                    inner.span().start,
                    (group.clone(), false),
                    (key.get_ref(), dialect),
                );
            }
        }
    }

    fn found(
        &mut self,
        range: &str,
        at: usize,
        (group, writable): (Group, bool),
        (key, dialect): (&str, Dialect),
    ) {
        self.out.push(Asked {
            name: normal(key),
            range: range.to_owned(),
            at,
            group,
            writable,
            key: key.to_owned(),
            dialect,
        });
    }
}

/// The name and the range of a requirement, and whether it has nothing else: no extras and no marker. `None` for an address.
fn requirement(text: &str) -> Option<(&str, &str, bool)> {
    let all = pep508::requirement(text)?;
    let versions = all.versions.trim_matches(['(', ')']).trim();
    let plain = all.marker.is_empty() && all.extras.is_empty();
    (!versions.starts_with('@')).then_some((all.name, versions, plain))
}
