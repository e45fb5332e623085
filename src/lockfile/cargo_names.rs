//! Looks packages of a `Cargo.lock` up by their names.

use super::Package;

/// Packages in the order of their names. Cargo writes them so, and then it costs less than a table of hashes, which a
/// hostile file could moreover fill badly.
pub(super) struct Names<'a> {
    packages: &'a [Package],
    /// The start of each name, for most comparisons need no more, and the place of its package.
    order: Vec<(u64, u32)>,
}

impl<'a> Names<'a> {
    pub(super) fn new(packages: &'a [Package]) -> Self {
        let starts = packages.iter().zip(0_u32..);
        let mut order: Vec<(u64, u32)> = starts.map(|(one, at)| (start(&one.name), at)).collect();
        order.sort_by(|(one, at), (two, other)| {
            let rest = |at: u32| key(&packages[at as usize]);
            one.cmp(two).then_with(|| rest(*at).cmp(&rest(*other)))
        });
        Self { packages, order }
    }

    /// The places of the packages of that name, in that version where one is named.
    pub(super) fn all<'b>(
        &'b self,
        (name, version): (&'b str, &'b str),
    ) -> impl Iterator<Item = usize> + 'b {
        let (first, wanted) = (start(name), (name, version));
        let key_at = |at: u32| key(&self.packages[at as usize]);
        let from = self.order.partition_point(|(start, _)| *start < first);
        let alike = &self.order[from..];
        // Few names begin alike, so there is seldom anything left to search.
        let skipped = match alike {
            [(_, at), ..] if key_at(*at) < wanted => {
                let is_before = |(start, at): &(u64, u32)| *start == first && key_at(*at) < wanted;
                alike.partition_point(is_before)
            }
            _ => 0,
        };
        let rest = &alike[skipped..];
        let same = rest.iter().map(move |(_, at)| (*at, key_at(*at)));
        let same = same.take_while(move |(_, (found, at))| {
            *found == name && (version.is_empty() || *at == version)
        });
        same.map(|(at, _)| at as usize)
    }
}

/// The name and the version.
fn key(package: &Package) -> (&str, &str) {
    (&package.name, &package.version)
}

/// The first eight bytes of a name, so that they compare as the name does.
fn start(name: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = name.len().min(8);
    bytes[..length].copy_from_slice(&name.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}
