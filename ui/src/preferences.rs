//! How the person wants the window to be: read once, kept up to date, and carried out on the page.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::command::{SetPreference, ShowPreferences};
use slipway_contract::preferences::{Preference, Preferences, Theme};
use yew::prelude::*;

use crate::bridge::{UseQuery, use_action, use_query};
use crate::browser;

/// The preferences, and the way to change them. A context of the whole window.
#[derive(Clone, PartialEq)]
pub(crate) struct UsePreferences {
    /// As the host has them.
    pub(crate) query: UseQuery<Preferences>,
    /// As they are shown; as they come until the host answered.
    pub(crate) now: Preferences,
    /// Changes one.
    pub(crate) set: Callback<(Preference, String)>,
    /// Why the newest change was not kept.
    pub(crate) problem: Option<Rc<Problem>>,
}

/// Reads them, and gives the page its colours.
#[hook]
pub(crate) fn use_preferences(pulse: u32) -> UsePreferences {
    let query = use_query(ShowPreferences {}, pulse);
    let changed = use_state_eq(|| None::<Preferences>);
    let action = {
        let (changed, again) = (changed.clone(), query.again.clone());
        use_action::<SetPreference>(Callback::from(move |preferences: Preferences| {
            changed.set(Some(preferences));
            again.emit(());
        }))
    };
    {
        // What the host says later counts again: another program may have changed it meanwhile.
        let changed = changed.clone();
        use_effect_with(query.state.ready().cloned(), move |_| changed.set(None));
    }
    let known = query.state.ready().map(|preferences| **preferences);
    let now = changed.or(known).unwrap_or_default();
    use_effect_with(now.theme, |theme| wear(*theme));
    let set = action
        .send
        .reform(|(preference, value)| SetPreference { preference, value });
    UsePreferences {
        query,
        now,
        set,
        problem: action.problem,
    }
}

fn wear(theme: Theme) {
    let root = browser::document().and_then(|page| page.document_element());
    let Some(root) = root else {
        return;
    };
    // Fails only for a name that is none.
    let _ = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.as_str()),
    };
}
