//! Configurations of gitleaks and betterleaks, read as they are and run as gitleaks 8 runs them.
//!
//! What each key means was taken from <https://github.com/gitleaks/gitleaks#configuration> and from how gitleaks behaves.
//! `docs/scanners/secrets.md` lists what differs.

mod allowlist;
mod class;
mod config;
mod detector;
mod exact;
mod fragment;
mod keys;
mod passes;
mod pattern;
mod shown;
mod syntax;
mod written;

pub use allowlist::Place;
pub use config::{Config, load};
pub use detector::{Hit, Scanned};

use std::ops::Range;

/// A mistake in a configuration, with all that is needed to show it in its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The file, as it was named.
    pub file: String,
    /// Its text; empty where it could not be read.
    pub text: String,
    /// The bytes of the text that are wrong.
    pub span: Range<usize>,
    /// What is wrong with them.
    pub message: String,
}

#[cfg(test)]
mod tests;
