//! What leads the command of a package manager to a place in a manifest.

use super::{Asked, Group, Removal};

/// What to say to the command so that it writes where the requirement stands, in the manifest in `folder`; empty for the first place
/// it writes to, `None` where it can't.
pub(super) fn flag(format: &str, folder: &str, asked: &Asked) -> Option<String> {
    if !asked.writable {
        return None;
    }
    match format {
        "npm" => npm(folder, asked),
        "pnpm" if !folder.is_empty() => option("-C", folder),
        _ if !folder.is_empty() => None,
        "pnpm" | "yarn" => Some(String::new()),
        _ => {
            let row = GROUPS.iter().find(|(tool, ..)| *tool == format);
            row.and_then(|(_, dev, named, extra)| by_group(&asked.group, dev, named, extra))
        }
    }
}

/// How the command takes the requirement out of the manifest in `folder`; `None` where it can't.
pub(super) fn removal(format: &str, folder: &str, asked: &Asked) -> Option<Removal> {
    let flag = match (format, &asked.group) {
        // Of extras Poetry adds and does not remove (2.2).
        (_, Group::Other) | ("poetry", Group::Extra(_)) => return None,
        ("cargo", Group::Cargo(options)) => options.clone(),
        // These look for the list themselves, as Yarn, Bun, Poetry and Bundler do.
        ("npm", _) => member("-w", folder)?,
        ("pnpm", _) => member("-C", folder)?,
        ("pipenv", Group::Dev) => option("--categories", "dev-packages")?,
        ("pdm", Group::Dev) => "-d ".to_owned(),
        ("uv" | "pdm" | "pipenv" | "composer", group) => {
            let row = GROUPS.iter().find(|(tool, ..)| *tool == format);
            row.and_then(|(_, dev, named, extra)| by_group(group, dev, named, extra))?
        }
        _ => String::new(),
    };
    Some(Removal {
        flag,
        name: asked.key.clone(),
        inside: !matches!(format, "npm" | "pnpm"),
    })
}

/// The options of each tool for what development needs, for a group and for an extra; empty where it has none.
const GROUPS: [(&str, &str, &str, &str); 5] = [
    ("uv", "--dev", "--group", "--optional"),
    ("poetry", "", "--group", "--optional"),
    ("pdm", "", "-dG", "-G"),
    ("pipenv", "--dev", "--categories", ""),
    ("composer", "--dev", "", ""),
];

/// Its commands keep the list that a package is in, and make an exact version a range if they are not told otherwise.
fn npm(folder: &str, asked: &Asked) -> Option<String> {
    let exact = asked.dialect.is_exact(&asked.range);
    let exact = if exact { "--save-exact " } else { "" };
    Some(member("-w", folder)? + exact)
}

/// The option that leads to the manifest in `folder`; empty for the lockfile's own.
fn member(name: &str, folder: &str) -> Option<String> {
    match folder {
        "" => Some(String::new()),
        folder => option(name, folder),
    }
}

/// The options for what development needs, for a group and for an extra; none where one is empty.
fn by_group(group: &Group, dev: &str, named: &str, extra: &str) -> Option<String> {
    match group {
        Group::Main => Some(String::new()),
        Group::Dev => (!dev.is_empty()).then(|| format!("{dev} ")),
        Group::Named(name) => option(named, name),
        Group::Extra(name) => option(extra, name),
        Group::Cargo(_) | Group::Other => None,
    }
}

/// An option with a value that needs no quotes.
fn option(option: &str, value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let fits = !option.is_empty() && !value.starts_with('-') && value.chars().all(plain);
    fits.then(|| format!("{option} {value} "))
}
