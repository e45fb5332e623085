//! The nouns that every part of hookd shares: pure data, no input or output.

mod file;
mod finding;
mod fingerprint;
mod outcome;
mod rule;
mod severity;
mod sink;
mod span;

pub use file::{Content, FileKind, FileMeta, ObjectId, RepoPath};
pub use finding::{Excerpt, Finding, Novelty};
pub use outcome::{Accepted, Check, CheckKind, CheckStatus, Mode, Outcome, Summary};
pub use rule::RuleDoc;
pub use severity::{Level, Scope, Severity};
pub use sink::{CheckError, Fix, Sink};
pub use span::{AddedLines, LineRange, Position, Span};
