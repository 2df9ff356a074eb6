//! Two runs beside each other: their figures, their steps, their answers.

use slipway_contract::RunId;
use slipway_contract::command::CompareRuns;
use slipway_contract::history::{RunComparison, StepFacts, StepPair};
use slipway_contract::run::RunSummary;
use slipway_contract::version::{FileDiff, PackageDiff};
use yew::prelude::*;

use super::runs::{cost, took};
use crate::app::Pulse;
use crate::bridge::use_query;
use crate::browser::{self, local};
use crate::components::{
    DiffView, Icon, Mark, async_value, empty, exact, icon, run_status, skeleton, tool_icon, topbar,
};
use crate::pages::home::use_steps;
use crate::route::Route;
use crate::{format, text};

/// Which two.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The one.
    pub(crate) id: RunId,
    /// The other.
    pub(crate) other: RunId,
}

/// Two runs beside each other.
#[component]
pub(crate) fn CompareRunsPage(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let command = CompareRuns {
        run: props.id,
        other: props.other,
    };
    let steps_made = use_steps();
    let found = use_query(command, pulse.0.wrapping_add(steps_made));
    let note = found.state.ready().map(|found| {
        let differ = found.steps.iter().filter(|pair| !pair.same).count();
        text::differing(found.steps.len(), differ)
    });
    html! {
        <>
            { topbar(text::COMPARE_RUNS, html! { { for note } }, html! { <a class="btn btn--quiet" href={Route::Runs.href()}>{ text::ALL_RUNS }</a> }) }
            <div class="page scroll compared" data-pane="" tabindex="-1">
                { async_value(&found, skeleton::lines(&["w-320", "w-240", "w-320", "w-320"]), |found| html! {
                    <>
                        { heads(found) }
                        { steps(&found.steps) }
                        { answers(found) }
                    </>
                }) }
            </div>
        </>
    }
}

fn heads(found: &RunComparison) -> Html {
    let now = local(browser::now());
    let title = |run: &RunSummary| {
        let at = format::moment(local(run.created_at), now);
        html! { <th><a href={Route::Run { id: run.id }.href()}>{ text::open_run_of(&run.title, &at) }</a></th> }
    };
    let row = |label: &'static str, one: Html, other: Html| {
        html! { <tr><th class="compared__label">{ label }</th><td>{ one }</td><td>{ other }</td></tr> }
    };
    let both = |label: &'static str, of: &dyn Fn(&RunSummary) -> Html| {
        row(label, of(&found.one), of(&found.other))
    };
    let tokens =
        |run: &RunSummary| format::compact(run.usage.input_tokens + run.usage.output_tokens);
    html! {
        <table class="table compared__heads" aria-label={text::BOTH_RUNS}>
            <thead><tr><th class="compared__label"><span class="visually-hidden">{ text::BOTH_RUNS }</span></th>{ title(&found.one) }{ title(&found.other) }</tr></thead>
            <tbody>
                { both(text::STATUS, &|run| run_status(Mark::of(run))) }
                { row(text::ASKED, html! { <span class="as-written selectable">{ exact(&found.asked_one) }</span> }, html! { <span class="as-written selectable">{ exact(&found.asked_other) }</span> }) }
                { both(text::MODEL, &|run| html! { { run.model.clone() } }) }
                { both(text::VERSION, &|run| html! { <span class="mono">{ run.version.short() }</span> }) }
                { both(text::COST, &|run| html! { <span class="num">{ cost(run) }</span> }) }
                { both(text::TOKENS, &|run| html! { <span class="num">{ tokens(run) }</span> }) }
                { both(text::TOOK, &|run| html! { <span class="num">{ took(run, None) }</span> }) }
            </tbody>
        </table>
    }
}

fn steps(pairs: &[StepPair]) -> Html {
    if pairs.is_empty() {
        return html! { <p class="t2 compared__none">{ text::NO_STEPS }</p> };
    }
    let pair = |(place, pair): (usize, &StepPair)| {
        let class = match (&pair.one, &pair.other) {
            (Some(_), Some(_)) if pair.same => "compared__pair",
            _ => "compared__pair is-different",
        };
        let said = match (&pair.one, &pair.other) {
            (Some(_), Some(_)) if pair.same => text::DID_THE_SAME,
            (Some(_), Some(_)) => text::DID_DIFFER,
            _ => text::ONLY_HERE,
        };
        html! {
            <tr key={place} {class}>
                <th class="compared__label small t3">{ said }</th>
                <td>{ for pair.one.as_ref().map(step) }</td>
                <td>{ for pair.other.as_ref().map(step) }</td>
            </tr>
        }
    };
    html! {
        <section aria-label={text::STEPS_MADE}>
            <h2 class="section">{ text::STEPS_MADE }</h2>
            if pairs.iter().all(|pair| pair.same) { <p class="t2 small">{ text::BOTH_SAME }</p> }
            <table class="table compared__steps" aria-label={text::STEPS_MADE}><tbody>{ for pairs.iter().enumerate().map(pair) }</tbody></table>
        </section>
    }
}

fn step(step: &StepFacts) -> Html {
    let shown = match &step.tool {
        Some(tool) => tool_icon(tool),
        None => Icon::Model,
    };
    let figures = [
        step.took_ms.map(format::took),
        step.tokens.map(|(sent, answered)| {
            text::tokens(&format::compact(sent), &format::compact(answered))
        }),
    ];
    let figures: Vec<String> = figures.into_iter().flatten().collect();
    html! {
        <div class={classes!("compared__step", step.failed.then_some("is-failed"))}>
            { icon(shown) }
            <span class="medium">{ step.tool.clone().unwrap_or_else(|| text::MODEL_ANSWER.to_owned()) }</span>
            <span class="t2 clip" title={step.words.clone()}>{ exact(&step.words) }</span>
            <span class="small t3 num">{ figures.join(" · ") }</span>
        </div>
    }
}

fn answers(found: &RunComparison) -> Html {
    let body = match &found.answers {
        None => html! { <p class="t2">{ text::ANSWERS_TOO_LONG }</p> },
        Some(hunks) if hunks.is_empty() => html! { <p class="t2">{ text::ANSWERS_SAME }</p> },
        Some(hunks) => {
            let file = FileDiff {
                path: text::FINAL_ANSWERS.to_owned(),
                renamed_from: None,
                before: None,
                after: None,
                hunks: Some(hunks.clone()),
            };
            let diff = PackageDiff {
                meaning: Vec::new(),
                files: vec![file],
            };
            html! { <DiffView {diff} /> }
        }
    };
    let bare = found.answers.is_none() && found.steps.is_empty();
    html! {
        <section class="compared__answers" aria-label={text::FINAL_ANSWERS}>
            <h2 class="section">{ text::FINAL_ANSWERS }</h2>
            if bare { { empty(Icon::Runs, text::NO_STEPS, None) } } else { { body } }
        </section>
    }
}
