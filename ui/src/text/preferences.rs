//! Texts of the settings: colours and what the system says.

use slipway_contract::preferences::{Preference, Theme};

use crate::format;

pub(crate) const APPEARANCE: &str = "Appearance";
pub(crate) const APPEARANCE_LEAD: &str = "How the window looks. Sizes follow the system’s font.";
pub(crate) const COLOURS: &str = "Colours";
pub(crate) const COLOURS_HOW: &str =
    "System follows the system, also when it changes by the time of day.";
pub(crate) const MOTION: &str = "Motion";
pub(crate) const MOTION_HOW: &str = "Where the system asks for less motion, nothing moves here.";
pub(crate) const FIGURES: &str = "Numbers and dates";
pub(crate) const FIGURES_HOW: &str = "As the language of the system writes them.";
pub(crate) const OWN_LICENCE: &str =
    "Under the MIT licence or the Apache licence 2.0, as you choose.";
pub(crate) const LICENCES: &str = "Built with the work of others";
pub(crate) const LICENCES_WHAT: &str = "Each under its own licence.";
pub(crate) const LICENCE_IS_USUAL: &str =
    "The package brings no text of its own; the usual text of this licence holds.";
pub(crate) const NOTIFICATIONS: &str = "Notifications";
pub(crate) const NOTIFICATIONS_LEAD: &str =
    "What the system tells you while Slipway is not in front.";

/// The word of a theme.
pub(crate) const fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "System",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

/// What is told, and when.
pub(crate) const fn notification(preference: Preference) -> (&'static str, &'static str) {
    match preference {
        Preference::NotifyNeedsYou => (
            "A run needs you",
            "It waits for an answer, and does nothing until it has one.",
        ),
        Preference::NotifyFailed => ("A run failed", "With the reason."),
        _ => ("A run is done", "When it came to its end."),
    }
}

/// An amount and a day as they are written here.
pub(crate) fn figures_example() -> String {
    let day = jiff::civil::date(2026, 11, 22);
    let amount: slipway_contract::Usd = "1284.50".parse().unwrap_or_default();
    format!("{}, {}", format::usd_period(amount), format::date(day))
}
