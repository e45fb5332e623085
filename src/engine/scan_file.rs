//! One file through every scanner that takes it.

use super::base::BlobBase;
use super::hide::hide;
use super::scan_source::{FileResult, scan_source};
use super::{Plan, read, window};
use crate::model::{CheckError, FileMeta};
use crate::scan::SourceFile;

/// Reads `file` once and hands it to the checks at the positions `takers` of the plan.
pub(super) fn scan_file(plan: &Plan<'_>, file: &FileMeta, takers: &[usize]) -> FileResult {
    if file.size > window::LARGE {
        return window::scan_large(plan, file, takers);
    }
    let mut result = FileResult {
        path: Some(file.path.clone()),
        ..FileResult::default()
    };
    let read = read::with_whole(file, plan.blobs, |bytes| {
        scan_bytes(plan, file, bytes, takers, &mut result);
    });
    if let Err(reason) = read {
        result.errors.push(CheckError {
            path: Some(file.path.clone()),
            scanner: "",
            message: format!("not checked: {reason}"),
            help: "make it readable, or leave it out with `exclude` in hookd.toml".to_owned(),
            fatal: true,
        });
    }
    result
}

fn scan_bytes(
    plan: &Plan<'_>,
    file: &FileMeta,
    bytes: &[u8],
    takers: &[usize],
    result: &mut FileResult,
) {
    result.read = true;
    result.bytes = bytes.len() as u64;
    let base = BlobBase {
        blobs: plan.blobs,
        ids: &file.bases,
    };
    let source = SourceFile::new(file, bytes, &base);
    for &at in takers {
        scan_source(plan, at, &source, result);
    }
    if plan.shown.is_none() {
        hide(&source, result, 0);
    }
}
