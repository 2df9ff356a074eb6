//! The tray: what waits for a person and what runs; each entry leads to its run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use slipway_app::App;
use slipway_contract::RunId;
use slipway_contract::command::RUNS_CHANGED;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::history::RunQuery;
use slipway_contract::run::{RunState, RunSummary};
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Listener as _};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::menu::{OPEN, QUIT, RUN};
use crate::notices::plain;

const TRAY: &str = "runs";

/// The most runs of a kind that are named.
const MOST: usize = 8;

/// Runs that change in the same moment are read once.
const PAUSE: Duration = Duration::from_millis(200);

/// The newest runs that are looked at.
const RECENT: u32 = 100;

/// Puts Slipway into the tray, where the system has one, and keeps it up to date.
pub(crate) fn watch(window: AppHandle, app: App, mut events: Receiver<RunEvent>) {
    tauri::async_runtime::spawn(async move {
        if !put(&window) {
            return;
        }
        let (tell, mut elsewhere) = tokio::sync::mpsc::channel(1);
        let listening = window.listen_any(RUNS_CHANGED, move |_| {
            // One look is enough for all that changed before it.
            let _ = tell.try_send(());
        });
        loop {
            refresh(&window, &app).await;
            tokio::select! {
                changed = next(&mut events) => if !changed { break },
                _ = elsewhere.recv() => {}
                // Nobody may have the data open that is replaced.
                () = app.closing() => break,
            }
            tokio::time::sleep(PAUSE).await;
        }
        window.unlisten(listening);
    });
}

/// Waits until the lists of runs may have changed; false when there is nothing more to wait for.
async fn next(events: &mut Receiver<RunEvent>) -> bool {
    loop {
        match events.recv().await {
            Ok(event) if is_of_interest(&event.kind) => return true,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}

/// Whether there is an icon now. The library of the system's trays may be missing; it panics then.
fn put(window: &AppHandle) -> bool {
    let (said, heard) = std::sync::mpsc::channel();
    let handle = window.clone();
    let asked = window.run_on_main_thread(move || {
        let made = catch_unwind(AssertUnwindSafe(|| make(&handle)));
        // Nobody listens only when Slipway ends.
        let _ = said.send(match made {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "there is no tray");
                false
            }
            Err(_) => {
                tracing::warn!("there is no tray: the system's library for it is missing");
                false
            }
        });
    });
    asked.is_ok() && heard.recv().unwrap_or(false)
}

fn make(window: &AppHandle) -> tauri::Result<()> {
    // It is there already when the data was opened anew.
    if window.tray_by_id(TRAY).is_some() {
        return Ok(());
    }
    let mut tray = TrayIconBuilder::with_id(TRAY)
        .tooltip("Slipway")
        .menu(&menu(window, &[])?);
    if let Some(icon) = window.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(window).map(drop)
}

async fn refresh(window: &AppHandle, app: &App) {
    let recent = RunQuery {
        limit: RECENT,
        ..RunQuery::default()
    };
    let entries = match app.list_runs(&recent).await {
        Ok(runs) => entries(&runs),
        Err(problem) => {
            return tracing::debug!(%problem, "the tray could not be brought up to date");
        }
    };
    let handle = window.clone();
    let asked = window.run_on_main_thread(move || {
        let shown = menu(&handle, &entries).and_then(|menu| match handle.tray_by_id(TRAY) {
            Some(tray) => tray.set_menu(Some(menu)),
            None => Ok(()),
        });
        if let Err(error) = shown {
            tracing::warn!(%error, "the tray could not be brought up to date");
        }
    });
    if let Err(error) = asked {
        tracing::debug!(%error, "Slipway is ending");
    }
}

fn is_of_interest(event: &EventKind) -> bool {
    matches!(
        event,
        EventKind::RunStarted { .. }
            | EventKind::RunContinued { .. }
            | EventKind::RunForked { .. }
            | EventKind::RunResumed {}
            | EventKind::RunParked { .. }
            | EventKind::RunFinished { .. }
    )
}

/// A line of the menu about runs.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Run(RunId, String),
    Words(String),
}

/// What waits, then what runs; what came last comes first.
fn entries(runs: &[RunSummary]) -> Vec<Entry> {
    let of = |state: RunState| runs.iter().filter(move |run| run.state() == state);
    let mut entries = Vec::new();
    for (state, words) in [
        (RunState::Parked, "needs you"),
        (RunState::Running, "is running"),
    ] {
        entries.extend(
            of(state)
                .take(MOST)
                .map(|run| Entry::Run(run.id, format!("{} {words}", plain(&run.title)))),
        );
        let more = of(state).count().saturating_sub(MOST);
        if more > 0 {
            entries.push(Entry::Words(format!("and {more} more")));
        }
    }
    if entries.is_empty() {
        entries.push(Entry::Words("Nothing is running".to_owned()));
    }
    entries
}

fn menu(window: &AppHandle, entries: &[Entry]) -> tauri::Result<Menu<tauri::Wry>> {
    let mut menu = MenuBuilder::new(window);
    for entry in entries {
        let item = match entry {
            // An ampersand would mark the letter after it.
            Entry::Run(run, words) => {
                MenuItemBuilder::with_id(format!("{RUN}{run}"), words.replace('&', "&&"))
            }
            Entry::Words(words) => MenuItemBuilder::new(words).enabled(false),
        };
        menu = menu.item(&item.build(window)?);
    }
    menu.separator()
        .text(OPEN, "Open Slipway")
        .text(QUIT, "Quit Slipway")
        .build()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(number: u8, title: &str, status: &str) -> RunSummary {
        serde_json::from_value(json!({
            "id": RunId::from_random([number; 10]), "agent": "clerk", "title": title,
            "version": slipway_contract::ContentHash::from_bytes([1; 32]), "model": "lab/small", "parent": null,
            "status": status, "driven": true, "parked": null, "end": null, "created_at": "2026-01-01T00:00:00Z",
            "finished_at": null, "input": "my secret", "usage": slipway_contract::run::Usage::default(),
            "budget_usd": null,
        }))
        .unwrap()
    }

    fn words(runs: &[RunSummary]) -> Vec<String> {
        let words = |entry| match entry {
            Entry::Run(_, words) | Entry::Words(words) => words,
        };
        entries(runs).into_iter().map(words).collect()
    }

    #[test]
    fn what_waits_comes_before_what_runs_and_the_rest_is_left_out() {
        let runs = [
            run(1, "Clerk", "running"),
            run(2, "Cook", "succeeded"),
            run(3, "Guard", "parked"),
        ];
        assert_eq!(words(&runs), ["Guard needs you", "Clerk is running"]);
        assert!(matches!(entries(&runs)[0], Entry::Run(id, _) if id == runs[2].id));
        assert_eq!(words(&[]), ["Nothing is running"]);
    }

    #[test]
    fn many_runs_do_not_fill_the_screen() {
        let runs: Vec<_> = (0..30)
            .map(|number| run(number, "Clerk", "running"))
            .collect();
        let words = words(&runs);
        assert_eq!(words.len(), MOST + 1);
        assert_eq!(words[MOST], "and 22 more");
    }
}
