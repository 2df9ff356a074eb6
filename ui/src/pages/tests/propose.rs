//! Cases that are proposed: each is read, changed, chosen or left by the person before it counts.

use slipway_contract::command::{AddCases, ListModels, ProposeCases};
use slipway_contract::model::ModelRef;
use slipway_contract::test::{ProposeFrom, ProposedCase, SuitePage};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::grid::Shown;
use crate::bridge::{use_action, use_query};
use crate::components::{
    Button, Choice, Dialog, Icon, Kind, ModelPicker, Segmented, Select, Toasts, empty_with, notice,
    skeleton,
};
use crate::route::{Route, SuiteFile};
use crate::text;

/// Where proposed cases go where nothing else is chosen.
const ATTACKS: &str = "tests/attacks.toml";
const OTHERS: &str = "tests/cases.toml";

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The page.
    pub(super) page: Shown,
    /// From what, at first.
    pub(super) from: ProposeFrom,
    /// The name of the case that is open.
    #[prop_or_default]
    pub(super) case: Option<String>,
    /// Cases were added.
    pub(super) changed: Callback<()>,
    /// The person is done with it.
    pub(super) onclose: Callback<()>,
}

/// A proposal, and what the person made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Read {
    case: ProposedCase,
    is_chosen: bool,
}

