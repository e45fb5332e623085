//! Which versions are affected, by the evaluation algorithm of the OSV schema:
//! <https://ossf.github.io/osv-schema/#evaluation>.

use super::bytes::{Corrupt, Reader, put_bytes, put_number};
use crate::version::{Ecosystem, VersionError};
use std::cmp::Ordering;

/// What happens at a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventKind {
    /// From here on versions are affected.
    Introduced,
    /// From here on they are not.
    Fixed,
    /// After this one they are not.
    LastAffected,
    /// The range says nothing about versions from here on.
    Limit,
}

impl EventKind {
    const fn code(self) -> u8 {
        match self {
            Self::Introduced => 0,
            Self::Fixed => 1,
            Self::LastAffected => 2,
            Self::Limit => 3,
        }
    }

    const fn from_code(code: u8) -> Result<Self, Corrupt> {
        match code {
            0 => Ok(Self::Introduced),
            1 => Ok(Self::Fixed),
            2 => Ok(Self::LastAffected),
            3 => Ok(Self::Limit),
            _ => Err(Corrupt),
        }
    }
}

/// Something that happens at a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) kind: EventKind,
    pub(super) version: String,
}

impl Event {
    fn borrowed(&self) -> EventRef<'_> {
        EventRef {
            kind: self.kind,
            version: &self.version,
        }
    }

    fn is_start(&self) -> bool {
        self.borrowed().is_start()
    }

    fn is_no_limit(&self) -> bool {
        self.borrowed().is_no_limit()
    }
}

/// The same, where it stands.
#[derive(Debug, Clone, Copy)]
struct EventRef<'a> {
    kind: EventKind,
    version: &'a str,
}

impl<'a> EventRef<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Corrupt> {
        Ok(Self {
            kind: EventKind::from_code(reader.byte()?)?,
            version: reader.string()?,
        })
    }

    /// `introduced: "0"` stands before every version, whatever the ecosystem's own rules make of "0".
    fn is_start(self) -> bool {
        self.kind == EventKind::Introduced && self.version == "0"
    }

    /// Whether `version` is affected after this event, when it was `before` as far as earlier events say.
    fn apply(
        self,
        ecosystem: Ecosystem,
        version: &str,
        before: bool,
    ) -> Result<bool, VersionError> {
        let place = ecosystem.compare(version, self.version)?;
        Ok(match self.kind {
            EventKind::Introduced => before || place.is_ge(),
            EventKind::Fixed => before && place.is_lt(),
            EventKind::LastAffected => before && place.is_le(),
            EventKind::Limit => before,
        })
    }

    /// `limit: "*"` stands after every version.
    fn is_no_limit(self) -> bool {
        self.kind == EventKind::Limit && self.version == "*"
    }
}

/// Works out whether a version is affected from events in the order of their versions, each seen once.
struct Evaluation<'a> {
    ecosystem: Ecosystem,
    version: &'a str,
    limited: bool,
    /// Whether the version is below one of the limits.
    within: Result<bool, VersionError>,
    affected: Result<bool, VersionError>,
}

impl<'a> Evaluation<'a> {
    const fn new(ecosystem: Ecosystem, version: &'a str) -> Self {
        Self {
            ecosystem,
            version,
            limited: false,
            within: Ok(false),
            affected: Ok(false),
        }
    }

    fn note(&mut self, event: EventRef<'_>) {
        match (event.kind, &self.within, &self.affected) {
            (EventKind::Limit, Ok(false), _) => {
                self.limited = true;
                self.within = self.is_below(event);
            }
            // Below one of them is enough, and an error stays one.
            (EventKind::Limit, ..) => {}
            (_, _, Ok(before)) => {
                let (before, start) = (*before, event.is_start());
                self.affected = if start {
                    Ok(true)
                } else {
                    event.apply(self.ecosystem, self.version, before)
                };
            }
            (_, _, Err(_)) => {}
        }
    }

