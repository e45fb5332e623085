//! The hookd binary.

fn main() {}
