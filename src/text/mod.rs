//! Text as bytes: lines and columns, binary content, globs, safe printing.

mod binary;
mod glob;
mod lines;
mod printable;

pub use binary::is_binary;
pub use glob::PathSet;
pub use lines::LineIndex;
pub use printable::printable;
