//! One case: what it was recorded from, what was expected and what came, and what a person decides about it.

use std::rc::Rc;

use slipway_contract::command::ShowCase;
use slipway_contract::test::{AttemptEntry, AttemptPage, CasePage, CaseRow, RecordedFrom};
use slipway_contract::{AgentName, ReportId};
use yew::prelude::*;

use super::attempt::AttemptTrace;
use super::check::{Checks, Details};
use super::decide::{Decide, Step};
use super::grid::{Shown, Spot};
use super::marks;
use super::mismatch::MismatchSection;
use super::use_count;
use crate::bridge::use_query;
use crate::browser::{self, local};
use crate::components::{
    Button, Choice, Icon, Kind, Select, async_value, empty_with, icon, skeleton,
};
use crate::route::{Route, SuiteFile, SuitePart};
use crate::{format, markdown, text};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The page that the case is on.
    pub(super) page: Shown,
    /// The case, and the report in which it is looked at.
    pub(super) spot: Spot,
    /// A person opened it, so that it may stand in the place of the matrix.
    pub(super) is_alone: bool,
    /// Its place among those that differ, and the ways to the others.
    pub(super) step: Step,
    /// Plays the case.
    pub(super) onrun: Callback<Vec<String>>,
    /// Something is being run.
    pub(super) busy: bool,
    /// Changes when a report may be another.
    pub(super) pulse: u32,
    /// Something of the page is another.
    pub(super) changed: Callback<()>,
    /// The person is done with it, where it takes the place of the matrix.
    pub(super) onclose: Callback<()>,
}

