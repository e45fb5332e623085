//! Which package ecosystems are known, and what differs between them: names, normal forms, version orderings.

use super::{VersionError, cran, hackage, maven, nuget, opam, packagist, pep440, rubygems, semver};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// A package ecosystem that OSV names: <https://ossf.github.io/osv-schema/#defined-ecosystems>; beside them CocoaPods and
/// repositories of git, which have none ([`Ecosystem::has_advisories`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // The names are the field's own; `as_str` gives OSV's spelling.
pub enum Ecosystem {
    Bioconductor,
    Bitnami,
    CocoaPods,
    ConanCenter,
    Cran,
    CratesIo,
    Ghc,
    Git,
    GitHubActions,
    Go,
    Hackage,
    Hex,
    Julia,
    Maven,
    Npm,
    NuGet,
    Opam,
    Packagist,
    Pub,
    PyPI,
    RubyGems,
    SwiftUrl,
    VsCode,
}

/// What is known of one ecosystem.
struct Row {
    ecosystem: Ecosystem,
    /// OSV's name.
    name: &'static str,
    /// The type of its package URLs: <https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst>.
    purl: &'static str,
    normalize: fn(&str) -> Cow<'_, str>,
    compare: fn(&str, &str) -> Result<Ordering, VersionError>,
}

const fn row(
    ecosystem: Ecosystem,
    name: &'static str,
    purl: &'static str,
    normalize: fn(&str) -> Cow<'_, str>,
    compare: fn(&str, &str) -> Result<Ordering, VersionError>,
) -> Row {
    Row {
        ecosystem,
        name,
        purl,
        normalize,
        compare,
    }
}

/// One row an ecosystem, in the order of the enum (a test holds that).
#[rustfmt::skip]
static TABLE: [Row; 23] = [
    row(Ecosystem::Bioconductor, "Bioconductor", "bioconductor", as_is, cran::compare),
    row(Ecosystem::Bitnami, "Bitnami", "bitnami", as_is, semver::compare),
    row(Ecosystem::CocoaPods, "CocoaPods", "cocoapods", as_is, rubygems::compare),
    row(Ecosystem::ConanCenter, "ConanCenter", "conan", as_is, semver::compare),
    row(Ecosystem::Cran, "CRAN", "cran", as_is, cran::compare),
    row(Ecosystem::CratesIo, "crates.io", "cargo", as_is, semver::compare),
    row(Ecosystem::Ghc, "GHC", "generic", as_is, hackage::compare),
    row(Ecosystem::Git, "GIT", "generic", swift_url, semver::compare),
    row(Ecosystem::GitHubActions, "GitHub Actions", "githubactions", lowercase, semver::compare),
    row(Ecosystem::Go, "Go", "golang", as_is, semver::compare),
    row(Ecosystem::Hackage, "Hackage", "hackage", as_is, hackage::compare),
    row(Ecosystem::Hex, "Hex", "hex", as_is, semver::compare),
    row(Ecosystem::Julia, "Julia", "julia", as_is, semver::compare_with_build),
    row(Ecosystem::Maven, "Maven", "maven", as_is, maven::compare),
    row(Ecosystem::Npm, "npm", "npm", as_is, semver::compare),
    row(Ecosystem::NuGet, "NuGet", "nuget", lowercase, nuget::compare),
    row(Ecosystem::Opam, "opam", "opam", as_is, opam::compare),
    row(Ecosystem::Packagist, "Packagist", "composer", lowercase, packagist::compare),
    row(Ecosystem::Pub, "Pub", "pub", as_is, semver::compare_with_build),
    row(Ecosystem::PyPI, "PyPI", "pypi", pep503, pep440::compare),
    row(Ecosystem::RubyGems, "RubyGems", "gem", as_is, rubygems::compare),
    row(Ecosystem::SwiftUrl, "SwiftURL", "swift", swift_url, semver::compare),
    row(Ecosystem::VsCode, "VSCode", "vscode-extension", lowercase, semver::compare),
];

