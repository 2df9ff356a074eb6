//! What the system tells Slipway, kept until the window asks for it: it may not have a page yet.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use slipway_contract::command::WINDOW_TOLD;
use slipway_contract::shell::Told;
use slipway_contract::{ErrorCode, Problem};
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::window::MAIN;

/// The most that waits. Who sends more gets the newest.
const MOST: usize = 32;

/// The desktop around the window.
#[derive(Clone, Default)]
pub(crate) struct Shell(Arc<Inner>);

#[derive(Default)]
struct Inner {
    window: OnceLock<AppHandle>,
    waiting: Mutex<VecDeque<Told>>,
    focused: AtomicBool,
}

impl Shell {
    /// Says which application it is.
    pub(crate) fn attach(&self, window: &AppHandle) {
        // It is attached once, at the start.
        let _ = self.0.window.set(window.clone());
    }

    /// The application.
    ///
    /// # Errors
    /// There is none, as in tests.
    pub(crate) fn window(&self) -> Result<&AppHandle, Problem> {
        self.0.window.get().ok_or_else(|| {
            Problem::new(
                ErrorCode::Internal,
                "there is no window to ask the system through",
            )
        })
    }

    /// Keeps it for the page, and tells the page to come for it.
    pub(crate) fn tell(&self, told: Told) {
        {
            let mut waiting = self.waiting();
            if waiting.len() >= MOST {
                waiting.pop_front();
            }
            waiting.push_back(told);
        }
        if let Ok(window) = self.window()
            && let Err(error) = window.emit_to(MAIN, WINDOW_TOLD, ())
        {
            tracing::warn!(%error, "the window could not be told what the system said");
        }
    }

    /// What waits, oldest first; it waits no more.
    pub(crate) fn take(&self) -> Vec<Told> {
        self.waiting().drain(..).collect()
    }

    /// Brings the window before the person.
    pub(crate) fn show(&self) {
        let Some(window) = self
            .window()
            .ok()
            .and_then(|app| app.get_webview_window(MAIN))
        else {
            return;
        };
        for done in [window.unminimize(), window.show(), window.set_focus()] {
            if let Err(error) = done {
                tracing::warn!(%error, "the window could not be brought to the front");
            }
        }
    }

    /// Whether the person looks at the window.
    pub(crate) fn is_focused(&self) -> bool {
        self.0.focused.load(Ordering::Relaxed)
    }

    /// The window got or lost the keyboard.
    pub(crate) fn set_focused(&self, focused: bool) {
        self.0.focused.store(focused, Ordering::Relaxed);
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, VecDeque<Told>> {
        // A queue is whole whatever panicked.
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortcut(number: usize) -> Told {
        Told::Shortcut {
            shortcut: number.to_string(),
        }
    }

    #[test]
    fn what_was_told_waits_in_order_and_is_taken_once() {
        let shell = Shell::default();
        (0..3).for_each(|number| shell.tell(shortcut(number)));
        assert_eq!(shell.take(), (0..3).map(shortcut).collect::<Vec<_>>());
        assert!(shell.take().is_empty());
    }

    #[test]
    fn a_flood_keeps_the_newest() {
        let shell = Shell::default();
        (0..1_000).for_each(|number| shell.tell(shortcut(number)));
        let kept = shell.take();
        assert_eq!((kept.len(), kept.last()), (MOST, Some(&shortcut(999))));
    }
}
