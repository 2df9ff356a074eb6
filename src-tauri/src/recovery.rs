//! A web process that died takes no run with it: the host drives them. The page is loaded again, at its address.

use tauri::WebviewWindow;

/// So often a page is loaded again: one that kills its process each time is not loaded for ever.
#[cfg(target_os = "linux")]
const MOST: u32 = 10;

/// Loads the page again when its process died.
#[cfg(target_os = "linux")]
pub(crate) fn watch(window: &WebviewWindow) -> tauri::Result<()> {
    use std::cell::Cell;

    use webkit2gtk::WebViewExt as _;

    window.with_webview(|view| {
        let deaths = Cell::new(0);
        view.inner()
            .connect_web_process_terminated(move |view, reason| {
                deaths.set(deaths.get() + 1);
                tracing::error!(
                    ?reason,
                    deaths = deaths.get(),
                    "the window's web process died"
                );
                if deaths.get() <= MOST {
                    view.reload();
                }
            });
    })
}

/// On a Mac Tauri tells of it (see `lib.rs`); Windows makes a new process by itself.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
