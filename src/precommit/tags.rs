//! Tags of a hook repository as versions: which is the newest.

/// A tag that names a version: what stands before the number, the numbers, and whether it is a pre-release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    numbers: Vec<u64>,
    /// A release comes after its pre-releases.
    release: bool,
    rest: String,
}

/// The beginning of a tag up to its number, without the `v` that some have, and the version.
fn parse(tag: &str) -> Option<(&str, Version)> {
    let at = tag.find(|c: char| c.is_ascii_digit())?;
    let prefix = tag[..at].strip_suffix(['v', 'V']).unwrap_or(&tag[..at]);
    let text = &tag[at..];
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let numbers: Option<Vec<u64>> = text[..end]
        .trim_end_matches('.')
        .split('.')
        .map(|number| number.parse().ok())
        .collect();
    let rest = text[end..].to_owned();
    // What is built later from the same source (`1.2-1`, `1.2.post1`, `1.2+x`) is a release too.
    let later = rest.starts_with('+')
        || rest.trim_start_matches(['.', '-', '_']).starts_with("post")
        || rest
            .trim_start_matches('-')
            .bytes()
            .all(|byte| byte.is_ascii_digit());
    Some((
        prefix,
        Version {
            numbers: numbers?,
            release: rest.is_empty() || later,
            rest,
        },
    ))
}

/// Those of `tags` that are versions of the same kind as `current`, newest first: pre-releases only where `current` is one,
/// nothing that is older. Where `current` is no version (a branch, a hash), releases of every name that is only a version.
pub(super) fn newer<'t>(current: &str, tags: &[&'t str]) -> Vec<&'t str> {
    let now = parse(current).filter(|_| !is_hash(current));
    let prefix = now.as_ref().map_or("", |(prefix, _)| prefix);
    let pre = now.as_ref().is_some_and(|(_, version)| !version.release);
    let mut found: Vec<(Version, &str)> = tags
        .iter()
        .filter_map(|tag| {
            let (own, version) = parse(tag)?;
            let newer = now.as_ref().is_none_or(|(_, now)| version >= *now);
            (own == prefix && newer && (version.release || pre)).then_some((version, *tag))
        })
        .collect();
    // Of `v1` and `v1.2.0` on one commit the longer says more; the sort is stable otherwise.
    found.sort_by(|(a, _), (b, _)| b.cmp(a));
    found.into_iter().map(|(_, tag)| tag).collect()
}

/// Whether a revision is the hash of a commit.
pub(super) fn is_hash(rev: &str) -> bool {
    rev.len() >= 7 && rev.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::newer;

    #[test]
    fn newest_first_and_only_of_the_same_kind() {
        let tags = [
            "v1.2.0",
            "v1.10.0",
            "v1.9",
            "v2.0.0-rc1",
            "nightly",
            "tool-v9.0",
            "1.11.0",
            "v1.0",
        ];
        assert_eq!(newer("v1.9", &tags), ["1.11.0", "v1.10.0", "v1.9"]);
        assert_eq!(newer("v2.0.0-alpha", &tags), ["v2.0.0-rc1"]);
        assert_eq!(newer("main", &tags)[0], "1.11.0");
        assert_eq!(newer("1a2b3c4d5e", &tags)[0], "1.11.0");
        assert_eq!(newer("tool-v1.0", &tags), ["tool-v9.0"]);
        assert!(newer("v3", &tags).is_empty());
        assert_eq!(
            newer("24.4.1", &["24.4.2", "24.10.0", "24.4.1.post1"])[0],
            "24.10.0"
        );
    }
}
