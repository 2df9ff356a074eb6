//! One agent: what it is made of. The draft is saved by itself; versions are made on purpose, or before a run.

mod changes;
mod conflict;
pub(super) mod drafting;
pub(super) mod field;
mod files;
mod inspector;
pub(super) mod problems;
mod schema;
mod sheet;
pub(super) mod texts;
mod unsaved;

use std::rc::Rc;

use slipway_contract::AgentName;
use slipway_contract::draft::DraftPage;
use slipway_contract::shortcut::Shortcut;
use wasm_bindgen::prelude::*;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use self::changes::{MakeVersion, WhatChanged};
use self::conflict::ConflictBar;
use self::drafting::{Drafting, INSTRUCTIONS, MANIFEST};
use self::files::FilesTab;
use self::inspector::Inspector;
use self::problems::Problems;
use self::schema::SchemaTab;
use self::sheet::{Sheet, Standing};
use self::texts::TextTab;
use crate::app::Pulse;
use crate::browser::{self, local};
use crate::components::{
    AgentHead, AgentTab, Button, Icon, Kind, Mark, Tab, Tabs, Toasts, icon, mark, notice, skeleton,
    tab_id,
};
use crate::editor::{Place, Target};
use crate::route::Route;
use crate::{format, shortcuts, text};

/// The id of the part that is shown.
const PANEL: &str = "part";

/// Which agent.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) name: AgentName,
}

/// A part of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Instructions,
    Schema,
    Files,
    Manifest,
}

impl Part {
    const ALL: [Self; 4] = [
        Self::Instructions,
        Self::Schema,
        Self::Files,
        Self::Manifest,
    ];
}

/// One agent's draft.
#[component]
pub(crate) fn BuildPage(props: &Props) -> Html {
    let drafting = use_drafting(&props.name);
    let part = use_state_eq(|| Part::Instructions);
    let target = use_state_eq(|| None::<Target>);
    let navigator = use_navigator();
    let go_to = {
        let (part, target) = (part.clone(), target.clone());
        Callback::from(move |(file, place): (String, Place)| {
            part.set(if file == INSTRUCTIONS {
                Part::Instructions
            } else {
                Part::Manifest
            });
            let number = target.map_or(0, |target| target.number) + 1;
            target.set(Some(Target {
                place,
                number,
                with_keyboard: true,
            }));
        })
    };
    let onchoose = {
        let (part, target) = (part.clone(), target.clone());
        Callback::from(move |at: usize| {
            target.set(None);
            part.set(Part::ALL[at]);
        })
    };
    let run = {
        let (drafting, name) = (drafting.clone(), props.name.clone());
        Callback::from(move |()| {
            let (navigator, name) = (navigator.clone(), name.clone());
            drafting.save_then(Callback::from(move |saved: bool| {
                if let Some(navigator) = navigator.as_ref().filter(|_| saved) {
                    navigator.push(&Route::Ask { name: name.clone() });
                }
            }));
        })
    };
    let page = drafting.page();
    let why_not = page.as_ref().and_then(|page| why_not(page, &drafting));
    let onkeydown = {
        let (run, blocked) = (run.clone(), why_not.is_some() || page.is_none());
        Callback::from(move |event: KeyboardEvent| {
            if shortcuts::is_pressed(Shortcut::Main, &event) && !blocked {
                event.prevent_default();
                run.emit(());
            }
        })
    };
    let title = page
        .as_ref()
        .map_or_else(|| props.name.to_string(), |page| page.title.clone());
    let actions = page.as_ref().map(|page| html! {
        <>
            <WhatChanged page={Rc::clone(page)} drafting={drafting.clone()} />
            <MakeVersion page={Rc::clone(page)} drafting={drafting.clone()} why_not={why_not} />
            <Button label={text::RUN} icon={Icon::Play} kind={Kind::Primary} why_not={why_not} onclick={run} />
        </>
    });
    let note = page.as_ref().map(|page| note(page, &drafting));
    html! {
        <>
            <AgentHead name={props.name.clone()} {title} tab={AgentTab::Build} note={note.unwrap_or_default()} actions={actions.unwrap_or_default()} />
            { body(&drafting, page, *part, *target, &onchoose, &go_to, onkeydown) }
        </>
    }
}

