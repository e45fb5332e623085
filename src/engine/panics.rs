//! Panics in scanners: caught, and reported by place only, because a panic's text may quote the file.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Makes panics in scanners silent; others are printed as before. Call it once a process.
pub fn keep_panics_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if CATCHING.get() {
                PLACE.set(
                    info.location()
                        .map(|place| format!("{}:{}", place.file(), place.line())),
                );
            } else {
                before(info);
            }
        }));
    });
}

/// Runs `work`; where it panics, gives the place in hookd's source instead.
///
/// # Errors
/// The file and line of the panic.
pub(super) fn catching<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    CATCHING.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(false);
    result.map_err(|_| {
        PLACE
            .take()
            .unwrap_or_else(|| "an unknown place".to_owned())
    })
}
