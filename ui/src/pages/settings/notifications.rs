//! Settings: what the system says of runs.

use slipway_contract::preferences::Preference;
use yew::prelude::*;

use crate::components::{Mark, Switch, mark, notice};
use crate::preferences::UsePreferences;
use crate::text;

const EACH: [(Preference, Mark); 3] = [
    (Preference::NotifyNeedsYou, Mark::Parked),
    (Preference::NotifyFailed, Mark::Failed),
    (Preference::NotifyDone, Mark::Succeeded),
];

/// What the system says of runs.
#[component]
pub(super) fn Notifications() -> Html {
    let Some(preferences) = use_context::<UsePreferences>() else {
        return Html::default();
    };
    let now = preferences.now;
    let row = |(preference, state): (Preference, Mark)| {
        let (label, help) = text::notification(preference);
        let on = match preference {
            Preference::NotifyNeedsYou => now.notify_needs_you,
            Preference::NotifyFailed => now.notify_failed,
            _ => now.notify_done,
        };
        let onchange = preferences.set.reform(move |on: bool| {
            let value = if on { "on" } else { "off" };
            (preference, value.to_owned())
        });
        html! {
            <div class="pref">
                { mark(state) }
                <div class="pref__what"><div class="medium">{ label }</div><div class="small t3">{ help }</div></div>
                <Switch {label} {on} {onchange} />
            </div>
        }
    };
    html! {
        <>
            <h1 class="head">{ text::NOTIFICATIONS }</h1>
            <p class="t2 set__lead">{ text::NOTIFICATIONS_LEAD }</p>
            <div class="rows prefs">{ for EACH.map(row) }</div>
            if let Some(problem) = &preferences.problem { { notice(problem, None) } }
        </>
    }
}
