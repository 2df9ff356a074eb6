//! The one window, and the one page that it ever shows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use slipway_contract::preferences::Theme as Wanted;
use slipway_contract::{ErrorCode, Problem};
use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{
    App, AppHandle, Manager as _, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    Window, WindowEvent,
};

use crate::placement::{self, SMALLEST};
use crate::recovery;
use crate::shell::Shell;

/// The window's label, which its capability names.
pub(crate) const MAIN: &str = "main";

/// How long the page may take before the window is shown without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// What has to be there before the window is shown, so that it never flashes in other colours.
#[derive(Default)]
pub(crate) struct Curtain {
    page: AtomicBool,
    colours: AtomicBool,
}

/// Makes the window. It is shown with its page, in the colours that the person wants.
pub(crate) fn open(app: &App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Slipway")
        .inner_size(1280.0, 800.0)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .visible(false)
        // What is dropped goes to the page, which tells pictures for a message from packages.
        .disable_drag_drop_handler()
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, page| {
            if page.event() == PageLoadEvent::Finished {
                let curtain = window.state::<Curtain>();
                curtain.page.store(true, Ordering::Release);
                show_when_ready(&window);
            }
        })
        .build()?;
    window.set_background_color(Some(canvas(window.theme()?)))?;
    placement::restore(&window);
    recovery::watch(&window)?;
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        show(&window);
    });
    Ok(())
}

/// Says that the colours are those that the person wants, or as good as can be.
pub(crate) fn has_colours(app: &AppHandle) {
    app.state::<Curtain>()
        .colours
        .store(true, Ordering::Release);
    if let Some(window) = app.get_webview_window(MAIN) {
        show_when_ready(&window);
    }
}

/// Gives the window the colours that the person wants; its page asks the system for them.
pub(crate) fn wear(app: &AppHandle, wanted: Wanted) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let theme = match wanted {
        Wanted::System => None,
        Wanted::Light => Some(Theme::Light),
        Wanted::Dark => Some(Theme::Dark),
    };
    let worn = window
        .set_theme(theme)
        .and_then(|()| theme.map_or_else(|| window.theme(), Ok))
        .and_then(|theme| window.set_background_color(Some(canvas(theme))));
    if let Err(error) = worn {
        tracing::warn!(%error, "the window has other colours than was wanted");
    }
}

/// Keeps where the window is, and whether the person looks at it.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    let keep = match event {
        WindowEvent::Focused(focused) => {
            window.state::<Shell>().set_focused(*focused);
            !focused
        }
        WindowEvent::CloseRequested { .. } => true,
        _ => false,
    };
    if keep && let Some(window) = window.get_webview_window(MAIN) {
        placement::save(&window);
    }
}

/// A problem of the window itself.
pub(crate) fn failed(what: &str, error: &tauri::Error) -> Problem {
    Problem::new(ErrorCode::Internal, format!("{what}: {error}"))
}

fn show_when_ready(window: &WebviewWindow) {
    let curtain = window.state::<Curtain>();
    if curtain.page.load(Ordering::Acquire) && curtain.colours.load(Ordering::Acquire) {
        show(window);
    }
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
