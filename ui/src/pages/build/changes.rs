//! What the draft changes, and making a version of it.

use std::rc::Rc;

use slipway_contract::command::{DiffAgent, DiscardDraft, RestoreVersion, SaveVersion};
use slipway_contract::draft::DraftPage;
use slipway_contract::version::{AgentDiff, RestoredVersion, SavedVersion};
use yew::prelude::*;

use super::drafting::Drafting;
use crate::bridge::{use_action, use_query};
use crate::components::{
    Button, Dialog, DiffView, Kind, TextField, Toasts, async_value, counted_lines, notice, skeleton,
};
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct ChangedProps {
    pub(super) page: Rc<DraftPage>,
    pub(super) drafting: Drafting,
}

/// How many lines were changed; opens what they are.
#[component]
pub(super) fn WhatChanged(props: &ChangedProps) -> Html {
    if props.page.draft.changed {
        html! { <Changed page={Rc::clone(&props.page)} drafting={props.drafting.clone()} /> }
    } else {
        Html::default()
    }
}

#[component]
fn Changed(props: &ChangedProps) -> Html {
    let open = use_state_eq(|| false);
    let toasts = use_context::<Toasts>();
    let agent = props.drafting.agent().clone();
    // Asked again for every other draft.
    let pulse = u32::from_be_bytes(
        props.page.draft.hash.as_bytes()[..4]
            .try_into()
            .unwrap_or_default(),
    );
    let diff = use_query(
        DiffAgent {
            agent: agent.clone(),
            from: None,
            to: None,
        },
        pulse,
    );
    let show = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    let undo = {
        let drafting = props.drafting.clone();
        use_action::<RestoreVersion>(Callback::from(move |_| drafting.refresh()))
    };
    let discard = {
        let (drafting, open, undo, agent) = (
            props.drafting.clone(),
            open.clone(),
            undo.send,
            agent.clone(),
        );
        use_action::<DiscardDraft>(Callback::from(move |was: RestoredVersion| {
            open.set(false);
            drafting.refresh();
            if let Some(toasts) = &toasts {
                let (undo, agent) = (undo.clone(), agent.clone());
                let take_up = Callback::from(move |()| {
                    undo.emit(RestoreVersion {
                        agent: agent.clone(),
                        version: was.before,
                    });
                });
                toasts.undo(text::DISCARDED, take_up);
            }
        }))
    };
    let on_discard = {
        let (send, seen) = (discard.send.clone(), props.page.draft.hash);
        Callback::from(move |()| {
            send.emit(DiscardDraft {
                agent: agent.clone(),
                seen,
            });
        })
    };
    let (added, removed) = diff
        .state
        .ready()
        .map_or((0, 0), |diff| counted_lines(&diff.diff));
    let actions = html! {
        <div class="dialog__apart">
            <Button label={text::CLOSE} onclick={show(false)} />
            <Button label={text::DISCARD} kind={Kind::Quiet} busy={discard.busy} onclick={on_discard} />
        </div>
    };
    let opens = show(true);
    html! {
        <>
            <button type="button" class="btn btn--quiet" aria-label={text::changed_lines(added, removed)} onclick={Callback::from(move |_: MouseEvent| opens.emit(()))}>
                <span class="changed__words">{ text::WHAT_CHANGED }</span><span class="num small" aria-hidden="true"><span class="is-plus">{ format!("+{added}") }</span>{ "\u{2002}" }<span class="is-minus">{ format!("−{removed}") }</span></span>
            </button>
            <Dialog title={text::WHAT_CHANGED} open={*open} wide=true onclose={show(false)} {actions}>
                if let Some(problem) = &discard.problem { { notice(problem, None) } }
                { async_value(&diff, skeleton::lines(&["w-320", "w-240"]), |diff: &Rc<AgentDiff>| html! { <DiffView diff={diff.diff.clone()} /> }) }
            </Dialog>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct MakeProps {
    pub(super) page: Rc<DraftPage>,
    pub(super) drafting: Drafting,
    pub(super) why_not: Option<&'static str>,
}

/// Makes a version, with a note.
#[component]
pub(super) fn MakeVersion(props: &MakeProps) -> Html {
    let open = use_state_eq(|| false);
    let note = use_state_eq(String::new);
    let toasts = use_context::<Toasts>();
    let make = {
        let (open, note, drafting) = (open.clone(), note.clone(), props.drafting.clone());
        use_action::<SaveVersion>(Callback::from(move |made: SavedVersion| {
            open.set(false);
            note.set(String::new());
            drafting.refresh();
            if let Some(toasts) = &toasts {
                let said = if made.saved {
                    text::version_made(&made.version.short())
                } else {
                    text::NOTHING_TO_SAVE.to_owned()
                };
                toasts.say(said);
            }
        }))
    };
    let show = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    let on_make = {
        let (send, drafting, note) = (make.send.clone(), props.drafting.clone(), (*note).clone());
        Callback::from(move |()| {
            let (send, agent, note) = (send.clone(), drafting.agent().clone(), note.clone());
            drafting.save_then(Callback::from(move |saved: bool| {
                if saved {
                    let note = Some(note.clone()).filter(|note| !note.trim().is_empty());
                    send.emit(SaveVersion {
                        agent: agent.clone(),
                        note,
                    });
                }
            }));
        })
    };
    let onkeydown = {
        let on_make = on_make.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                event.stop_propagation();
                on_make.emit(());
            }
        })
    };
    let oninput = {
        let note = note.clone();
        Callback::from(move |typed: String| note.set(typed))
    };
    let unchanged =
        (!props.page.draft.changed && props.drafting.is_saved()).then_some(text::NOTHING_TO_SAVE);
    let why_not = props.why_not.or(unchanged);
    let actions = html! {
        <>
            <span class="spacer"></span>
            <Button label={text::CANCEL} onclick={show(false)} />
            <Button label={text::MAKE_VERSION} kind={Kind::Primary} busy={make.busy} onclick={on_make} />
        </>
    };
    html! {
        <>
            <Button label={text::MAKE_VERSION} {why_not} onclick={show(true)} />
            <Dialog title={text::MAKE_VERSION} open={*open} onclose={show(false)} {actions}>
                <p class="t2">{ text::MAKE_VERSION_HOW }</p>
                <div {onkeydown}><TextField id="version-note" label={text::NOTE} help={text::NOTE_HOW} value={(*note).clone()} {oninput} /></div>
                if let Some(problem) = &make.problem { { notice(problem, None) } }
            </Dialog>
        </>
    }
}
