//! Looks packages of a `Cargo.lock` up by their names.

use super::Package;

/// Packages by their names. Where a bucket of the table has many, as a hostile file makes it, all are in the order of names
/// and versions, and it costs a search by halves and no more. The standard library's table costs four times as much here:
/// the names are few and short, and hashing them safely is most of it.
pub(super) struct Names<'a> {
    packages: &'a [Package],
    /// The packages, bucket after bucket.
    order: Vec<Slot>,
    /// Where each bucket starts in the order, and twice where the last one ends.
    starts: Vec<u32>,
    /// How far a hash is shifted to be the number of a bucket.
    shift: u32,
}

/// So many packages of a bucket are looked at one by one, which their keys make cheaper than halves.
const FEW: usize = 16;

/// A package in the table.
#[derive(Clone, Copy, Default)]
struct Slot {
    key: Key,
    /// Its place in the lockfile.
    at: u32,
}

impl<'a> Names<'a> {
    pub(super) fn new(packages: &'a [Package]) -> Self {
        let places = 0..packages.len() as u32;
        let names = Self::in_order(packages, places.clone());
        let is_small = |ends: &[u32]| (ends[1] - ends[0]) as usize <= FEW;
        if names.starts.windows(2).all(is_small) {
            return names;
        }
        let mut sorted: Vec<u32> = places.collect();
        let one = |at: &u32| order_of(&packages[*at as usize]);
        sorted.sort_by(|a, b| one(a).cmp(&one(b)));
        Self::in_order(packages, sorted.into_iter())
    }

    /// Each bucket in the order in which the packages come in `places`.
    fn in_order(packages: &'a [Package], places: impl Iterator<Item = u32> + Clone) -> Self {
        let bits = packages.len().max(2).next_power_of_two().ilog2();
        let shift = u64::BITS - bits;
        let slots = || {
            places.clone().map(|at| Slot {
                key: Key::new(&packages[at as usize].name),
                at,
            })
        };
        // How many are in each bucket, two places on; then where each starts, one place on; when all are in theirs, it ends there.
        let mut starts = vec![0_u32; (1 << bits) + 2];
        for slot in slots() {
            starts[slot.key.bucket(shift) + 2] += 1;
        }
        for at in 2..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut order = vec![Slot::default(); packages.len()];
        for slot in slots() {
            let place = &mut starts[slot.key.bucket(shift) + 1];
            order[*place as usize] = slot;
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
        let key = Key::new(wanted.0);
        let bucket = self.bucket(key);
        if bucket.len() > FEW {
            return self.alike(wanted).next();
        }
        let slot = bucket.iter().find(|slot| self.is(slot, key, wanted))?;
        Some(slot.at as usize)
    }

    /// The places of the packages of that name, in that version where one is named.
    pub(super) fn alike<'b>(
        &'b self,
        wanted: (&'b str, &'b str),
    ) -> impl Iterator<Item = usize> + 'b {
        let key = Key::new(wanted.0);
        let bucket = self.bucket(key);
        let is_meant = move |slot: &&Slot| self.is(slot, key, wanted);
        let part = if bucket.len() > FEW {
            let before =
                bucket.partition_point(|slot| order_of(&self.packages[slot.at as usize]) < wanted);
            let rest = &bucket[before..];
            &rest[..rest.partition_point(|slot| is_meant(&slot))]
        } else {
            bucket
        };
        part.iter().filter(is_meant).map(|slot| slot.at as usize)
    }

    #[inline]
    fn bucket(&self, key: Key) -> &[Slot] {
        let bucket = key.bucket(self.shift);
        &self.order[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }

    /// Whether the package has the name, whose key is `key`, and the version where one is named.
    #[inline(always)]
    fn is(&self, slot: &Slot, key: Key, (name, version): (&str, &str)) -> bool {
        let package = || &self.packages[slot.at as usize];
        slot.key == key
            && (key.is_whole() || package().name == name)
            && (version.is_empty() || package().version == version)
    }
}

/// The length of a name and its two ends, which tell most names apart.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Key {
    first: u64,
    last: u64,
    length: u32,
}

impl Key {
    #[inline]
    fn new(name: &str) -> Self {
        let bytes = name.as_bytes();
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => (
                bytes
                    .iter()
                    .fold(0, |all, byte| all << 8 | u64::from(*byte)),
                0,
            ),
        };
        Self {
            first,
            last,
            // Longer names are compared whole.
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whether the two ends are all of the name.
    const fn is_whole(self) -> bool {
        self.length <= 16
    }

    /// The number of its bucket.
    #[inline]
    const fn bucket(self, shift: u32) -> usize {
        /// 2 to the 64th by the golden ratio, which spreads what is multiplied with it
        /// (Knuth, The Art of Computer Programming, volume 3, section 6.4).
        const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = self.first ^ self.last.rotate_left(29) ^ self.length as u64;
        (mixed.wrapping_mul(FACTOR) >> shift) as usize
    }
}

/// The name and the version.
fn order_of(package: &Package) -> (&str, &str) {
    (&package.name, &package.version)
}

#[cfg(test)]
mod tests {
    use super::{Names, Package};
    use crate::version::Ecosystem;

    #[test]
    fn names_and_versions_are_found_whatever_the_order() {
        let mut listed: Vec<(String, String)> = [
            ("b", "1"),
            ("a", "2"),
            ("longer-than-eight", "1"),
            ("a", "1"),
            ("b", "10"),
            ("a", "1"),
        ]
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .into();
        // More than are looked at one by one.
        listed.extend((0..40).rev().map(|at| ("many".to_owned(), at.to_string())));
        let packages: Vec<Package> = listed
            .iter()
            .map(|(name, version)| Package::new(Ecosystem::CratesIo, name, version, 0..0))
            .collect();
        let names = Names::new(&packages);
        for wanted in [
            ("a", ""),
            ("a", "1"),
            ("b", "10"),
            ("b", "2"),
            ("longer-than-eight", ""),
            ("longer-than-eigh", ""),
            ("many", ""),
            ("many", "7"),
            ("many", "77"),
            ("", ""),
        ] {
            let matches = |(at, one): (usize, &(String, String))| {
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
