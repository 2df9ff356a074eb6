//! The one window, and the one page that it ever shows.

use std::time::Duration;

use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{App, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// The window's label, which its capability names.
pub(crate) const MAIN: &str = "main";

/// How long the page may take before the window is shown without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Makes the window. It has the system's colours and is shown with its page, so that it never flashes white.
pub(crate) fn open(app: &App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Slipway")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 600.0)
        .visible(false)
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, page| {
            if page.event() == PageLoadEvent::Finished {
                show(&window);
            }
        })
        .build()?;
    window.set_background_color(Some(canvas(window.theme()?)))?;
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        show(&window);
    });
    Ok(())
}

fn show(window: &WebviewWindow) {
    if let Err(error) = window.show() {
        tracing::error!(%error, "the window could not be shown");
    }
}

/// The page's background, `--bg-canvas` of `ui/static/css/tokens.css`.
fn canvas(theme: Theme) -> Color {
    match theme {
        Theme::Dark => Color(0x1c, 0x1b, 0x19, 0xff),
        _ => Color(0xfc, 0xfb, 0xf9, 0xff),
    }
}

/// Whether an address is of the page that Slipway ships: `tauri://localhost`, on Windows and Android
/// `http(s)://tauri.localhost`. Everything else is refused, so that no link, script or dropped file
/// can put another page in a window that may give orders.
fn is_own_page(address: &Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost") && address.port().is_none(),
        "http" | "https" if cfg!(windows) => {
            address.host_str() == Some("tauri.localhost") && address.port().is_none()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shipped_page_is_shown() {
        for own in [
            "tauri://localhost",
            "tauri://localhost/index.html",
            "tauri://localhost/#/runs",
        ] {
            assert!(is_own_page(&own.parse().unwrap()), "{own} is the page");
        }
        for foreign in [
            "https://example.com",
            "http://localhost/",
            "http://127.0.0.1:8080/",
            "tauri://localhost:81/",
            "tauri://localhost.example.com/",
            "tauri://evil/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "javascript:alert(1)",
            "about:blank",
            "blob:tauri://localhost/x",
        ] {
            assert!(
                !is_own_page(&foreign.parse().unwrap()),
                "{foreign} is not the page"
            );
        }
    }

    #[test]
    fn the_window_has_the_pages_colours() {
        let tokens = include_str!("../../ui/static/css/tokens.css");
        for theme in [Theme::Light, Theme::Dark] {
            let Color(red, green, blue, _) = canvas(theme);
            let token = format!("--bg-canvas: #{red:02x}{green:02x}{blue:02x};");
            assert!(tokens.contains(&token), "{theme:?}: {token}");
        }
    }
}
