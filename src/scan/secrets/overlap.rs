//! One finding for each secret, however many rules match it.

use super::judge::Candidate;
use crate::rules::Class;
use std::ops::Range;

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

/// Takes out what only looks like a secret to the rules that know no issuer, where the rule of its issuer has `refused` it.
pub(super) fn heed(refused: &[Range<usize>], found: &mut Vec<Candidate>) {
    found.retain(|candidate| {
        let same = |other: &Range<usize>| {
            other.start < candidate.secret.end && candidate.secret.start < other.end
        };
        candidate.rule.class > Class::Generic || !refused.iter().any(same)
    });
}

fn rank(candidate: &Candidate) -> (Class, usize) {
    (candidate.rule.class, candidate.secret.len())
}
