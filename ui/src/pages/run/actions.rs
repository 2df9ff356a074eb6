//! What can be taken from a run: the command that makes it, and what came of it.

use std::rc::Rc;

use slipway_contract::command::{RunCommand, SaveOutput as Save};
use slipway_contract::{Problem, RunId};
use yew::prelude::*;

use crate::bridge::{call, use_action};
use crate::components::{Button, Icon, Kind, Toasts, notice};
use crate::{clipboard, text};

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
    let busy = use_state_eq(|| false);
    let problem = use_state_eq(|| None::<Rc<Problem>>);
    let run = props.run;
    let onclick = {
        let (busy, problem) = (busy.clone(), problem.clone());
        Callback::from(move |()| {
            let copying = clipboard::copy_coming(async move { call(&RunCommand { run }).await });
            let (busy, problem, toasts) = (busy.clone(), problem.clone(), toasts.clone());
            busy.set(true);
            wasm_bindgen_futures::spawn_local(async move {
                let copied = copying.await;
                busy.set(false);
                match (&copied, &toasts) {
                    (Ok(true), Some(toasts)) => toasts.say(text::COMMAND_COPIED),
                    (Ok(false), Some(toasts)) => toasts.fail(text::NOT_COPIED),
                    _ => {}
                }
                problem.set(copied.err().map(Rc::new));
            });
        })
    };
    html! {
        <span class="head-action">
            <Button label={text::COPY_AS_COMMAND} icon={Icon::Terminal} kind={Kind::Quiet} busy={*busy} {onclick} />
            if let Some(problem) = &*problem { <div class="floating">{ notice(problem, None) }</div> }
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
