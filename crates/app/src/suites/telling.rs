//! Test runs that this process makes: how far they are, and how they are stopped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slipway_agent::driver::Control;
use slipway_contract::id::ReportId;
use slipway_contract::test::TestProgress;
use tokio::sync::broadcast;

/// How many steps of progress the window may be behind: only the last matters.
const BACKLOG: usize = 64;

/// The test runs of this process.
#[derive(Clone)]
pub(crate) struct Testing {
    under_way: Arc<Mutex<HashMap<ReportId, (TestProgress, Control)>>>,
    told: broadcast::Sender<TestProgress>,
}

impl Default for Testing {
    fn default() -> Self {
        let (told, _) = broadcast::channel(BACKLOG);
        Self {
            under_way: Arc::default(),
            told,
        }
    }
}

/// A test run is under way until this is dropped.
pub(super) struct UnderWay {
    testing: Testing,
    report: ReportId,
}

impl Testing {
    fn lock(&self) -> MutexGuard<'_, HashMap<ReportId, (TestProgress, Control)>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self, progress: &TestProgress, control: Control) -> UnderWay {
        self.lock()
            .insert(progress.report, (progress.clone(), control));
        self.tell(progress);
        UnderWay {
            testing: self.clone(),
            report: progress.report,
        }
    }

    pub(super) fn tell(&self, progress: &TestProgress) {
        if let Some((known, _)) = self.lock().get_mut(&progress.report) {
            known.clone_from(progress);
        }
        // Nobody need listen.
        let _ = self.told.send(progress.clone());
    }

    pub(super) fn progress(&self, report: ReportId) -> Option<TestProgress> {
        self.lock()
            .get(&report)
            .map(|(progress, _)| progress.clone())
    }

    pub(super) fn control(&self, report: ReportId) -> Option<Control> {
        self.lock().get(&report).map(|(_, control)| control.clone())
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<TestProgress> {
        self.told.subscribe()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.testing.lock().remove(&self.report);
    }
}
