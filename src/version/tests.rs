//! All orderings against the peers' lines, and the laws of a total order.

#![allow(clippy::print_stderr)] // A test that skips says so.

use super::Ecosystem;
use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};
use std::cmp::Ordering;
use std::path::PathBuf;

/// The folder with the outside facts, or `None` (and a note) where it is missing.
fn data() -> Option<PathBuf> {
    let path = std::env::var_os("HOOKD_SHARED_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        PathBuf::from,
    );
    if !path.is_dir() {
        eprintln!("skipped: no data in {}", path.display());
        return None;
    }
    Some(path)
}

const FILES: [(&str, Ecosystem); 13] = [
    ("cran-versions", Ecosystem::Cran),
    ("hackage-versions", Ecosystem::Hackage),
    ("maven-versions", Ecosystem::Maven),
    ("maven-versions-generated", Ecosystem::Maven),
    ("nuget-versions", Ecosystem::NuGet),
    ("packagist-versions", Ecosystem::Packagist),
    ("packagist-versions-generated", Ecosystem::Packagist),
    ("pub-versions", Ecosystem::Pub),
    ("pypi-versions", Ecosystem::PyPI),
    ("pypi-versions-generated", Ecosystem::PyPI),
    ("rubygems-versions", Ecosystem::RubyGems),
    ("rubygems-versions-generated", Ecosystem::RubyGems),
    ("semver-versions", Ecosystem::Npm),
];

#[test]
fn every_line_of_the_peers_holds() {
    let Some(data) = data() else { return };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (file, ecosystem) in FILES {
        let path = data.join(format!("versions/{file}.txt"));
        let text = std::fs::read_to_string(path).expect("readable");
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [a, sign, b] = words[..] else { continue };
            let want = match sign {
                "<" => Ordering::Less,
                "=" => Ordering::Equal,
                ">" => Ordering::Greater,
                _ => continue,
            };
            seen += 1;
            if ecosystem.compare(a, b) != Ok(want) || ecosystem.compare(b, a) != Ok(want.reverse())
            {
                wrong.push(format!("{file}: {line}: {:?}", ecosystem.compare(a, b)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {seen}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(seen > 10_000, "{seen}");
}

/// Versions that look like versions: the pieces that the orderings treat in their own ways, in any sequence.
fn version() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "0", "1", "2", "10", "00", "007", "20240101", ".", ".", ".", "-", "_", "+", "~", "!", "#",
        "a", "b", "m", "alpha", "beta", "rc", "cr", "c", "pre", "post", "dev", "final", "ga", "sp",
        "SNAPSHOT", "pl", "patch", "x", "foo", "v", "é", "",
    ]);
    proptest::collection::vec(piece, 1..7).prop_map(|pieces| format!("1{}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_ordering_is_a_total_order(a in version(), b in version(), c in version()) {
        for ecosystem in Ecosystem::all() {
            let (Ok(ab), Ok(bc), Ok(ac), Ok(ba)) = (
                ecosystem.compare(&a, &b), ecosystem.compare(&b, &c), ecosystem.compare(&a, &c), ecosystem.compare(&b, &a),
            ) else { continue };
            prop_assert_eq!(ab, ba.reverse(), "{}: {} {}", ecosystem, a, b);
            if ecosystem == Ecosystem::Maven {
                continue; // Its order is not transitive; the head of its file says where.
            }
            if ab == bc {
                prop_assert_eq!(ac, ab, "{}: {} {} {}", ecosystem, a, b, c);
            }
            if ab.is_eq() {
                prop_assert_eq!(ac, bc, "{}: {} {} {}", ecosystem, a, b, c);
            }
        }
    }

    #[test]
    fn no_text_makes_a_comparison_panic(a in ".*", b in "\\PC*") {
        for ecosystem in Ecosystem::all() {
            prop_assert!(ecosystem.compare(&a, &a).is_ok());
            if let (Ok(ab), Ok(ba)) = (ecosystem.compare(&a, &b), ecosystem.compare(&b, &a)) {
                prop_assert_eq!(ab, ba.reverse(), "{}: {:?} {:?}", ecosystem, a, b);
            }
        }
    }
}
