//! The bar above the list: words to search for, and a chip for each thing to narrow by.

use gloo_timers::callback::Timeout;
use slipway_contract::AgentName;
use slipway_contract::command::ListRunModels;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::narrow::{Cost, Narrow, Started, Status};
use crate::app::Agents;
use crate::bridge::use_query;
use crate::components::{Choice, Icon, Look, Select, icon, small_icon};
use crate::{shortcuts, text};

/// Milliseconds without a further letter after which it is searched.
const PATIENCE: u32 = 180;

/// What the list is narrowed to.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What it is now.
    pub(super) narrow: Narrow,
    /// Takes what it is to be.
    pub(super) onchange: Callback<Narrow>,
    /// What is left, in words.
    pub(super) sum: AttrValue,
}

/// The bar.
#[component]
pub(super) fn Filters(props: &Props) -> Html {
    let models = use_query(ListRunModels {}, 0);
    let models: Vec<String> = models
        .state
        .ready()
        .map_or_else(Vec::new, |all| all.to_vec());
    let agents = use_context::<Agents>();
    let agents: Vec<(AgentName, String)> = agents
        .as_ref()
        .and_then(|agents| agents.0.state.ready())
        .map_or_else(Vec::new, |agents| {
            let ran = agents.iter().filter(|agent| agent.last_run.is_some());
            let mut ran: Vec<_> = ran
                .map(|agent| (agent.name.clone(), agent.title.clone()))
                .collect();
            ran.sort_by_key(|(_, title)| title.to_lowercase());
            ran
        });
    let change = |change: fn(&mut Narrow, Option<usize>)| {
        let (narrow, onchange) = (props.narrow.clone(), props.onchange.clone());
        Callback::from(move |place: Option<usize>| {
            let mut narrow = narrow.clone();
            change(&mut narrow, place);
            onchange.emit(narrow);
        })
    };
    let narrow = &props.narrow;
    let choose_agent = {
        let (narrow, onchange, agents) = (narrow.clone(), props.onchange.clone(), agents.clone());
        Callback::from(move |place: Option<usize>| {
            onchange.emit(Narrow {
                agent: place.and_then(|place| agents.get(place).cloned()),
                ..narrow.clone()
            });
        })
    };
    let choose_model = {
        let (narrow, onchange, models) = (narrow.clone(), props.onchange.clone(), models.clone());
        Callback::from(move |place: Option<usize>| {
            onchange.emit(Narrow {
                model: place.and_then(|place| models.get(place).cloned()),
                ..narrow.clone()
            });
        })
    };
    html! {
        <div class="filters" role="group" aria-label={text::SHOW}>
            <Search words={narrow.words.clone()} onchange={
                let (narrow, onchange) = (narrow.clone(), props.onchange.clone());
                Callback::from(move |words: String| onchange.emit(Narrow { words, ..narrow.clone() }))
            } />
            { chip(text::STATUS, Status::ALL.iter().map(|each| each.name().to_owned()).collect(), narrow.status.map(|status| status.name().to_owned()),
                &change(|narrow, place| narrow.status = place.and_then(|place| Status::ALL.get(place).copied()))) }
            { chip(text::AGENT, agents.iter().map(|(_, title)| title.clone()).collect(), narrow.agent.as_ref().map(|(_, title)| title.clone()), &choose_agent) }
            { chip(text::MODEL, models.iter().map(|model| text::model_name(model)).collect(), narrow.model.as_deref().map(text::model_name), &choose_model) }
            { chip(text::COST, Cost::ALL.iter().map(|each| each.name()).collect(), narrow.cost.map(Cost::name),
                &change(|narrow, place| narrow.cost = place.and_then(|place| Cost::ALL.get(place).copied()))) }
            { chip(text::STARTED, Started::ALL.iter().map(|each| each.name()).collect(), narrow.started.map(Started::name),
                &change(|narrow, place| narrow.started = place.and_then(|place| Started::ALL.get(place).copied()))) }
            <span class="spacer"></span>
            <span class="small t3 num filters__sum" role="status">{ props.sum.clone() }</span>
        </div>
    }
}

/// A chip: a menu until something is chosen, then what was chosen and the way to let go of it.
fn chip(
    label: &'static str,
    names: Vec<String>,
    chosen: Option<String>,
    choose: &Callback<Option<usize>>,
) -> Html {
    match chosen {
        Some(chosen) => {
            let onclick = choose.reform(|_: MouseEvent| None);
            html! { <button type="button" class="chip num" aria-pressed="true" aria-label={text::without(label, &chosen)} title={text::without(label, &chosen)} {onclick}><span class="clip">{ chosen.clone() }</span>{ icon(Icon::X) }</button> }
        }
        None => {
            let items: Vec<Choice> = names.into_iter().map(Choice::new).collect();
            let why_not = items
                .is_empty()
                .then_some(AttrValue::Static(text::NOTHING_TO_CHOOSE));
            html! { <Select {label} chosen={items.len()} {items} onchoose={choose.reform(Some)} look={Look::Chip} {why_not} /> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct SearchProps {
    words: String,
    onchange: Callback<String>,
}

/// The field, which waits for the end of a word.
#[component]
fn Search(props: &SearchProps) -> Html {
    let field = shortcuts::use_find_field();
    let typed = {
        let words = props.words.clone();
        use_state_eq(move || words)
    };
    let timeout = use_mut_ref(|| None::<Timeout>);
    {
        let typed = typed.setter();
        use_effect_with(props.words.clone(), move |words| typed.set(words.clone()));
    }
    let oninput = {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |event: InputEvent| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let (words, onchange) = (field.value(), onchange.clone());
            typed.set(words.clone());
            *timeout.borrow_mut() = Some(Timeout::new(PATIENCE, move || onchange.emit(words)));
        })
    };
    html! {
        <label class="search">
            { small_icon(Icon::Search) }
            <input ref={field} type="search" data-search="" placeholder={text::SEARCH_RUNS} aria-label={text::SEARCH_RUNS} value={(*typed).clone()} {oninput} spellcheck="false" autocomplete="off" />
        </label>
    }
}
