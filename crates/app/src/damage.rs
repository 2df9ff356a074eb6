//! A database that turns out to be damaged while it is open. Opening it reads only its beginning,
//! so damage in its middle shows when something that lies there is needed.
//!
//! What was found is written down beside the database, so that no run starts on it any more until
//! it is whole again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use slipway_contract::{ErrorCode, Problem};
use slipway_store::StoreError;

use crate::App;
use crate::snapshots;

/// Whether anything met damage in this process, also where that stopped nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Suspicion(Arc<AtomicBool>);

impl Suspicion {
    /// Something could not be read or written that should have been.
    pub(crate) fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl App {
    /// The problem that a use case ended with, with the way back where the database is damaged.
    /// Whatever of it could not be read or written is reason enough to look.
    pub async fn explained(&self, problem: Problem) -> Problem {
        if problem.code != ErrorCode::Storage {
            return problem;
        }
        match self.look_for_damage().await {
            Some(damage) => Problem {
                message: format!("{}. What failed: {}", damage.message, problem.message),
                ..damage
            },
            None => problem,
        }
    }

    /// The damage that something in this process met without being stopped by it.
    pub async fn damage_met(&self) -> Option<Problem> {
        if self.suspicion().0.load(Ordering::Relaxed) {
            self.look_for_damage().await
        } else {
            None
        }
    }

    /// Refuses to start anything on a database that was found damaged and is not whole again.
    pub(crate) async fn check_database(&self) -> Result<(), Problem> {
        if !self.mark().exists() {
            return Ok(());
        }
        match self.look_for_damage().await {
            Some(damage) => Err(Problem {
                message: format!("{}; nothing was started", damage.message),
                ..damage
            }),
            None => Ok(()),
        }
    }

    /// Whether the database is whole, read through to its end.
    ///
    /// # Errors
    /// What is wrong with it, and the way back.
    pub(crate) async fn check_whole(&self) -> Result<(), Problem> {
        let checked = self.store().check().await;
        self.note(&checked);
        match checked {
            Ok(()) => Ok(()),
            Err(error) => Err(snapshots::explained(self.home(), &error).await),
        }
    }

    /// The damage that reading through the database finds.
    async fn look_for_damage(&self) -> Option<Problem> {
        let checked = self.store().check().await;
        self.note(&checked);
        // Otherwise it is whole, or nobody knows, such as without the right to read it.
        checked.err().filter(StoreError::is_damage)?;
        let place = self.home().database();
        let message = format!("the database {} is damaged", place.display());
        let problem = Problem::new(ErrorCode::Storage, message);
        Some(snapshots::with_way_back(self.home(), problem).await)
    }

    /// Writes down what reading through the database came to.
    fn note(&self, checked: &Result<(), StoreError>) {
        let mark = self.mark();
        match checked {
            Err(error) if error.is_damage() => keep_mark(&mark, error),
            Err(_) => {}
            Ok(()) => {
                // There may be none.
                let _ = std::fs::remove_file(&mark);
            }
        }
    }

    fn mark(&self) -> PathBuf {
        self.home().damage_mark()
    }
}

/// Where it cannot be written the damage is found again.
fn keep_mark(mark: &Path, error: &StoreError) {
    if let Err(error) = std::fs::write(mark, format!("{error}\n")) {
        tracing::debug!(%error, "that the database is damaged could not be written down");
    }
}
