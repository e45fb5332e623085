//! From the configurations of other hook managers, and from what a repository has, to a `hookd.toml`.

mod commands;
mod draft;
mod find;
mod globs;
mod husky;
mod lefthook;
mod oldglob;
mod other;
mod precommit;
mod quote;
mod remarks;
mod starter;

pub use draft::Left;
pub use find::find;
pub use other::{Other, Selector, from_other, selectors};
pub use precommit::from_precommit;
pub use starter::{Facts, starter};

/// Where a hook of the old configuration went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To the `[[hook]]` with this id.
    Hook(String),
    /// To this check of the hygiene scanner.
    Check(&'static str),
    /// To this scanner.
    Scanner(&'static str),
    /// It was left out.
    Nowhere,
}

/// What came of a configuration.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The text of the new `hookd.toml`.
    pub text: String,
    /// What could not be converted.
    pub left: Vec<Left>,
    /// What is converted and wants a word: programs that must be installed, keys that nothing needs any more.
    pub notes: Vec<String>,
    /// Where each hook went, in the order of the old configuration.
    pub targets: Vec<Target>,
}
