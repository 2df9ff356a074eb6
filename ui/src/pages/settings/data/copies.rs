//! Copies of everything elsewhere, and back from there.

use slipway_contract::Problem;
use slipway_contract::command::{BackUpData, ExportData, ImportData, PickFolder, RestoreBackUp};
use slipway_contract::data::{BackedUp, MovedData, RestoredData};
use std::rc::Rc;
use yew::prelude::*;

use super::errand::UnderWay;
use crate::bridge::use_action;
use crate::components::{Button, Icon, Kind, TextField, icon, notice};
use crate::place::Place;
use crate::{browser, text};

/// Where they lead.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What is here is more now.
    pub(super) changed: Callback<()>,
    /// A copy was restored.
    pub(super) restored: Callback<RestoredData>,
}

/// What can be done, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    BackUp,
    Restore,
    Export,
    Import,
}

/// What was done, below its row.
#[derive(Clone, PartialEq)]
struct Done {
    what: What,
    words: String,
    path: String,
    notes: Vec<String>,
}

/// Copies of everything.
#[component]
pub(super) fn Copies(props: &Props) -> Html {
    let open = use_state_eq(|| None::<What>);
    let done = use_state_eq(|| None::<Done>);
    let tell = {
        let (open, done, changed) = (open.clone(), done.clone(), props.changed.clone());
        Callback::from(move |told: Done| {
            open.set(None);
            done.set(Some(told));
            changed.emit(());
        })
    };
    let moved = |what: What| {
        tell.reform(move |moved: MovedData| Done {
            what,
            words: text::moved_data(&moved),
            path: moved.path,
            notes: moved.notes,
        })
    };
    let back_up = use_action::<BackUpData>(tell.reform(|copy: BackedUp| Done {
        what: What::BackUp,
        words: text::backed_up(copy.bytes),
        path: copy.folder,
        notes: Vec::new(),
    }));
    let restore = use_action::<RestoreBackUp>(props.restored.clone());
    let export = use_action::<ExportData>(moved(What::Export));
    let import = use_action::<ImportData>(moved(What::Import));
    let on_back_up = back_up.send.reform(|folder| BackUpData { folder });
    let on_restore = restore.send.reform(|folder| RestoreBackUp { folder });
    let on_export = export.send.reform(|folder| ExportData { folder });
    let on_import = import.send.reform(|path| ImportData { path });
    let row = |what: What, send: Callback<String>, busy: bool, problem: Option<Rc<Problem>>| {
        let toggle = {
            let (open, done) = (open.clone(), done.clone());
            Callback::from(move |()| {
                done.set(None);
                open.set((*open != Some(what)).then_some(what));
            })
        };
        html! {
            <Row key={words(what).0} {what} open={*open == Some(what)} {busy} {problem} done={(*done).clone().filter(|done| done.what == what)} {toggle} {send} />
        }
    };
    html! {
        <section aria-label={text::COPIES}>
            <h2 class="section">{ text::COPIES }</h2>
            <div class="rows prefs">
                { row(What::BackUp, on_back_up, back_up.busy, back_up.problem.clone()) }
                { row(What::Restore, on_restore, restore.busy, restore.problem.clone()) }
                { row(What::Export, on_export, export.busy, export.problem.clone()) }
                { row(What::Import, on_import, import.busy, import.problem.clone()) }
            </div>
        </section>
    }
}

/// What it is called, what it does, what its field is for, and its button.
const fn words(what: What) -> (&'static str, &'static str, &'static str, &'static str) {
    match what {
        What::BackUp => (
            text::BACK_UP,
            text::BACK_UP_HOW,
            text::TO_FOLDER,
            text::START_BACK_UP,
        ),
        What::Restore => (
            text::RESTORE_BACK_UP,
            text::RESTORE_BACK_UP_HOW,
            text::FROM_FOLDER,
            text::START_RESTORE,
        ),
        What::Export => (
            text::EXPORT_ALL,
            text::EXPORT_ALL_HOW,
            text::TO_FOLDER,
            text::START_EXPORT,
        ),
        What::Import => (
            text::IMPORT_ALL,
            text::IMPORT_ALL_HOW,
            text::FROM_EXPORT,
            text::START_IMPORT,
        ),
    }
}

const fn place(what: What) -> Place {
    match what {
        What::BackUp => Place::BackUp,
        What::Restore => Place::Restore,
        What::Export => Place::Export,
        What::Import => Place::Import,
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    what: What,
    open: bool,
    busy: bool,
    problem: Option<Rc<Problem>>,
    done: Option<Done>,
    toggle: Callback<()>,
    send: Callback<String>,
}

/// What it is, and the folder that it wants.
#[component]
fn Row(props: &RowProps) -> Html {
    let path = use_state_eq(String::new);
    let (name, how, label, start) = words(props.what);
    let id = format!("data-{}", start.to_lowercase().replace(' ', "-"));
    let pick = {
        let path = path.clone();
        use_action::<PickFolder>(Callback::from(move |picked: Option<String>| {
            if let Some(picked) = picked {
                path.set(picked);
            }
        }))
    };
    {
        let id = id.clone();
        use_effect_with(props.open, move |open| {
            if *open {
                browser::focus_id(&id);
                browser::reveal_id(&id);
            }
        });
    }
    let oninput = {
        let path = path.clone();
        Callback::from(move |typed| path.set(typed))
    };
    let go = {
        let (send, path, busy) = (props.send.clone(), path.trim().to_owned(), props.busy);
        Callback::from(move |()| {
            if !path.is_empty() && !busy {
                send.emit(path.clone());
            }
        })
    };
    let onkeydown = {
        let (go, toggle, busy) = (go.clone(), props.toggle.clone(), props.busy);
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter"
                    if event
                        .target_dyn_into::<web_sys::HtmlInputElement>()
                        .is_some() =>
                {
                    go.emit(());
                }
                "Escape" if !busy => toggle.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let why_not = path
        .trim()
        .is_empty()
        .then_some(AttrValue::Static(text::NAME_FOLDER_FIRST));
    html! {
        <div class="copy">
            <div class="pref">
                <div class="pref__what"><div class="medium">{ name }</div><div class="small t3">{ how }</div></div>
                <Button id={place(props.what).id()} label={format!("{start}…")} name={name} onclick={props.toggle.clone()} />
            </div>
            if props.open {
                <div class="panel" role="group" aria-label={name} {onkeydown}>
                    <TextField {id} {label} mono=true value={(*path).clone()} {oninput} disabled={props.busy} />
                    <div class="btns">
                        <Button label={start} kind={Kind::Primary} busy={props.busy} {why_not} onclick={go} />
                        <Button label={text::CHOOSE_A_FOLDER} icon={Icon::Folder} busy={pick.busy} onclick={pick.send.reform(|()| PickFolder {})} />
                        if !props.busy { <Button label={text::CANCEL} kind={Kind::Quiet} onclick={props.toggle.clone()} /> }
                    </div>
                    if props.busy { <UnderWay /> }
                    if let Some(problem) = &pick.problem { { notice(problem, None) } }
                    if let Some(problem) = &props.problem { { notice(problem, None) } }
                </div>
            }
            if let Some(done) = &props.done {
                <div class="notice selectable copy__done" role="status">
                    { icon(Icon::Check) }
                    <div>
                        <p>{ done.words.clone() }</p>
                        <p class="path as-written">{ done.path.clone() }</p>
                        { for done.notes.iter().map(|note| html! { <p class="small t2">{ text::sentence(note) }</p> }) }
                    </div>
                </div>
            }
        </div>
    }
}
