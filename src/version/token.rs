//! Pieces that several orderings are made of.
