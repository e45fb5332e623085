//! One finding for each secret, however many rules match it.

use super::judge::Candidate;

/// Of candidates that overlap keeps the one of the more certain class, then the longer one.
pub(super) fn resolve(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by_key(|candidate| (candidate.secret.start, candidate.order));
    let mut kept: Vec<Candidate> = Vec::with_capacity(found.len());
    for candidate in found {
        match kept.last_mut() {
            Some(last) if candidate.secret.start < last.secret.end => {
                if rank(&candidate) > rank(last) {
                    *last = candidate;
                }
            }
            _ => kept.push(candidate),
        }
    }
    kept
}

fn rank(candidate: &Candidate) -> (crate::rules::Class, usize) {
    (candidate.rule.class, candidate.secret.len())
}
