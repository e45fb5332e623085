//! External commands: the hooks as configured, which files they get, in which batches, running them, their output.

mod batch;
mod call;
mod capture;
mod environment;
mod execute;
mod filter;
mod job;
mod locks;
mod order;
mod pattern;
mod process;
mod program;
mod python;
mod read;
mod result;
mod schedule;
mod spec;
mod stage;
mod state;
mod tags;
mod written;

pub use batch::{Limits, batches};
pub use environment::{Environment, binds_to_repository};
pub use execute::{Done, Exit, Invocation, execute};
pub use filter::{Candidate, FileFilter, Rejection};
pub use job::Job;
pub use pattern::{GivenUp, Globs, Pattern};
pub use program::{MissingProgram, find_program, missing_program, working_dir};
pub use python::{PythonFilter, PythonPattern};
pub use read::{read_default_hook_types, read_hooks};
pub use result::{HookResult, HookStatus, SkipReason};
pub use schedule::{Around, CommandProgress, RunContext, run_hooks};
pub use spec::{CommandLine, GitOperation, Hook, PassFilenames};
pub use stage::{RECEIVER_STAGES, STAGES, cannot_stand_for, stage};
pub use tags::{HEAD, Tags, all_tags, tags_of};

#[cfg(test)]
mod tests;
