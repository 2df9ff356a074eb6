//! Settings: where everything is, copies of it, and getting rid of it.

mod copies;
mod delete;
mod errand;
mod place;
mod snapshots;

use slipway_contract::command::{ListSnapshots, ShowData};
use slipway_contract::data::RestoredData;
use yew::prelude::*;

use self::copies::Copies;
use self::delete::Delete;
use self::snapshots::Snapshots;
use crate::app::Pulse;
use crate::bridge::use_query;
use crate::browser;
use crate::components::{Button, Dialog, Kind, async_value, skeleton};
use crate::text;

/// Where everything is, and copies of it.
#[component]
pub(super) fn Data() -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let changes = use_state(|| 0_u32);
    let asked = pulse.0.wrapping_add(*changes);
    let data = use_query(ShowData {}, asked);
    let snapshots = use_query(ListSnapshots {}, asked);
    let restored = use_state_eq(|| None::<RestoredData>);
    let changed = {
        let changes = changes;
        Callback::from(move |()| changes.set(changes.wrapping_add(1)))
    };
    let on_restored = {
        let restored = restored.clone();
        Callback::from(move |done| restored.set(Some(done)))
    };
    let go_on = Callback::from(|()| browser::start_over());
    html! {
        <>
            <h1 class="head">{ text::DATA }</h1>
            <p class="t2 set__lead">{ text::DATA_LEAD }</p>
            <section aria-label={text::WHERE_IT_IS}>
                <h2 class="section">{ text::WHERE_IT_IS }</h2>
                { async_value(&data, skeleton::lines(&["w-320", "w-240", "w-320", "w-240"]), |data| place::place(data)) }
            </section>
            <Snapshots {snapshots} changed={changed.clone()} restored={on_restored.clone()} />
            <Copies {changed} restored={on_restored} />
            <Delete />
            if let Some(done) = &*restored {
                <Dialog title={text::RESTORED} open=true onclose={go_on.clone()} actions={html! { <Button label={text::GO_ON} kind={Kind::Primary} onclick={go_on} /> }}>
                    <p class="t2">{ text::restored_data(done.replaced.as_deref()) }</p>
                </Dialog>
            }
        </>
    }
}
