//! One agent: its tests. The suite's cases by version, what came of each, and what a person decides about it.

mod attempt;
mod bar;
mod case;
mod chart;
mod check;
mod decide;
mod empty;
mod grid;
mod marks;
mod matrix;
mod mismatch;
mod more;
mod narrow;
mod new_suite;
mod open;
mod orders;
mod pay;
mod propose;
mod running;

use std::rc::Rc;

use slipway_contract::AgentName;
use slipway_contract::command::ShowTests;
use slipway_contract::shortcut::Shortcut;
use slipway_contract::test::{Mode, TestsPage as Page};
use yew::prelude::*;

use self::bar::SuiteBar;
use self::case::CasePanel;
use self::chart::{Chart, Of};
use self::empty::{CannotRun, NoSuite};
use self::grid::{By, Grid, Shown};
use self::matrix::Matrix;
use self::narrow::{Filters, Narrow};
use self::open::use_open;
use self::orders::{Orders, use_orders};
use self::running::{CutOff, Running, use_progress};
use crate::app::Pulse;
use crate::bridge::use_query;
use crate::components::{AgentHead, AgentTab, Segmented, async_value, notice, skeleton};
use crate::route::{CaseId, SuiteFile, Which};
use crate::{shortcuts, text};

/// What is shown.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) name: AgentName,
    /// The suite; without it, the first.
    pub(crate) suite: Option<SuiteFile>,
    /// The case that is open, and in which report.
    pub(crate) open: Option<(Which, CaseId)>,
}

