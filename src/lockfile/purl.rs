//! Package URLs (<https://github.com/package-url/purl-spec>): the names that bills of material give packages.

use super::Package;
use crate::version::Ecosystem;
use std::fmt::Write as _;

/// The package URL of `package`, such as `pkg:npm/%40scope/name@1.0.0`.
#[must_use]
pub fn purl(package: &Package) -> String {
    let name = package.ecosystem.normalize_name(&package.name);
    let (kind, name, part) = match package.ecosystem {
        Ecosystem::Maven => ("maven", name.replacen(':', "/", 1), None),
        Ecosystem::CocoaPods => {
            let (pod, part) = name.split_once('/').unwrap_or((&name, ""));
            let part = Some(part.to_owned()).filter(|part| !part.is_empty());
            ("cocoapods", pod.to_owned(), part)
        }
        Ecosystem::Git if name.starts_with("github.com/") => {
            ("github", name["github.com/".len()..].to_owned(), None)
        }
        other => (other.purl_type(), name.into_owned(), None),
    };
    let path = encode_path(&name);
    let mut out = format!("pkg:{kind}/{path}");
    if !package.version.is_empty() {
        out.push('@');
        out.push_str(&encode(&package.version));
    }
    if let Some(part) = part {
        out.push('#');
        out.push_str(&part);
    }
    out
}

fn encode_path(name: &str) -> String {
    let segments = name.split('/').filter(|segment| !segment.is_empty());
    segments.map(encode).collect::<Vec<_>>().join("/")
}

/// Everything but letters, digits and `.-_~:` as `%XX`.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::purl;
    use crate::lockfile::Package;
    use crate::version::Ecosystem;

    #[test]
    fn names_are_written_as_each_type_has_it() {
        for (ecosystem, name, version, want) in [
            (Ecosystem::Npm, "@s/n", "1.0.0", "pkg:npm/%40s/n@1.0.0"),
            (Ecosystem::Maven, "g.h:a", "1.0", "pkg:maven/g.h/a@1.0"),
            (Ecosystem::PyPI, "A_b.c", "1.0+x", "pkg:pypi/a-b-c@1.0%2Bx"),
            (
                Ecosystem::Go,
                "h.example/a/v2",
                "2.0.0",
                "pkg:golang/h.example/a/v2@2.0.0",
            ),
            (
                Ecosystem::CratesIo,
                "serde",
                "1.0.0",
                "pkg:cargo/serde@1.0.0",
            ),
            (Ecosystem::Packagist, "V/P", "1", "pkg:composer/v/p@1"),
            (Ecosystem::CocoaPods, "A/B", "1.0", "pkg:cocoapods/A@1.0#B"),
            (
                Ecosystem::Git,
                "https://github.com/o/r.git",
                "",
                "pkg:github/o/r",
            ),
            (
                Ecosystem::GitHubActions,
                "Actions/checkout",
                "4",
                "pkg:githubactions/actions/checkout@4",
            ),
        ] {
            assert_eq!(purl(&Package::new(ecosystem, name, version, 0..0)), want);
        }
    }
}
