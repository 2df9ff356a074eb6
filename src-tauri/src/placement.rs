//! Where the window was and how large, so that it is there again; never where nobody could see it.

use std::path::Path;

use serde::{Deserialize, Serialize};
use slipway_app::Home;
use tauri::{PhysicalPosition, PhysicalSize, WebviewWindow};

/// Its file, in the folder of all local data.
const FILE: &str = "window.json";

/// The largest file that is read.
const LARGEST: u64 = 4 << 10;

/// The smallest window, in points.
pub(crate) const SMALLEST: (f64, f64) = (800.0, 600.0);

/// How much of the title bar must be on a screen, to be taken hold of.
const HOLD: i64 = 64;

/// A place on the screens, in their own pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

/// How the window was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Placement {
    #[serde(flatten)]
    place: Place,
    maximized: bool,
}

/// What to do to a new window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fitted {
    size: (u32, u32),
    /// None where it would not be seen: the system finds a place.
    position: Option<(i32, i32)>,
}

/// Puts the window where it was, as far as the screens of today allow it.
pub(crate) fn restore(window: &WebviewWindow) {
    let Some(saved) = file().and_then(|path| read(&path)) else {
        return;
    };
    if let Err(error) = put(window, saved) {
        tracing::warn!(%error, "the window could not be put where it was");
    }
}

fn put(window: &WebviewWindow, saved: Placement) -> tauri::Result<()> {
    let screens: Vec<Place> = window
        .available_monitors()?
        .iter()
        .map(|screen| {
            let area = screen.work_area();
            Place {
                x: area.position.x,
                y: area.position.y,
                width: area.size.width,
                height: area.size.height,
            }
        })
        .collect();
    let scale = window.scale_factor()?;
    let Some(fitted) = fit(saved.place, &screens, scale) else {
        return Ok(());
    };
    window.set_size(PhysicalSize::new(fitted.size.0, fitted.size.1))?;
    if let Some((x, y)) = fitted.position {
        window.set_position(PhysicalPosition::new(x, y))?;
    }
    if saved.maximized {
        window.maximize()?;
    }
    Ok(())
}

/// Keeps where the window is. A window that is minimised has no place.
pub(crate) fn save(window: &WebviewWindow) {
    let Some(path) = file() else { return };
    match now(window, read(&path)) {
        Ok(Some(placement)) => write(&path, placement),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "it is not known where the window is"),
    }
}

fn now(window: &WebviewWindow, before: Option<Placement>) -> tauri::Result<Option<Placement>> {
    if window.is_minimized()? || !window.is_visible()? || window.is_fullscreen()? {
        return Ok(None);
    }
    let maximized = window.is_maximized()?;
    if let (true, Some(before)) = (maximized, before) {
        // What it goes back to is what it was before.
        return Ok(Some(Placement {
            maximized,
            ..before
        }));
    }
    let (position, size) = (window.outer_position()?, window.inner_size()?);
    let place = Place {
        x: position.x,
        y: position.y,
        width: size.width,
        height: size.height,
    };
    Ok(Some(Placement { place, maximized }))
}

fn fit(saved: Place, screens: &[Place], scale: f64) -> Option<Fitted> {
    let widest = screens.iter().map(|screen| screen.width).max()?;
    let highest = screens.iter().map(|screen| screen.height).max()?;
    // A screen may be smaller than the smallest window; then the window is.
    let between =
        |size: u32, smallest: f64, most: u32| size.clamp(pixels(smallest, scale).min(most), most);
    let size = (
        between(saved.width, SMALLEST.0, widest),
        between(saved.height, SMALLEST.1, highest),
    );
    let (x, y) = (i64::from(saved.x), i64::from(saved.y));
    let can_be_held = screens.iter().any(|screen| {
        let (left, top) = (i64::from(screen.x), i64::from(screen.y));
        let (right, bottom) = (
            left + i64::from(screen.width),
            top + i64::from(screen.height),
        );
        let shown = (x + i64::from(size.0)).min(right) - x.max(left);
        shown >= HOLD && y >= top && y + HOLD <= bottom
    });
    Some(Fitted {
        size,
        position: can_be_held.then_some((saved.x, saved.y)),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "screens are far smaller than 2^32, and a negative scale becomes nothing"
)]
fn pixels(points: f64, scale: f64) -> u32 {
    (points * scale) as u32
}

fn file() -> Option<std::path::PathBuf> {
    Home::find().ok().map(|home| home.folder().join(FILE))
}

fn read(path: &Path) -> Option<Placement> {
    let known = std::fs::metadata(path).ok()?;
    if !known.is_file() || known.len() > LARGEST {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn write(path: &Path, placement: Placement) {
    let written = serde_json::to_vec(&placement)
        .map_err(std::io::Error::other)
        .and_then(|text| {
            let new = path.with_extension("json.new");
            std::fs::write(&new, text)?;
            std::fs::rename(&new, path)
        });
    if let Err(error) = written {
        tracing::warn!(%error, file = %path.display(), "the window's place was not kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Place = Place {
        x: 0,
        y: 0,
        width: 1920,
        height: 1080,
    };

    fn at(x: i32, y: i32, width: u32, height: u32) -> Place {
        Place {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn a_window_that_can_be_seen_is_where_it_was() {
        let fitted = fit(at(100, 50, 1300, 900), &[SCREEN], 1.0).unwrap();
        assert_eq!(
            (fitted.size, fitted.position),
            ((1300, 900), Some((100, 50)))
        );
        let second = at(1920, -200, 2560, 1440);
        let fitted = fit(at(2000, -100, 1300, 900), &[SCREEN, second], 1.0).unwrap();
        assert_eq!(fitted.position, Some((2000, -100)));
    }

    #[test]
    fn a_window_of_a_screen_that_is_gone_is_brought_back() {
        for lost in [
            at(2000, 100, 1300, 900),
            at(-5000, 0, 1300, 900),
            at(0, -400, 1300, 900),
            at(0, 1079, 1300, 900),
            at(1900, 0, 1300, 900),
            at(i32::MAX, i32::MIN, u32::MAX, u32::MAX),
        ] {
            assert_eq!(
                fit(lost, &[SCREEN], 1.0).unwrap().position,
                None,
                "{lost:?}"
            );
        }
    }

    #[test]
    fn it_is_neither_larger_than_a_screen_nor_too_small_to_use() {
        let size = |width, height| fit(at(0, 0, width, height), &[SCREEN], 1.0).unwrap().size;
        assert_eq!(size(9_000, 9_000), (1920, 1080));
        assert_eq!(size(0, 0), (800, 600));
        let scaled = fit(at(0, 0, 10, 10), &[SCREEN], 1.5).unwrap();
        assert_eq!(scaled.size, (1200, 900));
        let tiny = at(0, 0, 640, 480);
        assert_eq!(
            fit(at(0, 0, 10, 10), &[tiny], 1.0).unwrap().size,
            (640, 480)
        );
        assert_eq!(fit(at(0, 0, 10, 10), &[], 1.0), None);
    }

    #[test]
    fn what_was_kept_is_read_and_what_is_damaged_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(read(&path), None);
        let placement = Placement {
            place: at(-3, 4, 1000, 700),
            maximized: true,
        };
        write(&path, placement);
        assert_eq!(read(&path), Some(placement));
        for damaged in [
            "",
            "{",
            "[]",
            r#"{"x":1e99,"y":0,"width":1,"height":1,"maximized":false}"#,
        ] {
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(read(&path), None, "{damaged}");
        }
        std::fs::write(&path, " ".repeat(1 << 20)).unwrap();
        assert_eq!(read(&path), None);
    }
}
