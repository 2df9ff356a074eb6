//! The application behind the window, opened once.

use slipway_app::{App, Home};
use slipway_contract::Problem;
use tauri::{AppHandle, Manager as _};
use tokio::sync::OnceCell;

use crate::events;

/// The application behind the window.
#[derive(Default)]
pub(crate) struct Host(OnceCell<App>);

impl Host {
    /// The application; opened when it is not yet, so that "Try again" can help after a failure.
    ///
    /// # Errors
    /// The data cannot be opened.
    pub(crate) async fn app(&self, window: &AppHandle) -> Result<&App, Problem> {
        self.0
            .get_or_try_init(|| async {
                let app = App::open(Home::find()?).await?;
                events::forward(window.clone(), app.watch());
                events::follow_elsewhere(window.clone(), app.clone());
                Ok(app)
            })
            .await
    }

    /// The application, if it was opened.
    pub(crate) fn opened(&self) -> Option<&App> {
        self.0.get()
    }
}

/// Opens the application while the window loads its pages. A failure shows where a page asks.
pub(crate) fn open_early(window: &AppHandle) {
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(problem) = window.state::<Host>().app(&window).await {
            tracing::error!(%problem, "the data could not be opened");
        }
    });
}
