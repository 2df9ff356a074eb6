//! The present, for spans that grow while they are looked at.

use gloo_timers::callback::Interval;
use slipway_contract::Timestamp;
use yew::prelude::*;

use crate::browser;

/// Now; anew every `every_ms` milliseconds, or only when drawn for another reason.
#[hook]
pub(crate) fn use_now(every_ms: Option<u32>) -> Timestamp {
    let redraw = use_force_update();
    use_effect_with(every_ms, move |every_ms| {
        let interval = every_ms.map(|every| Interval::new(every, move || redraw.force_update()));
        move || drop(interval)
    });
    browser::now()
}
