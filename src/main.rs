//! The hookd binary.
//!
//! With glibc it starts without Rust's own runtime. That reads the map of the whole process, so that a stack overflow of the
//! first thread has a message of its own: 0.2 ms, a tenth of what a start costs, while every nesting that a file can hold is
//! bounded. What else that runtime does at its start is done here.

#![cfg_attr(all(target_os = "linux", target_env = "gnu"), no_main)]

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn main() -> std::process::ExitCode {
    hookd::cli::main(std::env::args_os()).into()
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod start {
    use std::ffi::{c_char, c_int};
    use std::io::Write;

    /// What a Rust program ends with when it panics.
    const PANICKED: c_int = 101;

    #[allow(unsafe_code)]
    // SAFETY: no other function of the program has this name; the system calls it as C does.
    #[unsafe(no_mangle)]
    extern "C" fn main(_count: c_int, _words: *const *const c_char) -> c_int {
        open_standard_streams();
        // A reader that went away is an error of the write, not the end of the process.
        // SAFETY: no other thread runs yet, and ignoring a signal runs no code.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
        let exit = std::panic::catch_unwind(|| hookd::cli::main(std::env::args_os()));
        // Where it cannot be written there is nobody to tell.
        let _ = std::io::stdout().flush();
        exit.map_or(PANICKED, |exit| c_int::from(exit.code()))
    }

    /// Opens what the caller closed of the standard streams, so that no file that is opened later takes its place and gets
    /// what is printed.
    #[allow(unsafe_code)]
    fn open_standard_streams() {
        for stream in 0..3 {
            // SAFETY: both calls take numbers and a constant path.
            unsafe {
                if libc::fcntl(stream, libc::F_GETFD) == -1 {
                    libc::open(c"/dev/null".as_ptr(), libc::O_RDWR);
                }
            }
        }
    }
}
