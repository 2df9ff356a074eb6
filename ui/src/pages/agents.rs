//! All agents.

use std::rc::Rc;

use slipway_contract::agent::{AgentSummary, LastRun};
use slipway_contract::command::AddExamples;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::app::Agents;
use crate::bridge::use_action;
use crate::browser::{self, local};
use crate::components::{Button, Icon, Kind, Mark, async_value, icon, notice, run_status, topbar};
use crate::route::Route;
use crate::{format, text};

/// All agents.
#[component]
pub(crate) fn AgentsPage() -> Html {
    let Some(Agents(agents)) = use_context::<Agents>() else {
        return Html::default();
    };
    let count = agents
        .state
        .ready()
        .map(|agents| agents.len())
        .filter(|count| *count > 0);
    let list = async_value(&agents, skeleton(), |list| {
        if list.is_empty() {
            html! { <Nothing again={agents.again.clone()} /> }
        } else {
            table(list)
        }
    });
    html! {
        <>
            { topbar(text::AGENTS, html! { { for count.map(text::agents) } }, Html::default()) }
            <div class="page scroll" data-pane="" tabindex="-1">{ list }</div>
        </>
    }
}

fn table(agents: &Rc<Vec<AgentSummary>>) -> Html {
    html! {
        <table class="table table--roomy agents">
            <colgroup><col /><col class="col-model" /><col class="col-status" /><col class="col-cost" /><col class="col-when" /></colgroup>
            <thead><tr>
                <th>{ text::AGENT }</th><th>{ text::MODEL }</th><th>{ text::LAST_RUN }</th><th class="r">{ text::COST }</th><th class="r">{ text::WHEN }</th>
            </tr></thead>
            <tbody>{ for (0..agents.len()).map(|place| html! { <Row key={place} agents={Rc::clone(agents)} {place} /> }) }</tbody>
        </table>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    agents: Rc<Vec<AgentSummary>>,
    place: usize,
}

/// An agent; its title is the link, and a click anywhere on its row follows it.
#[component]
fn Row(props: &RowProps) -> Html {
    let navigator = use_navigator();
    let Some(agent) = props.agents.get(props.place) else {
        return Html::default();
    };
    let to = Route::Agent {
        name: agent.name.clone(),
    };
    let onclick = {
        let to = to.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(navigator) = &navigator {
                event.prevent_default();
                navigator.push(&to);
            }
        })
    };
    html! {
        <tr {onclick}>
            <td>
                <a class="row-link medium" href={to.href()}>{ agent.title.clone() }</a>
                <div class="small t2 clip" title={agent.description.clone()}>{ agent.description.clone() }</div>
            </td>
            <td class="t2" title={agent.model.clone()}>{ text::model_name(&agent.model) }</td>
            { last_run(agent.last_run.as_ref()) }
        </tr>
    }
}

fn last_run(run: Option<&LastRun>) -> Html {
    match run {
        None => html! { <td colspan="3" class="t3">{ text::NOT_RUN_YET }</td> },
        Some(run) => html! {
            <>
                <td>{ run_status(Mark::from(run.state)) }</td>
                <td class="r">{ run.cost_usd.map_or_else(|| text::COST_UNKNOWN.to_owned(), format::usd_run) }</td>
                <td class="r t2">{ format::moment(local(run.created_at), local(browser::now())) }</td>
            </>
        },
    }
}

fn skeleton() -> Html {
    let row = |title: &'static str| {
        html! {
            <tr>
                <td><span class={classes!("skeleton", title)}></span><span class="skeleton w-240"></span></td>
                <td><span class="skeleton w-96"></span></td>
                <td><span class="skeleton w-72"></span></td>
                <td><span class="skeleton w-44 at-right"></span></td>
                <td><span class="skeleton w-36 at-right"></span></td>
            </tr>
        }
    };
    html! {
        <table class="table table--roomy agents" aria-hidden="true">
            <colgroup><col /><col class="col-model" /><col class="col-status" /><col class="col-cost" /><col class="col-when" /></colgroup>
            <tbody>{ for ["w-96", "w-120", "w-72"].map(row) }</tbody>
        </table>
    }
}

#[derive(Properties, PartialEq)]
struct NothingProps {
    again: Callback<()>,
}

/// No agent yet: what one is, and the first ones at a press.
#[component]
fn Nothing(props: &NothingProps) -> Html {
    let again = props.again.clone();
    let add = use_action::<AddExamples>(Callback::from(move |_| again.emit(())));
    html! {
        <div class="page--centred">
            <div class="empty empty--wide">
                { icon(Icon::Agent) }
                <h2 class="head">{ text::NO_AGENT_YET }</h2>
                <p class="t2">{ text::NO_AGENT_YET_HOW }</p>
                <div class="btns">
                    <Button label={text::ADD_EXAMPLES} kind={Kind::Primary} busy={add.busy} onclick={add.send.reform(|()| AddExamples {})} />
                    <Button label={text::LOOK_AGAIN} icon={Icon::Retry} onclick={props.again.clone()} />
                </div>
                if let Some(problem) = &add.problem { { notice(problem, None) } }
            </div>
        </div>
    }
}
