//! The last line of a report: what was found, how much was looked at, how long it took.

use crate::model::{Check, CheckKind, CheckStatus, Mode, Outcome};
use std::time::Duration;

/// "2 findings block this commit (secrets 1, audit 1)", "1 warning", "10 files, 12.3 kB, 8 ms".
pub(super) fn parts(outcome: &Outcome) -> Vec<String> {
    let summary = &outcome.summary;
    let failed = outcome.checks.iter().filter(|check| {
        check.kind == CheckKind::Hook
            && matches!(check.status, CheckStatus::Failed | CheckStatus::Modified)
    });
    let some = |number: usize, word: &str, what: &str| {
        (number > 0).then(|| format!("{}{what}", count(number, word)))
    };
    let parts = [
        (summary.blocking > 0).then(|| blocking(outcome)),
        some(failed.count(), "hook", " failed"),
        some(summary.findings - summary.blocking, "warning", ""),
        some(summary.suppressed, "accepted finding", ""),
        some(summary.existing, "finding", " there before"),
        some(summary.errors, "thing", " not checked"),
    ];
    let mut parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        parts.push("nothing found".to_owned());
    }
    parts.extend(some(summary.fixed, "finding", " gone"));
    parts.push(format!(
        "{}, {}",
        looked_at(outcome),
        time(summary.duration)
    ));
    parts
}

/// "10 files, 12.3 kB"; "3 hooks" where commands alone ran: hookd itself reads no file for them.
fn looked_at(outcome: &Outcome) -> String {
    let summary = &outcome.summary;
    let is_run =
        |check: &&Check| check.kind == CheckKind::Hook && check.status != CheckStatus::Skipped;
    let hooks = outcome.checks.iter().filter(is_run).count();
    if summary.files == 0 && hooks > 0 {
        return count(hooks, "hook");
    }
    format!("{}, {}", count(summary.files, "file"), size(summary.bytes))
}

fn blocking(outcome: &Outcome) -> String {
    let number = outcome.summary.blocking;
    let verb = if number == 1 { "blocks" } else { "block" };
    let subject = if outcome.mode == Mode::Staged {
        format!(" {verb} this commit")
    } else {
        String::new()
    };
    format!(
        "{}{subject} ({})",
        count(number, "finding"),
        by_scanner(outcome)
    )
}

fn by_scanner(outcome: &Outcome) -> String {
    let counts = outcome.checks.iter().filter_map(|check| {
        let own = outcome
            .findings
            .iter()
            .filter(|finding| {
                finding.blocking && (finding.scanner == check.id || finding.rule == check.id)
            })
            .count();
        (own > 0).then(|| format!("{} {own}", check.id))
    });
    counts.collect::<Vec<_>>().join(", ")
}

pub(super) fn count(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

pub(super) fn time(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    match ms {
        ..10.0 => format!("{ms:.1} ms"),
        ..1000.0 => format!("{ms:.0} ms"),
        _ => format!("{:.1} s", ms / 1e3),
    }
}
