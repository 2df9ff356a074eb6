//! A new suite.

use slipway_contract::AgentName;
use slipway_contract::command::CreateSuite;
use slipway_contract::test::SuitePage;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::bridge::use_action;
use crate::components::{Button, Dialog, Kind, TextField, notice};
use crate::route::{Route, SuiteFile, SuitePart};
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The agent.
    pub(super) agent: AgentName,
    /// It is made, or not wanted.
    pub(super) onclose: Callback<()>,
}

/// Asks what it is to be called.
#[component]
pub(super) fn NewSuite(props: &Props) -> Html {
    let title = use_state_eq(String::new);
    let navigator = use_navigator();
    let create = {
        let (agent, onclose) = (props.agent.clone(), props.onclose.clone());
        use_action::<CreateSuite>(Callback::from(move |suite: SuitePage| {
            onclose.emit(());
            if let Some(navigator) = &navigator {
                navigator.push(&Route::EditSuite {
                    name: agent.clone(),
                    suite: SuiteFile::of(&suite.file),
                    part: SuitePart::Case(0),
                });
            }
        }))
    };
    let why_not = title.trim().is_empty().then_some(text::TITLE_FIRST);
    let send = {
        let (agent, title) = (props.agent.clone(), title.trim().to_owned());
        create.send.reform(move |()| CreateSuite {
            agent: agent.clone(),
            title: title.clone(),
        })
    };
    let oninput = {
        let title = title.setter();
        Callback::from(move |typed: String| title.set(typed))
    };
    let onkeydown = {
        let (send, blocked) = (send.clone(), why_not.is_some());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !blocked {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let actions = html! {
        <>
            <Button label={text::CANCEL} onclick={props.onclose.clone()} />
            <Button label={text::CREATE} kind={Kind::Primary} busy={create.busy} {why_not} onclick={send} />
        </>
    };
    html! {
        <Dialog title={text::NEW_SUITE} open=true onclose={props.onclose.clone()} {actions}>
            <div {onkeydown}><TextField id="suite-title" label={text::AGENT_TITLE} value={(*title).clone()} help={text::NEW_SUITE_HOW} {oninput} /></div>
            if let Some(problem) = &create.problem { { notice(problem, None) } }
        </Dialog>
    }
}
