//! Text as bytes: lines and columns, binary content, globs, safe printing.

mod binary;
mod lines;

pub use binary::is_binary;
pub use lines::LineIndex;
