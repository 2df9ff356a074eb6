//! The examples that come with Slipway.

use slipway_contract::agent::{AgentExample, AgentSummary};
use slipway_contract::command::{AddExample, ListExamples};
use yew::prelude::*;

use crate::app::Pulse;
use crate::bridge::{use_action, use_query};
use crate::components::{Button, async_value, notice, skeleton};
use crate::text;

/// Where it leads.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The agent is here.
    pub(super) made: Callback<AgentSummary>,
}

/// The examples, each at a press.
#[component]
pub(super) fn Examples(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let examples = use_query(ListExamples {}, pulse.0);
    let wanted = use_state_eq(|| None::<String>);
    let add = use_action::<AddExample>(props.made.clone());
    let row = |example: &AgentExample| {
        let name = example.name.to_string();
        let busy = add.busy && wanted.as_ref() == Some(&name);
        let onclick = {
            let (send, wanted) = (add.send.clone(), wanted.clone());
            Callback::from(move |()| {
                wanted.set(Some(name.clone()));
                send.emit(AddExample {
                    example: name.clone(),
                });
            })
        };
        let label = if example.is_here {
            text::OPEN
        } else {
            text::ADD
        };
        html! {
            <div key={example.name.to_string()} class="example">
                <div><div class="medium">{ example.title.clone() }</div><div class="small t2">{ example.description.clone() }</div></div>
                <Button {label} name={format!("{label}: {}", example.title)} small=true {busy} {onclick} />
            </div>
        }
    };
    let list = async_value(
        &examples,
        skeleton::lines(&["w-240", "w-320"]),
        |examples| html! { <div class="rows">{ for examples.iter().map(row) }</div> },
    );
    html! {
        <section>
            <h2 class="section">{ text::EXAMPLES }<span class="small t3">{ text::EXAMPLES_HOW }</span></h2>
            { list }
            if let Some(problem) = &add.problem { { notice(problem, None) } }
        </section>
    }
}
