//! Line ends of different kinds in one file.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "mixed-line-ending",
    aliases: &[],
    title: "line ends of different kinds",
    description: "A file with both `\\n` and `\\r\\n` shows up as changed from end to end as soon as an editor makes them equal.",
    fix: "Give all lines the same end, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
    options: &[Opt::value(
        &["--fix", "-f"],
        "`auto` (the most frequent kind wins), `no` (report only), `lf`, `crlf` or `cr`",
    )],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let target = match setup.args.last("--fix").unwrap_or("auto") {
        "auto" => Target::Auto,
        "no" => Target::No,
        "lf" => Target::To(End::Lf),
        "crlf" => Target::To(End::Crlf),
        "cr" => Target::To(End::Cr),
        other => {
            return Err(format!(
                "`--fix` is auto, no, lf, crlf or cr, not `{other}`"
            ));
        }
    };
    Ok(Box::new(LineEnding { target }))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Cr,
    Crlf,
    Lf,
}

impl End {
    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Cr => b"\r",
            Self::Crlf => b"\r\n",
            Self::Lf => b"\n",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Cr => "CR",
            Self::Crlf => "CRLF",
            Self::Lf => "LF",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Auto,
    No,
    To(End),
}

struct LineEnding {
    target: Target,
}

/// How many line ends of each kind there are, and where each kind comes first.
#[derive(Default)]
struct Count {
    cr: usize,
    crlf: usize,
    lf: usize,
    first: [Option<usize>; 3],
}

impl Count {
    /// Counts in `bytes`; `None` where no line ends otherwise than with `\n`, which most files are done with.
    fn unlike_lf(bytes: &[u8]) -> Option<Self> {
        memchr::memchr(b'\r', bytes).map(|_| Self::new(bytes))
    }

    fn new(bytes: &[u8]) -> Self {
        let mut count = Self::default();
        let lf = memchr::memchr_iter(b'\n', bytes).count();
        for at in memchr::memchr_iter(b'\r', bytes) {
            if bytes.get(at + 1) == Some(&b'\n') {
                count.crlf += 1;
                count.first[1].get_or_insert(at);
            } else {
                count.cr += 1;
                count.first[0].get_or_insert(at);
            }
        }
        count.lf = lf - count.crlf;
        if count.lf > 0 && count.lf + count.cr + count.crlf > count.lf {
            count.first[2] =
                memchr::memchr_iter(b'\n', bytes).find(|&at| at == 0 || bytes[at - 1] != b'\r');
        }
        count
    }

    fn of(&self, end: End) -> (usize, Option<usize>) {
        match end {
            End::Cr => (self.cr, self.first[0]),
            End::Crlf => (self.crlf, self.first[1]),
            End::Lf => (self.lf, self.first[2]),
        }
    }

    fn mixed(&self) -> bool {
        [self.cr, self.crlf, self.lf]
            .iter()
            .filter(|&&count| count > 0)
            .count()
            > 1
    }

    /// The most frequent kind; of equal ones LF, then CRLF.
    fn most(&self) -> End {
        if self.lf >= self.crlf && self.lf >= self.cr {
            End::Lf
        } else if self.crlf >= self.cr {
            End::Crlf
        } else {
            End::Cr
        }
    }
}

impl LineEnding {
    /// The line ends of `bytes`; `None` where they are all right, as is plain without counting them.
    fn count(&self, bytes: &[u8]) -> Option<Count> {
        match self.target {
            Target::Auto | Target::No | Target::To(End::Lf) => Count::unlike_lf(bytes),
            Target::To(_) => Some(Count::new(bytes)),
        }
    }

    /// The kind that all line ends should be; `None` where all is well.
    fn wanted(&self, count: &Count) -> Option<End> {
        match self.target {
            Target::Auto | Target::No => count.mixed().then(|| count.most()),
            Target::To(end) => (count.cr + count.crlf + count.lf > count.of(end).0).then_some(end),
        }
    }
}

impl Check for LineEnding {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let Some(count) = self.count(subject.bytes) else {
            return;
        };
        let Some(wanted) = self.wanted(&count) else {
            return;
        };
        let others = [End::Cr, End::Crlf, End::Lf]
            .into_iter()
            .filter(|&end| end != wanted)
            .map(|end| (end, count.of(end)))
            .filter(|(_, (number, _))| *number > 0);
        for (end, (number, first)) in others {
            let at = first.unwrap_or(0);
            let one = if number == 1 {
                "line ends"
            } else {
                "lines end"
            };
            let message = format!(
                "{number} {one} with {} where {} is expected",
                end.name(),
                wanted.name()
            );
            out.whole(at..at + end.bytes().len(), message);
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.target == Target::No {
            return None;
        }
        let end = self.wanted(&self.count(bytes)?)?;
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
        let mut rest = bytes;
        while !rest.is_empty() {
            let found = memchr::memchr2(b'\n', b'\r', rest);
            let line = &rest[..found.unwrap_or(rest.len())];
            let length = match rest.get(line.len()..) {
                Some([b'\r', b'\n', ..]) => 2,
                Some([_, ..]) => 1,
                _ => 0,
            };
            out.extend_from_slice(line);
            // The original ends the last line as well, whether it had an end or not.
            out.extend_from_slice(end.bytes());
            rest = &rest[line.len() + length..];
        }
        Some(out)
    }
}
