//! The process is killed, or the disk fails, at every single step.

use super::*;
