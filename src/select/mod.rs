//! Which files a run looks at, and which of them goes to which scanner.

mod checks;
mod files;

pub use checks::{PreparedCheck, Refusal, Wanted, prepare};
pub use files::{GatherError, Gathered, gather_all, gather_named};
