//! Go: programs built by `go install`.

use super::{Failed, Site};
use std::ffi::OsString;

pub(super) fn make(site: &Site<'_>) -> Result<(), Failed> {
    let printed = site.tools.run("go", &["version"], site.dir, &[])?;
    let number = printed.split_whitespace().nth(2).unwrap_or_default();
    site.only_installed("go", number)?;
    let variables = [
        ("GOBIN", site.dir.join("bin").into_os_string()),
        ("GOTOOLCHAIN", OsString::from("local")),
    ];
    if let Some(copy) = site.copy()? {
        site.tools
            .run("go", &["install", "./..."], copy.path(), &variables)?;
    }
    for dependency in site.dependencies {
        site.tools
            .run("go", &["install", dependency], site.dir, &variables)?;
    }
    Ok(())
}
