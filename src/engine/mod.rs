//! The run itself.