fn body(
    drafting: &Drafting,
    page: Option<Rc<DraftPage>>,
    part: Part,
    target: Option<Target>,
    onchoose: &Callback<usize>,
    go_to: &Callback<(String, Place)>,
    onkeydown: Callback<KeyboardEvent>,
) -> Html {
    let Some(page) = page else {
        return match drafting.problem() {
            Some(problem) => {
                let again = drafting.clone();
                let again = Callback::from(move |()| again.refresh());
                html! { <div class="failed">{ notice(&problem, Some(again)) }</div> }
            }
            None => {
                html! { <div class="waiting" role="status" aria-label={text::LOADING}>{ waiting() }</div> }
            }
        };
    };
    let chosen = Part::ALL
        .iter()
        .position(|other| *other == part)
        .unwrap_or(0);
    let shown = match part {
        Part::Instructions => {
            html! { <TextTab key="instructions" drafting={drafting.clone()} path={INSTRUCTIONS} label={text::INSTRUCTIONS_FILE} {target} findings={page.draft.findings.clone()} /> }
        }
        Part::Manifest => {
            html! { <TextTab key="manifest" drafting={drafting.clone()} path={MANIFEST} label={MANIFEST} {target} findings={page.draft.findings.clone()} /> }
        }
        Part::Schema => {
            html! { <SchemaTab key="schema" drafting={drafting.clone()} page={Rc::clone(&page)} go_to={go_to.clone()} /> }
        }
        Part::Files => {
            html! { <FilesTab key="files" drafting={drafting.clone()} page={Rc::clone(&page)} /> }
        }
    };
    html! {
        <div class="body" {onkeydown}>
            <div class="pane build" data-pane="" tabindex="-1">
                <div class="editbar">
                    <Tabs label={text::PARTS_OF_PACKAGE} tabs={tabs(&page)} {chosen} panel={PANEL} onchoose={onchoose.clone()} small=true />
                    <span class="spacer"></span>
                    <span class="small t3 num clip">{ counts(drafting, &page) }</span>
                </div>
                { notices(drafting) }
                <div class="build__part" role="tabpanel" id={PANEL} aria-labelledby={tab_id(PANEL, chosen)}>{ shown }</div>
                <Problems drafting={drafting.clone()} findings={page.draft.findings.clone()} then={text::NO_VERSION_YET} go_to={go_to.clone()} />
            </div>
            <Inspector drafting={drafting.clone()} page={page} go_to={go_to.clone()} />
        </div>
    }
}

fn tabs(page: &DraftPage) -> Vec<Tab> {
    let wrong = |file: &str| {
        let is_wrong = page
            .draft
            .findings
            .iter()
            .any(|finding| finding.file == file);
        is_wrong.then(|| mark(Mark::Failed))
    };
    let tab = |part: &Part| match part {
        Part::Instructions => Tab {
            label: text::INSTRUCTIONS.into(),
            mark: wrong(INSTRUCTIONS),
        },
        Part::Schema => Tab::new(text::INPUT_AND_OUTPUT),
        Part::Files => Tab::new(text::FILES),
        Part::Manifest => Tab {
            label: MANIFEST.into(),
            mark: wrong(MANIFEST),
        },
    };
    Part::ALL.iter().map(tab).collect()
}

fn counts(drafting: &Drafting, page: &DraftPage) -> String {
    let sheet = drafting.sheet(INSTRUCTIONS);
    let words = sheet.map_or(0, |sheet| sheet.text.split_whitespace().count());
    text::words_and_tokens(words as u64, page.instruction_tokens)
}

/// What keeps the draft from being run or made a version.
fn why_not(page: &DraftPage, drafting: &Drafting) -> Option<&'static str> {
    let conflict = |sheet: &Sheet| matches!(sheet.standing, Standing::Conflict(_));
    if drafting.first(conflict).is_some() {
        Some(text::SETTLE_FIRST)
    } else {
        (!page.draft.findings.is_empty()).then_some(text::CORRECT_FIRST)
    }
}

/// Of which version it is the draft, and whether it is saved.
fn note(page: &DraftPage, drafting: &Drafting) -> Html {
    let version = html! { <span class="path selectable" title={page.draft.version.to_string()}>{ page.draft.version.short() }</span> };
    let failed =
        |sheet: &Sheet| matches!(sheet.standing, Standing::Failed(_) | Standing::Conflict(_));
    let saved = if drafting.first(failed).is_some() {
        html! { <span class="status--failed">{ ", " }{ text::NOT_SAVED.to_lowercase() }</span> }
    } else if drafting.is_saved() {
        let at = drafting
            .saved_at()
            .map(|at| text::saved_at(&format::clock(local(at))));
        html! { { at.unwrap_or_default() } }
    } else {
        html! { { format!(", {}", text::SAVING.to_lowercase()) } }
    };
    let is_draft = page.draft.changed || !drafting.is_saved();
    let what = if is_draft {
        text::DRAFT_OF
    } else {
        text::VERSION_WORD
    };
    html! { <span role="status">{ what }{ " " }{ version }{ saved }</span> }
}

