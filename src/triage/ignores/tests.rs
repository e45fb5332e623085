//! Which entry speaks for a finding, and what is left when files move.
