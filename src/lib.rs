//! hookd: git hooks and the scanners that run in them.
//!
//! The binary is a thin shell around [`cli`]; `docs/architecture.md` says how the modules fit together.

pub mod advisory;
pub mod cli;
pub mod command;
pub mod config;
pub mod engine;
pub mod env;
pub mod exit;
pub mod git;
pub mod install;
pub mod lang;
pub mod ledger;
pub mod lockfile;
pub mod migrate;
pub mod model;
pub mod precommit;
pub mod report;
pub mod rules;
pub mod scan;
pub mod select;
pub mod text;
pub mod triage;
pub mod version;
