//! Secret rules: the built-in pack, the keyword prefilter, the engine that runs patterns, generated samples.

mod base64;
mod builtin;
mod entropy;
#[allow(dead_code)] // the build script makes the one filter there is, tests make others
mod filter;
mod gitleaks;
mod rule;
mod sample;
mod set;
mod texts;

pub use base64::{decode as decode_base64, encode as encode_base64};
pub use builtin::builtin;
pub use entropy::entropy;
pub use gitleaks::{
    Config as GitleaksConfig, Hit as GitleaksHit, LoadError, Place as GitleaksPlace,
    Scanned as GitleaksScan, load as load_gitleaks,
};
pub use rule::{Check, Class, Matcher, Profile, Rule};
pub use sample::sample;
pub use set::{Match, RuleSet, Tried, compile};
pub use texts::{Text, Texts};

#[cfg(test)]
mod tests;
