//! Configurations of pre-commit and prek, run as they are: read, completed by the manifests of their hook repositories, and
//! turned into hookd's own checks and commands.

mod builtin;
mod cache;
mod clone;
mod comments;
mod docker;
mod document;
mod environment;
mod gc;
mod grep;
mod keys;
mod known;
mod leaks;
mod manifest;
mod message;
mod node;
mod plan;
mod prepare;
mod resolve;
mod tags;
mod toml;
mod tool;
mod update;
mod written;
mod yaml;

pub use cache::{Cache, Entry};
pub use clone::head_of;
pub use comments::{Comment, comments, tree};
pub use document::{Document, FILE_NAMES, Origin, Repo};
pub use gc::{Cleared, clear};
pub use keys::HookKeys;
pub use node::{Placed, Source};
pub use plan::{Planned, Settings, Work, about, plan};
pub use prepare::{Unready, fetch, offered, prepare};
pub use tool::{Failed, Tools};
pub use update::{Moved, Update, Wish, update};
pub use written::{Written, written};
