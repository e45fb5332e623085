//! Faults on purpose: in builds for testing, every step that touches the disk has a number at which a test can kill the
//! process or fill the disk. In release builds nothing of it is left.

use std::io;

/// One step on the disk. `space`: whether the step needs free space, as a write does and a rename does not.
///
/// # Errors
/// The fault that the test asked for.
#[cfg(debug_assertions)]
pub(super) fn step(space: bool) -> io::Result<()> {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};
    static FAULT: OnceLock<Option<(String, usize)>> = OnceLock::new();
    static STEPS: AtomicUsize = AtomicUsize::new(0);
    let fault = FAULT.get_or_init(|| {
        let text = crate::env::var(crate::env::HOOKD_TEST_FAULT)?
            .into_string()
            .ok()?;
        let (kind, number) = text.split_once(':')?;
        Some((kind.to_owned(), number.parse().ok()?))
    });
    let Some((kind, number)) = fault else {
        return Ok(());
    };
    let step = STEPS.fetch_add(1, Ordering::SeqCst) + 1;
    match kind.as_str() {
        "kill" if step == *number => {
            // SAFETY: signals this very process.
            unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
            Ok(())
        }
        "fail" if step == *number => Err(io::Error::from_raw_os_error(libc::EIO)),
        "full" if step >= *number && space => Err(io::Error::from_raw_os_error(libc::ENOSPC)),
        _ => Ok(()),
    }
}

/// One step on the disk.
#[cfg(not(debug_assertions))]
#[allow(clippy::unnecessary_wraps)]
pub(super) const fn step(_space: bool) -> io::Result<()> {
    Ok(())
}
