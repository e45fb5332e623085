//! Files too large to hold: read as a stream and handed over in overlapping windows.

use super::base::BlobBase;
use super::hide::hide;
use super::scan_source::{FileResult, scan_source};
use super::{Plan, read};
use crate::model::{CheckError, FileMeta, Position};
use crate::scan::SourceFile;
use std::collections::HashSet;
use std::io::Read;

/// A file larger than this many bytes is read in windows.
pub const LARGE: u64 = 64 * 1024 * 1024;
/// Bytes a window holds.
const WINDOW: usize = 16 * 1024 * 1024;
/// Bytes at the end of a window that the next one starts with again: no rule looks further than this.
const OVERLAP: usize = 64 * 1024;

/// Scans a large file with those of the checks `takers` that take windows. The others cannot say anything about it:
/// that is an error of the run.
pub(super) fn scan_large(plan: &Plan<'_>, file: &FileMeta, takers: &[usize]) -> FileResult {
    let (able, unable): (Vec<usize>, Vec<usize>) = takers
        .iter()
        .partition(|&&at| plan.checks[at].scanner.takes_windows());
    let mut result = FileResult::default();
    for at in unable {
        let id = plan.checks[at].spec.id;
        let message = format!(
            "not checked: {} MiB is more than the {id} scanner reads",
            file.size >> 20
        );
        result.errors.push(error(file, id, message));
    }
    if let Err(reason) = windows(plan, file, &able, &mut result) {
        result
            .errors
            .push(error(file, "", format!("not checked: {reason}")));
    }
    let mut seen = HashSet::new();
    result
        .findings
        .retain(|finding| seen.insert((finding.rule.clone(), finding.span)));
    result.accepted.retain(|accepted| {
        let finding = &accepted.finding;
        seen.insert((finding.rule.clone(), finding.span))
    });
    result
}

fn error(file: &FileMeta, scanner: &'static str, message: String) -> CheckError {
    CheckError {
        path: Some(file.path.clone()),
        scanner,
        message,
        help: "leave it out with `exclude` in hookd.toml if it need not be checked".to_owned(),
        fatal: true,
    }
}

fn windows(
    plan: &Plan<'_>,
    file: &FileMeta,
    takers: &[usize],
    result: &mut FileResult,
) -> Result<(), String> {
    let mut stream = read::stream(file, plan.blobs)?;
    let base = BlobBase {
        blobs: None,
        ids: &[],
    };
    let mut buffer: Vec<u8> = Vec::with_capacity(WINDOW);
    let mut origin = Position::START;
    loop {
        let kept = buffer.len();
        let room = (WINDOW - kept) as u64;
        let count = (&mut stream)
            .take(room)
            .read_to_end(&mut buffer)
            .map_err(|error| error.to_string())?;
        result.bytes += count as u64;
        let is_last = count < WINDOW - kept;
        // The size is what has been seen: that of standard input is not known, and a file may grow while it is read.
        let part = FileMeta {
            size: origin.byte + buffer.len() as u64 + u64::from(!is_last),
            ..file.clone()
        };
        let source = SourceFile::window(&part, &buffer, origin, &base);
        let before = result.findings.len();
        for &at in takers {
            scan_source(plan, at, &source, result);
        }
        hide(&source, result, before);
        if is_last {
            result.read = true;
            return Ok(());
        }
        let next = cut(&buffer);
        origin = source.position(next);
        buffer.drain(..next);
    }
}

/// Where the next window starts: at a line start in the overlap, or at its beginning where it is one long line.
fn cut(window: &[u8]) -> usize {
    let from = window.len() - OVERLAP;
    memchr::memchr(b'\n', &window[from..window.len() - OVERLAP / 2])
        .map_or(from, |at| from + at + 1)
}
