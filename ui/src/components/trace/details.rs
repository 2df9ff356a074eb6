//! What went in and came out of a step.

use std::rc::Rc;

use slipway_contract::RunId;
use slipway_contract::approval::{Answer, AnsweredBy};
use slipway_contract::message::{Content, ToolCall};
use yew::prelude::*;

use super::again::Again;
use super::wire::Wire;
use crate::components::{QuestionCard, ToolResult, arguments, exact};
use crate::run_state::{Asked, Entry, Failure, ModelPhase, ModelStep, ToolPhase, ToolStep};
use crate::{format, markdown, text};

/// What an opened line shows.
pub(super) fn details(
    entry: &Rc<Entry>,
    run: RunId,
    title: &AttrValue,
    own_model: &AttrValue,
) -> Html {
    match entry.as_ref() {
        Entry::Model(step) => {
            html! { <>{ model(step, run) }<Again {run} entry={Rc::clone(entry)} {own_model} /></> }
        }
        Entry::Tool(step) => {
            html! { <>{ tool(step, entry, run, title) }<Again {run} entry={Rc::clone(entry)} {own_model} /></> }
        }
        Entry::Grant(asked) => question(asked, run, title),
        Entry::Break(_) | Entry::Compaction(_) | Entry::Message | Entry::Again(_) => {
            Html::default()
        }
    }
}

fn model(step: &ModelStep, run: RunId) -> Html {
    html! {
        <div class="more">
            { for step.failures.iter().map(failure) }
            if let ModelPhase::Answered { content, usage, .. } = &step.phase {
                { for content.iter().map(part) }
                if content.is_empty() { <p class="t3">{ text::EMPTY_ANSWER }</p> }
                <p class="small t3 num">
                    { step.model.clone() }
                    if usage.cached_tokens > 0 { { text::cached(&format::count(usage.cached_tokens)) } }
                </p>
            } else {
                <p class="small t3">{ step.model.clone() }</p>
            }
            <Wire {run} step={step.step} pulse={ended(step)} />
        </div>
    }
}

/// The attempts that are over.
fn ended(step: &ModelStep) -> u32 {
    let answered = matches!(step.phase, ModelPhase::Answered { .. });
    u32::try_from(step.failures.len()).unwrap_or(u32::MAX) + u32::from(answered)
}

fn failure(failure: &Failure) -> Html {
    html! {
        <p class="small selectable">
            <span class="is-failed">{ text::attempt_failed(failure.attempt) }</span>{ " " }
            { failure.next_model.as_deref().map(text::falls_back_to) }{ exact(&failure.message) }
            if let Some(wait) = failure.retry_in_ms { { text::tried_again_after(&format::took(wait)) } }
        </p>
    }
}

fn part(part: &Content) -> Html {
    match part {
        Content::Text { text } if text.trim().is_empty() => Html::default(),
        Content::Text { text } => {
            html! { <div class="well more__text read">{ markdown::view(markdown::parse(text)) }</div> }
        }
        Content::Reasoning { text, .. } if text.trim().is_empty() => Html::default(),
        Content::Reasoning {
            text: reasoning, ..
        } => html! {
            <details class="fold"><summary>{ text::REASONING }</summary><div class="well more__text read">{ markdown::view(markdown::parse(reasoning)) }</div></details>
        },
        Content::ToolCall(call) => wanted(call),
    }
}

fn wanted(call: &ToolCall) -> Html {
    html! {
        <div class="more__part">
            <div class="micro t3">{ text::ASKS_FOR }{ " " }<span class="mono">{ exact(&call.tool) }</span></div>
            <div class="well more__arguments">{ arguments(&call.arguments) }</div>
            if let Some(why) = &call.malformed { <p class="small is-failed">{ exact(why) }</p> }
        </div>
    }
}

fn tool(step: &ToolStep, entry: &Rc<Entry>, run: RunId, title: &AttrValue) -> Html {
    let asks = step.asked.iter().any(Asked::is_open);
    html! {
        <div class="more">
            { for step.asked.iter().map(|asked| question(asked, run, title)) }
            // The question shows the arguments itself.
            if !asks {
                <div class="more__part">
                    <div class="micro t3">{ text::ARGUMENTS }{ step.effect.map(text::effect_word).unwrap_or_default() }</div>
                    <div class="well more__arguments">{ arguments(&step.arguments) }</div>
                </div>
            }
            if let ToolPhase::Returned { is_error, began, .. } = &step.phase {
                <div class="more__part">
                    <div class="micro t3">{ text::result_word(*is_error, *began) }</div>
                    <ToolResult {run} entry={Rc::clone(entry)} />
                </div>
            }
            if !step.with.is_empty() { <p class="small t3">{ text::ran_together(&step.with) }</p> }
        </div>
    }
}

fn question(asked: &Asked, run: RunId, title: &AttrValue) -> Html {
    if asked.is_open() {
        return html! { <QuestionCard {run} {title} asked={asked.clone()} /> };
    }
    let words = match &asked.answer {
        Some((answer, by)) => answered(answer, *by),
        None => text::LAPSED.to_owned(),
    };
    html! {
        <p class="small t2 selectable">
            { words }{ " " }<span class="t3">{ text::COVERED }<span class="path" title={asked.approval.binding.to_string()}>{ asked.approval.binding.short() }</span>{ "." }</span>
        </p>
    }
}

fn answered(answer: &Answer, by: AnsweredBy) -> String {
    let who = match by {
        AnsweredBy::Person => text::BY_YOU,
        AnsweredBy::RunOption => text::BY_RUN_OPTION,
        AnsweredBy::PriceTable => text::BY_PRICE_TABLE,
        AnsweredBy::Rule { rule } => &text::by_rule(&rule.short()),
    };
    match answer {
        Answer::Approve => text::approved(who),
        Answer::Deny { reason } if reason.is_empty() => text::denied(who),
        Answer::Deny { reason } => text::denied_because(who, reason),
        Answer::Happened { .. } => text::said_happened(who),
        Answer::NotHappened => text::said_not_happened(who),
        Answer::Price { .. } => text::said_price(who),
        Answer::Stop => text::said_stop(who),
    }
}
