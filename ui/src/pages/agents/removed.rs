//! Agents that were removed and can still be put back.

use slipway_contract::agent::RemovedAgent;
use slipway_contract::command::{ListRemovedAgents, PutAgentBack};
use yew::prelude::*;

use super::bar;
use super::list::skeleton;
use crate::app::{Agents, Pulse};
use crate::bridge::{use_action, use_query};
use crate::browser::{self, local};
use crate::components::{Button, Icon, async_value, empty_with, notice};
use crate::{format, text};

/// What is shown beside the choice of lists.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The choice of lists.
    pub(super) which: Html,
}

/// The list.
#[component]
pub(super) fn Removed(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let agents = use_context::<Agents>();
    let removed = use_query(ListRemovedAgents {}, pulse.0);
    let back = {
        let again = removed.again.clone();
        use_action::<PutAgentBack>(Callback::from(move |_| {
            again.emit(());
            if let Some(Agents(agents)) = &agents {
                agents.again.emit(());
            }
        }))
    };
    let row = |agent: &RemovedAgent| {
        let name = agent.name.clone();
        let onclick = back.send.reform(move |()| PutAgentBack {
            agent: name.clone(),
        });
        let label = text::put_back(&agent.title);
        html! {
            <tr key={agent.name.to_string()}>
                <td><div class="medium clip" dir="auto" title={agent.title.clone()}>{ agent.title.clone() }</div><div class="small t2 path clip">{ agent.name.to_string() }</div></td>
                <td class="r t2 num">{ format::moment(local(agent.removed_at), local(browser::now())) }</td>
                <td class="r t2 num">{ format::moment(local(agent.until), local(browser::now())) }</td>
                <td class="r"><Button label={text::PUT_BACK} name={label} small=true icon={Icon::Restore} {onclick} /></td>
            </tr>
        }
    };
    let list = async_value(&removed, skeleton(), |removed| {
        if removed.is_empty() {
            return html! { <div class="page page--centred">{ empty_with(Icon::Trash, text::NONE_REMOVED, text::NONE_REMOVED_HOW, None) }</div> };
        }
        html! {
            <div class="page scroll" data-pane="" tabindex="-1">
                if let Some(problem) = &back.problem { <div class="page__notice">{ notice(problem, None) }</div> }
                <table class="table table--roomy agents">
                    <colgroup><col /><col class="col-when" /><col class="col-when" /><col class="col-back" /></colgroup>
                    <thead><tr><th>{ text::AGENT }</th><th class="r">{ text::REMOVED_WHEN }</th><th class="r">{ text::BACK_UNTIL }</th><th><span class="visually-hidden">{ text::ACTIONS }</span></th></tr></thead>
                    <tbody>{ for removed.iter().map(row) }</tbody>
                </table>
            </div>
        }
    });
    html! {
        <>
            { bar(None) }
            <div class="filters" role="group" aria-label={text::SHOW}>{ props.which.clone() }</div>
            { list }
        </>
    }
}
