//! How far a test run is, on one line of a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use slipway_contract::Usd;
use slipway_contract::test::TestProgress;

/// Characters of the bar.
const BAR: u32 = 24;

/// Shows progress where somebody watches.
pub(super) struct Progress {
    watched: bool,
    shown: AtomicBool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            watched: io::stderr().is_terminal(),
            shown: AtomicBool::new(false),
        }
    }

    pub(super) fn show(&self, told: &TestProgress) {
        if !self.watched || told.over {
            return;
        }
        let filled = (u64::from(told.done) * u64::from(BAR)).checked_div(u64::from(told.of));
        let filled = usize::try_from(filled.unwrap_or(0)).unwrap_or(0);
        let bar: String = "━".repeat(filled) + &"┄".repeat((BAR as usize).saturating_sub(filled));
        let failed = match told.failed {
            0 => String::new(),
            some => format!(", {some} not passed"),
        };
        let cost = match told.cost_usd == Usd::ZERO {
            true => String::new(),
            false => format!(", {}", told.cost_usd.display_run()),
        };
        let line = format!("{bar} {} of {}{failed}{cost}", told.done, told.of);
        // A terminal that is gone is no reason to stop.
        let _ = write!(io::stderr().lock(), "\r\x1b[2K{line}");
        let _ = io::stderr().flush();
        self.shown.store(true, Ordering::Relaxed);
    }

    pub(super) fn clear(&self) {
        if self.shown.swap(false, Ordering::Relaxed) {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
            let _ = io::stderr().flush();
        }
    }
}
