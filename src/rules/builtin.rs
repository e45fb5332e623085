//! The rules that come with hookd: `hooks/rules/secrets`, read when hookd is built.

use super::{Check, Class, Matcher, Profile, Rule};
use crate::model::Severity;

include!(concat!(env!("OUT_DIR"), "/secret_rules.rs"));

/// Every rule of the built-in pack, sorted by id.
#[must_use]
pub fn builtin() -> &'static [Rule] {
    RULES
}
