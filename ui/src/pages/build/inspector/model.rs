//! The model.

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::command::ListModels;
use slipway_contract::draft::{DraftPage, ManifestChange};
use slipway_contract::model::{ModelRef, ModelSummary};
use yew::prelude::*;

use super::super::drafting::Drafting;
use super::{finding, value};
use crate::app::Pulse;
use crate::bridge::use_query;
use crate::components::{Icon, ModelPicker, small_icon};
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) drafting: Drafting,
    pub(super) page: Rc<DraftPage>,
}

/// Which model, and what is to be known of it.
#[component]
pub(super) fn ModelSection(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let models = use_query(ListModels {}, pulse.0);
    let own = value(&props.page, "model", "use")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let on_choose = {
        let drafting = props.drafting.clone();
        Callback::from(move |chosen: Option<ModelRef>| {
            if let Some(chosen) = chosen {
                let at = vec!["model".into(), "use".into()];
                drafting.change(vec![ManifestChange::set(at, chosen.to_string())]);
            }
        })
    };
    let known = models
        .state
        .ready()
        .and_then(|models| models.iter().find(|model| model.model.to_string() == own));
    html! {
        <section>
            <h2 class="section">{ text::MODEL }</h2>
            <div class="wide-picker"><ModelPicker own={own.clone()} models={models.clone()} chosen={None::<ModelRef>} {on_choose} /></div>
            if let Some(found) = finding(&props.page, "model.use") {
                <div class="field__error" role="alert">{ small_icon(Icon::Alert) }<span>{ text::finding_message(found) }</span></div>
            } else if let Some(known) = known {
                { facts(known) }
            }
        </section>
    }
}

fn facts(model: &ModelSummary) -> Html {
    let usable = match model.unusable {
        None => {
            html! { <span class="status status--succeeded">{ small_icon(Icon::Check) }{ text::USABLE_NOW }</span> }
        }
        Some(_) => {
            html! { <span class="status status--parked" title={model.note.clone()}>{ small_icon(Icon::Alert) }{ text::NOT_USABLE_NOW }</span> }
        }
    };
    let context = model.context_tokens.map(text::context);
    html! {
        <p class="small t3 num model-facts">
            { usable }
            <span>{ context.unwrap_or_default() }</span>
            <span>{ model.price.as_ref().map(text::price).unwrap_or_default() }</span>
        </p>
    }
}
