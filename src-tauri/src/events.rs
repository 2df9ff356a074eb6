//! Run events on their way to the window, in order and without holding a run up.

use std::time::Duration;

use slipway_app::{App, fit_for_window};
use slipway_contract::command::{RUN_EVENTS, RUN_EVENTS_MISSED, RUNS_CHANGED, TESTS_CHANGED};
use slipway_contract::event::RunEvent;
use slipway_contract::test::TestProgress;
use tauri::{AppHandle, Emitter as _};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::window::MAIN;

/// The most events of one message, so that a fast run cannot make one that blocks the page.
const MOST: usize = 256;

/// How long events are gathered after a message: half a frame. A message costs the page more than the events in it, and
/// a fast model says several words in this time.
const GATHERED: Duration = Duration::from_millis(8);

/// Sends events to the window until the application is gone.
pub(crate) fn forward(window: AppHandle, mut events: Receiver<RunEvent>) {
    tauri::async_runtime::spawn(async move {
        loop {
            let (batch, missed) = match events.recv().await {
                Ok(first) => more(first, &mut events),
                Err(RecvError::Lagged(_)) => (Vec::new(), true),
                Err(RecvError::Closed) => return,
            };
            let mut batch = batch;
            // A result of megabytes would hold the page up: what is long is asked for piece by piece.
            batch.iter_mut().for_each(fit_for_window);
            if !batch.is_empty() {
                send(&window, &batch);
            }
            if missed && let Err(error) = window.emit_to(MAIN, RUN_EVENTS_MISSED, ()) {
                tracing::warn!(%error, "the window could not be told that it missed events");
            }
            tokio::time::sleep(GATHERED).await;
        }
    });
}

/// Tells the window of runs that other processes drive, until the application is gone.
pub(crate) fn follow_elsewhere(window: AppHandle, app: App) {
    tauri::async_runtime::spawn(async move {
        let mut elsewhere = match app.elsewhere().await {
            Ok(elsewhere) => elsewhere,
            Err(problem) => {
                return tracing::warn!(%problem, "runs of other processes are not followed");
            }
        };
        loop {
            let changed = tokio::select! {
                changed = elsewhere.next() => changed,
                // Nobody may have the data open that is replaced.
                () = app.closing() => return,
            };
            match serde_json::to_string(&changed) {
                Ok(text) => {
                    if let Err(error) = window.emit_to(MAIN, RUNS_CHANGED, text) {
                        tracing::warn!(%error, "the window could not be told that runs changed");
                    }
                }
                Err(error) => tracing::error!(%error, "ids of runs could not be written"),
            }
        }
    });
}

/// Tells the window how far test runs are, until the application is gone.
pub(crate) fn forward_tests(window: AppHandle, mut told: Receiver<TestProgress>) {
    tauri::async_runtime::spawn(async move {
        loop {
            let progress = match told.recv().await {
                Ok(progress) => progress,
                // Only the last matters.
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            };
            match serde_json::to_string(&progress) {
                Ok(text) => {
                    if let Err(error) = window.emit_to(MAIN, TESTS_CHANGED, text) {
                        tracing::warn!(%error, "the window could not be told how far tests are");
                    }
                }
                Err(error) => tracing::error!(%error, "a progress could not be written"),
            }
        }
    });
}

/// The events that wait behind the first one, and whether some were dropped before they were read.
fn more(first: RunEvent, events: &mut Receiver<RunEvent>) -> (Vec<RunEvent>, bool) {
    let mut batch = vec![first];
    while batch.len() < MOST {
        match events.try_recv() {
            Ok(event) => batch.push(event),
            Err(TryRecvError::Lagged(_)) => return (batch, true),
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    (batch, false)
}

fn send(window: &AppHandle, batch: &[RunEvent]) {
    // As text: a page would read numbers as JavaScript does.
    match serde_json::to_string(batch) {
        Ok(text) => {
            if let Err(error) = window.emit_to(MAIN, RUN_EVENTS, text) {
                tracing::warn!(%error, "run events could not be sent to the window");
            }
        }
        Err(error) => tracing::error!(%error, "run events could not be written"),
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::event::EventKind;
    use slipway_contract::{RunId, StepId, Timestamp};
    use tokio::sync::broadcast;

    use super::*;

    fn delta(index: u64) -> RunEvent {
        let kind = EventKind::ModelDelta {
            step: StepId(1),
            index,
            text: "x".to_owned(),
        };
        RunEvent {
            run_id: RunId::from_random([1; 10]),
            at: Timestamp::UNIX_EPOCH,
            seq: None,
            kind,
        }
    }

    #[test]
    fn what_waits_goes_together_in_order() {
        let (sender, mut events) = broadcast::channel(1_024);
        for index in 0..600 {
            sender.send(delta(index)).unwrap();
        }
        let mut seen = Vec::new();
        while let Ok(first) = events.try_recv() {
            let (batch, missed) = more(first, &mut events);
            assert!(batch.len() <= MOST && !missed);
            seen.extend(batch);
        }
        assert_eq!(seen, (0..600).map(delta).collect::<Vec<_>>());
    }

    #[test]
    fn a_window_that_fell_behind_is_told() {
        let (sender, mut events) = broadcast::channel(4);
        sender.send(delta(0)).unwrap();
        let first = events.try_recv().unwrap();
        for index in 1..20 {
            sender.send(delta(index)).unwrap();
        }
        let (batch, missed) = more(first, &mut events);
        assert_eq!((batch, missed), (vec![delta(0)], true));
    }
}
