//! One suite of an agent's tests, edited by forms beside its file.

mod expect;
mod field;
mod form;
mod keys;
mod list;
mod said;

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::AgentName;
use slipway_contract::command::ShowSuite;
use slipway_contract::draft::ManifestChange;
use slipway_contract::shortcut::Shortcut;
use slipway_contract::test::SuitePage as Page;
use yew::prelude::*;
use yew_router::hooks::use_navigator;
use yew_router::navigator::Navigator;

use self::field::Form;
use self::form::{CaseForm, SuiteForm};
use self::list::PartList;
use self::said::{Part, case_at, case_lines, new_case};
use crate::bridge::{Query, use_query};
use crate::browser::local;
use crate::components::{AgentHead, AgentTab, Button, Icon, Kind, Toasts, icon, notice, skeleton};
use crate::editor::{Place, Target};
use crate::pages::build::drafting::Drafting;
use crate::pages::build::problems::Problems;
use crate::pages::build::texts::TextTab;
use crate::pages::build::{notices, use_drafting};
use crate::route::{Route, SuiteFile, SuitePart};
use crate::{format, shortcuts, text};

/// What is edited.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) name: AgentName,
    /// The suite.
    pub(crate) suite: SuiteFile,
    /// The part of it.
    pub(crate) part: SuitePart,
}

/// A suite.
#[component]
pub(crate) fn SuitePage(props: &Props) -> Html {
    let drafting = use_drafting(&props.name);
    let path = props.suite.path();
    let navigator = use_navigator();
    let page = drafting.page();
    let is_there = page
        .as_ref()
        .is_some_and(|page| page.draft.files.iter().any(|file| file.path == path));
    {
        let (drafting, path) = (drafting.clone(), path.clone());
        use_effect_with((is_there, path), move |(is_there, path)| {
            if *is_there {
                drafting.open(path);
            }
        });
    }
    // What the suite says is asked for again whenever another text of it is saved.
    let seen = drafting.sheet(&path).map(|sheet| sheet.seen.to_string());
    let pulse = seen
        .and_then(|seen| u32::from_str_radix(&seen[..7], 16).ok())
        .unwrap_or(0);
    let suite = use_query(
        ShowSuite {
            agent: props.name.clone(),
            file: path.clone(),
        },
        pulse,
    );
    let shown = suite.state.ready().cloned();
    use_new_case(props, &drafting, shown.as_ref(), navigator.clone());
    let tests = Route::Suite {
        name: props.name.clone(),
        suite: props.suite.clone(),
    };
    let leave = {
        let (drafting, navigator, tests) = (drafting.clone(), navigator, tests);
        Callback::from(move |()| {
            let (navigator, tests) = (navigator.clone(), tests.clone());
            drafting.save_then(Callback::from(move |saved: bool| {
                if let Some(navigator) = navigator.as_ref().filter(|_| saved) {
                    navigator.push(&tests);
                }
            }));
        })
    };
    let onkeydown = {
        let leave = leave.clone();
        Callback::from(move |event: KeyboardEvent| {
            if shortcuts::is_pressed(Shortcut::Main, &event) {
                event.prevent_default();
                leave.emit(());
            }
        })
    };
    let title = page
        .as_ref()
        .map_or_else(|| props.name.to_string(), |page| page.title.clone());
    let actions = html! { <Button label={text::TO_TESTS} icon={Icon::Test} kind={Kind::Primary} onclick={leave} /> };
    let body = match (&suite.state, &shown) {
        (Query::Failed(problem), _) => {
            html! { <div class="failed">{ notice(problem, Some(suite.again.clone())) }</div> }
        }
        (_, Some(shown)) => {
            html! { <Editing drafting={drafting.clone()} suite={props.suite.clone()} part={props.part} shown={Rc::clone(shown)} /> }
        }
        _ => {
            html! { <div class="waiting" role="status" aria-label={text::LOADING}><div class="case__waiting">{ skeleton::lines(&["w-240", "w-320", "w-320", "w-120"]) }</div></div> }
        }
    };
    html! {
        <>
            <AgentHead name={props.name.clone()} {title} tab={AgentTab::Tests} note={note(&drafting, &path)} {actions} />
            <div class="tests" {onkeydown}>{ body }</div>
        </>
    }
}

/// Whether it is saved.
fn note(drafting: &Drafting, path: &str) -> Html {
    let saved = match drafting.saved_at() {
        _ if !drafting.is_saved() => format!(", {}", text::SAVING.to_lowercase()),
        Some(at) => text::saved_at(&format::clock(local(at))),
        None => String::new(),
    };
    html! { <span role="status"><span class="path">{ path.to_owned() }</span>{ saved }</span> }
}

/// Makes the case that the address asks for, once, and leads to it.
#[hook]
fn use_new_case(
    props: &Props,
    drafting: &Drafting,
    shown: Option<&Rc<Page>>,
    navigator: Option<Navigator>,
) {
    let values = shown.and_then(|shown| shown.values.clone());
    let is_open = drafting.sheet(&props.suite.path()).is_some();
    let wanted = props.part == SuitePart::New && is_open && values.is_some();
    let (drafting, name, suite) = (drafting.clone(), props.name.clone(), props.suite.clone());
    use_effect_with(wanted, move |wanted| {
        let Some(values) = values.filter(|_| *wanted) else {
            return;
        };
        let root = Part::of(&values, Vec::new());
        let cases = cases_of(&values);
        let place = cases.len();
        let case = new_case(&cases, text::NEW_CASE);
        drafting.change_in(&suite.path(), vec![root.append("case", case)]);
        if let Some(navigator) = navigator {
            navigator.replace(&Route::EditSuite {
                name,
                suite,
                part: SuitePart::Case(place),
            });
        }
    });
}

