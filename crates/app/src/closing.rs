//! Closing the data while the program goes on, so that something else can be put in its place.
//!
//! An application that was closed is of no use any more: whoever goes on opens another one, once
//! the work that it was closed for is over.

use std::sync::Arc;
use std::time::Duration;

use slipway_agent::ports::clock::Clock as _;
use slipway_contract::{ErrorCode, Problem};
use slipway_runner::system::SystemClock;
use tokio::sync::watch;

use crate::{App, Home};

/// How long a run may take to end that was told to.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked whether all runs ended.
const LOOK: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    Closing,
    Over,
}

/// Whether the data is open.
#[derive(Debug, Clone)]
pub(crate) struct Closing(Arc<watch::Sender<Phase>>);

impl Default for Closing {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Phase::Open)))
    }
}

/// Says that it is over when it is dropped, whatever happened.
struct Over(Closing);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.0.send_replace(Phase::Over);
    }
}

impl App {
    /// Whether the data is open. Once it is not, it never is again.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self.phase().0.borrow() == Phase::Open
    }

    /// Returns when the data is being closed: whoever reads it all the time lets go of it.
    pub async fn closing(&self) {
        let mut phase = self.phase().0.subscribe();
        // Its sender is held by this very application.
        let _ = phase.wait_for(|phase| *phase != Phase::Open).await;
    }

    /// Returns when the data was closed and may be opened anew.
    pub async fn over(&self) {
        let mut phase = self.phase().0.subscribe();
        let _ = phase.wait_for(|phase| *phase == Phase::Over).await;
    }

    /// Closes the data, does this while nobody here has it open, and says that it is over.
    ///
    /// # Errors
    /// That of the work, or it is being closed already.
    pub(crate) async fn alone<T>(
        &self,
        work: impl AsyncFnOnce(Home) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let begun = self.phase().0.send_if_modified(|phase| {
            let begins = *phase == Phase::Open;
            if begins {
                *phase = Phase::Closing;
            }
            begins
        });
        if !begun {
            let message = "the data is being closed for other work";
            return Err(Problem::new(ErrorCode::Busy, message).help("Try again in a moment."));
        }
        let _over = Over(self.phase().clone());
        self.clone().close().await;
        work(self.home().clone()).await
    }

    /// Refuses while this process drives runs.
    pub(crate) fn check_idle(&self) -> Result<(), Problem> {
        let runs = self.live().len();
        if runs == 0 {
            return Ok(());
        }
        let message = match runs {
            1 => "a run is under way".to_owned(),
            runs => format!("{runs} runs are under way"),
        };
        Err(Problem::new(ErrorCode::Busy, message)
            .help("Cancel what runs, or wait until it is done, and try again."))
    }

    /// Cancels the runs that this process drives, and waits until they ended. One that does not end
    /// in time is let go of.
    pub(crate) async fn end_runs(&self) {
        let clock = SystemClock::default();
        let mut looks = PATIENCE.as_millis() / LOOK.as_millis();
        self.live().cancel_all();
        while !self.live().is_empty() && looks > 0 {
            clock.sleep(LOOK).await;
            looks -= 1;
        }
        self.live().detach_all();
    }
}
