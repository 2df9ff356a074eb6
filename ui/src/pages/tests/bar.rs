//! The bar below the head: what the newest report says, which suite it is about, and how models answer.

use slipway_contract::Usd;
use slipway_contract::test::{Mode, TestProgress, TestsPage};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::grid::Shown;
use super::more::MoreOfTests;
use crate::components::{Button, Choice, Icon, Kind, Mark, Segmented, Select, icon, run_mark};
use crate::route::{Route, SuiteFile, SuitePart};
use crate::{format, text};

/// The ways in which models answer, in their order.
pub(super) const MODES: [Mode; 3] = [Mode::Replay, Mode::Record, Mode::Live];

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The page.
    pub(super) page: Shown,
    /// What is being run.
    pub(super) progress: Option<std::rc::Rc<TestProgress>>,
    /// How models are to answer.
    pub(super) mode: Mode,
    /// They are to answer otherwise.
    pub(super) onmode: Callback<Mode>,
    /// What asking them may cost, once that is agreed on.
    pub(super) budget: Option<Usd>,
    /// Another amount is wanted.
    pub(super) onbudget: Callback<()>,
    /// The name of the case that is open.
    pub(super) case: Option<String>,
    /// The page is another.
    pub(super) changed: Callback<()>,
}

/// The bar.
#[component]
pub(super) fn SuiteBar(props: &Props) -> Html {
    let page = &props.page.0;
    let navigator = use_navigator();
    let chosen = page
        .suites
        .iter()
        .position(|suite| Some(&suite.file) == page.suite.as_ref());
    let items: Vec<Choice> = page
        .suites
        .iter()
        .map(|suite| Choice {
            label: suite.title.clone().into(),
            note: Some(text::suite_note(suite).into()),
        })
        .collect();
    let onsuite = {
        let (page, navigator) = (props.page.clone(), navigator);
        Callback::from(move |at: usize| {
            if let (Some(navigator), Some(suite)) = (&navigator, page.0.suites.get(at)) {
                navigator.push(&Route::Suite {
                    name: page.0.agent.clone(),
                    suite: SuiteFile::of(&suite.file),
                });
            }
        })
    };
    let modes = MODES.map(|mode| AttrValue::Static(text::mode(mode)));
    let mode = MODES
        .iter()
        .position(|mode| *mode == props.mode)
        .unwrap_or(0);
    let onmode = props
        .onmode
        .reform(|at: usize| MODES[at.min(MODES.len() - 1)]);
    let (sign, headline, note) = told(page, props.progress.as_deref());
    let edit = page.suite.as_ref().map(|suite| {
        let route = Route::EditSuite {
            name: page.agent.clone(),
            suite: SuiteFile::of(suite),
            part: SuitePart::Whole,
        };
        html! { <a class="btn btn--small btn--quiet btn--icon suitebar__edit" href={route.href()} aria-label={text::EDIT_SUITE} title={text::EDIT_SUITE}>{ icon(Icon::Pen) }</a> }
    });
    let paid = (props.mode != Mode::Replay)
        .then_some(props.budget)
        .flatten();
    html! {
        <div class="suitebar">
            { run_mark(sign) }
            <div class="suitebar__what">
                <h2 class="strong clip" title={headline.clone()}>{ headline }</h2>
                <p class="small t3 num clip" title={note.clone()}>{ note }</p>
            </div>
            { for paid.map(|budget| html! { <Button label={text::models_at_most(&format::budget(budget))} small=true kind={Kind::Quiet} onclick={props.onbudget.clone()} /> }) }
            { for edit }
            <MoreOfTests page={props.page.clone()} case={props.case.clone()} changed={props.changed.clone()} />
            <div class="suitebar__suite"><Select label={text::SUITE} {items} chosen={chosen.unwrap_or(usize::MAX)} onchoose={onsuite} /></div>
            <Segmented label={text::MODELS_ANSWER} items={modes.to_vec()} chosen={mode} onchoose={onmode} />
        </div>
    }
}

/// The mark, the headline, and what explains it.
fn told(page: &TestsPage, progress: Option<&TestProgress>) -> (Mark, String, String) {
    if let Some(progress) = progress {
        return (
            Mark::Running,
            text::being_run(progress),
            text::runs_suites(progress),
        );
    }
    let entry = page
        .suites
        .iter()
        .find(|suite| Some(&suite.file) == page.suite.as_ref());
    if let Some(entry) = entry.filter(|entry| !entry.findings.is_empty()) {
        return (
            Mark::Failed,
            text::cannot_run(entry.findings.len()),
            text::CANNOT_RUN_HOW.to_owned(),
        );
    }
    let Some(column) = page.columns.last() else {
        return (
            Mark::Queued,
            text::NOT_RUN_YET.to_owned(),
            text::not_run_how(page.rows.len()),
        );
    };
    let broken = page.change.as_ref().is_some_and(|change| change.broken > 0);
    let sign = if broken || column.passed < column.of {
        Mark::Failed
    } else {
        Mark::Succeeded
    };
    let cost = column.cost_usd.map(format::usd_run);
    let mut note = text::compared(page.change.as_ref());
    note.push_str(&text::played(
        column.mode,
        &format::took(column.took_ms),
        cost.as_deref(),
    ));
    for words in page.change.iter().flat_map(|change| &change.words) {
        note.push(' ');
        note.push_str(&text::sentence(words));
    }
    (sign, text::newest_says(page, column), note)
}
