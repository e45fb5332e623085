//! One advisory about one package, as the database keeps it, and the question whether it concerns a version.

use super::bytes::{Corrupt, Reader, put_bytes, put_number, put_strings, text};
use super::cvss::Score;
use super::range::{self, Range};
use super::text::Place;
use crate::model::Severity;
use crate::version::{Ecosystem, VersionError};

/// What an advisory says of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It was made to do harm.
    Malicious,
    /// It can be attacked.
    Vulnerability,
    /// Safe code can break memory safety with it (RustSec, `informational = "unsound"`).
    Unsound,
    /// Nobody looks after it any more (RustSec, `informational = "unmaintained"`).
    Unmaintained,
    /// Something else worth knowing (RustSec, `informational = "notice"`).
    Notice,
}

impl Kind {
    /// Whether it informs and never blocks: <https://docs.rs/rustsec/latest/rustsec/advisory/enum.Informational.html>.
    #[must_use]
    pub const fn is_informational(self) -> bool {
        matches!(self, Self::Unsound | Self::Unmaintained | Self::Notice)
    }

    const ALL: [Self; 5] = [
        Self::Malicious,
        Self::Vulnerability,
        Self::Unsound,
        Self::Unmaintained,
        Self::Notice,
    ];

    const SEVERITIES: [Severity; 5] = [
        Severity::Info,
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ];
}

/// An advisory about one package: everything but its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Its id, such as `RUSTSEC-2022-0013`.
    pub id: String,
    /// Ids of the same thing in other databases.
    pub aliases: Vec<String>,
    /// What it says.
    pub kind: Kind,
    /// How bad it is; `None` where nobody rated it.
    pub severity: Option<Severity>,
    /// The CVSS score in tenths (75 is 7.5), where it has one.
    pub score: Option<u8>,
    /// The versions that fix it, as the record lists them: one for each line of releases.
    pub fixed: Vec<String>,
    /// The text in one line, where it was kept apart.
    pub(super) line: String,
    pub(super) text: Option<Place>,
}

/// What is known of one package in one version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lookup {
    /// The advisories that concern the version.
    pub matches: Vec<Match>,
    /// Why some advisory could not be judged: the version has no place in the ecosystem's order.
    pub unjudged: Option<VersionError>,
}

/// An advisory about one package, with the versions it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) aliases: Vec<String>,
    pub(super) kind: Kind,
    pub(super) severity: Option<Severity>,
    pub(super) score: Option<Score>,
    pub(super) affects: Affects,
    /// What a finding shows of the text, so that no block needs to be unpacked for it; may be empty.
    pub(super) line: String,
    pub(super) text: Option<Place>,
}

/// Which versions an advisory concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Affects {
    /// Every one: nothing needs comparing.
    Everything,
    /// Those in a range, and those listed.
    Some {
        ranges: Vec<Range>,
        versions: Vec<String>,
    },
}

impl Affects {
    /// Whether `version` is concerned.
    ///
    /// # Errors
    /// Where no part of the answer is yes, and one could not be judged.
    pub(super) fn contains(
        &self,
        ecosystem: Ecosystem,
        version: &str,
    ) -> Result<bool, VersionError> {
        let Self::Some { ranges, versions } = self else {
            return Ok(true);
        };
        let answers = ranges
            .iter()
            .map(|range| range.contains(ecosystem, version))
            .chain(
                versions
                    .iter()
                    .map(|listed| equal(ecosystem, listed, version)),
            );
        answers.fold(Ok(false), either)
    }
}

/// Whether a listed version is `version`. One that has no place in the order can only be equal as text.
fn equal(ecosystem: Ecosystem, listed: &str, version: &str) -> Result<bool, VersionError> {
    Ok(listed == version
        || ecosystem
            .compare(listed, version)
            .is_ok_and(std::cmp::Ordering::is_eq))
}

const EVERYTHING: u8 = 1;
const HAS_ALIASES: u8 = 2;
const HAS_TEXT: u8 = 4;
const HAS_LINE: u8 = 8;
/// What stands for "none" where a score would be.
const NO_SCORE: u8 = 0xff;

