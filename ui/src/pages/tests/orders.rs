//! What can be ordered on the page: tests are run, all of them or some, and gone on with.

use std::rc::Rc;

use slipway_contract::command::RunTests;
use slipway_contract::test::{Mode, Outcome, TestOrder, TestProgress, TestsPage};
use slipway_contract::{AgentName, Problem, ReportId, Usd};
use yew::prelude::*;

use super::pay::Pay;
use super::running::Progress;
use super::{is_paid, why_not};
use crate::bridge::use_action;
use crate::components::{Button, Icon, Kind};
use crate::route::{Route, SuiteFile, SuitePart};
use crate::text;

/// What can be ordered, and what is under way.
#[derive(Clone, PartialEq)]
pub(super) struct Orders {
    /// How models are to answer.
    pub(super) mode: Mode,
    /// They are to answer otherwise.
    pub(super) set_mode: Callback<Mode>,
    /// What asking them may cost, once that is agreed on.
    pub(super) budget: Option<Usd>,
    /// Asks for another amount.
    pub(super) ask_budget: Callback<()>,
    /// Runs the suite.
    pub(super) run_all: Callback<()>,
    /// Runs what did not pass.
    pub(super) run_failed: Callback<()>,
    /// Runs these cases.
    pub(super) run_cases: Callback<Vec<String>>,
    /// Goes on with a report that was cut off.
    pub(super) go_on: Callback<ReportId>,
    /// It is being ordered.
    pub(super) busy: bool,
    /// Why it cannot be ordered.
    pub(super) why_not: Option<&'static str>,
    /// Why the newest order failed.
    pub(super) problem: Option<Rc<Problem>>,
    /// What is being run.
    pub(super) progress: Option<Rc<TestProgress>>,
    /// What is asked before.
    pub(super) dialogs: Option<Html>,
}

/// Everything that can be ordered.
#[hook]
pub(super) fn use_orders(
    agent: &AgentName,
    page: Option<Rc<TestsPage>>,
    heard: &Progress,
    changed: Callback<()>,
) -> Orders {
    let mode = use_state_eq(|| Mode::Replay);
    let budget = use_state_eq(|| None::<Usd>);
    let waiting = use_state_eq(|| None::<Option<TestOrder>>);
    let run = use_action::<RunTests>(changed.reform(|_: ReportId| ()));
    // Until the page was asked again it says that what is over goes on.
    let told = page.as_ref().and_then(|page| page.running.clone());
    let told = told
        .filter(|told| heard.over != Some(told.report))
        .map(Rc::new);
    let progress = heard.now.clone().or(told);
    let send = {
        let (send, agent) = (run.send.clone(), agent.clone());
        Callback::from(move |order: TestOrder| {
            send.emit(RunTests {
                agent: agent.clone(),
                order,
            });
        })
    };
    let order = {
        let (send, waiting, mode, agreed) = (send.clone(), waiting.clone(), *mode, *budget);
        Callback::from(move |order: TestOrder| {
            let order = TestOrder { mode, ..order };
            match agreed {
                _ if !is_paid(mode) => send.emit(order),
                Some(budget) => send.emit(TestOrder {
                    budget_usd: Some(budget),
                    ..order
                }),
                None => waiting.set(Some(Some(order))),
            }
        })
    };
    let suites: Vec<String> = page.iter().filter_map(|page| page.suite.clone()).collect();
    let plain = TestOrder {
        mode: *mode,
        suites,
        cases: Vec::new(),
        failed: false,
        budget_usd: None,
        resume: None,
    };
    let run_all = order.reform({
        let plain = plain.clone();
        move |()| plain.clone()
    });
    let run_failed = order.reform({
        let plain = plain.clone();
        move |()| TestOrder {
            failed: true,
            ..plain.clone()
        }
    });
    let run_cases = order.reform({
        let plain = plain.clone();
        move |cases: Vec<String>| TestOrder {
            cases,
            ..plain.clone()
        }
    });
    let go_on = send.reform({
        let unfinished = page.as_ref().and_then(|page| page.unfinished.clone());
        move |report: ReportId| TestOrder {
            mode: unfinished
                .as_ref()
                .map_or(plain.mode, |unfinished| unfinished.mode),
            resume: Some(report),
            ..plain.clone()
        }
    });
    let dialogs = (*waiting).clone().map(|order| {
        let close = {
            let waiting = waiting.setter();
            Callback::from(move |()| waiting.set(None))
        };
        let cases = match &order {
            Some(order) if !order.cases.is_empty() => order.cases.len(),
            Some(order) if order.failed => page.as_ref().map_or(0, |page| not_passed(page)),
            _ => page.as_ref().map_or(0, |page| page.rows.len()),
        };
        let onagree = {
            let (budget, waiting, send) = (budget.setter(), waiting.setter(), send.clone());
            Callback::from(move |agreed: Usd| {
                budget.set(Some(agreed));
                waiting.set(None);
                if let Some(order) = order.clone() {
                    send.emit(TestOrder {
                        budget_usd: Some(agreed),
                        ..order
                    });
                }
            })
        };
        html! { <Pay mode={*mode} budget={*budget} {cases} {onagree} onclose={close} /> }
    });
    let set_mode = {
        let mode = mode.setter();
        Callback::from(move |to: Mode| mode.set(to))
    };
    let ask_budget = {
        let waiting = waiting.setter();
        Callback::from(move |()| waiting.set(Some(None)))
    };
    let blocked = match (&page, &progress) {
        (None, _) => Some(text::LOADING),
        (_, Some(_)) => Some(text::RUNS_ALREADY),
        (Some(page), None) => why_not(page),
    };
    Orders {
        mode: *mode,
        set_mode,
        budget: *budget,
        ask_budget,
        run_all,
        run_failed,
        run_cases,
        go_on,
        busy: run.busy,
        why_not: blocked,
        problem: run.problem,
        progress,
        dialogs,
    }
}

/// The cases that did not pass in the newest report.
fn not_passed(page: &TestsPage) -> usize {
    let last = page.columns.len().checked_sub(1);
    let bad = |row: &&slipway_contract::test::CaseRow| {
        let cell = last.and_then(|last| row.cells.get(last).copied().flatten());
        cell.is_some_and(|cell| cell.outcome != Outcome::Passed)
    };
    page.rows.iter().filter(bad).count()
}

impl Orders {
    /// The buttons in the head.
    pub(super) fn buttons(&self, page: Option<&TestsPage>) -> Html {
        let Some(page) = page.filter(|page| !page.suites.is_empty()) else {
            return Html::default();
        };
        let failed = not_passed(page);
        let new_case = page.suite.as_ref().map(|suite| Route::EditSuite {
            name: page.agent.clone(),
            suite: SuiteFile::of(suite),
            part: SuitePart::New,
        });
        let failed_why = self.why_not.or((failed == 0).then_some(text::NONE_FAILED));
        html! {
            <>
                { for new_case.map(|route| html! { <a class="btn btn--quiet tests__new" href={route.href()}>{ crate::components::icon(Icon::Plus) }{ text::NEW_CASE }</a> }) }
                <Button label={text::RUN_FAILED} name={text::run_failed(failed)} busy={self.busy} why_not={failed_why} onclick={self.run_failed.clone()} />
                <Button label={text::RUN_ALL} icon={Icon::Play} kind={Kind::Primary} busy={self.busy} why_not={self.why_not} onclick={self.run_all.clone()} />
            </>
        }
    }
}
