//! A progress bar for work that takes longer than a second, on a terminal only.

use crate::{advisory, engine};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// The bar of a piece of work. One bar can show several pieces, one after the other.
pub(super) struct Bar {
    shown: bool,
    state: Mutex<State>,
}

struct State {
    began: Instant,
    what: String,
    total: u64,
    done: u64,
    bar: Option<ProgressBar>,
}

impl Bar {
    /// A bar that appears on standard error if `wanted` and that is a terminal.
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            shown: wanted && console::user_attended_stderr(),
            state: Mutex::new(State {
                began: Instant::now(),
                what: String::new(),
                total: 0,
                done: 0,
                bar: None,
            }),
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        if self.shown {
            change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn restart(&self, total: u64) {
        self.clear();
        self.change(|state| {
            state.total = total;
            state.done = 0;
        });
    }

    fn name(&self, what: &str) {
        self.change(|state| what.clone_into(&mut state.what));
    }

    fn step(&self, by: u64) {
        self.change(|state| {
            state.done += by;
            if state.began.elapsed() > PATIENCE {
                let (total, what) = (state.total, &state.what);
                let bar = state
                    .bar
                    .get_or_insert_with(|| bar(total).with_message(what.clone()));
                bar.set_position(state.done);
            }
        });
    }

    fn clear(&self) {
        self.change(|state| {
            if let Some(bar) = state.bar.take() {
                bar.finish_and_clear();
            }
        });
    }
}

impl engine::Progress for Bar {
    fn start(&self, _: usize, bytes: u64) {
        self.restart(bytes);
    }

    fn advance(&self, bytes: u64) {
        self.step(bytes);
    }

    fn finish(&self) {
        self.clear();
    }
}

impl advisory::Progress for Bar {
    fn start(&self, what: &str, total: Option<u64>) {
        self.restart(total.unwrap_or(0));
        self.name(what);
    }

    fn advance(&self, by: u64) {
        self.step(by);
    }

    fn finish(&self) {
        self.clear();
    }
}

fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    if let Ok(style) =
        ProgressStyle::with_template("  {bar:30} {bytes}/{total_bytes} {elapsed} {msg}")
    {
        bar.set_style(style);
    }
    bar
}
