//! Runs in the background: whoever starts one is told whether it began.

use std::sync::{Arc, Mutex, PoisonError};

use slipway_agent::ports::observer::Observer;
use slipway_contract::event::RunEvent;
use slipway_contract::{ErrorCode, Problem, RunId};
use tokio::sync::{broadcast, oneshot};

use super::RunReport;
use crate::App;

/// Sends a background run's events to whoever watches.
struct Broadcast(broadcast::Sender<RunEvent>);

impl Observer for Broadcast {
    fn event(&self, event: &RunEvent) {
        // Nobody watching is no error.
        let _ = self.0.send(event.clone());
    }
}

/// Tells once that something was journalled.
struct Begun {
    inner: Arc<dyn Observer>,
    tell: Mutex<Option<oneshot::Sender<()>>>,
}

impl Observer for Begun {
    fn event(&self, event: &RunEvent) {
        self.inner.event(event);
        if event.seq.is_none() {
            return;
        }
        let mut tell = self.tell.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tell) = tell.take() {
            // The one who asked may have gone.
            let _ = tell.send(());
        }
    }
}

impl App {
    pub(crate) fn broadcast(&self) -> Arc<dyn Observer> {
        Arc::new(Broadcast(self.events().clone()))
    }

    /// Drives a run in a task of its own. Returns when the journal has its first event from there,
    /// so that a run which cannot begin is an error of the one who wants it.
    pub(super) async fn in_background<F>(
        &self,
        run: RunId,
        drive: impl FnOnce(Arc<dyn Observer>) -> F,
    ) -> Result<(), Problem>
    where
        F: Future<Output = Result<RunReport, Problem>> + Send + 'static,
    {
        let (tell, begun) = oneshot::channel();
        let driven = drive(Arc::new(Begun {
            inner: self.broadcast(),
            tell: Mutex::new(Some(tell)),
        }));
        let task = tokio::spawn(async move {
            driven.await.map(drop).inspect_err(|problem| {
                tracing::error!(%run, %problem, "a run could not be driven on");
            })
        });
        tokio::select! {
            biased;
            Ok(()) = begun => Ok(()),
            ended = task => ended.unwrap_or_else(|error| {
                let message = format!("the run {} could not be driven: {error}", run.short());
                Err(Problem::new(ErrorCode::Internal, message))
            }),
        }
    }
}
