//! What a person decided for good about an agent: listed, and taken back.

use slipway_contract::AgentName;
use slipway_contract::command::{ListRules, RemoveRule};
use slipway_contract::rule::Rule;
use yew::prelude::*;

use super::button::{Button, Kind};
use super::problem::notice;
use super::question::pattern;
use super::{async_value, exact};
use crate::bridge::{use_action, use_query};
use crate::text;

/// Whose rules.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) agent: AgentName,
    /// Asks again whenever it changes.
    pub(crate) pulse: u32,
}

/// An agent's rules.
#[component]
pub(crate) fn Rules(props: &Props) -> Html {
    let removed = use_state(|| 0_u32);
    let agent = props.agent.clone();
    let rules = use_query(ListRules { agent }, props.pulse.wrapping_add(*removed));
    let remove = use_action::<RemoveRule>(Callback::from(move |()| {
        removed.set(removed.wrapping_add(1));
    }));
    let row = |rule: &Rule| {
        let id = rule.id;
        let take_back = remove.send.reform(move |()| RemoveRule { rule: id });
        html! {
            <li class="rule" key={id.to_string()}>
                <div class="rule__head">
                    <span>{ text::ruling(&rule.ruling) }{ " " }<span class="mono">{ exact(&rule.tool) }</span></span>
                    <span class="spacer"></span>
                    <Button label={text::REMOVE} kind={Kind::Quiet} small=true busy={remove.busy} onclick={take_back} />
                </div>
                { rule.ruling.arguments().map(pattern).unwrap_or_default() }
                <p class="small t3">{ text::rule_in(&id.short()) }<span class="path">{ exact(&rule.workdir) }</span></p>
            </li>
        }
    };
    html! {
        <section>
            <h3 class="section">{ text::RULES }</h3>
            { async_value(&rules, html! { <span class="skeleton w-120"></span> }, |rules| html! {
                if rules.is_empty() { <p class="small t3">{ text::NO_RULES }</p> } else { <ul>{ for rules.iter().map(row) }</ul> }
            }) }
            if let Some(problem) = &remove.problem { { notice(problem, None) } }
        </section>
    }
}
