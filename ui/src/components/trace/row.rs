//! One line of the trace.

use std::rc::Rc;

use slipway_contract::approval::{Answer, Question};
use slipway_contract::message::{Content, StopReason};
use slipway_contract::{RunId, Usd};
use yew::prelude::*;

use super::{chart, details, summary};
use crate::browser::local;
use crate::components::{Icon, Mark, exact, icon, mark, run_mark, use_now};
use crate::run_state::{
    Asked, Bar, Break, Compaction, Entry, ModelPhase, ModelStep, ToolPhase, ToolStep,
    millis_between,
};
use crate::{format, text};

/// What a line's id begins with.
pub(super) const ID: &str = "trace-";

/// Which line.
#[derive(Properties)]
pub(super) struct Props {
    /// Its place in the trace.
    pub(super) place: usize,
    /// What it shows.
    pub(super) entry: Rc<Entry>,
    /// The run.
    pub(super) run: RunId,
    /// The agent's title.
    pub(super) title: AttrValue,
    /// The run's model; another one is named.
    pub(super) own_model: AttrValue,
    /// The first line.
    pub(super) first: bool,
    /// The last line.
    pub(super) last: bool,
    /// Its bar, where the trace is drawn as a waterfall; a line without a time has none.
    pub(super) bar: Option<Option<Bar>>,
    /// What went in and came out is shown.
    pub(super) open: bool,
    /// Opens or folds it.
    pub(super) toggle: Callback<usize>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        // An entry changes only by becoming another value.
        Rc::ptr_eq(&self.entry, &other.entry)
            && self.place == other.place
            && self.first == other.first
            && self.last == other.last
            && self.open == other.open
            && self.bar == other.bar
    }
}

/// The height of a folded line in pixels, as the styles have it.
pub(super) fn height(entry: &Entry) -> f64 {
    match entry {
        entry if opens(entry) => 28.0,
        _ => 36.0,
    }
}

/// The line that has the keyboard.
pub(super) fn place_of(event: &KeyboardEvent) -> Option<usize> {
    let element: web_sys::Element = event.target_dyn_into()?;
    element.id().strip_prefix(ID)?.parse().ok()
}

/// Whether a line holds something that can be opened.
pub(super) fn opens(entry: &Entry) -> bool {
    !matches!(
        entry,
        Entry::Break(_) | Entry::Compaction(_) | Entry::Message | Entry::Again(_)
    )
}

/// One line of the trace.
#[component]
pub(super) fn Row(props: &Props) -> Html {
    let ends = classes!(
        props.first.then_some("step--first"),
        (props.last && !props.open).then_some("step--last")
    );
    let inside = match props.entry.as_ref() {
        Entry::Break(gap) => return broken(gap),
        Entry::Compaction(compaction) => return compacted(compaction),
        Entry::Message => {
            return divided(Icon::Message, html! { <b>{ text::FURTHER_MESSAGE }</b> });
        }
        Entry::Again(again) => {
            let words = text::made_again(again.from, again.edited);
            return divided(Icon::Retry, html! { <b>{ words }</b> });
        }
        entry if props.bar.is_some() => timed(entry, props.bar.flatten()),
        Entry::Model(step) => model(step, &props.own_model),
        Entry::Tool(step) => tool(step),
        Entry::Grant(asked) => grant(asked),
    };
    let kind = match props.entry.as_ref() {
        Entry::Model(_) => "step--model",
        _ => "step--tool",
    };
    let together = match props.entry.as_ref() {
        Entry::Tool(step) if !step.with.is_empty() => classes!(
            "step--together",
            step.with
                .iter()
                .all(|other| *other > step.step)
                .then_some("step--together-first"),
            step.with
                .iter()
                .all(|other| *other < step.step)
                .then_some("step--together-last"),
        ),
        _ => Classes::new(),
    };
    let onclick = {
        let (toggle, place) = (props.toggle.clone(), props.place);
        Callback::from(move |_: MouseEvent| toggle.emit(place))
    };
    html! {
        <div role="listitem">
            <button
                type="button"
                id={format!("{ID}{}", props.place)}
                class={classes!("step", kind, "trace__grid", ends, together)}
                aria-expanded={props.open.to_string()}
                {onclick}
            >
                <span class="n">{ props.entry.step().map(|step| step.0.to_string()).unwrap_or_default() }</span>
                { inside }
            </button>
            if props.open {
                <div class={classes!("step__more", props.last.then_some("step__more--last"))}>
                    { details::details(&props.entry, props.run, &props.title, &props.own_model) }
                </div>
            }
        </div>
    }
}

