//! What can be taken from a run: the command that makes it, and what came of it.

use slipway_contract::RunId;
use slipway_contract::command::{RunCommand, SaveOutput as Save};
use yew::prelude::*;

use crate::bridge::use_action;
use crate::browser;
use crate::components::{Button, Icon, Kind, Toasts, notice};
use crate::text;

/// Whose command it is.
#[derive(Properties, PartialEq)]
pub(super) struct CopiedProps {
    /// The run.
    pub(super) run: RunId,
}

/// Copies the command that does the same in a terminal.
#[component]
pub(super) fn Copied(props: &CopiedProps) -> Html {
    let toasts = use_context::<Toasts>();
    let ask = use_action::<RunCommand>(Callback::from(move |command: String| {
        let toasts = toasts.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let said = if browser::copy(&command).await {
                text::COMMAND_COPIED
            } else {
                text::NOT_COPIED
            };
            if let Some(toasts) = toasts {
                toasts.say(said);
            }
        });
    }));
    let run = props.run;
    let onclick = ask.send.reform(move |()| RunCommand { run });
    html! {
        <span class="head-action">
            <Button label={text::COPY_AS_COMMAND} icon={Icon::Terminal} kind={Kind::Quiet} busy={ask.busy} {onclick} />
            if let Some(problem) = &ask.problem { <div class="floating">{ notice(problem, None) }</div> }
        </span>
    }
}

/// Whose output it is.
#[derive(Properties, PartialEq)]
pub(super) struct SaveProps {
    /// The run.
    pub(super) run: RunId,
}

/// Writes the run's output to a file of its own.
#[component]
pub(super) fn SaveOutput(props: &SaveProps) -> Html {
    let toasts = use_context::<Toasts>();
    let save = use_action::<Save>(Callback::from(move |place: Option<String>| {
        if let (Some(toasts), Some(place)) = (&toasts, place) {
            toasts.say(text::saved_as(&place));
        }
    }));
    let run = props.run;
    let onclick = save.send.reform(move |()| Save { run });
    html! {
        <span class="head-action">
            <Button label={text::SAVE_OUTPUT} icon={Icon::Export} kind={Kind::Quiet} busy={save.busy} {onclick} />
            if let Some(problem) = &save.problem { <div class="floating">{ notice(problem, None) }</div> }
        </span>
    }
}