fn cases_of(values: &Value) -> Vec<Value> {
    let cases = values.get("case").and_then(Value::as_array);
    cases.cloned().unwrap_or_default()
}

#[derive(Properties, PartialEq)]
struct EditingProps {
    drafting: Drafting,
    suite: SuiteFile,
    part: SuitePart,
    shown: Rc<Page>,
}

#[component]
fn Editing(props: &EditingProps) -> Html {
    let navigator = use_navigator();
    let toasts = use_context::<Toasts>();
    let shown = &props.shown;
    let path = props.suite.path();
    let target = use_state_eq(|| None::<Target>);
    let cases = shown.values.as_ref().map(cases_of).unwrap_or_default();
    let go_to_place = {
        let target = target.clone();
        Callback::from(move |place: Place| {
            let number = target.map_or(0, |target| target.number) + 1;
            target.set(Some(Target {
                place,
                number,
                with_keyboard: true,
            }));
        })
    };
    {
        // The file shows the case whose form is open, without taking the keyboard from the form.
        let lines = case_lines(&shown.text);
        let target = target.clone();
        use_effect_with(props.part, move |part| {
            let line = match part {
                SuitePart::Case(place) => lines.get(*place).copied(),
                SuitePart::Whole | SuitePart::New => Some(1),
            };
            if let Some(line) = line {
                let number = target.map_or(0, |target| target.number) + 1;
                target.set(Some(Target {
                    place: Place { line, column: 1 },
                    number,
                    with_keyboard: false,
                }));
            }
        });
    }
    let onopen = {
        let (name, suite) = (props.drafting.agent().clone(), props.suite.clone());
        Callback::from(move |part: SuitePart| {
            if let Some(navigator) = &navigator {
                navigator.push(&Route::EditSuite {
                    name: name.clone(),
                    suite: suite.clone(),
                    part,
                });
            }
        })
    };
    let change = {
        let (drafting, path) = (props.drafting.clone(), path.clone());
        Callback::from(move |changes: Vec<ManifestChange>| drafting.change_in(&path, changes))
    };
    let form = Form {
        change,
        tools: shown.tools.clone().into(),
        recordings: shown.recordings.clone().into(),
        wrong: shown
            .findings
            .iter()
            .filter_map(|finding| Some((finding.key.clone()?, finding.message.clone())))
            .collect(),
    };
    let wrong: Vec<usize> = shown
        .findings
        .iter()
        .filter_map(|finding| {
            let rest = finding.key.as_ref()?.strip_prefix("case[")?;
            rest.split_once(']')?.0.parse().ok()
        })
        .collect();
    let remove = match props.part {
        SuitePart::Case(place) if place < cases.len() => Some({
            let (drafting, path, open) = (props.drafting.clone(), path.clone(), onopen.clone());
            let (was, toasts, count) = (cases.get(place).cloned(), toasts, cases.len());
            Callback::from(move |()| {
                drafting.change_in(&path, vec![ManifestChange::remove(case_at(place))]);
                open.emit(if count == 1 {
                    SuitePart::Whole
                } else {
                    SuitePart::Case(place.min(count - 2))
                });
                if let (Some(toasts), Some(was)) = (&toasts, &was) {
                    let (drafting, path, was) = (drafting.clone(), path.clone(), was.clone());
                    let back = ManifestChange::set(case_at(count - 1), was);
                    toasts.undo(
                        text::CASE_REMOVED,
                        Callback::from(move |()| drafting.change_in(&path, vec![back.clone()])),
                    );
                }
            })
        }),
        _ => None,
    };
    let part = match (&shown.values, props.part) {
        (None, _) => html! { <p class="form__none t2">{ text::NO_TOML_FORM }</p> },
        (Some(values), SuitePart::Whole) => {
            html! { <SuiteForm form={form} part={Part::of(values, Vec::new())} /> }
        }
        (Some(values), SuitePart::Case(place)) if place < cases.len() => {
            html! { <CaseForm key={place} form={form} part={Part::of(values, case_at(place))} /> }
        }
        (Some(_), _) => html! { <p class="form__none t2">{ text::NO_SUCH_CASE }</p> },
    };
    let name = match props.part {
        SuitePart::Case(place) => cases
            .get(place)
            .and_then(|case| case.get("name"))
            .and_then(Value::as_str)
            .unwrap_or(text::NAMELESS)
            .to_owned(),
        _ => text::WHOLE_SUITE.to_owned(),
    };
    let go_to = go_to_place.reform(|(_, place): (String, Place)| place);
    html! {
        <>
            { notices(&props.drafting) }
            <div class="body suite">
                <PartList {cases} open={props.part} {wrong} {onopen} />
                <section class="pane suite__form" aria-label={name.clone()} data-pane="" tabindex="-1">
                    <div class="suite__head"><h2 class="title clip" title={name.clone()}>{ name }</h2><span class="spacer"></span>
                        { for remove.map(|onclick| html! { <Button label={text::REMOVE_CASE} icon={Icon::Trash} icon_only=true small=true kind={Kind::Quiet} {onclick} /> }) }
                    </div>
                    <div class="suite__fields scroll">{ part }</div>
                </section>
                <section class="pane suite__raw" aria-label={path.clone()} data-pane="" tabindex="-1">
                    <div class="suite__head">{ icon(Icon::File) }<span class="path clip">{ path.clone() }</span></div>
                    <TextTab drafting={props.drafting.clone()} path={path} label={text::SUITE_AS_TOML} target={*target} findings={shown.findings.clone()} />
                    <Problems drafting={props.drafting.clone()} findings={shown.findings.clone()} then={text::NOT_RUN_LIKE_THIS} {go_to} />
                </section>
            </div>
        </>
    }
}
