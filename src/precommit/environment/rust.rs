//! Rust: programs built by `cargo install`.

use super::{Failed, Site};
use std::ffi::OsString;

pub(super) fn make(site: &Site<'_>) -> Result<(), Failed> {
    let toolchain = match site.version {
        "" | "default" | "system" => None,
        other => Some(OsString::from(format!("+{other}"))),
    };
    let cargo = |words: &[OsString], dir: &std::path::Path| {
        let all: Vec<OsString> = toolchain.iter().chain(words).cloned().collect();
        site.tools.run("cargo", &all, dir, &[]).map(drop)
    };
    let copy = site.copy()?;
    let (programs, libraries): (Vec<&String>, Vec<&String>) = site
        .dependencies
        .iter()
        .partition(|name| name.starts_with("cli:"));
    let root = |more: Vec<OsString>| {
        let mut words: Vec<OsString> = vec![
            "install".into(),
            "--quiet".into(),
            "--root".into(),
            site.dir.into(),
        ];
        words.extend(more);
        words
    };
    if let Some(copy) = &copy {
        for library in libraries {
            let name = library.replacen(':', "@", 1);
            cargo(&["add".into(), name.into()], copy.path())?;
        }
        cargo(
            &root(vec!["--bins".into(), "--path".into(), ".".into()]),
            copy.path(),
        )?;
    }
    for program in programs {
        let mut parts = program.trim_start_matches("cli:").splitn(2, ':');
        let mut words: Vec<OsString> = vec![parts.next().unwrap_or_default().into()];
        if let Some(version) = parts.next() {
            words.extend(["--version".into(), version.into()]);
        }
        cargo(&root(words), site.dir)?;
    }
    Ok(())
}