/// One agent's tests.
#[component]
pub(crate) fn TestsPage(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let (count, changed) = use_count();
    let again = pulse.0.wrapping_mul(1_000).wrapping_add(count);
    let progress = use_progress(&props.name, changed.clone());
    let tests = use_query(
        ShowTests {
            agent: props.name.clone(),
            suite: props.suite.as_ref().map(SuiteFile::path),
        },
        again,
    );
    let page = tests.state.ready().cloned();
    let orders = use_orders(&props.name, page.clone(), &progress, changed.clone());
    let onkeydown = {
        let (run, blocked) = (orders.run_all.clone(), orders.why_not.is_some());
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
    let note = page.as_ref().map(|page| {
        let what = if page.draft { text::DRAFT_OF } else { text::VERSION_WORD };
        html! { <>{ what }{ " " }<span class="path selectable" title={page.version.to_string()}>{ page.version.short() }</span></> }
    });
    html! {
        <>
            <AgentHead name={props.name.clone()} {title} tab={AgentTab::Tests} note={note.unwrap_or_default()} actions={orders.buttons(page.as_deref())} />
            { for orders.dialogs.clone() }
            { async_value(&tests, waiting(), |page| html! {
                <div class="tests" {onkeydown}>
                    <Loaded page={Shown(Rc::clone(page))} open={props.open.clone()} orders={orders.clone()} {changed} pulse={again} />
                </div>
            }) }
        </>
    }
}

/// How often something changed, and what says that it did: also of an order that was given long before it is told.
#[hook]
fn use_count() -> (u32, Callback<()>) {
    let drawn = use_state_eq(|| 0_u32);
    let count = use_mut_ref(|| 0_u32);
    let changed = {
        let drawn = drawn.setter();
        Callback::from(move |()| {
            *count.borrow_mut() += 1;
            drawn.set(*count.borrow());
        })
    };
    (*drawn, changed)
}

#[derive(Properties, PartialEq)]
struct LoadedProps {
    page: Shown,
    open: Option<(Which, CaseId)>,
    orders: Orders,
    changed: Callback<()>,
    pulse: u32,
}

#[component]
fn Loaded(props: &LoadedProps) -> Html {
    let page = &props.page.0;
    let by = use_state_eq(By::default);
    let narrow = use_state_eq(Narrow::default);
    let of = use_state_eq(Of::default);
    let models = use_memo(props.page.clone(), |page| !grid::models(&page.0).is_empty());
    let shown_by = if *models { *by } else { By::Version };
    let grid = use_memo((props.page.clone(), shown_by), |(page, by)| {
        Grid::of(&page.0, *by)
    });
    let tags = use_memo(props.page.clone(), |page| narrow::tags(&page.0));
    let lines = use_memo(((*narrow).clone(), Rc::clone(&grid)), |(narrow, grid)| {
        narrow.lines(grid)
    });
    let open = use_open(&props.page, &grid, props.open.as_ref());
    let orders = &props.orders;
    if page.suites.is_empty() {
        return html! { <NoSuite page={props.page.clone()} changed={props.changed.clone()} /> };
    }
    let onnarrow = {
        let narrow = narrow.clone();
        Callback::from(move |to: Narrow| narrow.set(to))
    };
    let onby = {
        let by = by.setter();
        Callback::from(move |to: By| by.set(to))
    };
    let entry = page
        .suites
        .iter()
        .find(|suite| Some(&suite.file) == page.suite.as_ref());
    let cannot = entry.filter(|entry| !entry.findings.is_empty());
    let one_by_one = props.open.is_some();
    html! {
        <>
            <SuiteBar page={props.page.clone()} progress={orders.progress.clone()} mode={orders.mode} onmode={orders.set_mode.clone()} budget={orders.budget} onbudget={orders.ask_budget.clone()} case={open.spot.and_then(|spot| page.rows.get(spot.row)).map(|row| row.name.clone())} changed={props.changed.clone()} />
            if let Some(progress) = &orders.progress {
                <Running progress={Rc::clone(progress)} />
            } else if let Some(unfinished) = &page.unfinished {
                <CutOff progress={Rc::new(unfinished.clone())} ongo={orders.go_on.reform({ let report = unfinished.report; move |()| report })} busy={orders.busy} />
            }
            if let Some(problem) = &orders.problem { <div class="page__notice">{ notice(problem, None) }</div> }
            <div class={classes!("body", "tests__body", one_by_one.then_some("tests__body--case"))}>
                <section class="pane cases" aria-label={text::CASES} data-pane="" tabindex="-1">
                    if let Some(entry) = cannot { <CannotRun agent={page.agent.clone()} entry={entry.clone()} /> }
                    if !page.rows.is_empty() {
                        { chart(page, shown_by, &of, html! { <Filters narrow={(*narrow).clone()} onchange={onnarrow} tags={(*tags).clone()} by={models.then_some(shown_by)} {onby} /> }) }
                        <Matrix page={props.page.clone()} grid={Rc::clone(&grid)} lines={Rc::clone(&lines)} open={open.spot.map(|spot| spot.row)} onopen={open.go.clone()} progress={orders.progress.clone()} />
                    } else if cannot.is_none() {
                        { empty::no_case(page) }
                    }
                </section>
                if let Some(spot) = open.spot {
                    <CasePanel is_alone={one_by_one} page={props.page.clone()} {spot} step={open.step.clone()} onrun={orders.run_cases.clone()} busy={orders.busy || orders.progress.is_some()} pulse={props.pulse} changed={props.changed.clone()} onclose={open.close.clone()} />
                }
            </div>
        </>
    }
}

/// The chart, where there is something to draw, and the filters.
fn chart(page: &Page, by: By, of: &UseStateHandle<Of>, filters: Html) -> Html {
    if by == By::Model || page.columns.is_empty() {
        return html! { <div class="chart chart--none">{ filters }</div> };
    }
    let choose = {
        let of = of.setter();
        Callback::from(move |at| of.set(if at == 1 { Of::Cost } else { Of::Passed }))
    };
    let kinds = vec![
        AttrValue::Static(text::PASS_RATE),
        AttrValue::Static(text::COST),
    ];
    let words = page.change.iter().flat_map(|change| &change.words);
    let words: Vec<String> = words.map(|words| text::sentence(words)).collect();
    let explained = match **of {
        Of::Passed => text::WITH_INTERVAL.to_owned(),
        Of::Cost if words.is_empty() => text::COST_OF_RUNS.to_owned(),
        Of::Cost => words.join(" "),
    };
    let width = if page.columns.len() > 6 { 48.0 } else { 56.0 };
    html! {
        <div class="chart">
            <div class="chart__side">
                <div class="chart__head">
                    <Segmented label={text::CHART_SHOWS} small=true items={kinds} chosen={usize::from(**of == Of::Cost)} onchoose={choose} />
                    <span class="small t3 clip" title={explained.clone()}>{ explained }</span>
                </div>
                { filters }
            </div>
            <Chart columns={page.columns.clone()} of={**of} {width} />
        </div>
    }
}

/// Whether asking models is what is chosen.
const fn is_paid(mode: Mode) -> bool {
    !matches!(mode, Mode::Replay)
}

/// The suite that the page is about, and whether it can be run.
fn why_not(page: &Page) -> Option<&'static str> {
    let entry = page
        .suites
        .iter()
        .find(|suite| Some(&suite.file) == page.suite.as_ref());
    match entry {
        None => Some(text::NO_SUITE_YET),
        Some(entry) if !entry.findings.is_empty() => Some(text::CORRECT_SUITE_FIRST),
        Some(entry) if entry.cases == 0 => Some(text::NO_CASE_YET),
        Some(_) => None,
    }
}

fn waiting() -> Html {
    html! {
        <div class="tests" aria-hidden="true">
            <div class="suitebar"><div class="suitebar__what">{ skeleton::lines(&["w-240", "w-320"]) }</div></div>
            <div class="body tests__body">
                <section class="pane cases"><div class="case__waiting">{ skeleton::lines(&["w-240", "w-320", "w-240", "w-320", "w-120", "w-240"]) }</div></section>
                <section class="pane case"><div class="case__waiting">{ skeleton::lines(&["w-320", "w-120", "w-240"]) }</div></section>
            </div>
        </div>
    }
}