/// What could not be saved, and what has to be settled.
pub(super) fn notices(drafting: &Drafting) -> Html {
    let is_conflict = |sheet: &Sheet| matches!(sheet.standing, Standing::Conflict(_));
    let is_failed = |sheet: &Sheet| matches!(sheet.standing, Standing::Failed(_));
    let conflict = drafting.first(is_conflict).map(|(path, _)| html! { <ConflictBar key={path} drafting={drafting.clone()} path={path.clone()} /> });
    let failed = drafting.first(is_failed).and_then(|(path, sheet)| match sheet.standing {
        Standing::Failed(problem) => {
            let save = drafting.clone();
            let save = Callback::from(move |()| save.save());
            Some(html! {
                <div class="notice notice--failed build__notice selectable" role="alert">
                    { icon(Icon::Alert) }
                    <div><b>{ path }{ ": " }{ text::sentence(&problem.message) }</b>{ " " }{ text::NOT_SAVED_HOW }</div>
                    <Button label={text::SAVE_NOW} small=true onclick={save} />
                </div>
            })
        }
        _ => None,
    });
    let said = drafting.said().map(|problem| {
        let hush = drafting.clone();
        let hush = Callback::from(move |()| hush.hush());
        html! {
            <div class="notice notice--failed build__notice selectable" role="alert">
                { icon(Icon::Alert) }
                <div><b>{ text::sentence(&problem.message) }</b>{ " " }{ problem.help.clone().unwrap_or_default() }</div>
                <Button label={text::CLOSE} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={hush} />
            </div>
        }
    });
    html! { <>{ for conflict }{ for failed }{ for said }</> }
}

/// The draft, asked for again when the person comes back to the window, and saved when they leave it.
#[hook]
pub(super) fn use_drafting(name: &AgentName) -> Drafting {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let toasts = use_context::<Toasts>();
    let drawn = use_state(|| 0_u32);
    let count = use_mut_ref(|| 0_u32);
    let drafting = {
        let (name, drawn) = (name.clone(), drawn.setter());
        use_memo(name, move |name| {
            let changed = Callback::from(move |()| {
                *count.borrow_mut() += 1;
                drawn.set(*count.borrow());
            });
            Drafting::of(name.clone(), changed)
        })
    };
    let drafting = drafting.drawn(*drawn);
    {
        let drafting = drafting.clone();
        use_effect_with((pulse, drafting.agent().clone()), move |_| {
            drafting.refresh();
        });
    }
    {
        let drafting = drafting.clone();
        use_effect_with((), move |()| {
            let leaving = {
                let drafting = drafting.clone();
                Closure::<dyn FnMut()>::new(move || drafting.save())
            };
            let window = browser::window();
            let listener: js_sys::Function =
                leaving.as_ref().unchecked_ref::<js_sys::Function>().clone();
            for event in ["blur", "pagehide", "beforeunload"] {
                if let Some(window) = &window {
                    // Fails for no event name and no function.
                    let _ = window.add_event_listener_with_callback(event, &listener);
                }
            }
            move || {
                drafting.save();
                for event in ["blur", "pagehide", "beforeunload"] {
                    if let Some(window) = &window {
                        let _ = window.remove_event_listener_with_callback(event, &listener);
                    }
                }
                drop(leaving);
            }
        });
    }
    {
        let drafting = drafting.clone();
        use_effect(move || {
            if drafting.take_found_unsaved()
                && let Some(toasts) = toasts
            {
                toasts.say(text::UNSAVED_FOUND);
            }
        });
    }
    drafting
}

fn waiting() -> Html {
    html! {
        <div class="body" aria-hidden="true">
            <div class="pane build"><div class="editbar"></div><div class="build__waiting">{ skeleton::lines(&["w-240", "w-320", "w-320", "w-120", "w-240"]) }</div></div>
            <aside class="pane inspector inspector--build"><section>{ skeleton::lines(&["w-96", "w-240"]) }</section><section>{ skeleton::lines(&["w-96", "w-120", "w-120"]) }</section></aside>
        </div>
    }
}
