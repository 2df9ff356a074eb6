//! Long work on the data: how far it is, and a way to stop it.

use gloo_timers::callback::Timeout;
use slipway_contract::command::{ShowErrand, StopErrand};
use slipway_contract::data::Errand;
use yew::prelude::*;

use crate::bridge::{use_action, use_query};
use crate::browser::use_style;
use crate::components::{Button, Kind};
use crate::text;

/// How often it is asked how far the work is.
const LOOK_MS: u32 = 300;

/// Stands below a button for as long as what it ordered is under way.
#[component]
pub(super) fn UnderWay() -> Html {
    let look = use_state_eq(|| 0_u32);
    let errand = use_query(ShowErrand {}, *look);
    let stop = use_action::<StopErrand>(Callback::noop());
    {
        let look = look;
        use_effect_with(*look, move |now| {
            let next = now.wrapping_add(1);
            let timeout = Timeout::new(LOOK_MS, move || look.set(next));
            move || drop(timeout)
        });
    }
    let shown = errand.state.ready().and_then(|errand| **errand);
    let bar = use_style("width", format!("{}%", shown.map_or(0, percent)));
    let Some(errand) = shown else {
        return Html::default();
    };
    let onclick = stop.send.reform(|()| StopErrand {});
    let words = text::errand(errand.kind, errand.done, errand.total);
    html! {
        <div class="errand" role="status">
            <span class="small t2 num">{ words.clone() }</span>
            <span class="spacer"></span>
            <Button label={text::STOP_ERRAND} kind={Kind::Quiet} small=true busy={stop.busy} {onclick} />
            <div class="meter" role="img" aria-label={words}><i ref={bar}></i></div>
        </div>
    }
}

/// How much of the work is done; nothing while nobody knows.
fn percent(errand: Errand) -> u64 {
    match errand.total {
        Some(total) if total > 0 => (errand.done.saturating_mul(100) / total).min(100),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::data::ErrandKind;

    use super::*;

    #[test]
    fn it_is_never_more_than_done() {
        let at = |done, total| {
            percent(Errand {
                kind: ErrandKind::Export,
                done,
                total,
            })
        };
        assert_eq!(at(3, Some(4)), 75);
        assert_eq!(at(9, Some(4)), 100);
        assert_eq!((at(9, None), at(9, Some(0))), (0, 0));
    }
}
