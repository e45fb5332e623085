//! Reading and matching of ignore files.
