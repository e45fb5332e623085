//! Ruby: gems in a folder of their own.

use super::{Failed, Site};
use std::ffi::OsString;

pub(super) fn make(site: &Site<'_>) -> Result<(), Failed> {
    let printed = site
        .tools
        .run("ruby", &["-e", "print RUBY_VERSION"], site.dir, &[])?;
    site.only_installed("ruby", &printed)?;
    let copy = site.copy()?;
    let mut gems: Vec<OsString> = Vec::new();
    if let Some(copy) = &copy {
        for spec in files(copy.path(), "gemspec", site)? {
            site.tools
                .run("gem", &[OsString::from("build"), spec], copy.path(), &[])?;
        }
        gems.extend(files(copy.path(), "gem", site)?);
    }
    gems.extend(site.dependencies.iter().map(OsString::from));
    if gems.is_empty() {
        return Ok(());
    }
    let mut words: Vec<OsString> = [
        "install",
        "--no-document",
        "--no-format-executable",
        "--no-user-install",
        "--install-dir",
    ]
    .map(OsString::from)
    .to_vec();
    words.extend([
        site.dir.join("gems").into(),
        "--bindir".into(),
        site.dir.join("bin").into(),
    ]);
    words.extend(gems);
    let at = copy.as_ref().map_or(site.dir, |copy| copy.path());
    site.tools.run(
        "gem",
        &words,
        at,
        &[("GEM_HOME", site.dir.join("gems").into())],
    )?;
    Ok(())
}

/// The names of the files with this extension in `dir`.
fn files(dir: &std::path::Path, extension: &str, site: &Site<'_>) -> Result<Vec<OsString>, Failed> {
    let disk = |error| Failed::disk(site.dir, &error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(disk)? {
        let path = entry.map_err(disk)?.path();
        if path.extension().is_some_and(|found| found == extension) {
            names.push(path.file_name().unwrap_or_default().to_owned());
        }
    }
    names.sort();
    Ok(names)
}
