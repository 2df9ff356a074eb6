//! Slipway's window on the desktop: thin adapters from Tauri to the use cases of `slipway-app`.
//!
//! The pages come from `ui/`; what they ask crosses in one Tauri command, [`dispatch`], and what
//! happens in runs crosses on one stream, [`events`]. Nothing here decides anything.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod arrivals;
mod commands;
mod dialogs;
mod dispatch;
mod events;
mod host;
mod instance;
mod logging;
mod menu;
mod notices;
mod placement;
mod quit;
mod recovery;
mod shell;
mod tray;
mod updater;
mod window;

use host::Host;
use tauri::{App, Wry};

/// Opens the window and serves it until it is closed.
///
/// # Errors
/// The system has no web view, or the window cannot be made.
pub fn run() -> anyhow::Result<()> {
    logging::start();
    let handlers = commands::all();
    let shell = handlers.shell();
    let mut builder = tauri::Builder::<Wry>::new();
    // First, so that a second start ends before it opens anything.
    if let Some(single) = instance::single(shell.clone()) {
        builder = builder.plugin(single);
    }
    #[cfg(target_os = "macos")]
    {
        builder = builder
            .menu(menu::bar)
            .on_web_content_process_terminate(|view| drop(view.reload()));
    }
    let app = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .plugin(tauri_plugin_updater::Builder::new().build())
        .manage(Host::default())
        .manage(window::Curtain::default())
        .manage(shell)
        .manage(handlers)
        .invoke_handler(tauri::generate_handler![dispatch::dispatch])
        .on_window_event(window::on_event)
        .on_menu_event(|window, event| menu::on_choice(window, &event))
        .setup(|app| Ok(start(app)?))
        .build(tauri::generate_context!())?;
    app.run(quit::on_event);
    Ok(())
}

fn start(app: &App) -> anyhow::Result<()> {
    use tauri::Manager as _;

    let shell = app.state::<shell::Shell>();
    shell.attach(app.handle());
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    arrivals::take(
        &shell,
        &arguments,
        &std::env::current_dir().unwrap_or_default(),
    );
    window::open(app)?;
    host::open_early(app.handle());
    quit::on_signal(app.handle());
    Ok(())
}
