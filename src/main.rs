//! The hookd binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    hookd::cli::main(std::env::args_os()).into()
}
