//! Expectations, each with what came of it.

use std::rc::Rc;

use slipway_contract::ReportId;
use slipway_contract::command::LabelVerdict;
use slipway_contract::test::{AttemptPage, CheckEntry, JudgedBy, Outcome};
use yew::prelude::*;

use super::marks;
use crate::bridge::use_action;
use crate::components::{line_diff, notice, prose};
use crate::{format, text};

/// A longer value is shown in lines of its own.
const ONE_LINE: usize = 120;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The attempt.
    pub(super) attempt: Rc<AttemptPage>,
}

/// The list of them.
#[component]
pub(super) fn Checks(props: &Props) -> Html {
    if props.attempt.checks.is_empty() {
        return Html::default();
    }
    html! { <ul class="asserts selectable" aria-label={text::EXPECTATIONS}>{ for props.attempt.checks.iter().enumerate().map(check) }</ul> }
}

fn check((at, check): (usize, &CheckEntry)) -> Html {
    let beside = (check.diff.is_empty() && is_short(check))
        .then(|| check.expected.clone().zip(check.got.clone()))
        .flatten()
        .filter(|_| check.outcome != Outcome::Passed);
    // "total is 4,218.60" says already what was expected.
    let is_said = |(expected, _): &(String, String)| check.what.contains(expected.as_str());
    let said = beside.as_ref().is_some_and(is_said);
    let why = check
        .why
        .as_ref()
        .filter(|_| check.outcome != Outcome::Passed && beside.is_none());
    html! {
        <li key={at}>
            { marks::outcome(check.outcome, false) }
            <span>
                <span class="visually-hidden">{ text::check_outcome(check.outcome) }{ ": " }</span>
                { check.what.clone() }
                { for beside.map(|(expected, got)| html! { <span class={classes!("num", (!said).then_some("asserts__why"))}>if !said { { text::EXPECTED_WORD }<b class="strong">{ prose(&expected) }</b> }{ text::GOT_WORD }<b class="strong status--failed">{ prose(&got) }</b></span> }) }
                { for why.map(|why| html! { <span class="asserts__why small t2">{ prose(&text::sentence(why)) }</span> }) }
            </span>
        </li>
    }
}

fn is_short(check: &CheckEntry) -> bool {
    let short = |value: &Option<String>| {
        value
            .as_ref()
            .is_none_or(|value| value.len() <= ONE_LINE && !value.contains('\n'))
    };
    short(&check.expected) && short(&check.got)
}

#[derive(Properties, PartialEq)]
pub(super) struct DetailsProps {
    /// The report.
    pub(super) report: ReportId,
    /// The case.
    pub(super) case: String,
    /// The attempt.
    pub(super) attempt: Rc<AttemptPage>,
    /// A label is another.
    pub(super) changed: Callback<()>,
}

/// What of them does not fit into a line: texts beside each other, and a model's reasons.
#[component]
pub(super) fn Details(props: &DetailsProps) -> Html {
    let label = use_action::<LabelVerdict>(props.changed.clone());
    let send = {
        let (send, report, case, attempt) = (
            label.send.clone(),
            props.report,
            props.case.clone(),
            props.attempt.number,
        );
        Callback::from(move |(what, met): (String, Option<bool>)| {
            send.emit(LabelVerdict {
                report,
                case: case.clone(),
                attempt,
                what,
                met,
            });
        })
    };
    let section = |(at, check): (usize, &CheckEntry)| {
        let compared = (check.outcome != Outcome::Passed)
            .then(|| compared(check))
            .flatten();
        let details = check
            .details
            .as_ref()
            .filter(|_| check.outcome != Outcome::Passed);
        if compared.is_none() && details.is_none() && check.judged.is_none() {
            return None;
        }
        let legend = compared.as_ref().map(|_| html! { <span class="small t3 case__legend" aria-hidden="true"><span class="is-minus">{ "−" }</span>{ text::LEGEND_EXPECTED }<span class="is-plus">{ "+" }</span>{ text::LEGEND_GOT }</span> });
        Some(html! {
            <section key={at}>
                <h3 class="section"><span class="clip" title={check.what.clone()}>{ check.what.clone() }</span><span class="spacer"></span>{ for legend }</h3>
                { for compared }
                { for details.map(|details| html! { <pre class="code well code--wrap selectable scroll case__details" tabindex="0">{ details.clone() }</pre> }) }
                { for check.judged.as_ref().map(|judged| verdict(check, judged, &send, label.busy)) }
            </section>
        })
    };
    html! {
        <>
            { for props.attempt.checks.iter().enumerate().filter_map(section) }
            if let Some(problem) = &label.problem { <section>{ notice(problem, None) }</section> }
        </>
    }
}

/// Expected and got, where they are no line.
fn compared(check: &CheckEntry) -> Option<Html> {
    if !check.diff.is_empty() {
        return Some(line_diff(&check.diff));
    }
    if is_short(check) {
        return None;
    }
    let part = |class: &'static str, sign: &'static str, value: &Option<String>| {
        let lines = value.iter().flat_map(|value| {
            value
                .lines()
                .take(40)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        html! { { for lines.map(|line| html! { <div {class}><i>{ sign }</i><span>{ line }</span></div> }) } }
    };
    Some(
        html! { <div class="well diff diff--wrap diff--plain selectable">{ part("minus", "−", &check.expected) }{ part("plus", "+", &check.got) }</div> },
    )
}

/// A model's reasons, and what the person says of them.
fn verdict(
    check: &CheckEntry,
    judged: &JudgedBy,
    send: &Callback<(String, Option<bool>)>,
    busy: bool,
) -> Html {
    let is_met = check.outcome == Outcome::Passed;
    let cost = judged.cost_usd.map(format::usd_run);
    let chip = |label: &'static str, met: bool| {
        let pressed = judged.label == Some(met);
        let to = (!pressed).then_some(met);
        let what = check.what.clone();
        let onclick = send.reform(move |_: MouseEvent| (what.clone(), to));
        html! { <button type="button" class="chip" aria-pressed={pressed.to_string()} disabled={busy} {onclick}>{ label }</button> }
    };
    let labels = match check.outcome {
        Outcome::Unjudged => {
            html! { <>{ chip(text::IS_MET, true) }{ chip(text::IS_NOT_MET, false) }</> }
        }
        Outcome::Passed | Outcome::Failed => {
            html! { <>{ chip(text::JUDGED_RIGHT, is_met) }{ chip(text::JUDGED_WRONG, !is_met) }</> }
        }
    };
    html! {
        <div class="verdict">
            <p class="selectable as-written">{ prose(&judged.reasoning) }</p>
            <div class="verdict__foot">
                <span class="small t3 num clip">{ text::judged_by(&judged.model, judged.score, cost.as_deref()) }</span>
                <span class="spacer"></span>
                <span class="btns" role="group" aria-label={text::THE_VERDICT_IS}>{ labels }</span>
            </div>
        </div>
    }
}
