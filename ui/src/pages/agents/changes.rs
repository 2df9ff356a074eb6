//! What is asked before an agent is renamed, copied or deleted.

use std::rc::Rc;

use slipway_contract::AgentName;
use slipway_contract::agent::{AgentSummary, RemovedAgent};
use slipway_contract::command::{DuplicateAgent, PutAgentBack, RemoveAgent, RenameAgent};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::bridge::use_action;
use crate::components::{Button, Dialog, Kind, TextField, Toasts, notice};
use crate::route::Route;
use crate::text;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Another title.
    Rename,
    /// A copy.
    Duplicate,
    /// Away with it.
    Remove,
}

/// What is to be done with which agent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Changing {
    /// The agent.
    pub(super) agent: AgentName,
    /// What.
    pub(super) what: What,
}

/// The dialog.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What is to be done.
    pub(super) changing: Changing,
    /// All agents that are shown.
    pub(super) agents: Rc<Vec<AgentSummary>>,
    /// It is done, or not wanted any more.
    pub(super) done: Callback<()>,
    /// Something was changed.
    pub(super) again: Callback<()>,
}

/// The dialog for what is to be done.
#[component]
pub(super) fn Change(props: &Props) -> Html {
    let agent = props
        .agents
        .iter()
        .find(|agent| agent.name == props.changing.agent);
    let Some(agent) = agent.cloned() else {
        return Html::default();
    };
    let (done, again) = (props.done.clone(), props.again.clone());
    match props.changing.what {
        What::Rename => html! { <Rename {agent} {done} {again} /> },
        What::Duplicate => {
            let agents = Rc::clone(&props.agents);
            let taken = move |name: &str| agents.iter().any(|agent| agent.name.as_str() == name);
            let name = text::free_name(agent.name.as_str(), taken);
            html! { <Duplicate {agent} {name} {done} {again} /> }
        }
        What::Remove => html! { <Remove {agent} {done} {again} /> },
    }
}

#[derive(Properties, PartialEq)]
struct OneProps {
    agent: AgentSummary,
    #[prop_or_default]
    name: String,
    done: Callback<()>,
    again: Callback<()>,
}

#[component]
fn Rename(props: &OneProps) -> Html {
    let title = use_state_eq(|| props.agent.title.clone());
    let rename = {
        let (done, again) = (props.done.clone(), props.again.clone());
        use_action::<RenameAgent>(Callback::from(move |_| {
            again.emit(());
            done.emit(());
        }))
    };
    let send = {
        let (send, agent, title) = (
            rename.send.clone(),
            props.agent.name.clone(),
            (*title).clone(),
        );
        Callback::from(move |()| {
            send.emit(RenameAgent {
                agent: agent.clone(),
                title: title.clone(),
            });
        })
    };
    let oninput = {
        let title = title.clone();
        Callback::from(move |text| title.set(text))
    };
    let actions = html! {
        <>
            <Button label={text::CANCEL} onclick={props.done.clone()} />
            <Button label={text::RENAME_IT} kind={Kind::Primary} busy={rename.busy} onclick={send.clone()} />
        </>
    };
    html! {
        <Dialog title={text::rename_title(&props.agent.title)} open=true onclose={props.done.clone()} {actions}>
            <form onsubmit={submit(send)}>
                <TextField id="agent-title" label={text::AGENT_TITLE} value={(*title).clone()} {oninput} help={text::AGENT_TITLE_HELP} />
            </form>
            if let Some(problem) = &rename.problem { { notice(problem, None) } }
        </Dialog>
    }
}

#[component]
fn Duplicate(props: &OneProps) -> Html {
    let navigator = use_navigator();
    let title = use_state_eq(|| text::copy_of(&props.agent.title));
    let name = use_state_eq(|| props.name.clone());
    let duplicate = {
        let (done, again) = (props.done.clone(), props.again.clone());
        use_action::<DuplicateAgent>(Callback::from(move |agent: AgentSummary| {
            again.emit(());
            done.emit(());
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Agent { name: agent.name });
            }
        }))
    };
    let parsed = name.trim().parse::<AgentName>();
    let error = parsed
        .as_ref()
        .err()
        .map(|error| AttrValue::from(text::sentence(&error.to_string())));
    let send = {
        let (send, agent) = (duplicate.send.clone(), props.agent.name.clone());
        let (title, parsed) = ((*title).clone(), parsed.ok());
        Callback::from(move |()| {
            if let Some(name) = &parsed {
                send.emit(DuplicateAgent {
                    agent: agent.clone(),
                    name: name.clone(),
                    title: Some(title.clone()),
                });
            }
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    let why_not = error.as_ref().map(|_| AttrValue::from(text::NAME_FIRST));
    let actions = html! {
        <>
            <Button label={text::CANCEL} onclick={props.done.clone()} />
            <Button label={text::DUPLICATE_IT} kind={Kind::Primary} busy={duplicate.busy} {why_not} onclick={send.clone()} />
        </>
    };
    html! {
        <Dialog title={text::duplicate_title(&props.agent.title)} open=true onclose={props.done.clone()} {actions}>
            <p class="t2">{ text::DUPLICATE_HOW }</p>
            <form class="form" onsubmit={submit(send)}>
                <TextField id="copy-title" label={text::AGENT_TITLE} value={(*title).clone()} oninput={set(&title)} />
                <TextField id="copy-name" label={text::AGENT_NAME} mono=true value={(*name).clone()} oninput={set(&name)} help={text::AGENT_NAME_HELP} {error} />
                <button type="submit" class="visually-hidden" tabindex="-1">{ text::DUPLICATE_IT }</button>
            </form>
            if let Some(problem) = &duplicate.problem { { notice(problem, None) } }
        </Dialog>
    }
}

#[component]
fn Remove(props: &OneProps) -> Html {
    let toasts = use_context::<Toasts>();
    let back = {
        let again = props.again.clone();
        use_action::<PutAgentBack>(Callback::from(move |_| again.emit(())))
    };
    let remove = {
        let (done, again, back) = (props.done.clone(), props.again.clone(), back.send);
        use_action::<RemoveAgent>(Callback::from(move |removed: RemovedAgent| {
            again.emit(());
            if let Some(toasts) = &toasts {
                let agent = removed.name.clone();
                let back = back.reform(move |()| PutAgentBack {
                    agent: agent.clone(),
                });
                toasts.undo(text::deleted(&removed.title), back);
            }
            done.emit(());
        }))
    };
    let agent = props.agent.name.clone();
    let send = remove.send.reform(move |()| RemoveAgent {
        agent: agent.clone(),
    });
    let actions = html! {
        <>
            <Button label={text::KEEP} onclick={props.done.clone()} />
            <Button label={text::DELETE_IT} kind={Kind::Danger} busy={remove.busy} onclick={send} />
        </>
    };
    html! {
        <Dialog title={text::delete_title(&props.agent.title)} open=true onclose={props.done.clone()} {actions}>
            <p class="t2">{ text::DELETE_HOW }</p>
            if props.agent.folder.is_some() { <p class="t2">{ text::DELETE_FOLDER_STAYS }</p> }
            if let Some(problem) = &remove.problem { { notice(problem, None) } }
        </Dialog>
    }
}

/// Enter in a field does what the main button does.
fn submit(send: Callback<()>) -> Callback<SubmitEvent> {
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(());
    })
}
