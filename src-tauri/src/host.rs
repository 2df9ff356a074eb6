//! The application behind the window, opened once, and again after its data was replaced.

use std::sync::{Mutex, PoisonError};

use slipway_app::{App, Home};
use slipway_contract::Problem;
use tauri::{AppHandle, Manager as _};

use crate::shell::Shell;
use crate::{events, notices, tray, window};

/// The application behind the window.
#[derive(Default)]
pub(crate) struct Host {
    app: Mutex<Option<App>>,
    opening: tokio::sync::Mutex<()>,
}

impl Host {
    /// The application; opened when it is not yet, so that "Try again" can help after a failure.
    ///
    /// # Errors
    /// The data cannot be opened.
    pub(crate) async fn app(&self, window: &AppHandle) -> Result<App, Problem> {
        if let Some(open) = self.opened().filter(App::is_open) {
            return Ok(open);
        }
        let _one_opens_it = self.opening.lock().await;
        if let Some(app) = self.opened() {
            if app.is_open() {
                return Ok(app);
            }
            // What its data was closed for needs nobody to have it open.
            app.over().await;
        }
        let app = App::open(Home::find()?).await?;
        events::forward(window.clone(), app.watch());
        events::forward_tests(window.clone(), app.watch_tests());
        events::follow_elsewhere(window.clone(), app.clone());
        let shell = window.state::<Shell>().inner().clone();
        notices::watch(shell, app.clone(), app.watch());
        tray::watch(window.clone(), app.clone(), app.watch());
        *self.app.lock().unwrap_or_else(PoisonError::into_inner) = Some(app.clone());
        Ok(app)
    }

    /// The application, if it was opened.
    pub(crate) fn opened(&self) -> Option<App> {
        // A place is whole whatever panicked.
        let app = self.app.lock().unwrap_or_else(PoisonError::into_inner);
        app.clone()
    }
}

/// Opens the application while the window loads its pages. A failure shows where a page asks.
pub(crate) fn open_early(window: &AppHandle) {
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        match window.state::<Host>().app(&window).await {
            Ok(app) => {
                let preferences = app.preferences().await.unwrap_or_default();
                window::wear(&window, preferences.theme);
            }
            Err(problem) => tracing::error!(%problem, "the data could not be opened"),
        }
        window::has_colours(&window);
    });
}
