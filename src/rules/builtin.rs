//! The rules that come with hookd: `hooks/rules/secrets`, read when hookd is built.

use super::filter::{Entry, Keyword, KeywordFilter};
use super::texts::{Text, Texts};
use super::{Check, Class, Matcher, Profile, Rule};
use crate::model::Severity;
use std::borrow::Cow;

include!(concat!(env!("OUT_DIR"), "/secret_rules.rs"));

/// Every rule of the built-in pack, sorted by id.
#[must_use]
pub fn builtin() -> &'static [Rule] {
    RULES
}

/// The keywords of all rules, ready to be looked for.
pub(super) fn filter() -> &'static KeywordFilter {
    &FILTER
}

/// The places in [`builtin`] of the rules that use a keyword of [`filter`].
pub(super) fn users(keyword: usize) -> impl Iterator<Item = usize> {
    // One behind the other, as a table of lists would be thousands of pointers (see `super::texts`).
    let start = keyword.checked_sub(1).map_or(0, |last| USERS_ENDS[last]);
    let users = &USERS[usize::from(start)..usize::from(USERS_ENDS[keyword])];
    users.iter().copied().map(usize::from)
}
