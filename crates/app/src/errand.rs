//! Long work on the data, one at a time: how far it is, and stopping it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slipway_contract::data::{Errand, ErrandKind};
use slipway_contract::{ErrorCode, Problem};
use slipway_store::Progress;

use crate::App;

/// The work that is under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errands(Arc<Mutex<Option<(ErrandKind, Progress)>>>);

/// The work is under way until this is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay {
    errands: Errands,
    progress: Progress,
}

impl Errands {
    /// Begins work.
    ///
    /// # Errors
    /// Other work is under way.
    pub(crate) fn begin(&self, kind: ErrandKind) -> Result<UnderWay, Problem> {
        let mut place = self.lock();
        if place.is_some() {
            let message = "other work on the data is under way";
            return Err(Problem::new(ErrorCode::Busy, message)
                .help("Wait until it is done, or stop it first."));
        }
        let progress = Progress::default();
        *place = Some((kind, progress.clone()));
        Ok(UnderWay {
            errands: self.clone(),
            progress,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<(ErrandKind, Progress)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UnderWay {
    /// What the work tells how far it is.
    pub(crate) fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        *self.errands.lock() = None;
    }
}

impl App {
    /// The long work on the data that is under way.
    #[must_use]
    pub fn show_errand(&self) -> Option<Errand> {
        let place = self.errands().lock();
        place.as_ref().map(|(kind, progress)| {
            let (done, total) = progress.standing();
            Errand {
                kind: *kind,
                done,
                total,
            }
        })
    }

    /// Stops that work; nothing happens when there is none.
    pub fn stop_errand(&self) {
        if let Some((_, progress)) = &*self.errands().lock() {
            progress.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_gone_when_it_is_over() {
        let errands = Errands::default();
        let first = errands.begin(ErrandKind::Export).unwrap();
        let second = errands.begin(ErrandKind::Verify).unwrap_err();
        assert_eq!(second.code, ErrorCode::Busy);
        drop(first);
        assert!(errands.begin(ErrandKind::Verify).is_ok());
    }
}
