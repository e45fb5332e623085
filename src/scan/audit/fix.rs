//! What to type to get a package into a fixed version, in the words of the tool that writes the lockfile.

use crate::lockfile::Package;

/// The command of each format; `NAME`, `VERSION` and `FILE` stand for what they say.
const COMMANDS: [(&str, &str); 19] = [
    ("bun", "bun update NAME"),
    ("bundler", "bundle update NAME --conservative"),
    ("cargo", "cargo update -p NAME --precise VERSION"),
    ("composer", "composer update NAME --with NAME:VERSION"),
    ("deno", "deno add npm:NAME@VERSION"),
    ("go-mod", "go get NAME@vVERSION"),
    ("mix", "mix deps.update NAME"),
    ("npm", "npm install NAME@VERSION"),
    ("nuget-lock", "dotnet add package NAME --version VERSION"),
    ("nuget-xml", "dotnet add package NAME --version VERSION"),
    ("pdm", "pdm update NAME"),
    ("pipenv", "pipenv upgrade NAME==VERSION"),
    ("pnpm", "pnpm update NAME@VERSION"),
    ("poetry", "poetry update NAME"),
    ("pubspec", "dart pub upgrade NAME"),
    ("requirements", "write NAME==VERSION in FILE"),
    ("swift", "swift package update"),
    ("uv", "uv lock --upgrade-package NAME==VERSION"),
    ("yarn", "yarn upgrade NAME@VERSION"),
];

/// The command that brings `package` to `version` in a lockfile of this format; `None` where there is none to name.
pub(super) fn command(
    format: &str,
    file: &str,
    package: &Package,
    version: &str,
) -> Option<String> {
    let transitive = package.direct == Some(false);
    let template = match (format, package.name.as_str()) {
        // The standard library comes with the toolchain.
        ("go-mod", "stdlib") => "go get go@VERSION",
        // `npm install` would make it a dependency of the project's own.
        ("npm", _) if transitive => "npm update NAME",
        _ => {
            let mut known = COMMANDS.iter();
            known.find(|(id, _)| *id == format).map(|&(_, text)| text)?
        }
    };
    // The name goes in last: it comes from a file and may itself say VERSION.
    let command = template
        .replace("FILE", file)
        .replace("VERSION", version.trim_start_matches('v'));
    Some(command.replace("NAME", &package.name))
}
