//! A page with nothing on it yet, and a suite that cannot be run.

use slipway_contract::AgentName;
use slipway_contract::error::Finding;
use slipway_contract::test::{ProposeFrom, SuiteEntry, TestsPage};
use yew::prelude::*;

use super::grid::Shown;
use super::new_suite::NewSuite;
use super::propose::Propose;
use crate::components::{Button, Icon, empty_with, icon};
use crate::route::{Route, SuiteFile, SuitePart};
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The page.
    pub(super) page: Shown,
    /// A suite was made.
    pub(super) changed: Callback<()>,
}

/// What is made first.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Doing {
    Nothing,
    NewSuite,
    Propose(ProposeFrom),
}

/// What tests are for, and the ways to the first.
#[component]
pub(super) fn NoSuite(props: &Props) -> Html {
    let doing = use_state_eq(|| Doing::Nothing);
    let agent = &props.page.0.agent;
    let ask = Route::Ask {
        name: agent.clone(),
    };
    let set = |to: Doing| {
        let doing = doing.clone();
        Callback::from(move |()| doing.set(to.clone()))
    };
    let way = |shown: Icon, title: &'static str, how: &'static str, act: Html| {
        html! { <li>{ icon(shown) }<div><b class="strong">{ title }</b><p class="small t2">{ how }</p></div>{ act }</li> }
    };
    let button = |label: &'static str, to: Doing| html! { <Button {label} onclick={set(to)} /> };
    html! {
        <div class="page page--centred scroll" data-pane="" tabindex="-1">
            <div class="first-tests">
                { empty_with(Icon::Test, text::NO_SUITE_YET, text::TESTS_ARE_FOR, None) }
                <ul class="group first-tests__ways">
                    { way(Icon::Runs, text::SAVE_RUN_FIRST, text::SAVE_RUN_FIRST_HOW, html! { <a class="btn" href={ask.href()}>{ text::TO_ITS_RUNS }</a> }) }
                    { way(Icon::Shield, text::READY_ATTACKS, text::READY_ATTACKS_HOW, button(text::LOOK_AT_ATTACKS, Doing::Propose(ProposeFrom::Attacks))) }
                    { way(Icon::Eye, text::PROPOSE_CASES_FIRST, text::PROPOSE_CASES_FIRST_HOW, button(text::PROPOSE_CASES, Doing::Propose(ProposeFrom::Agent))) }
                    { way(Icon::Pen, text::WRITE_SUITE, text::WRITE_SUITE_HOW, button(text::NEW_SUITE_ASKS, Doing::NewSuite)) }
                </ul>
            </div>
            { match &*doing {
                Doing::Nothing => Html::default(),
                Doing::NewSuite => html! { <NewSuite agent={agent.clone()} onclose={set(Doing::Nothing)} /> },
                Doing::Propose(from) => html! { <Propose page={props.page.clone()} from={from.clone()} changed={props.changed.clone()} onclose={set(Doing::Nothing)} /> },
            } }
        </div>
    }
}

/// A suite without a case.
pub(super) fn no_case(page: &TestsPage) -> Html {
    let action = page.suite.as_ref().map(|suite| {
        let route = Route::EditSuite {
            name: page.agent.clone(),
            suite: SuiteFile::of(suite),
            part: SuitePart::New,
        };
        html! { <a class="btn btn--primary" href={route.href()}>{ icon(Icon::Plus) }{ text::NEW_CASE }</a> }
    });
    html! { <div class="cases__empty">{ empty_with(Icon::Test, text::NO_CASE_YET, text::NO_CASE_YET_HOW, action) }</div> }
}

#[derive(Properties, PartialEq)]
pub(super) struct CannotProps {
    /// The agent.
    pub(super) agent: AgentName,
    /// The suite.
    pub(super) entry: SuiteEntry,
}

/// What is wrong with a suite, by line.
#[component]
pub(super) fn CannotRun(props: &CannotProps) -> Html {
    const SHOWN: usize = 6;
    let findings = &props.entry.findings;
    let route = Route::EditSuite {
        name: props.agent.clone(),
        suite: SuiteFile::of(&props.entry.file),
        part: SuitePart::Whole,
    };
    let more = findings.len().saturating_sub(SHOWN);
    let one = |finding: &Finding| {
        html! { <li><span class="path">{ text::finding_at(finding) }</span><span class="t2">{ text::finding_message(finding) }</span></li> }
    };
    html! {
        <div class="notice notice--failed cannot-run selectable" role="alert">
            { icon(Icon::Alert) }
            <div>
                <b>{ text::CORRECT_THESE }</b>
                <ul class="cannot-run__all">{ for findings.iter().take(SHOWN).map(one) }</ul>
                if more > 0 { <p class="t3">{ text::more_problems(more) }</p> }
            </div>
            <a class="btn btn--small" href={route.href()}>{ text::EDIT_SUITE }</a>
        </div>
    }
}