    fn is_below(&self, limit: EventRef<'_>) -> Result<bool, VersionError> {
        if limit.is_no_limit() {
            return Ok(true);
        }
        let place = self.ecosystem.compare(self.version, limit.version)?;
        Ok(place.is_lt())
    }

    fn answer(self) -> Result<bool, VersionError> {
        if self.limited && !self.within? {
            return Ok(false);
        }
        self.affected
    }
}

/// Passes over a range, and says whether `version` is affected.
pub(super) fn contains_next(
    reader: &mut Reader<'_>,
    ecosystem: Ecosystem,
    version: &str,
) -> Result<Result<bool, VersionError>, Corrupt> {
    let mut evaluation = Evaluation::new(ecosystem, version);
    for _ in 0..reader.number()? {
        evaluation.note(EventRef::read(reader)?);
    }
    Ok(evaluation.answer())
}

/// A range of versions: its events in the order of their versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    events: Vec<Event>,
}

impl Range {
    /// Sorts the events.
    ///
    /// # Errors
    /// Where the ecosystem's rules give one of them no place in the order.
    pub(super) fn new(ecosystem: Ecosystem, events: Vec<Event>) -> Result<Self, VersionError> {
        let events = merge_sort(events, |a, b| order(ecosystem, a, b))?;
        Ok(Self { events })
    }

    /// Whether no version can be outside: the range starts before every version and nothing ends it.
    pub(super) fn covers_everything(&self) -> bool {
        self.events.iter().any(Event::is_start)
            && self
                .events
                .iter()
                .all(|event| event.kind == EventKind::Introduced || event.is_no_limit())
    }

    /// Whether `version` is affected.
    ///
    /// # Errors
    /// Where the ecosystem's rules give the version no place among the events.
    pub(super) fn contains(
        &self,
        ecosystem: Ecosystem,
        version: &str,
    ) -> Result<bool, VersionError> {
        let mut evaluation = Evaluation::new(ecosystem, version);
        for event in &self.events {
            evaluation.note(event.borrowed());
        }
        evaluation.answer()
    }

