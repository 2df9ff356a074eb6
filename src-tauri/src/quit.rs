//! Closing Slipway: the runs that it drives are let go of first, so that each can be resumed.

use std::time::Duration;

use tauri::{AppHandle, Manager as _, RunEvent};

use crate::host::Host;

/// A run lets go between two steps; one that cannot in this time is resumed as if it was cut off.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often it is looked whether all runs were let go of.
const LOOK: Duration = Duration::from_millis(20);

/// Lets go of the runs before the process ends.
pub(crate) fn on_event(window: &AppHandle, event: RunEvent) {
    #[cfg(target_os = "macos")]
    if let RunEvent::Opened { urls } = &event {
        let opened: Vec<String> = urls.iter().map(ToString::to_string).collect();
        let shell = window.state::<crate::shell::Shell>();
        crate::arrivals::take(&shell, &opened, std::path::Path::new("/"));
        return shell.show();
    }
    let RunEvent::ExitRequested { api, code, .. } = event else {
        return;
    };
    if let Some(open) = window.get_webview_window(crate::window::MAIN) {
        crate::placement::save(&open);
    }
    let Some(app) = window.state::<Host>().opened() else {
        return;
    };
    if app.live().is_empty() {
        return;
    }
    api.prevent_exit();
    app.live().detach_all();
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        let all_gone = async {
            while !app.live().is_empty() {
                tokio::time::sleep(LOOK).await;
            }
        };
        if tokio::time::timeout(PATIENCE, all_gone).await.is_err() {
            tracing::warn!(
                runs = app.live().len(),
                "some runs were cut off; they can be resumed"
            );
            // Exiting would ask again for as long as a run is left.
            std::process::exit(code.unwrap_or(0));
        }
        window.exit(code.unwrap_or(0));
    });
}

/// A signal to stop is as if the window was closed.
#[cfg(unix)]
pub(crate) fn on_signal(window: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) else {
            return tracing::warn!(
                "signals cannot be heard: runs are cut off when Slipway is told to stop"
            );
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        window.exit(0);
    });
}

/// Other systems close the window itself.
#[cfg(not(unix))]
pub(crate) fn on_signal(_: &AppHandle) {}
