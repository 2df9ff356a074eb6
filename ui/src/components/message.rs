//! A person's message, which they can say once more in other words.

use slipway_contract::command::{ContinueRun, StartAgain};
use slipway_contract::message::AttachmentSummary;
use slipway_contract::{AgentName, RunId, Timestamp};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::button::{Button, Kind};
use super::composer::{Composer, Written};
use super::icon::{Icon, icon};
use super::problem::notice;
use super::save_test::SaveTest;
use crate::bridge::use_action;
use crate::browser::local;
use crate::route::Route;
use crate::run_state::Origin;
use crate::{format, text};

use super::exact::{exact, prose};

/// Which message.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// When it was said.
    pub(super) at: Timestamp,
    /// The words.
    pub(super) said: String,
    /// The files that came with it.
    pub(super) attachments: Vec<AttachmentSummary>,
    /// Where it was said.
    pub(super) origin: Origin,
    /// The run that it began, once that has ended, and its agent.
    pub(super) began: Option<(RunId, AgentName)>,
}

/// A person's message.
#[component]
pub(super) fn Message(props: &Props) -> Html {
    let editing = use_state_eq(|| false);
    let navigator = use_navigator();
    let go = Callback::from(move |id: RunId| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    });
    let again = use_action::<StartAgain>(go.clone());
    let further = use_action::<ContinueRun>(go);
    let edit = |to: bool| {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(to))
    };
    let on_send = {
        let (again, further, origin) = (again.send.clone(), further.send.clone(), props.origin);
        Callback::from(move |Written { input, files }: Written| match origin {
            Origin::Start { run } => again.emit(StartAgain {
                run,
                input,
                model: None,
                attachments: files,
            }),
            Origin::After { run } => further.emit(ContinueRun {
                run,
                input,
                model: None,
                attachments: files,
            }),
        })
    };
    let onkeydown = {
        let close = edit(false);
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                close.emit(());
            }
        })
    };
    let what = match props.origin {
        Origin::Start { .. } => text::EDIT_STARTS_A_RUN,
        Origin::After { .. } => text::EDIT_MAKES_A_RUN,
    };
    let problem = again.problem.as_ref().or(further.problem.as_ref());
    html! {
        <div class="turn turn--person">
            <div class="who">
                <b>{ text::YOU }</b><span class="num">{ format::clock(local(props.at)) }</span>
                <span class="spacer"></span>
                if !*editing { <span class="turn__edit">{ for props.began.clone().map(|(run, agent)| html! { <SaveTest {run} {agent} asked={props.said.clone()} small=true /> }) }<Button label={text::EDIT_MESSAGE} icon={Icon::Pen} small=true kind={Kind::Quiet} onclick={edit(true)} /></span> }
            </div>
            if *editing {
                <div class="turn__editing" {onkeydown}>
                    <Composer placeholder={text::EDITED_MESSAGE} initial={props.said.clone()} busy={again.busy || further.busy} eager=true {on_send}>
                        <Button label={text::CANCEL} small=true kind={Kind::Quiet} onclick={edit(false)} />
                    </Composer>
                    <p class="small t3">{ what }if !props.attachments.is_empty() { { " " }{ text::FILES_STAY } }</p>
                    if let Some(problem) = problem { { notice(problem, None) } }
                </div>
            } else {
                <p class="as-written selectable">{ prose(&props.said) }</p>
                { for props.attachments.iter().map(attached) }
            }
        </div>
    }
}

fn attached(file: &AttachmentSummary) -> Html {
    let size = format::bytes(usize::try_from(file.bytes).unwrap_or(usize::MAX));
    html! { <div class="well filechip">{ icon(Icon::File) }<span class="path clip" title={file.name.clone()}>{ exact(&file.name) }</span><span class="small t3 num">{ size }</span></div> }
}