    /// The versions at which it is fixed, in their order.
    pub(super) fn fixed(&self) -> impl Iterator<Item = &str> {
        self.events
            .iter()
            .filter(|event| event.kind == EventKind::Fixed)
            .map(|event| event.version.as_str())
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_number(out, self.events.len() as u64);
        for event in &self.events {
            out.push(event.kind.code());
            put_bytes(out, event.version.as_bytes());
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let count = reader.number()?;
        let mut events = Vec::new();
        for _ in 0..count {
            let EventRef { kind, version } = EventRef::read(reader)?;
            events.push(Event {
                kind,
                version: version.to_owned(),
            });
        }
        Ok(Self { events })
    }
}

/// The order of events: by version; at the same version `last_affected` comes last, because that version itself is
/// still affected, and the others stay as the record has them.
fn order(ecosystem: Ecosystem, a: &Event, b: &Event) -> Result<Ordering, VersionError> {
    let extremes = b.is_start().cmp(&a.is_start());
    if extremes.is_ne() || a.is_start() {
        return Ok(extremes);
    }
    let extremes = a.is_no_limit().cmp(&b.is_no_limit());
    if extremes.is_ne() || a.is_no_limit() {
        return Ok(extremes);
    }
    let last = |event: &Event| event.kind == EventKind::LastAffected;
    Ok(ecosystem
        .compare(&a.version, &b.version)?
        .then(last(a).cmp(&last(b))))
}

/// Sorts with a comparison that can fail, stable. The standard sort may panic where an order is not total, and
/// nothing proves that of every ecosystem's rules.
pub(super) fn merge_sort<T, E>(
    mut items: Vec<T>,
    mut compare: impl FnMut(&T, &T) -> Result<Ordering, E>,
) -> Result<Vec<T>, E> {
    let mut width = 1;
    while width < items.len() {
        let mut out = Vec::with_capacity(items.len());
        let mut rest = items.into_iter();
        loop {
            let left: Vec<T> = rest.by_ref().take(width).collect();
            if left.is_empty() {
                break;
            }
            let right: Vec<T> = rest.by_ref().take(width).collect();
            merge(left, right, &mut out, &mut compare)?;
        }
        items = out;
        width *= 2;
    }
    Ok(items)
}

fn merge<T, E>(
    left: Vec<T>,
    right: Vec<T>,
    out: &mut Vec<T>,
    compare: &mut impl FnMut(&T, &T) -> Result<Ordering, E>,
) -> Result<(), E> {
    let mut left = left.into_iter().peekable();
    let mut right = right.into_iter().peekable();
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let take_right = compare(b, a)?.is_lt();
        out.extend(if take_right {
            right.next()
        } else {
            left.next()
        });
    }
    out.extend(left);
    out.extend(right);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Event, EventKind, Range, merge_sort};
    use crate::version::Ecosystem;

    fn range(events: &[(EventKind, &str)]) -> Range {
        let events = events
            .iter()
            .map(|&(kind, version)| Event {
                kind,
                version: version.to_owned(),
            })
            .collect();
        Range::new(Ecosystem::CratesIo, events).unwrap()
    }

    fn affected(range: &Range, versions: &[&str]) -> Vec<bool> {
        versions
            .iter()
            .map(|version| range.contains(Ecosystem::CratesIo, version).unwrap())
            .collect()
    }

    use EventKind::{Fixed, Introduced, LastAffected, Limit};

    #[test]
    fn events_are_judged_in_the_order_of_versions_not_of_writing() {
        let range = range(&[
            (Fixed, "2.3.0"),
            (Introduced, "2.0.0"),
            (Fixed, "1.4.0"),
            (Introduced, "0"),
        ]);
        assert_eq!(
            affected(
                &range,
                &["0.0.1-alpha", "1.3.9", "1.4.0", "1.9.0", "2.0.0", "2.3.0"]
            ),
            [true, true, false, false, true, false]
        );
        assert_eq!(range.fixed().collect::<Vec<_>>(), ["1.4.0", "2.3.0"]);
    }

    #[test]
    fn the_last_affected_version_is_affected() {
        let one = range(&[(LastAffected, "1.2.3"), (Introduced, "1.2.3")]);
        assert_eq!(
            affected(&one, &["1.2.2", "1.2.3", "1.2.4"]),
            [false, true, false]
        );
    }

    #[test]
    fn a_limit_bounds_what_the_range_says() {
        let limited = range(&[(Introduced, "0"), (Limit, "2.0.0")]);
        assert_eq!(affected(&limited, &["1.0.0", "2.0.0"]), [true, false]);
        assert!(!limited.covers_everything());
        let open = range(&[(Introduced, "0"), (Limit, "*")]);
        assert_eq!(affected(&open, &["1.0.0", "99.0.0"]), [true, true]);
        assert!(open.covers_everything());
    }

    #[test]
    fn a_range_without_introduction_holds_nothing() {
        assert_eq!(
            affected(&range(&[(Fixed, "1.0.0")]), &["0.1.0", "2.0.0"]),
            [false, false]
        );
        assert_eq!(affected(&range(&[]), &["0.1.0"]), [false]);
    }

    #[test]
    fn sorting_is_stable_and_survives_an_order_that_is_none() {
        let sorted = merge_sort(
            vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (0, 'e')],
            |a, b| Ok::<_, ()>(a.0.cmp(&b.0)),
        );
        assert_eq!(
            sorted,
            Ok(vec![(0, 'e'), (1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')])
        );
        let cyclic = merge_sort((0..1000_u32).collect(), |a, b| {
            Ok::<_, ()>(((a * 7) % 13).cmp(&((b * 5) % 11)))
        });
        assert_eq!(cyclic.unwrap().len(), 1000);
    }
}