fn model(step: &ModelStep, own_model: &str) -> Html {
    let other = (step.model != own_model).then(|| step.model.clone());
    let tries = (!step.failures.is_empty()).then(|| text::attempts(step.failures.len() + 1));
    let prompted = step.prompted.then(|| text::PROMPTED.to_owned());
    let note = |words: String| html! { <span class="small t3 clip">{ [Some(words), prompted.clone(), tries.clone(), other.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ") }</span> };
    let what = |words: String| html! { <span class="step__what clip"><span>{ text::MODEL_CALL }</span>{ note(words) }</span> };
    match &step.phase {
        ModelPhase::Answered {
            content,
            stop,
            usage,
            cost_usd,
            first_token_ms,
            took_ms,
        } => html! {
            <>
                { icon(Icon::Model) }
                { what(answered(content, stop)) }
                <span class="r small t2">{ format::count(usage.input_tokens) }</span>
                <span class="r small t2">{ format::count(usage.output_tokens) }</span>
                <span class="r small t3">{ first_token_ms.map(format::took).unwrap_or_default() }</span>
                <span class="r small t2">{ format::took(*took_ms) }</span>
                <span class="r small">{ cost(*cost_usd) }</span>
            </>
        },
        ModelPhase::Waiting { since } => live(what(text::WAITING_FOR_MODEL.to_owned()), *since),
        ModelPhase::Streaming { since } => live(what(text::STREAMING.to_owned()), *since),
        ModelPhase::Retrying { at } => html! {
            <>{ mark(Mark::Running) }<span class="step__what step__what--wide clip"><span>{ text::MODEL_CALL }</span><RetryIn at={*at} /></span></>
        },
        ModelPhase::Failed => {
            let why = step.failures.last().map(|failure| failure.message.clone());
            html! {
                <>
                    { mark(Mark::Failed) }
                    <span class="step__what step__what--wide clip"><span>{ text::MODEL_CALL }</span><span class="small is-failed clip">{ for why }</span></span>
                </>
            }
        }
        ModelPhase::CutOff => cut_off(html! { <span>{ text::MODEL_CALL }</span> }),
    }
}

/// A step with its bar: what it is, when it was under way, and what it took.
fn timed(entry: &Entry, bar: Option<Bar>) -> Html {
    let (shown, words, kind, took, price) = match entry {
        Entry::Model(step) => {
            let (shown, took, price) = match &step.phase {
                ModelPhase::Answered {
                    took_ms, cost_usd, ..
                } => (icon(Icon::Model), format::took(*took_ms), cost(*cost_usd)),
                ModelPhase::Failed => (mark(Mark::Failed), String::new(), Html::default()),
                ModelPhase::CutOff => (mark(Mark::CutOff), String::new(), Html::default()),
                _ => (run_mark(Mark::Running), String::new(), Html::default()),
            };
            (
                shown,
                html! { <span>{ text::MODEL_CALL }</span> },
                "bar--model",
                took,
                price,
            )
        }
        Entry::Tool(step) => {
            let (shown, took) = match &step.phase {
                ToolPhase::Returned {
                    is_error, took_ms, ..
                } => {
                    let shown = if *is_error {
                        mark(Mark::Failed)
                    } else {
                        icon(summary::icon(&step.tool))
                    };
                    (shown, took_ms.map(format::took).unwrap_or_default())
                }
                ToolPhase::Asked => (icon(summary::icon(&step.tool)), String::new()),
                ToolPhase::Running { .. } => (run_mark(Mark::Running), String::new()),
                ToolPhase::CutOff => (mark(Mark::CutOff), String::new()),
            };
            let about = summary::about(&step.arguments);
            let words = html! {
                <>
                    <span class="mono step__tool clip" title={step.tool.clone()}>{ exact(&step.tool) }</span>
                    <span class="path t3 clip" title={about.clone()}>{ exact(&about) }</span>
                </>
            };
            (shown, words, "bar--tool", took, Html::default())
        }
        _ => (
            icon(Icon::Shield),
            html! { <span>{ text::PACKAGE_ASKS }</span> },
            "bar--tool",
            String::new(),
            Html::default(),
        ),
    };
    html! {
        <>
            { shown }
            <span class="step__what clip">{ words }</span>
            { chart::bar(bar, kind) }
            <span class="r small t2">{ took }</span>
            <span class="r small">{ price }</span>
        </>
    }
}

fn cut_off(what: Html) -> Html {
    html! {
        <>
            { mark(Mark::CutOff) }
            <span class="step__what step__what--wide clip">{ what }<span class="small is-parked clip">{ text::CUT_OFF_STEP }</span></span>
        </>
    }
}

fn answered(content: &[Content], stop: &StopReason) -> String {
    let calls = content
        .iter()
        .filter(|part| matches!(part, Content::ToolCall(_)))
        .count();
    match stop {
        _ if calls > 0 => text::asks_for_tools(calls),
        StopReason::End | StopReason::ToolCalls => text::ANSWERS.to_owned(),
        other => text::stop_reason(other),
    }
}

fn cost(cost: Option<Usd>) -> Html {
    match cost {
        None => html! { <span class="t3" title={text::COST_UNKNOWN}>{ "?" }</span> },
        Some(cost) if cost == Usd::ZERO => {
            html! { <span class="t3">{ format::usd_run(cost) }</span> }
        }
        Some(cost) => html! { <span class="nowrap">{ format::usd_run(cost) }</span> },
    }
}

fn tool(step: &ToolStep) -> Html {
    let about = summary::about(&step.arguments);
    let what = html! { <span class="step__what clip"><span class="mono step__tool clip" title={step.tool.clone()}>{ exact(&step.tool) }</span><span class="path t3 clip">{ exact(&about) }</span></span> };
    let waits = step.asked.iter().any(|asked| asked.is_open());
    match &step.phase {
        ToolPhase::Asked if waits => {
            html! { <>{ icon(summary::icon(&step.tool)) }{ what }<span class="r small is-parked step__span">{ text::NEEDS_YOU }</span></> }
        }
        ToolPhase::Asked => html! { <>{ icon(summary::icon(&step.tool)) }{ what }</> },
        ToolPhase::Running { since } => live(what, *since),
        ToolPhase::Returned {
            result,
            is_error: false,
            took_ms,
            ..
        } => html! {
            <>
                { icon(summary::icon(&step.tool)) }
                { what }
                <span class="r small t3 clip step__result">{ exact(&summary::outcome(result)) }</span>
                <span></span>
                <span class="r small t2">{ took_ms.map(format::took).unwrap_or_default() }</span>
                <span></span>
            </>
        },
        ToolPhase::Returned {
            result,
            is_error: true,
            took_ms,
            ..
        } => html! {
            <>
                { mark(Mark::Failed) }
                <span class="step__what step__what--failed clip">
                    <span class="mono step__tool clip">{ exact(&step.tool) }</span><span class="small is-failed clip">{ exact(&summary::failure(result)) }</span>
                </span>
                <span class="r small t2">{ took_ms.map(format::took).unwrap_or_default() }</span>
                <span></span>
            </>
        },
        ToolPhase::CutOff => {
            cut_off(html! { <span class="mono step__tool clip">{ exact(&step.tool) }</span> })
        }
    }
}

fn grant(asked: &Asked) -> Html {
    let answer = match &asked.answer {
        Some((Answer::Approve, _)) => text::GRANTED,
        Some((Answer::Price { .. }, _)) => text::GRANTED,
        Some(_) => text::NOT_GRANTED,
        None => "",
    };
    let asks = match &asked.approval.question {
        Question::Price { model, .. } => text::price_unknown(&model.to_string()),
        _ => text::PACKAGE_ASKS.to_owned(),
    };
    html! {
        <>
            { icon(Icon::Shield) }
            <span class="step__what step__what--wide clip"><span>{ asks }</span><span class="small t3">{ answer }</span></span>
        </>
    }
}

/// A step that is under way, with the time that passes.
fn live(what: Html, since: slipway_contract::Timestamp) -> Html {
    html! { <>{ run_mark(Mark::Running) }{ what }<span class="r small is-running step__span"><Elapsed {since} /></span></> }
}

#[derive(Properties, PartialEq)]
struct ElapsedProps {
    since: slipway_contract::Timestamp,
}

#[component]
fn Elapsed(props: &ElapsedProps) -> Html {
    let now = use_now(Some(500));
    html! { { format::took(millis_between(props.since, now).unsigned_abs() / 100 * 100) } }
}

#[derive(Properties, PartialEq)]
struct RetryProps {
    at: slipway_contract::Timestamp,
}

#[component]
fn RetryIn(props: &RetryProps) -> Html {
    let now = use_now(Some(500));
    let left = millis_between(now, props.at);
    html! { <span class="small is-parked clip">{ text::tries_again_in(&format::span(left + 999)) }</span> }
}

fn broken(gap: &Break) -> Html {
    let (last, resumed) = (
        format::clock_seconds(local(gap.last_word)),
        format::clock_seconds(local(gap.resumed_at)),
    );
    divided(
        Icon::Power,
        html! { <><b>{ text::stopped_and_resumed(&last, &resumed) }</b>{ " " }{ text::steps_kept(gap.kept, gap.made_again) }</> },
    )
}

fn compacted(compaction: &Compaction) -> Html {
    let (before, after) = (
        format::compact(compaction.tokens_before),
        format::compact(compaction.tokens_after),
    );
    let words = text::shortened(compaction.results_elided, compaction.turns_dropped);
    divided(
        Icon::Filter,
        html! { <><b>{ text::compacted(&before, &after) }</b>{ " " }{ words }</> },
    )
}

fn divided(shown: Icon, words: Html) -> Html {
    html! { <div role="listitem" class="break">{ icon(shown) }<span class="num clip">{ words }</span><hr /></div> }
}
