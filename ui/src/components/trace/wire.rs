//! What went over the wire at a model call: asked for when a person opens it.

use std::rc::Rc;

use slipway_contract::command::ShowWire;
use slipway_contract::wire::{WireFile, WireHeader, WireMessage, WirePage, WireStep};
use slipway_contract::{RunId, StepId};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::super::exact::{data, exact};
use crate::bridge::use_query;
use crate::components::{Copy, Kept as KeptWhere, async_value};
use crate::{format, text};

/// Which model call.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The run.
    pub(super) run: RunId,
    /// The model call.
    pub(super) step: StepId,
    /// Changes when there may be more to see.
    pub(super) pulse: u32,
}

/// The fold, empty until it is opened.
#[component]
pub(super) fn Wire(props: &Props) -> Html {
    let is_open = use_state_eq(|| false);
    let kept = use_context::<KeptWhere>();
    if kept.is_some() {
        return Html::default();
    }
    let ontoggle = {
        let is_open = is_open.clone();
        Callback::from(move |event: Event| {
            let fold: Option<HtmlElement> = event.target_dyn_into();
            is_open.set(fold.is_some_and(|fold| fold.has_attribute("open")));
        })
    };
    html! {
        <details class="fold wire" {ontoggle}>
            <summary>{ text::WIRE }</summary>
            if *is_open { <Kept run={props.run} step={props.step} pulse={props.pulse} /> }
        </details>
    }
}

#[component]
fn Kept(props: &Props) -> Html {
    let kept = use_query(
        ShowWire {
            run: props.run,
            step: props.step,
        },
        props.pulse,
    );
    async_value(
        &kept,
        html! { <span class="skeleton w-240"></span> },
        |kept: &Rc<WireStep>| html! { <Attempts kept={Rc::clone(kept)} /> },
    )
}

#[derive(Properties, PartialEq)]
struct AttemptsProps {
    kept: Rc<WireStep>,
}

#[component]
fn Attempts(props: &AttemptsProps) -> Html {
    let chosen = use_state_eq(|| None::<u32>);
    let shows_answer = use_state_eq(|| false);
    let attempts = &props.kept.attempts;
    let wanted = attempts
        .iter()
        .find(|page| Some(page.call.attempt) == *chosen)
        .or_else(|| attempts.last());
    let Some(page) = wanted else {
        let why = props.kept.why_none.clone().unwrap_or_default();
        return html! { <p class="small t3">{ why }</p> };
    };
    let side = |is_answer: bool, label: &'static str| {
        let shows_answer = shows_answer.clone();
        let is_chosen = *shows_answer == is_answer;
        choice(label.into(), is_chosen, move || shows_answer.set(is_answer))
    };
    html! {
        <>
            <div class="wire__bar">
                <div class="segmented segmented--small" role="group" aria-label={text::WIRE}>
                    { side(false, text::WIRE_REQUEST) }
                    { side(true, text::WIRE_ANSWER) }
                </div>
                if attempts.len() > 1 {
                    <div class="segmented segmented--small" role="group" aria-label={text::WIRE_ATTEMPTS}>
                        { for attempts.iter().map(|page| {
                            let (chosen, attempt) = (chosen.clone(), page.call.attempt);
                            let is_chosen = wanted.is_some_and(|wanted| wanted.call.attempt == attempt);
                            choice(text::wire_attempt(attempt), is_chosen, move || chosen.set(Some(attempt)))
                        }) }
                    </div>
                }
                <Copy key={page.call.attempt} label={text::COPY_AS_CURL} text={AttrValue::from(page.curl.clone())} />
            </div>
            if *shows_answer { { answer(page) } } else { { request(page) } }
        </>
    }
}

fn choice(label: String, is_chosen: bool, choose: impl Fn() + 'static) -> Html {
    let onclick = Callback::from(move |_: MouseEvent| choose());
    html! { <button type="button" aria-pressed={is_chosen.to_string()} {onclick}>{ label }</button> }
}

fn request(page: &WirePage) -> Html {
    html! { <>{ head(&format!("POST {}", page.url)) }{ message(&page.request) }</> }
}

fn answer(page: &WirePage) -> Html {
    match (&page.answer, page.call.status) {
        (Some(answer), Some(status)) => {
            html! {
                <>
                    { head(&status.to_string()) }
                    if let Some(cut) = page.call.cut {
                        <p class="small wire__cut">{ text::wire_cut(cut) }</p>
                    }
                    { message(answer) }
                </>
            }
        }
        _ => {
            let why = page.call.cut.map(text::no_answer_came);
            html! { <p class="small t3">{ why.unwrap_or_else(|| text::NO_ANSWER_CAME.to_owned()) }</p> }
        }
    }
}

fn attached(file: &WireFile) -> Html {
    let size = usize::try_from(file.bytes).unwrap_or(usize::MAX);
    html! {
        <li class="wire__file">
            { exact(&file.name) }
            <span class="t3">{ text::wire_file(file.media.as_str(), &format::bytes(size)) }</span>
            <span class="mono t3">{ file.sha256.to_string() }</span>
        </li>
    }
}

fn head(line: &str) -> Html {
    html! { <p class="small mono selectable wire__head">{ exact(line) }</p> }
}

fn message(message: &WireMessage) -> Html {
    let header = |WireHeader { name, value }: &WireHeader| {
        html! { <><dt>{ exact(name) }</dt><dd>{ exact(value) }</dd></> }
    };
    html! {
        <>
            <dl class="facts selectable wire__headers">{ for message.headers.iter().map(header) }</dl>
            if !message.body.is_empty() { { data(&message.body.clone().into()) } }
            if !message.files.is_empty() {
                <p class="small t3">{ text::WIRE_FILES }</p>
                <ul class="small selectable wire__files">{ for message.files.iter().map(attached) }</ul>
            }
            if message.left_out > 0 { <p class="small t3">{ text::wire_left_out(message.left_out) }</p> }
        </>
    }
}
