//! Looking at what is on the way: that those can use it who do not see it well, and with `SLIPWAY_KEEP_PICTURES` pictures of
//! it in that folder, for who wants to look, too.

use std::path::{Path, PathBuf};

use super::chromium::Chromium;
use crate::needs_window::accessible;
use crate::needs_window::driver::Window;
use crate::needs_window::shots::REST;

/// What was changed is drawn.
const DRAWN: &str = "const drawn = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => drawn(true)))";

/// Where a picture is kept, if anybody wants it.
fn place(name: &str, theme: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SLIPWAY_KEEP_PICTURES")?;
    Some(Path::new(&folder).join(format!("{name}-{theme}.png")))
}

/// Looks at what the window shows.
pub(super) async fn look_at(window: &Window, name: &str) {
    let found = accessible::findings(window, name).await;
    assert!(found.is_empty(), "{name}:\n{}", found.join("\n"));
    keep_picture(window, name).await;
}

/// Keeps what the window shows.
async fn keep_picture(window: &Window, name: &str) {
    for theme in ["dark", "light"] {
        let Some(file) = place(name, theme) else {
            return;
        };
        window
            .evaluate(&format!(
                "document.documentElement.dataset.theme = '{theme}'"
            ))
            .await;
        assert!(window.comes_true(REST, &[]).await, "{name} comes to rest");
        window.ask_later(DRAWN, &[]).await;
        std::fs::write(file, window.picture().await).expect("a picture");
    }
}

/// Keeps what the browser shows.
pub(super) fn keep_page(browser: &mut Chromium, name: &str) {
    for theme in ["dark", "light"] {
        if let Some(file) = place(name, theme) {
            std::fs::write(file, browser.picture(theme)).expect("a picture");
        }
    }
}
