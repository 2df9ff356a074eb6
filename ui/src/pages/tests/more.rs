//! What else can be done with a suite and its newest report.

use slipway_contract::command::SaveReport;
use slipway_contract::test::{ProposeFrom, Reporter};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::grid::Shown;
use super::new_suite::NewSuite;
use super::propose::Propose;
use crate::bridge::use_action;
use crate::components::{Icon, MenuItem, More, Toasts, notice};
use crate::route::{Route, SuiteFile, SuitePart};
use crate::text;

/// What a report can be saved as, in the order of the menu.
const REPORTERS: [Reporter; 4] = [
    Reporter::Html,
    Reporter::Markdown,
    Reporter::Junit,
    Reporter::Json,
];

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    NewSuite,
    Propose,
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The page.
    pub(super) page: Shown,
    /// The name of the case that is open.
    pub(super) case: Option<String>,
    /// The page is another.
    pub(super) changed: Callback<()>,
}

/// The menu.
#[component]
pub(super) fn MoreOfTests(props: &Props) -> Html {
    let doing = use_state_eq(|| Doing::Nothing);
    let navigator = use_navigator();
    let toasts = use_context::<Toasts>();
    let save = use_action::<SaveReport>(Callback::from(move |place: Option<String>| {
        if let (Some(toasts), Some(place)) = (&toasts, place) {
            toasts.say(text::saved_as(&place));
        }
    }));
    let page = &props.page.0;
    let set = |to: Doing| {
        let doing = doing.clone();
        Callback::from(move |()| doing.set(to))
    };
    let go = |part: SuitePart| {
        let (navigator, page) = (navigator.clone(), props.page.clone());
        Callback::from(move |()| {
            if let (Some(navigator), Some(suite)) = (&navigator, &page.0.suite) {
                navigator.push(&Route::EditSuite {
                    name: page.0.agent.clone(),
                    suite: SuiteFile::of(suite),
                    part,
                });
            }
        })
    };
    let item = |label: &'static str, icon: Icon, chosen: Callback<()>| MenuItem {
        label: label.into(),
        icon,
        is_danger: false,
        why_not: None,
        chosen,
    };
    let newest = page.columns.last().map(|column| column.report);
    let report = |reporter: Reporter| MenuItem {
        why_not: newest
            .is_none()
            .then_some(AttrValue::Static(text::NO_REPORT_YET)),
        ..item(
            text::save_report(reporter),
            Icon::Export,
            match newest {
                Some(report) => save.send.reform(move |()| SaveReport { report, reporter }),
                None => Callback::noop(),
            },
        )
    };
    let mut items = vec![
        item(text::NEW_CASE, Icon::Plus, go(SuitePart::New)),
        item(text::PROPOSE_CASES, Icon::Eye, set(Doing::Propose)),
        item(text::EDIT_SUITE, Icon::Pen, go(SuitePart::Whole)),
        item(text::NEW_SUITE_ASKS, Icon::Test, set(Doing::NewSuite)),
    ];
    items.extend(REPORTERS.map(report));
    html! {
        <>
            <More label={text::MORE_OF_SUITE} {items} />
            if let Some(problem) = &save.problem { <div class="floating">{ notice(problem, None) }</div> }
            if *doing == Doing::NewSuite { <NewSuite agent={page.agent.clone()} onclose={set(Doing::Nothing)} /> }
            if *doing == Doing::Propose { <Propose page={props.page.clone()} from={ProposeFrom::Agent} case={props.case.clone()} changed={props.changed.clone()} onclose={set(Doing::Nothing)} /> }
        </>
    }
}
