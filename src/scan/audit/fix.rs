//! What to type to get a package into a fixed version, in the words of the tool that writes the lockfile.

use crate::lockfile::Package;

/// The command that brings `package` to `version` in a lockfile of this format; `None` where there is none to name.
pub(super) fn command(
    format: &str,
    file_name: &str,
    package: &Package,
    version: &str,
) -> Option<String> {
    let name = &package.name;
    let command = match format {
        "cargo" => format!("cargo update -p {name} --precise {version}"),
        "npm" if package.direct == Some(false) => format!("npm update {name}"),
        "npm" => format!("npm install {name}@{version}"),
        "yarn" => format!("yarn upgrade {name}@{version}"),
        "pnpm" => format!("pnpm update {name}@{version}"),
        "bun" => format!("bun update {name}"),
        "deno" => format!("deno add npm:{name}@{version}"),
        "uv" => format!("uv lock --upgrade-package {name}=={version}"),
        "poetry" => format!("poetry update {name}"),
        "pdm" => format!("pdm update {name}"),
        "pipenv" => format!("pipenv upgrade {name}=={version}"),
        "requirements" => format!("write {name}=={version} in {file_name}"),
        "go-mod" if name == "stdlib" => format!("go get go@{version}"),
        "go-mod" => format!("go get {name}@v{}", version.trim_start_matches('v')),
        "bundler" => format!("bundle update {name} --conservative"),
        "composer" => format!("composer update {name} --with {name}:{version}"),
        "mix" => format!("mix deps.update {name}"),
        "pubspec" => format!("dart pub upgrade {name}"),
        "nuget-lock" | "nuget-xml" => format!("dotnet add package {name} --version {version}"),
        "swift" => "swift package update".to_owned(),
        _ => return None,
    };
    Some(command)
}
