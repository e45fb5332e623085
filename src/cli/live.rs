//! What is shown while commands run: a moving line on a terminal, else a line now and then.

use crate::command::{CommandProgress, Hook, HookResult};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write;
use std::time::{Duration, Instant};

/// How long nothing is said.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is said again without a terminal.
const REMINDER: Duration = Duration::from_secs(10);

/// The progress of commands.
pub(super) struct Live {
    shown: bool,
    terminal: bool,
    began: Instant,
    said: Option<(Instant, String)>,
    bar: Option<ProgressBar>,
}

impl Live {
    /// Shows something if `shown`.
    pub(super) fn new(shown: bool) -> Self {
        Self {
            shown,
            terminal: console::user_attended_stderr(),
            began: Instant::now(),
            said: None,
            bar: None,
        }
    }

    /// Takes the line away.
    pub(super) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn show(&mut self, text: &str) {
        if self.terminal {
            let bar = self.bar.get_or_insert_with(spinner);
            bar.set_message(text.to_owned());
            bar.tick();
            return;
        }
        let is_news = self
            .said
            .as_ref()
            .is_none_or(|(when, what)| what != text || when.elapsed() > REMINDER);
        if is_news {
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(std::io::stderr().lock(), "hookd: running {text}");
            self.said = Some((Instant::now(), text.to_owned()));
        }
    }
}

impl CommandProgress for Live {
    fn started(&mut self, _: &Hook) {}

    fn finished(&mut self, _: &HookResult) {}

    fn tick(&mut self, running: &[(&Hook, Duration)]) {
        if !self.shown || running.is_empty() || self.began.elapsed() < PATIENCE {
            return;
        }
        let names: Vec<&str> = running.iter().map(|(hook, _)| hook.name.as_str()).collect();
        self.show(&crate::text::printable(&names.join(", ")));
    }
}

fn spinner() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("  {spinner} {elapsed} {msg}") {
        bar.set_style(style);
    }
    bar
}
