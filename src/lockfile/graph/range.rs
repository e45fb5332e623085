//! Ranges as npm's manifests write them (<https://github.com/npm/node-semver#ranges>), put in the words of the `semver`
//! crate, which knows each comparison but neither alternatives nor spans.

use semver::{Version, VersionReq};

/// Whether `version` is in `range`; `None` where the range is none of versions (a tag, an address) or one is not SemVer.
pub(super) fn admits(range: &str, version: &str) -> Option<bool> {
    let version = Version::parse(version).ok()?;
    let mut any = false;
    for part in range.split("||") {
        any |= requirement(part.trim())?.matches(&version);
    }
    Some(any)
}

fn requirement(part: &str) -> Option<VersionReq> {
    if part.is_empty() || part == "latest" {
        return Some(VersionReq::STAR);
    }
    if let Some((low, high)) = part.split_once(" - ") {
        return VersionReq::parse(&format!(">={}, <={}", low.trim(), high.trim())).ok();
    }
    // A blank may stand between the sign and the version.
    let mut words: Vec<String> = Vec::new();
    for word in part.split_whitespace() {
        match words.last_mut() {
            Some(last) if last.ends_with(['<', '>', '=', '~', '^']) => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    let words: Vec<String> = words.iter().map(|word| plain(word)).collect();
    VersionReq::parse(&words.join(", ")).ok()
}

/// A bare version is exactly that one, where the crate would take it for `^`.
fn plain(word: &str) -> String {
    let word = word.trim_start_matches('v');
    if word.starts_with(|c: char| c.is_ascii_digit()) && !word.contains(['x', 'X', '*']) {
        return format!("={word}");
    }
    word.replace("~>", "~")
}

#[cfg(test)]
mod tests {
    use super::admits;

    #[test]
    fn ranges_mean_what_npm_says() {
        for (range, inside, outside) in [
            ("^1.2.0", "1.9.0", "2.0.0"),
            ("~1.2.0", "1.2.9", "1.3.0"),
            ("1.2.0", "1.2.0", "1.2.1"),
            ("1.x", "1.4.0", "2.0.0"),
            ("^1.0.0 || ^3.0.0", "3.1.0", "2.0.0"),
            (">= 1.0.0 < 2.0.0", "1.5.0", "2.0.0"),
            ("1.0.0 - 1.5.0", "1.5.0", "1.5.1"),
            ("^0.2.3", "0.2.9", "0.3.0"),
            ("1.2", "1.2.7", "1.3.0"),
        ] {
            assert_eq!(admits(range, inside), Some(true), "{range}");
            assert_eq!(admits(range, outside), Some(false), "{range}");
        }
        assert_eq!(admits("*", "9.0.0"), Some(true));
        assert_eq!(admits("github:a/b", "1.0.0"), None);
    }
}
