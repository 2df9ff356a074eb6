//! What a person can do about a run that did not succeed, where it is told.

use slipway_contract::command::{RetryRun, StartAgain};
use slipway_contract::{AgentName, RunId};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::button::Button;
use super::icon::Icon;
use super::problem::notice;
use crate::bridge::use_action;
use crate::route::{Route, Section};
use crate::run_state::WayOut;
use crate::text;

/// Whose ways.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The ways, the most fitting first.
    pub(super) ways: Vec<WayOut>,
    /// The run.
    pub(super) run: RunId,
    /// Its agent.
    pub(super) agent: AgentName,
}

/// A button for each way.
#[component]
pub(super) fn WaysOut(props: &Props) -> Html {
    let navigator = use_navigator();
    let go = Callback::from(move |id: RunId| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    });
    let retry = use_action::<RetryRun>(go.clone());
    let start = use_action::<StartAgain>(go);
    if props.ways.is_empty() {
        return Html::default();
    }
    let link = |route: Route, label: &'static str| html! { <a class="btn btn--small" href={route.href()}>{ label }</a> };
    let button = |way: &WayOut| match way {
        WayOut::Again(step) => {
            let (run, step) = (props.run, *step);
            let onclick = retry.send.reform(move |()| RetryRun {
                run,
                step,
                edit: None,
                model: None,
            });
            html! { <Button label={text::MAKE_AGAIN} icon={Icon::Retry} small=true busy={retry.busy} {onclick} /> }
        }
        WayOut::Anew { run, input } => {
            let (run, input) = (*run, input.clone());
            let onclick = start.send.reform(move |()| StartAgain {
                run,
                input: input.clone(),
                model: None,
                attachments: Vec::new(),
            });
            html! { <Button label={text::ASK_SAME_ANEW} icon={Icon::Retry} small=true busy={start.busy} {onclick} /> }
        }
        WayOut::Models => link(
            Route::Settings {
                section: Section::Models,
            },
            text::MODELS_AND_KEYS,
        ),
        WayOut::Budgets => link(
            Route::Settings {
                section: Section::Budgets,
            },
            text::BUDGETS,
        ),
        WayOut::Limits => link(
            Route::Agent {
                name: props.agent.clone(),
            },
            text::AGENTS_LIMITS,
        ),
    };
    let problem = retry.problem.as_ref().or(start.problem.as_ref());
    html! {
        <>
            <div class="btns ways-out" role="group" aria-label={text::WHAT_HELPS}>{ for props.ways.iter().map(button) }</div>
            if let Some(problem) = problem { { notice(problem, None) } }
        </>
    }
}
