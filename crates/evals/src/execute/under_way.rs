//! The attempts that are being made at this moment.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Work;
use crate::suite::{AttemptId, ConcreteCase};

/// The attempts that are being made at this moment. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct UnderWay(Arc<Mutex<BTreeMap<AttemptId, Arc<ConcreteCase>>>>);

/// An attempt is under way until this is dropped.
pub(super) struct Making {
    of: UnderWay,
    id: AttemptId,
}

impl UnderWay {
    /// The titles of their cases, each once, at most so many.
    #[must_use]
    pub fn titles(&self, most: usize) -> Vec<String> {
        let mut titles: Vec<String> = self
            .lock()
            .values()
            .map(|case| case.title.clone())
            .collect();
        titles.sort_unstable();
        titles.dedup();
        titles.truncate(most);
        titles
    }

    pub(super) fn begin(&self, work: &Work) -> Making {
        self.lock().insert(work.id.clone(), Arc::clone(&work.case));
        Making {
            of: self.clone(),
            id: work.id.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<AttemptId, Arc<ConcreteCase>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        self.of.lock().remove(&self.id);
    }
}
