//! Configuration: as written in TOML files, with exact places for errors, and as meant.

mod error;
mod section;
mod suggest;

pub use error::ConfigError;
pub use section::{Common, Section, SectionKeys};
pub use suggest::suggest;
