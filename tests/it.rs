//! The one integration-test binary: scenarios drive the built program in sandboxed repositories.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod architecture;
mod bad_input;
mod bombs;
mod cli;
mod commits;
mod complexity;
mod doctor;
mod documentation;
mod examples;
mod fixes;
mod git_states;
mod guard;
mod history;
mod hooks;
mod ignores;
mod install;
mod kit;
mod layers;
mod ledger;
mod lockfiles;
mod message;
mod migrate;
mod precommit;
mod reports;
mod start;