impl Ecosystem {
    /// Every ecosystem, in the order of the enum.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.ecosystem)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// OSV's name, such as `crates.io`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The ecosystem that OSV calls `name`; what follows a colon (`Maven:https://…`, `Bioconductor:3.18`) names
    /// a release or a repository and is left aside. `None` for one that hookd does not serve.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.split_once(':').map_or(name, |(name, _)| name);
        TABLE
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.ecosystem)
    }

    /// Whether anybody publishes advisories about packages of it that name versions.
    #[must_use]
    pub const fn has_advisories(self) -> bool {
        !matches!(self, Self::CocoaPods | Self::Git)
    }

    /// The type of package URLs, such as `cargo`: what stands after `pkg:`.
    #[must_use]
    pub fn purl_type(self) -> &'static str {
        self.row().purl
    }

    /// `name` in the form in which two names of the same package are equal bytes.
    #[must_use]
    pub fn normalize_name(self, name: &str) -> Cow<'_, str> {
        (self.row().normalize)(name)
    }

    /// Compares two versions as the ecosystem orders them.
    ///
    /// # Errors
    ///
    /// Where the ecosystem's rules give one of the versions no place in the order.
    pub fn compare(self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if a == b {
            // Most lookups compare a version with one of an advisory's listed versions.
            return Ok(Ordering::Equal);
        }
        (self.row().compare)(a, b)
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

fn as_is(name: &str) -> Cow<'_, str> {
    Cow::Borrowed(name)
}

fn lowercase(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Lower case, each run of `-`, `_`, `.` one hyphen:
/// <https://packaging.python.org/en/latest/specifications/name-normalization/>.
fn pep503(name: &str) -> Cow<'_, str> {
    let mut after_hyphen = false;
    let normal = name.bytes().all(|byte| {
        let hyphen = byte == b'-';
        let odd = byte.is_ascii_uppercase() || matches!(byte, b'_' | b'.');
        let doubled = hyphen && after_hyphen;
        let fine = !odd && !doubled;
        after_hyphen = hyphen;
        fine
    });
    if normal {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if !matches!(c, '-' | '_' | '.') {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    Cow::Owned(out)
}

/// `host/owner/name` in lower case, without scheme, user, port and `.git`, from an address or from `user@host:owner/name`:
/// OSV writes Swift packages as their source's address.
fn swift_url(name: &str) -> Cow<'_, str> {
    let (is_url, rest) = match name.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, name),
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let user = host.rfind('@').map_or(0, |at| at + 1);
    match host[user..].split_once(':') {
        None => lowercase(bare(&rest[user..])),
        Some((host, port)) if is_url && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Cow::Owned(format!("{host}/{}", bare(path)).to_lowercase())
        }
        Some((host, owner)) => {
            let name = format!("{host}/{owner}/{path}");
            Cow::Owned(bare(&name).to_lowercase())
        }
    }
}

/// An address without what may stand at its end.
fn bare(address: &str) -> &str {
    let address = address.strip_suffix('/').unwrap_or(address);
    address.strip_suffix(".git").unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::{Ecosystem, TABLE};

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.ecosystem as usize, index, "{}", row.name);
            assert_eq!(Ecosystem::parse(row.name), Some(row.ecosystem));
        }
    }

    #[test]
    fn a_suffix_names_a_release_of_the_same_ecosystem() {
        assert_eq!(
            Ecosystem::parse("Bioconductor:3.18"),
            Some(Ecosystem::Bioconductor)
        );
        assert_eq!(Ecosystem::parse("crates"), None);
        assert_eq!(Ecosystem::parse(""), None);
    }

    #[test]
    fn names_that_mean_the_same_package_become_equal() {
        for (ecosystem, name, normal) in [
            (Ecosystem::PyPI, "Foo__.Bar", "foo-bar"),
            (Ecosystem::PyPI, "a--b", "a-b"),
            (Ecosystem::PyPI, "requests", "requests"),
            (Ecosystem::NuGet, "Newtonsoft.Json", "newtonsoft.json"),
            (Ecosystem::Packagist, "Monolog/Monolog", "monolog/monolog"),
            (Ecosystem::Npm, "JSONStream", "JSONStream"),
            (
                Ecosystem::SwiftUrl,
                "https://GitHub.com/Apple/swift-nio.git",
                "github.com/apple/swift-nio",
            ),
        ] {
            assert_eq!(ecosystem.normalize_name(name), normal);
        }
        for address in [
            "github.com/x/b",
            "https://github.com/X/b/",
            "https://user@github.com/x/b.git",
            "ssh://git@github.com:22/x/b.git",
            "git@github.com:x/b.git",
            "ssh://git@github.com:x/b.git",
            "github.com:x/b",
        ] {
            let name = Ecosystem::SwiftUrl.normalize_name(address);
            assert_eq!(name, "github.com/x/b", "{address}");
        }
    }
}
