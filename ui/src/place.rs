//! Controls of pages to which the palette leads: the person is beside what they looked for, and presses it themselves.

use crate::browser;
use crate::route::{Route, Section};

/// How many frames a control is waited for on a page that is just opened.
const PATIENCE: u32 = 120;

/// A control of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Takes a snapshot.
    TakeSnapshot,
    /// Backs up.
    BackUp,
    /// Restores a back-up.
    Restore,
    /// Exports everything.
    Export,
    /// Imports everything.
    Import,
    /// Deletes everything.
    Delete,
    /// Exports runs.
    ExportRuns,
    /// Takes the path of a package.
    Package,
}

impl Place {
    /// All of them, in the order in which they are listed.
    pub(crate) const ALL: [Self; 8] = [
        Self::Package,
        Self::TakeSnapshot,
        Self::BackUp,
        Self::Restore,
        Self::ExportRuns,
        Self::Export,
        Self::Import,
        Self::Delete,
    ];

    /// By which it is found in its page.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::TakeSnapshot => "take-snapshot",
            Self::BackUp => "back-up",
            Self::Restore => "restore-back-up",
            Self::Export => "export-all",
            Self::Import => "import-all",
            Self::Delete => "delete-all",
            Self::ExportRuns => "export-runs",
            Self::Package => "package-path",
        }
    }

    /// Its page.
    pub(crate) const fn page(self) -> Route {
        match self {
            Self::ExportRuns => Route::Runs,
            Self::Package => Route::NewAgent,
            Self::TakeSnapshot
            | Self::BackUp
            | Self::Restore
            | Self::Export
            | Self::Import
            | Self::Delete => Route::Settings {
                section: Section::Data,
            },
        }
    }

    /// Gives the keyboard to it as soon as its page is drawn.
    pub(crate) fn focus(self) {
        focus_soon(self, PATIENCE);
    }
}

fn focus_soon(place: Place, frames: u32) {
    browser::next_frame(move || {
        if browser::focus_id(place.id()) {
            // Once more after what the page itself does with the keyboard when it opens.
            browser::next_frame(move || {
                browser::focus_id(place.id());
            });
        } else if frames > 0 {
            focus_soon(place, frames - 1);
        }
    });
}
