//! Settings: what leaves this machine.

use slipway_contract::command::ShowPrivacy;
use slipway_contract::privacy::{HostGranted, Leaving, ModelsAsked, ProgramGranted};
use yew::prelude::*;

use crate::app::Pulse;
use crate::bridge::use_query;
use crate::browser::local;
use crate::components::{Icon, async_value, icon, skeleton};
use crate::route::Route;
use crate::{format, text};

/// What leaves this machine.
#[component]
pub(super) fn Privacy() -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let leaving = use_query(ShowPrivacy {}, pulse.0);
    html! {
        <>
            <h1 class="head">{ text::PRIVACY }</h1>
            <p class="t2 set__lead">{ text::PRIVACY_LEAD }</p>
            { async_value(&leaving, skeleton::lines(&["w-320", "w-240", "w-320"]), |leaving| all(leaving)) }
        </>
    }
}

fn all(leaving: &Leaving) -> Html {
    let (here, away): (Vec<_>, Vec<_>) = leaving
        .models
        .iter()
        .partition(|models| models.on_this_machine);
    let wire = if leaving.wire_is_kept {
        text::WIRE_IS_KEPT
    } else {
        text::WIRE_IS_NOT_KEPT
    };
    html! {
        <>
            { part(text::LEAVES_TO_MODELS, text::LEAVES_TO_MODELS_WHAT, text::NO_MODEL_ASKED, away.iter().map(|models| provider(models)).collect()) }
            { part(text::LEAVES_TO_HOSTS, text::LEAVES_TO_HOSTS_WHAT, text::NO_HOST_GRANTED, leaving.hosts.iter().map(host).collect()) }
            if !leaving.programs.is_empty() {
                { part(text::LEAVES_BY_PROGRAMS, text::LEAVES_BY_PROGRAMS_WHAT, "", leaving.programs.iter().map(program).collect()) }
            }
            if !here.is_empty() {
                { part(text::STAYS_HERE, text::STAYS_HERE_WHAT, "", here.iter().map(|models| provider(models)).collect()) }
            }
            <section aria-label={text::SLIPWAY_ITSELF}>
                <h2 class="section">{ text::SLIPWAY_ITSELF }</h2>
                <p class="small t2">{ text::SLIPWAY_SENDS_NOTHING }{ " " }{ wire }</p>
                if let Some(server) = &leaving.cloud { <p class="small t2 selectable">{ text::asks_cloud(server) }</p> }
                if let Some(host) = &leaving.updates { <p class="small t2">{ text::asks_for_update(host) }</p> }
            </section>
        </>
    }
}

fn part(title: &'static str, what: &'static str, none: &'static str, rows: Vec<Html>) -> Html {
    html! {
        <section aria-label={title}>
            <h2 class="section">{ title }<span class="t3 num">{ rows.len() }</span></h2>
            <p class="small t3">{ what }</p>
            if rows.is_empty() { <p class="small t2 leaves">{ none }</p> } else { <ul class="rows leaves">{ for rows }</ul> }
        </section>
    }
}

fn provider(models: &ModelsAsked) -> Html {
    let shown = if models.on_this_machine {
        Icon::Laptop
    } else {
        Icon::Cloud
    };
    let last = models.last.map(|last| format::date(local(last).date()));
    let to = Route::Settings {
        section: crate::route::Section::Models,
    };
    html! {
        <li key={format!("{}{}", models.provider, models.title)}>
            { icon(shown) }
            <span class="medium clip" title={models.title.clone()}>{ models.title.clone() }</span>
            <span class="small t2">
                if let Some(place) = &models.place { <span class="path selectable">{ place.clone() }</span>{ ". " } }
                { text::models_asked(models.runs, last.as_deref()) }
                if !models.usable { { " " }{ text::CANNOT_BE_ASKED } } else if !models.on_this_machine { { " " }<a href={to.href()}>{ text::REMOVE_KEY }</a> }
            </span>
        </li>
    }
}

fn host(granted: &HostGranted) -> Html {
    html! {
        <li key={granted.host.clone()}>
            { icon(Icon::Globe) }<span class="path selectable clip" title={granted.host.clone()}>{ granted.host.clone() }</span>
            { agents(&granted.agents) }
        </li>
    }
}

fn program(granted: &ProgramGranted) -> Html {
    let command = granted.command.join(" ");
    html! {
        <li key={command.clone()}>
            { icon(Icon::Terminal) }<span class="path selectable clip" title={command.clone()}>{ command }</span>
            { agents(&granted.agents) }
        </li>
    }
}

fn agents(agents: &[slipway_contract::AgentName]) -> Html {
    let link = |(place, name): (usize, &slipway_contract::AgentName)| {
        let to = Route::Agent { name: name.clone() };
        html! { <>if place > 0 { { ", " } }<a href={to.href()}>{ name.to_string() }</a></> }
    };
    html! { <span class="small t2">{ for agents.iter().enumerate().map(link) }</span> }
}
