//! Node: packages under a prefix of their own, by npm.

use super::{Failed, Site};
use std::ffi::OsString;

pub(super) fn make(site: &Site<'_>) -> Result<(), Failed> {
    let printed = site.tools.run("node", &["--version"], site.dir, &[])?;
    site.only_installed("node", &printed)?;
    let copy = site.copy()?;
    let mut packages: Vec<OsString> = Vec::new();
    if let Some(copy) = &copy {
        // Installed from a folder a package would be a link to it; a packed one is copied, as from a registry.
        let printed = site
            .tools
            .run("npm", &["pack", "--silent"], copy.path(), &[])?;
        let name = printed.lines().last().unwrap_or_default().trim().to_owned();
        packages.push(copy.path().join(name).into());
    }
    packages.extend(site.dependencies.iter().map(OsString::from));
    if packages.is_empty() {
        return Ok(());
    }
    let mut words: Vec<OsString> = [
        "install",
        "--global",
        "--no-progress",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--prefix",
    ]
    .map(OsString::from)
    .to_vec();
    words.push(site.dir.into());
    words.extend(packages);
    site.tools.run("npm", &words, site.dir, &[])?;
    Ok(())
}
