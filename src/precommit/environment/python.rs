//! Python: a virtual environment, by uv where it is there, else by `venv` and pip.

use super::{Failed, Site};
use std::ffi::OsString;

pub(super) fn make(site: &Site<'_>) -> Result<(), Failed> {
    let with_uv = site.tools.has("uv");
    if with_uv {
        let version = uv_version(site.version);
        let mut words: Vec<OsString> = ["venv", "--quiet", "--allow-existing"]
            .map(OsString::from)
            .to_vec();
        if let Some(version) = version {
            words.extend(["--python".into(), version.into()]);
        }
        words.push(site.dir.into());
        site.tools.run("uv", &words, site.dir, &[])?;
    } else {
        let python = interpreter(site)?;
        let words = [OsString::from("-m"), "venv".into(), site.dir.into()];
        site.tools.run(python, &words, site.dir, &[])?;
    }
    let copy = site.copy()?;
    let mut packages: Vec<OsString> = site.dependencies.iter().map(OsString::from).collect();
    if copy.is_some() {
        packages.insert(0, ".".into());
    }
    if packages.is_empty() {
        return Ok(());
    }
    let at = copy.as_ref().map_or(site.dir, |copy| copy.path());
    let python = site.dir.join("bin/python");
    let mut words: Vec<OsString>;
    let program = if with_uv {
        words = vec![
            "pip".into(),
            "install".into(),
            "--quiet".into(),
            "--python".into(),
            python.into(),
        ];
        OsString::from("uv")
    } else {
        words = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        .map(OsString::from)
        .to_vec();
        python.into_os_string()
    };
    words.extend(packages);
    site.tools
        .run(program, &words, at, &[("PYTHONHOME", OsString::new())])?;
    Ok(())
}

/// `language_version` as uv takes it.
fn uv_version(version: &str) -> Option<String> {
    match version {
        "" | "default" | "system" => None,
        other => Some(other.strip_prefix("python").unwrap_or(other).to_owned()),
    }
}

/// The interpreter that `language_version` means: `python3` where it says nothing, else `python3.11`, `3.11` or a path.
fn interpreter(site: &Site<'_>) -> Result<String, Failed> {
    let version = site.version;
    let name = match version {
        "" | "default" | "system" => "python3".to_owned(),
        number if number.starts_with(|c: char| c.is_ascii_digit()) => format!("python{number}"),
        other => other.to_owned(),
    };
    if site.tools.has(&name) {
        return Ok(name);
    }
    Err(Failed::new(
        format!("`{name}` was not found"),
        format!("install {name}, or uv, which can fetch it, or correct `language_version`"),
    ))
}
