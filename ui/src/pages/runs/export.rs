//! Writing the runs of the list as files.

use slipway_contract::command::{ExportRuns, PickFolder};
use slipway_contract::history::{ExportedRuns, RunFilter};
use yew::prelude::*;

use crate::bridge::use_action;
use crate::components::{Button, Dialog, Kind, TextField, Toasts, notice};
use crate::text;

/// Which runs.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Which.
    pub(super) filter: RunFilter,
    /// How many, in words.
    pub(super) sum: AttrValue,
    /// It is done, or not wanted.
    pub(super) onclose: Callback<()>,
}

/// Where to, and that it was done.
#[component]
pub(super) fn Export(props: &Props) -> Html {
    let folder = use_state_eq(String::new);
    let toasts = use_context::<Toasts>();
    let write = use_action::<ExportRuns>({
        let onclose = props.onclose.clone();
        Callback::from(move |written: ExportedRuns| {
            if let Some(toasts) = &toasts {
                toasts.say(text::exported(
                    written.runs,
                    &written.folder,
                    written.skipped.len(),
                ));
            }
            onclose.emit(());
        })
    });
    let pick = use_action::<PickFolder>({
        let folder = folder.setter();
        Callback::from(move |picked: Option<String>| {
            if let Some(picked) = picked {
                folder.set(picked);
            }
        })
    });
    let oninput = {
        let folder = folder.setter();
        Callback::from(move |typed: String| folder.set(typed))
    };
    let send = {
        let (filter, folder) = (props.filter.clone(), folder.trim().to_owned());
        write.send.reform(move |()| ExportRuns {
            filter: filter.clone(),
            folder: folder.clone(),
        })
    };
    let why_not = folder.trim().is_empty().then_some(text::NO_FOLDER);
    let problem = write.problem.as_ref().or(pick.problem.as_ref());
    let actions = html! {
        <>
            <Button label={text::CANCEL} onclick={props.onclose.clone()} />
            <Button label={text::EXPORT_NOW} kind={Kind::Primary} busy={write.busy} {why_not} onclick={send} />
        </>
    };
    html! {
        <Dialog title={text::EXPORT_RUNS} open=true onclose={props.onclose.clone()} {actions}>
            <p class="t2">{ text::export_what(&props.sum) }</p>
            <div class="export__place">
                <TextField id="export-folder" label={text::EXPORT_INTO} value={(*folder).clone()} {oninput} help={text::EXPORT_INTO_HOW} />
                <Button label={text::PICK_FOLDER} busy={pick.busy} onclick={pick.send.reform(|()| PickFolder {})} />
            </div>
            if let Some(problem) = problem { { notice(problem, None) } }
        </Dialog>
    }
}
