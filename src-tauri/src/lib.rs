//! Slipway's window on the desktop: thin adapters from Tauri to the use cases of `slipway-app`.
//!
//! The pages come from `ui/`; what they ask crosses in one Tauri command, [`dispatch`], and what
//! happens in runs crosses on one stream, [`events`]. Nothing here decides anything.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod commands;
mod dispatch;
mod events;
mod host;
mod logging;
mod quit;
mod window;

use host::Host;

/// Opens the window and serves it until it is closed.
///
/// # Errors
/// The system has no web view, or the window cannot be made.
pub fn run() -> anyhow::Result<()> {
    logging::start();
    let app = tauri::Builder::default()
        .manage(Host::default())
        .manage(commands::all())
        .invoke_handler(tauri::generate_handler![dispatch::dispatch])
        .setup(|app| {
            window::open(app)?;
            host::open_early(app.handle());
            quit::on_signal(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(quit::on_event);
    Ok(())
}
