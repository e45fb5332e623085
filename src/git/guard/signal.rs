//! Interruptions: INT, TERM and HUP only set a flag, so that the worktree is put back before hookd ends.

use std::sync::Once;
use std::sync::atomic::{AtomicI32, Ordering};

static CAUGHT: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(signal: libc::c_int) {
    // The first one says how hookd ends; later ones change nothing, however often the key is pressed.
    let _ = CAUGHT.compare_exchange(0, signal, Ordering::SeqCst, Ordering::SeqCst);
}

/// From now on INT, TERM and HUP are noted instead of ending the process. Calling it again does nothing. A signal that
/// was ignored when hookd started (`nohup`) stays ignored. Processes that hookd starts have the default again.
pub fn install_handlers() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
            install(signal);
        }
    });
}

fn install(signal: libc::c_int) {
    // SAFETY: a zeroed `sigaction` is valid, and the handler does nothing but one atomic operation. No SA_RESTART:
    // waiting calls return, so that the flag is looked at; the standard library retries where that matters.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(signal, std::ptr::null(), &raw mut action) == 0
            && action.sa_sigaction == libc::SIG_IGN
        {
            return;
        }
        action.sa_sigaction = note as extern "C" fn(libc::c_int) as libc::sighandler_t;
        action.sa_flags = 0;
        libc::sigemptyset(&raw mut action.sa_mask);
        libc::sigaction(signal, &raw const action, std::ptr::null_mut());
    }
}

/// Whether a signal has asked hookd to end.
#[must_use]
pub fn interrupted() -> bool {
    interrupting_signal().is_some()
}

/// The signal that has asked hookd to end first.
#[must_use]
pub fn interrupting_signal() -> Option<i32> {
    Some(CAUGHT.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
}