/// The sheet.
#[component]
pub(super) fn Propose(props: &Props) -> Html {
    let page = &props.page.0;
    let froms = froms(props.case.as_deref());
    let from = {
        let at = froms
            .iter()
            .position(|from| *from == props.from)
            .unwrap_or(0);
        use_state_eq(|| at)
    };
    let model = use_state_eq(|| None::<ModelRef>);
    let asks_model = use_state_eq(|| false);
    let models = use_query(ListModels {}, 0);
    let read = use_state_eq(|| None::<Vec<Read>>);
    let (files, items) = places(props, froms.get(*from));
    let place = use_state_eq(|| None::<usize>);
    let target = place.unwrap_or(0).min(files.len().saturating_sub(1));
    // Attacks are a suite that is ready; of everything else the person chooses what is worth having.
    let is_chosen = matches!(froms.get(*from), Some(ProposeFrom::Attacks));
    let propose = {
        let read = read.clone();
        use_action::<ProposeCases>(Callback::from(move |cases: Vec<ProposedCase>| {
            read.set(Some(
                cases
                    .into_iter()
                    .map(|case| Read { case, is_chosen })
                    .collect(),
            ));
        }))
    };
    let navigator = use_navigator();
    let toasts = use_context::<Toasts>();
    let add = {
        let (changed, onclose, agent) = (
            props.changed.clone(),
            props.onclose.clone(),
            page.agent.clone(),
        );
        let count = read.iter().flatten().filter(|read| read.is_chosen).count();
        use_action::<AddCases>(Callback::from(move |suite: SuitePage| {
            if let Some(toasts) = &toasts {
                toasts.say(text::cases_added(count, &suite.file));
            }
            changed.emit(());
            onclose.emit(());
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Suite {
                    name: agent.clone(),
                    suite: SuiteFile::of(&suite.file),
                });
            }
        }))
    };
    let ask = {
        let (agent, suite) = (page.agent.clone(), page.suite.clone());
        let (from, model) = (
            froms[(*from).min(froms.len() - 1)].clone(),
            (*model).clone().filter(|_| *asks_model),
        );
        propose.send.reform(move |()| ProposeCases {
            agent: agent.clone(),
            suite: suite.clone(),
            from: from.clone(),
            model: model.clone(),
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(props.from == ProposeFrom::Attacks, move |is_ready| {
            if *is_ready {
                ask.emit(());
            }
        });
    }
    let chosen: Vec<String> = read
        .iter()
        .flatten()
        .filter(|read| read.is_chosen)
        .map(|read| read.case.toml.clone())
        .collect();
    let count = chosen.len();
    let onadd = {
        let (agent, suite) = (
            page.agent.clone(),
            files.get(target).cloned().unwrap_or_default(),
        );
        add.send.reform(move |()| AddCases {
            agent: agent.clone(),
            suite: suite.clone(),
            cases: chosen.clone(),
        })
    };
    let change = {
        let read = read.clone();
        Callback::from(move |(at, change): (usize, Change)| {
            let mut all = (*read).clone().unwrap_or_default();
            if let Some(one) = all.get_mut(at) {
                match change {
                    Change::Choose(is_chosen) => one.is_chosen = is_chosen,
                    Change::Toml(toml) => one.case.toml = toml,
                }
            }
            read.set(Some(all));
        })
    };
    let choose_all = {
        let read = read.clone();
        Callback::from(move |()| {
            let mut all = (*read).clone().unwrap_or_default();
            let every = all.iter().all(|read| read.is_chosen);
            all.iter_mut().for_each(|read| read.is_chosen = !every);
            read.set(Some(all));
        })
    };
    let set_from = {
        let (from, read) = (from.clone(), read.clone());
        Callback::from(move |at: usize| {
            from.set(at);
            read.set(None);
        })
    };
    let with = {
        let asks_model = asks_model.clone();
        Callback::from(move |at: usize| asks_model.set(at == 1))
    };
    let on_choose = {
        let model = model.setter();
        Callback::from(move |chosen| model.set(chosen))
    };
    let no_model = *asks_model && model.is_none();
    let why_not = no_model.then_some(text::CHOOSE_MODEL_FIRST);
    let none_chosen = (count == 0).then_some(text::CHOOSE_CASES_FIRST);
    let problem = add.problem.as_ref().or(propose.problem.as_ref());
    let all = read.as_ref().map(Vec::as_slice);
    let actions = html! {
        <>
            if all.is_some_and(|all| !all.is_empty()) {
                <span class="propose__into"><span class="small t3">{ text::ADD_INTO }</span><Select label={text::ADD_INTO} {items} chosen={target} onchoose={ let place = place.clone(); Callback::from(move |at| place.set(Some(at))) } /></span>
                <span class="spacer"></span>
            }
            <Button label={text::CLOSE} onclick={props.onclose.clone()} />
            <Button label={text::add_cases(count)} kind={Kind::Primary} busy={add.busy} why_not={none_chosen} onclick={onadd} />
        </>
    };
    let labels: Vec<AttrValue> = froms
        .iter()
        .map(|from| text::propose_from(from).into())
        .collect();
    html! {
        <Dialog title={text::PROPOSE_TITLE} open=true wide=true onclose={props.onclose.clone()} {actions}>
            <p class="t2">{ text::propose_how(&froms[(*from).min(froms.len() - 1)]) }</p>
            <div class="propose__order">
                <Segmented label={text::PROPOSE_FROM} items={labels} chosen={*from} onchoose={set_from} />
                <Segmented label={text::PROPOSED_BY} items={vec![AttrValue::Static(text::BY_TEMPLATES), AttrValue::Static(text::BY_A_MODEL)]} chosen={usize::from(*asks_model)} onchoose={with} />
                if *asks_model { <ModelPicker own={text::CHOOSE_MODEL} {models} chosen={(*model).clone()} {on_choose} /> }
                <span class="spacer"></span>
                <Button label={text::PROPOSE} icon={Icon::Eye} busy={propose.busy} {why_not} onclick={ask} />
            </div>
            if *asks_model { <p class="small t3">{ text::BY_A_MODEL_HOW }</p> }
            if let Some(problem) = problem { { notice(problem, None) } }
            if propose.busy && all.is_none() {
                <div class="propose__waiting" role="status" aria-label={text::LOADING}>{ skeleton::lines(&["w-240", "w-320", "w-240"]) }</div>
            } else if let Some(all) = all {
                if all.is_empty() {
                    { empty_with(Icon::Test, text::NOTHING_PROPOSED, text::NOTHING_PROPOSED_HOW, None) }
                } else {
                    <div class="propose__head"><span class="small t3 num" role="status">{ text::proposed(all.len()) }</span><span class="spacer"></span><Button label={text::CHOOSE_ALL} small=true kind={Kind::Quiet} onclick={choose_all} /></div>
                    <ul class="group propose__all">{ for all.iter().enumerate().map(|(at, read)| html! { <Proposal key={at} {at} read={read.clone()} change={change.clone()} /> }) }</ul>
                }
            }
        </Dialog>
    }
}

/// From what cases can be proposed; a variation is of the case that is open.
fn froms(case: Option<&str>) -> Vec<ProposeFrom> {
    let mut all = vec![ProposeFrom::Agent, ProposeFrom::Runs];
    all.extend(case.map(|name| ProposeFrom::Case {
        name: name.to_owned(),
    }));
    all.push(ProposeFrom::Attacks);
    all
}

/// The suites into which cases can go, the most fitting first.
fn places(props: &Props, from: Option<&ProposeFrom>) -> (Vec<String>, Vec<Choice>) {
    let page = &props.page.0;
    let is_attack = matches!(from, Some(ProposeFrom::Attacks));
    let first = match (&page.suite, is_attack) {
        (_, true) => ATTACKS.to_owned(),
        (Some(suite), false) => suite.clone(),
        (None, false) => OTHERS.to_owned(),
    };
    let mut files = vec![first];
    for suite in &page.suites {
        if !files.contains(&suite.file) {
            files.push(suite.file.clone());
        }
    }
    let choice = |file: &String| {
        let known = page.suites.iter().find(|suite| suite.file == *file);
        Choice {
            label: known
                .map_or_else(|| text::new_suite_at(file), |suite| suite.title.clone())
                .into(),
            note: known.map(|suite| suite.file.clone().into()),
        }
    };
    let items = files.iter().map(choice).collect();
    (files, items)
}

/// What a person does with a proposal.
enum Change {
    Choose(bool),
    Toml(String),
}

#[derive(Properties, PartialEq)]
struct ProposalProps {
    at: usize,
    read: Read,
    change: Callback<(usize, Change)>,
}

#[component]
fn Proposal(props: &ProposalProps) -> Html {
    let (at, is_chosen) = (props.at, props.read.is_chosen);
    let case = &props.read.case;
    let choose = props
        .change
        .reform(move |_: MouseEvent| (at, Change::Choose(!is_chosen)));
    let oninput = {
        let change = props.change.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                change.emit((at, Change::Toml(area.value())));
            }
        })
    };
    let rows = case.toml.lines().count().clamp(3, 14).to_string();
    html! {
        <li class="proposal">
            <button type="button" class="check" role="checkbox" aria-checked={is_chosen.to_string()} onclick={choose}><i></i><b class="strong clip" title={case.name.clone()}>{ case.name.clone() }</b></button>
            <p class="small t2">{ text::sentence(&case.why) }</p>
            <textarea class="textarea code" aria-label={text::toml_of(&case.name)} {rows} spellcheck="false" value={case.toml.clone()} {oninput} />
        </li>
    }
}
