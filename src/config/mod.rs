//! Configuration: as written in TOML files, with exact places for errors, and as meant.

mod document;
mod effective;
mod error;
mod section;
mod suggest;

pub use document::{Config, DEFAULT_HOOK_TYPES, Document, Extended, FILE_NAME, LOCAL_FILE_NAME};
pub use effective::{Effective, Origin, Setting};
pub use error::ConfigError;
pub use section::{Common, Section, SectionKeys};
pub use suggest::suggest;
