//! One agent of the list, and what can be done with it.

use std::rc::Rc;

use slipway_contract::agent::{AgentSummary, LastRun, RunningCost};
use slipway_contract::command::ArchiveAgent;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::changes::{Changing, What};
use crate::bridge::use_action;
use crate::browser::{self, local};
use crate::components::{Icon, Mark, MenuItem, More, Toasts, run_status, small_icon};
use crate::route::Route;
use crate::{format, text};

#[derive(Properties)]
pub(super) struct Props {
    pub(super) id: String,
    pub(super) place: usize,
    pub(super) agents: Rc<Vec<AgentSummary>>,
    pub(super) agent: usize,
    pub(super) active: bool,
    pub(super) change: Callback<Changing>,
    pub(super) again: Callback<()>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.agents, &other.agents)
            && (self.place, self.agent, self.active) == (other.place, other.agent, other.active)
    }
}

/// An agent; its title is the link, and a click anywhere on its row follows it.
#[component]
pub(super) fn Row(props: &Props) -> Html {
    let navigator = use_navigator();
    let toasts = use_context::<Toasts>();
    let archive = {
        let again = props.again.clone();
        use_action::<ArchiveAgent>(Callback::from(move |_| again.emit(())))
    };
    let Some(agent) = props.agents.get(props.agent) else {
        return Html::default();
    };
    let to = Route::Agent {
        name: agent.name.clone(),
    };
    let onclick = {
        let (to, navigator) = (to.clone(), navigator.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(navigator) = &navigator {
                event.prevent_default();
                navigator.push(&to);
            }
        })
    };
    let change = |what: What| {
        let (agent, what) = (agent.name.clone(), what);
        props.change.reform(move |()| Changing {
            agent: agent.clone(),
            what,
        })
    };
    let aside = {
        let (name, is_archived) = (agent.name.clone(), agent.archived_at.is_some());
        let (send, title) = (archive.send, agent.title.clone());
        let order = move |archived: bool| ArchiveAgent {
            agent: name.clone(),
            archived,
        };
        Callback::from(move |()| {
            send.emit(order(!is_archived));
            if let Some(toasts) = &toasts {
                let back = send.reform({
                    let order = order.clone();
                    move |()| order(is_archived)
                });
                toasts.undo(text::archived(&title, !is_archived), back);
            }
        })
    };
    let run = {
        let to = Route::Ask {
            name: agent.name.clone(),
        };
        Callback::from(move |()| navigator.iter().for_each(|navigator| navigator.push(&to)))
    };
    let item = |label: &'static str, icon: Icon, is_danger: bool, chosen: Callback<()>| MenuItem {
        label: label.into(),
        icon,
        is_danger,
        why_not: None,
        chosen,
    };
    let (aside_label, aside_icon) = match agent.archived_at {
        None => (text::ARCHIVE, Icon::Database),
        Some(_) => (text::UNARCHIVE, Icon::Restore),
    };
    let items = vec![
        item(text::RUN, Icon::Play, false, run),
        item(text::RENAME_AGENT, Icon::Pen, false, change(What::Rename)),
        item(text::DUPLICATE, Icon::Copy, false, change(What::Duplicate)),
        item(aside_label, aside_icon, false, aside),
        item(text::DELETE, Icon::Trash, true, change(What::Remove)),
    ];
    let described = match &agent.problem {
        Some(problem) => {
            html! { <div class="small is-failed clip agents__problem" title={problem.message.clone()}>{ small_icon(Icon::Alert) }<span class="clip">{ text::cannot_be_run(&problem.message) }</span></div> }
        }
        None => {
            html! { <div class="small t2 clip" dir="auto" title={agent.description.clone()}>{ agent.description.clone() }</div> }
        }
    };
    html! {
        <tr {onclick} aria-rowindex={(props.place + 2).to_string()}>
            <td>
                <div class="agents__title">
                    <a id={props.id.clone()} class="row-link medium clip" dir="auto" tabindex={if props.active { "0" } else { "-1" }} href={to.href()} title={agent.title.clone()}>{ agent.title.clone() }</a>
                    { for agent.tags.iter().take(3).map(|tag| html! { <span class="tag clip" title={tag.clone()}>{ tag.clone() }</span> }) }
                </div>
                { described }
            </td>
            <td class="t2" title={agent.model.clone()}>{ text::model_name(&agent.model) }</td>
            <td>{ last_run(agent.last_run.as_ref()) }</td>
            <td class="r num">{ agent.cost_this_month.map(month) }</td>
            <td class="r t2 num">{ format::moment(local(agent.updated_at), local(browser::now())) }</td>
            <td class="r" onclick={Callback::from(|event: MouseEvent| event.stop_propagation())}><More label={text::more_of(&agent.title)} {items} /></td>
        </tr>
    }
}

fn last_run(run: Option<&LastRun>) -> Html {
    match run {
        None => html! { <span class="t3">{ text::NOT_RUN_YET }</span> },
        Some(run) => html! {
            <>
                { run_status(Mark::from(run.state)) }
                <div class="small t3 num">{ format::moment(local(run.created_at), local(browser::now())) }</div>
            </>
        },
    }
}

fn month(cost: RunningCost) -> Html {
    if !cost.is_least {
        return html! { { format::usd_period(cost.usd) } };
    }
    match format::usd_at_least(cost.usd) {
        Some(bound) => html! { <span title={text::COST_AT_LEAST}>{ bound }</span> },
        None => html! { <span class="t3" title={text::COST_UNKNOWN}>{ "?" }</span> },
    }
}
