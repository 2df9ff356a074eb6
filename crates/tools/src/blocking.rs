//! Work that blocks a thread, and that stops when nobody waits for it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use slipway_agent::ports::tool::ToolError;
use tokio::sync::oneshot;

/// Whether the work is still wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Ends the work when it is no longer wanted; nobody reads the error then.
    pub(crate) fn check(&self) -> Result<(), ToolError> {
        if self.is_set() {
            return Err(ToolError::Model("The call was cancelled.".into()));
        }
        Ok(())
    }
}

struct SetOnDrop(Stop);

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Runs the work on a thread for blocking work.
pub(crate) async fn run<T: Send + 'static>(
    work: impl FnOnce(&Stop) -> Result<T, ToolError> + Send + 'static,
) -> Result<T, ToolError> {
    let stop = Stop::default();
    let _set = SetOnDrop(stop.clone());
    tokio::task::spawn_blocking(move || work(&stop))
        .await
        .unwrap_or_else(|error| Err(broke(&error)))
}

/// Runs the work on a thread of its own with a large stack, for parsers that recurse on input
/// that others wrote.
pub(crate) async fn run_deep<T: Send + 'static>(
    work: impl FnOnce(&Stop) -> Result<T, ToolError> + Send + 'static,
) -> Result<T, ToolError> {
    const STACK: usize = 256 * 1024 * 1024;
    let stop = Stop::default();
    let _set = SetOnDrop(stop.clone());
    let (send, receive) = oneshot::channel();
    thread::Builder::new()
        .name("slipway-tool".into())
        .stack_size(STACK)
        .spawn(move || send.send(work(&stop)).is_ok())
        .map_err(|error| ToolError::Fatal(format!("no thread could be started: {error}")))?;
    receive.await.unwrap_or_else(|error| Err(broke(&error)))
}

fn broke(error: &dyn std::error::Error) -> ToolError {
    ToolError::Fatal(format!("the tool itself broke: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn work_that_nobody_waits_for_stops() {
        for deep in [false, true] {
            let (send, stopped) = oneshot::channel();
            let work = move |stop: &Stop| {
                while !stop.is_set() {
                    thread::sleep(Duration::from_millis(1));
                }
                send.send(()).ok();
                Ok(())
            };
            let short = Duration::from_millis(10);
            let waited = if deep {
                tokio::time::timeout(short, run_deep(work)).await
            } else {
                tokio::time::timeout(short, run(work)).await
            };
            assert!(waited.is_err());
            stopped
                .await
                .expect("the work must see that it is no longer wanted");
        }
    }

    #[tokio::test]
    async fn a_panic_ends_the_call_and_not_the_program() {
        let error = run_deep::<()>(|_| panic!("broken")).await.unwrap_err();
        assert!(matches!(error, ToolError::Fatal(_)));
    }
}
