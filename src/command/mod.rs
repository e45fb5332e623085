//! External commands: the hooks as configured, which files they get, in which batches, running them, their output.

mod filter;
mod order;
mod pattern;
mod read;
mod spec;
mod stage;
mod tags;
mod written;

pub use filter::{Candidate, FileFilter, Rejection};
pub use pattern::Globs;
pub use read::read_hooks;
pub use spec::{CommandLine, GitOperation, Hook, PassFilenames};
pub use stage::{STAGES, stage};
pub use tags::{HEAD, Tags, all_tags, tags_of};

#[cfg(test)]
mod tests;