impl Entry {
    /// What a lookup answers with.
    pub(super) fn into_match(self) -> Match {
        let fixed = match &self.affects {
            Affects::Everything => Vec::new(),
            Affects::Some { ranges, .. } => ranges
                .iter()
                .flat_map(Range::fixed)
                .map(str::to_owned)
                .collect(),
        };
        Match {
            id: self.id,
            aliases: self.aliases,
            kind: self.kind,
            severity: self.severity,
            score: self.score.map(|score| score.tenths),
            fixed,
            line: self.line,
            text: self.text,
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let everything = matches!(self.affects, Affects::Everything);
        out.push(
            flag(everything, EVERYTHING)
                | flag(!self.aliases.is_empty(), HAS_ALIASES)
                | flag(self.text.is_some(), HAS_TEXT)
                | flag(!self.line.is_empty(), HAS_LINE),
        );
        let severity = self.severity.map_or(0, |severity| severity as u8 + 1);
        out.push(self.kind as u8 | severity << 3);
        match self.score {
            None => out.push(NO_SCORE),
            Some(score) => out.extend([score.tenths, score.version]),
        }
        put_bytes(out, self.id.as_bytes());
        if !self.aliases.is_empty() {
            put_strings(out, &self.aliases);
        }
        if !self.line.is_empty() {
            put_bytes(out, self.line.as_bytes());
        }
        if let Some(place) = self.text {
            put_number(out, u64::from(place.block));
            put_number(out, u64::from(place.offset));
        }
        if let Affects::Some { ranges, versions } = &self.affects {
            put_number(out, ranges.len() as u64);
            for range in ranges {
                range.write(out);
            }
            put_strings(out, versions);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let head = Head::read(reader)?;
        Ok(Self {
            id: text(head.id)?.to_owned(),
            aliases: head.aliases()?,
            kind: head.kind,
            severity: head.severity,
            score: head.score,
            affects: if head.everything {
                Affects::Everything
            } else {
                read_affects(reader)?
            },
            line: text(head.line)?.to_owned(),
            text: head.text,
        })
    }

    /// Passes over an entry and, where it concerns `version`, reads it. Most do not, and cost nothing but comparing.
    pub(super) fn read_if(
        reader: &mut Reader<'_>,
        ecosystem: Ecosystem,
        version: &str,
    ) -> Result<Result<Option<Self>, VersionError>, Corrupt> {
        let mut start = *reader;
        let everything = Head::read(reader)?.everything;
        let concerns = match everything {
            true => Ok(true),
            false => contains_next(reader, ecosystem, version)?,
        };
        Ok(match concerns {
            Ok(true) => Ok(Some(Self::read(&mut start)?)),
            Ok(false) => Ok(None),
            Err(error) => Err(error),
        })
    }
}

/// What stands before the versions of an entry.
struct Head<'a> {
    kind: Kind,
    severity: Option<Severity>,
    score: Option<Score>,
    /// Text, like the line: read where the entry is.
    id: &'a [u8],
    /// Where the aliases stand, if there are any.
    aliases: Option<Reader<'a>>,
    line: &'a [u8],
    text: Option<Place>,
    everything: bool,
}

impl<'a> Head<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Corrupt> {
        let flags = reader.byte()?;
        let packed = reader.byte()?;
        let kind = *Kind::ALL.get(usize::from(packed & 7)).ok_or(Corrupt)?;
        let severity = match packed >> 3 {
            0 => None,
            rank => Some(*Kind::SEVERITIES.get(usize::from(rank - 1)).ok_or(Corrupt)?),
        };
        let score = match reader.byte()? {
            NO_SCORE => None,
            tenths => Some(Score {
                tenths,
                version: reader.byte()?,
            }),
        };
        let id = reader.bytes()?;
        let has = |bit: u8| flags & bit != 0;
        let aliases = has(HAS_ALIASES).then_some(*reader);
        if aliases.is_some() {
            reader.each_string().map(drop)?;
        }
        Ok(Self {
            kind,
            severity,
            score,
            id,
            aliases,
            line: if has(HAS_LINE) { reader.bytes()? } else { b"" },
            text: has(HAS_TEXT).then(|| Place::read(reader)).transpose()?,
            everything: has(EVERYTHING),
        })
    }

    fn aliases(&self) -> Result<Vec<String>, Corrupt> {
        self.aliases
            .map_or(Ok(Vec::new()), |mut reader| reader.strings())
    }
}

fn read_affects(reader: &mut Reader<'_>) -> Result<Affects, Corrupt> {
    let count = reader.number()?;
    let mut ranges = Vec::new();
    for _ in 0..count {
        ranges.push(Range::read(reader)?);
    }
    let versions = reader.strings()?;
    Ok(Affects::Some { ranges, versions })
}

/// Passes over what [`read_affects`] reads, and answers as [`Affects::contains`] does.
fn contains_next(
    reader: &mut Reader<'_>,
    ecosystem: Ecosystem,
    version: &str,
) -> Result<Result<bool, VersionError>, Corrupt> {
    let mut answer = Ok(false);
    for _ in 0..reader.number()? {
        let next = range::contains_next(reader, ecosystem, version)?;
        answer = either(answer, next);
    }
    for listed in reader.each_string()? {
        answer = either(answer, equal(ecosystem, listed?, version));
    }
    Ok(answer)
}

/// Yes where one says so; else an error where one could not be judged, the last of them.
fn either(
    one: Result<bool, VersionError>,
    other: Result<bool, VersionError>,
) -> Result<bool, VersionError> {
    match (one, other) {
        (Ok(true), _) | (_, Ok(true)) => Ok(true),
        (one, Ok(false)) => one,
        (_, Err(error)) => Err(error),
    }
}
