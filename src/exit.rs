//! What the process tells its caller when it ends.

use std::process::ExitCode;

/// How a hookd command ended. The numbers are a contract (`docs/exit-codes.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Nothing to complain of.
    Clean = 0,
    /// Blocking findings, a failed hook, or files modified by one.
    Findings = 1,
    /// The command line, the configuration or the environment is wrong; nothing was judged.
    Usage = 2,
    /// Something could not be checked, so nothing can be said about it.
    Incomplete = 3,
    /// Stopped by a signal from the keyboard.
    Interrupted = 130,
}

impl Exit {
    /// The number handed to the operating system.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
