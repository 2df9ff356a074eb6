//! A model on this machine: the servers that answer, and their models.

use slipway_contract::model::ModelRef;
use slipway_contract::provider::ProviderSummary;
use yew::prelude::*;

use crate::components::{Button, Choice, Icon, Select};
use crate::text;

/// What was found.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The servers that answer.
    pub(super) servers: Vec<ProviderSummary>,
    /// Their models.
    pub(super) models: Vec<ModelRef>,
    /// The model that is taken.
    pub(super) model: Option<ModelRef>,
    /// This way is chosen.
    pub(super) open: bool,
    /// They are being looked for.
    pub(super) looking: bool,
    /// They were looked for.
    pub(super) known: bool,
    /// Another model is taken.
    pub(super) pick: Callback<ModelRef>,
    /// Looks again.
    pub(super) look: Callback<()>,
}

/// The servers, and the choice among their models.
#[component]
pub(super) fn Here(props: &Props) -> Html {
    if !props.known {
        return html! { <p class="t2" role="status">{ text::WELCOME_LOOKING }</p> };
    }
    if props.models.is_empty() {
        return html! {
            <>
                <p class="t2">{ text::WELCOME_NONE_HERE }</p>
                if props.open {
                    <div class="choice__more"><Button label={text::LOOK_AGAIN} icon={Icon::Retry} small=true busy={props.looking} onclick={props.look.clone()} /></div>
                }
            </>
        };
    }
    let server = |(place, server): (usize, &ProviderSummary)| {
        let name = text::upper_first(&server.title);
        html! {
            <span key={format!("{} {:?}", server.title, server.place)}>
                if place > 0 { { ", " } }{ name }
                if let Some(at) = &server.place { { " at " }<span class="path">{ at.clone() }</span> }
            </span>
        }
    };
    let with_models = props.servers.iter().filter(|server| server.models > 0);
    let items: Vec<Choice> = props
        .models
        .iter()
        .map(|model| Choice::new(model.to_string()))
        .collect();
    let chosen = props
        .model
        .as_ref()
        .and_then(|model| props.models.iter().position(|each| each == model));
    let onchoose = {
        let (pick, models) = (props.pick.clone(), props.models.clone());
        Callback::from(move |place: usize| {
            if let Some(model) = models.get(place) {
                pick.emit(model.clone());
            }
        })
    };
    html! {
        <>
            <p class="t2">{ for with_models.enumerate().map(server) }{ ". " }{ text::WELCOME_HERE_HOW }</p>
            if props.open {
                <div class="choice__more choice__model"><Select label={text::WHICH_MODEL} icon={Icon::Laptop} {items} chosen={chosen.unwrap_or_default()} {onchoose} /></div>
            }
        </>
    }
}
