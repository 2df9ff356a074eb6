//! What the palette calls what can be done, and what else people call it.

use crate::place::Place;
use crate::route::Section;

pub(crate) const ARCHIVED_AGENTS: &str = "Archived agents";
pub(crate) const ARCHIVED_AGENTS_TOO: &str = "archive put aside old hidden unarchive";
pub(crate) const REMOVED_AGENTS: &str = "Deleted agents";
pub(crate) const REMOVED_AGENTS_TOO: &str = "removed trash bin put back undelete recover restore";
pub(crate) const COLOURS_TOO: &str = "theme mode appearance colors contrast";

/// Something to do, and other words for it.
pub(crate) const fn to_do(place: Place) -> (&'static str, &'static str) {
    match place {
        Place::TakeSnapshot => ("Take a snapshot…", "save checkpoint restore point history"),
        Place::BackUp => ("Back up to a folder…", "backup copy save data disk"),
        Place::Restore => ("Restore a back-up…", "backup recover bring back data"),
        Place::Export => ("Export everything…", "save download move data all files"),
        Place::Import => ("Import everything…", "load bring in move data export"),
        Place::Delete => (
            "Delete everything…",
            "erase remove reset wipe clear all data start anew",
        ),
        Place::ExportRuns => ("Export runs…", "save download csv json files history"),
        Place::Package => (
            "Import an agent…",
            "open load package file archive slipway shared",
        ),
    }
}

/// Other words for what is set on a page.
pub(crate) const fn section_too(section: Section) -> &'static str {
    match section {
        Section::Models => "api key provider secret keychain local server prices",
        Section::Budgets => "budget limit money cost spend spending usd month day",
        Section::Appearance => "theme dark light mode colours colors",
        Section::Notifications => "notify notices alerts messages",
        Section::Privacy => "network telemetry leaves machine wire hosts",
        Section::Account => {
            "sign in out login cloud server organization members invite api keys sessions"
        }
        Section::Data => "folder disk space size storage snapshots restore verify",
        Section::Shortcuts => "keyboard keys hotkeys bindings help",
        Section::About => "version update licences licenses help",
    }
}