/// The panel.
#[component]
pub(super) fn CasePanel(props: &Props) -> Html {
    let panel = use_node_ref();
    {
        let (panel, steps) = (panel.clone(), props.step.on_the_way.get());
        use_effect_with(props.is_alone, move |is_alone| {
            if *is_alone && !steps {
                browser::next_frame(move || {
                    if browser::lost_keyboard() {
                        browser::focus(&panel);
                    }
                });
            }
        });
    }
    let Some(row) = props.page.0.rows.get(props.spot.row) else {
        return Html::default();
    };
    let body = match props.spot.told {
        Some((report, _)) => {
            html! { <Told key={format!("{report} {}", row.case)} page={props.page.clone()} row={props.spot.row} {report} step={props.step.clone()} onrun={props.onrun.clone()} busy={props.busy} pulse={props.pulse} changed={props.changed.clone()} /> }
        }
        None => {
            let run = {
                let (onrun, case) = (props.onrun.clone(), row.case.clone());
                Callback::from(move |()| onrun.emit(vec![case.clone()]))
            };
            let action = html! { <Button label={text::RUN_CASE} icon={Icon::Play} busy={props.busy} onclick={run} /> };
            html! { <div class="case__empty">{ empty_with(Icon::Test, text::CASE_NOT_RUN, text::CASE_NOT_RUN_HOW, Some(action)) }</div> }
        }
    };
    let close = props.onclose.clone();
    html! {
        <section ref={panel} class="pane case" aria-label={row.title.clone()} data-pane="" tabindex="-1">
            <div class="case__back"><Button label={text::ALL_CASES} icon={Icon::ArrowUp} small=true kind={Kind::Quiet} onclick={close} /></div>
            <CaseHead page={props.page.clone()} row={props.spot.row} onrun={props.onrun.clone()} busy={props.busy} />
            { body }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct HeadProps {
    page: Shown,
    row: usize,
    onrun: Callback<Vec<String>>,
    busy: bool,
}

#[component]
fn CaseHead(props: &HeadProps) -> Html {
    let page = &props.page.0;
    let Some(row) = page.rows.get(props.row) else {
        return Html::default();
    };
    let run = {
        let (onrun, case) = (props.onrun.clone(), row.case.clone());
        Callback::from(move |()| onrun.emit(vec![case.clone()]))
    };
    let edit = page.suite.as_ref().map(|suite| Route::EditSuite {
        name: page.agent.clone(),
        suite: SuiteFile::of(suite),
        part: SuitePart::Case(place_in_file(&page.rows, props.row)),
    });
    html! {
        <header class="case__head">
            <h2 class="title selectable">{ row.title.clone() }</h2>
            <span class="case__acts">
                { for edit.map(|route| html! { <a class="btn btn--small btn--quiet btn--icon" href={route.href()} aria-label={text::EDIT_CASE} title={text::EDIT_CASE}>{ icon(Icon::Pen) }</a> }) }
                <Button label={text::RUN_CASE} icon={Icon::Play} icon_only=true small=true kind={Kind::Quiet} busy={props.busy} onclick={run} />
            </span>
            if !row.tags.is_empty() { <span class="case__tags">{ for row.tags.iter().map(|tag| html! { <span class="tag">{ tag.clone() }</span> }) }</span> }
        </header>
    }
}

/// A case's place among those of the file: a table and a matrix make several of one.
fn place_in_file(rows: &[CaseRow], row: usize) -> usize {
    let mut place = 0;
    let until = rows.iter().take(row + 1);
    let mut last: Option<&str> = None;
    for row in until {
        if let Some(last) = last
            && last != row.name
        {
            place += 1;
        }
        last = Some(&row.name);
    }
    place
}

#[derive(Properties, PartialEq)]
struct ToldProps {
    page: Shown,
    row: usize,
    report: ReportId,
    step: Step,
    onrun: Callback<Vec<String>>,
    busy: bool,
    pulse: u32,
    changed: Callback<()>,
}

/// The case in a report.
#[component]
fn Told(props: &ToldProps) -> Html {
    let attempt = use_state_eq(|| None::<u32>);
    let (again, asked_again) = use_count();
    let agent = props.page.0.agent.clone();
    let row = props.page.0.rows.get(props.row);
    let case = row.map(|row| row.case.clone()).unwrap_or_default();
    let shown = use_query(
        ShowCase {
            agent: agent.clone(),
            report: props.report,
            case,
            attempt: *attempt,
        },
        props.pulse.wrapping_mul(1_000).wrapping_add(again),
    );
    let changed = {
        let changed = props.changed.clone();
        Callback::from(move |()| {
            asked_again.emit(());
            changed.emit(());
        })
    };
    let choose = {
        let attempt = attempt.setter();
        Callback::from(move |number: u32| attempt.set(Some(number)))
    };
    async_value(
        &shown,
        html! { <div class="case__waiting">{ skeleton::lines(&["w-240", "w-320", "w-320", "w-120"]) }</div> },
        |page: &Rc<CasePage>| {
            let also = also_play(props, page);
            html! {
                <>
                    <div class="case__body scroll">
                        { said(&agent, props.report, page, &choose, &changed) }
                    </div>
                    <Decide agent={agent.clone()} report={props.report} case={Rc::clone(page)} {also} step={props.step.clone()} onrun={props.onrun.clone()} busy={props.busy} changed={changed.clone()} />
                </>
            }
        },
    )
}

/// Titles of the other cases that play the same recording.
fn also_play(props: &ToldProps, page: &CasePage) -> Vec<String> {
    let Some(recorded) = &page.recorded else {
        return Vec::new();
    };
    let rows = props.page.0.rows.iter().enumerate();
    rows.filter(|(at, row)| *at != props.row && row.recording.as_ref() == Some(&recorded.name))
        .map(|(_, row)| row.title.clone())
        .collect()
}

fn said(
    agent: &AgentName,
    report: ReportId,
    page: &Rc<CasePage>,
    choose: &Callback<u32>,
    changed: &Callback<()>,
) -> Html {
    let Some(attempt) = page.shown.clone().map(Rc::new) else {
        return html! { <section><p class="t2">{ text::NO_ATTEMPT }</p></section> };
    };
    let trace = html! { <AttemptTrace {report} case={page.case.clone()} title={page.title.clone()} agent={agent.clone()} attempt={attempt.number} run={attempt.run} traced={attempt.traced} /> };
    let answer = attempt
        .answer
        .clone()
        .filter(|answer| !answer.trim().is_empty());
    html! {
        <>
            <section>
                { for page.recorded.as_ref().map(recorded) }
                { attempts(&page.attempts, attempt.number, choose) }
                { for attempt.error.as_ref().map(|error| html! { <p class="case__error"><span class="status--failed">{ text::sentence(error) }</span></p> }) }
                <Checks attempt={Rc::clone(&attempt)} />
                <p class="small t3 num case__facts">{ figures(&attempt) }<span class="spacer"></span>{ if attempt.mismatch.is_none() { trace.clone() } else { Html::default() } }</p>
            </section>
            { for attempt.mismatch.clone().map(|mismatch| html! { <MismatchSection agent={agent.clone()} mismatch={Rc::new(mismatch)} trace={trace} changed={changed.clone()} /> }) }
            <Details {report} case={page.case.clone()} attempt={Rc::clone(&attempt)} changed={changed.clone()} />
            { for answer.map(|answer| html! { <section><h3 class="section">{ text::ANSWER }</h3><div class="case__answer read selectable scroll" tabindex="0">{ markdown::view(markdown::parse(&answer)) }</div></section> }) }
        </>
    }
}

fn recorded(from: &RecordedFrom) -> Html {
    let now = local(browser::now());
    let made = format::moment(local(from.made_at), now);
    let accepted = from.accepted_at.map(|at| format::moment(local(at), now));
    let words = text::recorded(
        &made,
        &from.model.to_string(),
        from.calls,
        accepted.as_deref(),
    );
    html! { <p class="small t3 num case__from" title={format!("recordings/{}.jsonl", from.name)}>{ words }</p> }
}

fn figures(attempt: &AttemptPage) -> String {
    let cost = attempt.cost_usd.map(format::usd_run);
    text::attempt_figures(
        &format::took(attempt.latency_ms),
        attempt.steps,
        cost.as_deref(),
    )
}

/// The attempts, where there are several.
fn attempts(all: &[AttemptEntry], shown: u32, choose: &Callback<u32>) -> Html {
    if all.len() < 2 {
        return Html::default();
    }
    if all.len() <= 10 {
        let one = |entry: &AttemptEntry| {
            let number = entry.number;
            let onclick = choose.reform(move |_: MouseEvent| number);
            html! { <button type="button" class="chip" key={number} aria-pressed={(number == shown).to_string()} aria-label={text::attempt(number, entry.outcome)} {onclick}>{ marks::outcome(entry.outcome, false) }{ number }</button> }
        };
        return html! { <div class="case__attempts" role="group" aria-label={text::ATTEMPTS}><span class="small t3">{ text::ATTEMPTS }</span>{ for all.iter().map(one) }</div> };
    }
    let items: Vec<Choice> = all
        .iter()
        .map(|entry| Choice::new(text::attempt(entry.number, entry.outcome)))
        .collect();
    let chosen = all
        .iter()
        .position(|entry| entry.number == shown)
        .unwrap_or(0);
    let numbers: Vec<u32> = all.iter().map(|entry| entry.number).collect();
    let onchoose = {
        let choose = choose.clone();
        Callback::from(move |at: usize| {
            numbers
                .get(at)
                .copied()
                .into_iter()
                .for_each(|number| choose.emit(number));
        })
    };
    html! { <div class="case__attempts"><Select label={text::ATTEMPTS} {items} {chosen} {onchoose} /></div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> CaseRow {
        CaseRow {
            case: String::new(),
            title: String::new(),
            name: name.to_owned(),
            line: 1,
            tags: Vec::new(),
            model: None,
            recording: None,
            cells: Vec::new(),
        }
    }

    #[test]
    fn a_case_of_a_table_is_one_in_the_file() {
        let rows = ["a", "b", "b", "b", "c"].map(row);
        let places: Vec<usize> = (0..5).map(|at| place_in_file(&rows, at)).collect();
        assert_eq!(places, [0, 1, 1, 1, 2]);
    }
}
