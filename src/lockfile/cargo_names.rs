//! Looks packages of a `Cargo.lock` up by their names.

use super::Package;
use std::ops::Range;

/// Packages by their names. Each bucket of the table is in the order of names and versions, so one that a hostile file fills
/// costs a search by halves and no more. The standard library's table costs four times as much here: the names are few and
/// short, and hashing them safely is most of it.
pub(super) struct Names<'a> {
    packages: &'a [Package],
    /// Places of packages, bucket after bucket.
    order: Vec<u32>,
    /// Where each bucket starts in the order, and where the last one ends.
    starts: Vec<u32>,
    /// How far a hash is shifted to be the number of a bucket.
    shift: u32,
}

impl<'a> Names<'a> {
    pub(super) fn new(packages: &'a [Package]) -> Self {
        let sorted = sorted(packages);
        let bits = packages.len().max(2).next_power_of_two().ilog2();
        let shift = u64::BITS - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        let buckets: Vec<u32> = sorted
            .iter()
            .map(|at| bucket(&packages[*at as usize].name, shift))
            .collect();
        for bucket in &buckets {
            starts[*bucket as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut free = starts.clone();
        let mut order = vec![0; packages.len()];
        for (at, bucket) in sorted.into_iter().zip(buckets) {
            let place = &mut free[bucket as usize];
            order[*place as usize] = at;
            *place += 1;
        }
        Self {
            packages,
            order,
            starts,
            shift,
        }
    }

    /// The place of the first package of that name, in that version where one is named.
    #[inline]
    pub(super) fn first(&self, wanted: (&str, &str)) -> Option<usize> {
        self.alike(wanted).next()
    }

    /// The places of the packages of that name, in that version where one is named.
    #[inline]
    pub(super) fn alike<'b>(
        &'b self,
        (name, version): (&'b str, &'b str),
    ) -> impl Iterator<Item = usize> + 'b {
        let bucket = bucket(name, self.shift) as usize;
        let Range { start, end } = self.starts[bucket]..self.starts[bucket + 1];
        let bucket = &self.order[start as usize..end as usize];
        let package = |at: &u32| &self.packages[*at as usize];
        let skipped = match bucket {
            [] => 0,
            [one, ..] if package(one).name == name && version.is_empty() => 0,
            _ => bucket.partition_point(|at| key(package(at)) < (name, version)),
        };
        let rest = bucket[skipped..].iter().take_while(move |at| {
            let one = package(at);
            one.name == name && (version.is_empty() || one.version == version)
        });
        rest.map(|at| *at as usize)
    }
}

/// The places of packages in the order of names and versions.
fn sorted(packages: &[Package]) -> Vec<u32> {
    let mut order: Vec<u32> = packages.iter().zip(0..).map(|(_, at)| at).collect();
    let one = |at: &u32| &packages[*at as usize];
    // As Cargo writes them; its order of versions is that of numbers.
    if !packages.is_sorted_by(|one, two| one.name <= two.name) {
        order.sort_by(|a, b| one(a).name.cmp(&one(b).name));
    }
    for alike in order.chunk_by_mut(|a, b| one(a).name == one(b).name) {
        alike.sort_by(|a, b| one(a).version.cmp(&one(b).version));
    }
    order
}

/// The name and the version.
fn key(package: &Package) -> (&str, &str) {
    (&package.name, &package.version)
}

/// The number of the bucket for a name: of its length and its two ends, which tell most names apart.
#[inline]
fn bucket(name: &str, shift: u32) -> u32 {
    /// 2 to the 64th by the golden ratio, which spreads what is multiplied with it
    /// (Knuth, The Art of Computer Programming, volume 3, section 6.4).
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes = name.as_bytes();
    let ends = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => {
            u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
        }
        _ => bytes
            .iter()
            .fold(0, |all, byte| all << 8 | u64::from(*byte)),
    };
    // No shift is shorter than 32: a lockfile has no 2 to the 32nd packages.
    ((ends ^ bytes.len() as u64).wrapping_mul(FACTOR) >> shift) as u32
}

#[cfg(test)]
mod tests {
    use super::{Names, Package};
    use crate::version::Ecosystem;

    #[test]
    fn names_and_versions_are_found_whatever_the_order() {
        let listed = [
            ("b", "1"),
            ("a", "2"),
            ("longer-than-eight", "1"),
            ("a", "1"),
            ("b", "10"),
            ("a", "1"),
        ];
        let packages: Vec<Package> = listed
            .iter()
            .map(|(name, version)| Package::new(Ecosystem::CratesIo, *name, *version, 0..0))
            .collect();
        let names = Names::new(&packages);
        for wanted in [
            ("a", ""),
            ("a", "1"),
            ("b", "10"),
            ("b", "2"),
            ("longer-than-eight", ""),
            ("longer-than-eigh", ""),
            ("", ""),
        ] {
            let matches = |(at, one): (usize, &(&str, &str))| {
                (one.0 == wanted.0 && (wanted.1.is_empty() || one.1 == wanted.1)).then_some(at)
            };
            let mut expected: Vec<usize> = listed.iter().enumerate().filter_map(matches).collect();
            let mut found: Vec<usize> = names.alike(wanted).collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{wanted:?}");
        }
        assert_eq!(Names::new(&[]).first(("a", "")), None);
    }
}
