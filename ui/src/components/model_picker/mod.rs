//! Which model a run is to use: the agent's own or another, with why some cannot be used now.

mod choices;
mod list;

use std::rc::Rc;

use slipway_contract::model::{ModelRef, ModelSummary};
use yew::prelude::*;

use self::list::List;
use super::icon::{Icon, icon, small_icon};
use super::popover::Popover;
use crate::bridge::{Query, UseQuery};
use crate::browser;
use crate::run_state::is_recording;
use crate::text;

/// What the picker shows and does.
#[derive(Properties)]
pub(crate) struct Props {
    /// The model that the agent asks for.
    pub(crate) own: AttrValue,
    /// The models that this machine knows.
    pub(crate) models: UseQuery<Vec<ModelSummary>>,
    /// Another model than the agent's own.
    pub(crate) chosen: Option<ModelRef>,
    /// Takes the choice; none is the agent's own.
    pub(crate) on_choose: Callback<Option<ModelRef>>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        // Thousands of models are not compared one by one whenever the page is drawn.
        let is_same = match (&self.models.state, &other.models.state) {
            (Query::Ready(one), Query::Ready(another)) => Rc::ptr_eq(one, another),
            (one, another) => one == another,
        };
        is_same
            && self.own == other.own
            && self.chosen == other.chosen
            && self.on_choose == other.on_choose
    }
}

/// A button that opens the list of models.
#[component]
pub(crate) fn ModelPicker(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    let button = use_node_ref();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            browser::focus(&button);
        })
    };
    let on_choose = {
        let (close, chosen) = (close.clone(), props.on_choose.clone());
        Callback::from(move |model: Option<ModelRef>| {
            close.emit(());
            chosen.emit(model);
        })
    };
    let shown = props
        .chosen
        .as_ref()
        .map_or_else(|| props.own.to_string(), ToString::to_string);
    html! {
        <div class="picker">
            <button ref={button.clone()} type="button" class="select select--bare" aria-haspopup="listbox" aria-expanded={open.to_string()} aria-label={text::model_is(&shown)} title={shown.clone()} onclick={toggle}>
                { icon(model_icon(&shown)) }<span>{ shown }</span>{ small_icon(Icon::UpDown) }
            </button>
            if *open {
                <Popover anchor={button} class="picker__menu" on_close={close.clone()}>
                    <List own={props.own.clone()} models={props.models.clone()} chosen={props.chosen.clone()} {on_choose} on_close={close} />
                </Popover>
            }
        </div>
    }
}

/// The icon of where a model answers.
pub(crate) fn model_icon(model: &str) -> Icon {
    if is_recording(model) {
        Icon::Recording
    } else if model.starts_with("local/") {
        Icon::Laptop
    } else {
        Icon::Cloud
    }
}
