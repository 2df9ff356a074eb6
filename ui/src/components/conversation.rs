//! What was said: the person's messages and the agent's words as they come.

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::run::RunStatus;
use slipway_contract::{AgentName, RunId, StepId};
use web_sys::Element;
use yew::prelude::*;

use super::exact::{arguments, data, exact, prose};
use super::fold::Fold;
use super::follow::use_follow;
use super::icon::{Icon, icon};
use super::latest::latest;
use super::mark::{Mark, mark};
use super::message::Message;
use super::ways_out::WaysOut;
use crate::run_state::{Doing, Origin, Phase, RunState, Said, Utterance};
use crate::{markdown, text};

/// Whose conversation it is.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The run.
    pub(crate) state: Rc<RunState>,
    /// Shows a step in the trace.
    pub(crate) on_step: Callback<StepId>,
}

/// The conversation.
#[component]
pub(crate) fn Conversation(props: &Props) -> Html {
    let state = &props.state;
    let length: usize = state.talk.last().map_or(0, |last| match last.as_ref() {
        Utterance::Agent(said) => said.text.len() + usize::from(!said.reasoning.is_empty()),
        _ => 0,
    });
    let follow = use_follow((state.talk.len(), length, state.status), true);
    let (pane, onscroll) = (follow.pane.clone(), follow.onscroll.clone());
    let onclick = {
        let hold = follow.hold.clone();
        Callback::from(move |event: MouseEvent| {
            // Who opens thoughts reads them: what streams below does not push them away.
            let pressed: Option<Element> = event.target_dyn_into();
            if pressed.is_some_and(|pressed| pressed.tag_name() == "SUMMARY") {
                hold.emit(());
            }
        })
    };
    let streaming = state
        .talk
        .last()
        .is_some_and(|last| matches!(last.as_ref(), Utterance::Agent(said) if said.live));
    // A list of its own: beside what has no key, keys would count for nothing.
    let turn = |(turn, heads)| {
        html! {
            <Turn key={turn} utterance={Rc::clone(&state.talk[turn])} began={began(state, turn)} {heads} title={state.title.clone()} on_step={props.on_step.clone()} />
        }
    };
    let turns: Html = turns(&state.talk).map(turn).collect();
    html! {
        <>
        <div ref={pane} {onscroll} {onclick} class="talk__body scroll read" role="log" aria-label={text::CONVERSATION} aria-busy={streaming.to_string()} tabindex="0">
            if state.plays_recording() { { recording() } }
            { turns }
            { last_line(state, streaming, &props.on_step) }
        </div>
        { latest(&follow) }
        </>
    }
}

/// The run that a message began, once it has ended: the one after which the next was said, else the newest.
fn began(state: &RunState, turn: usize) -> Option<(RunId, AgentName)> {
    let origin = |said: &Rc<Utterance>| match said.as_ref() {
        Utterance::Person { origin, .. } => Some(*origin),
        _ => None,
    };
    origin(state.talk.get(turn)?)?;
    let next = state.talk.iter().skip(turn + 1).find_map(origin);
    let run = match next {
        Some(Origin::After { run } | Origin::Start { run }) => run,
        None => state.status.is_end().then_some(state.run)?,
    };
    Some((run, state.agent.clone()))
}

/// Each thing that was said, and whether it is the first of its speaker's turn.
fn turns(talk: &[Rc<Utterance>]) -> impl Iterator<Item = (usize, bool)> + '_ {
    let by_person =
        |utterance: &Rc<Utterance>| matches!(utterance.as_ref(), Utterance::Person { .. });
    (0..talk.len()).map(move |turn| {
        let before = turn.checked_sub(1).and_then(|before| talk.get(before));
        (
            turn,
            before.is_none_or(|before| by_person(before) || by_person(&talk[turn])),
        )
    })
}

#[derive(Properties)]
struct TurnProps {
    utterance: Rc<Utterance>,
    began: Option<(RunId, AgentName)>,
    heads: bool,
    title: AttrValue,
    on_step: Callback<StepId>,
}

impl PartialEq for TurnProps {
    fn eq(&self, other: &Self) -> bool {
        // What was said changes only by becoming another value; comparing long texts each frame would cost more.
        Rc::ptr_eq(&self.utterance, &other.utterance)
            && self.heads == other.heads
            && self.began == other.began
            && self.title == other.title
    }
}

#[component]
fn Turn(props: &TurnProps) -> Html {
    match props.utterance.as_ref() {
        Utterance::Person {
            at,
            text: said,
            attachments,
            origin,
        } => {
            html! { <Message at={*at} said={said.clone()} attachments={attachments.clone()} origin={*origin} began={props.began.clone()} /> }
        }
        Utterance::Agent(said) => html! {
            <div class={classes!("turn", (!props.heads).then_some("turn--more"))}>
                if props.heads { <div class="who"><b class="clip" title={props.title.clone()}>{ prose(&props.title) }</b></div> }
                { words(said, &props.on_step) }
            </div>
        },
        Utterance::Output(value) => html! {
            <div class={classes!("turn", (!props.heads).then_some("turn--more"))}>
                <div class="who"><b>{ text::OUTPUT }</b></div>
                { output(value) }
            </div>
        },
    }
}

/// The final answer where it is data.
fn output(value: &Value) -> Html {
    match value {
        Value::Object(_) => html! { <div class="well turn__output">{ arguments(value) }</div> },
        other => data(other),
    }
}

fn words(said: &Said, on_step: &Callback<StepId>) -> Html {
    let ending = said
        .step
        .filter(|_| !said.live)
        .map_or_else(Html::default, |step| step_link(step, on_step));
    html! {
        <>
            if !said.reasoning.is_empty() {
                <Thoughts said={Rc::new(said.clone())} />
            }
            if said.gap { <p class="t3">{ text::BEGINNING_MISSED }</p> }
            <div class={classes!("selectable", said.live.then_some("is-live"))}>
                { markdown::view_ending(markdown::parse(&said.text), ending) }
            </div>
            if said.cut_off { <p class="small t3 turn__cut">{ text::ANSWER_CUT_OFF }</p> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ThoughtsProps {
    said: Rc<Said>,
}

/// What the model thought, folded; drawn only while it is open, so that a stream of thoughts costs nothing.
#[component]
fn Thoughts(props: &ThoughtsProps) -> Html {
    let said = &props.said;
    let summary = if said.live && said.text.is_empty() {
        text::THINKING
    } else {
        text::REASONING
    };
    html! {
        <Fold {summary}>
            <div class="t2 selectable thoughts"><Thought said={Rc::clone(said)} /></div>
        </Fold>
    }
}

#[component]
fn Thought(props: &ThoughtsProps) -> Html {
    markdown::view(markdown::parse(&props.said.reasoning))
}

/// A way to the step in the trace where something was said.
fn step_link(step: StepId, on_step: &Callback<StepId>) -> Html {
    let onclick = on_step.reform(move |_: MouseEvent| step);
    html! { <button type="button" class="ref" aria-label={text::show_step(step)} title={text::show_step(step)} {onclick}>{ step.0 }</button> }
}

fn recording() -> Html {
    html! {
        <div class="notice turn--notice">
            { icon(Icon::Recording) }
            <div><b>{ text::PLAYS_RECORDING }</b>{ " " }{ text::PLAYS_RECORDING_HOW }</div>
        </div>
    }
}

/// What is going on after the last words, or how it ended.
fn last_line(state: &RunState, streaming: bool, on_step: &Callback<StepId>) -> Html {
    match state.phase() {
        Phase::Working(Doing::Reading(_)) if streaming => Html::default(),
        Phase::Working(doing) => {
            html! { <p class="now t2">{ mark(Mark::Running) }<span>{ text::doing(&doing, None) }</span></p> }
        }
        Phase::Waiting(reason) => {
            let question = state.open_questions().next();
            let step = question
                .map(|approval| approval.step)
                .filter(|step| state.trace.place(*step).is_some());
            html! {
                <p class="now t2">
                    { mark(Mark::Parked) }
                    <span>{ text::waits_for_you(reason, question) }{ " " }{ for step.map(|step| step_link(step, on_step)) }</span>
                </p>
            }
        }
        Phase::CutOff => {
            html! { <p class="now t2">{ mark(Mark::CutOff) }<span>{ text::CUT_OFF_HELP }</span></p> }
        }
        Phase::Failed(reason) => {
            html! { <div class="turn">{ failure(state, reason.map_or(text::FAILED, text::end_reason)) }</div> }
        }
        Phase::Cancelled => {
            html! {
                <>
                    <p class="now t2">{ mark(Mark::Cancelled) }<span>{ text::CANCELLED_BY_YOU }</span></p>
                    { ways_out(state) }
                </>
            }
        }
        Phase::Queued | Phase::Succeeded => Html::default(),
    }
}

fn ways_out(state: &RunState) -> Html {
    html! { <WaysOut ways={state.ways_out()} run={state.run} agent={state.agent.clone()} /> }
}

fn failure(state: &RunState, reason: &str) -> Html {
    debug_assert_eq!(state.status, RunStatus::Failed);
    let message = state
        .end
        .as_ref()
        .map(|end| end.message.as_str())
        .unwrap_or_default();
    let (first, rest) = message.split_once('\n').unwrap_or((message, ""));
    html! {
        <div class="notice notice--failed selectable">
            { icon(Icon::Alert) }
            <div>
                <b>{ reason.to_owned() }</b>{ " " }{ exact(first) }
                if !rest.trim().is_empty() { { diff(rest) } }
                { ways_out(state) }
            </div>
        </div>
    }
}

/// The rest of a message that shows lines that differ.
fn diff(lines: &str) -> Html {
    let line = |line: &str| {
        let (class, sign, rest) = match line.split_at_checked(1) {
            Some(("-", rest)) => (Some("minus"), "−", rest),
            Some(("+", rest)) => (Some("plus"), "+", rest),
            Some((" ", rest)) => (None, "", rest),
            _ => (None, "", line),
        };
        html! { <div class={classes!(class)}><i>{ sign }</i><span>{ rest.to_owned() }</span></div> }
    };
    html! { <div class="well diff diff--wrap scroll" tabindex="0">{ for lines.trim_matches('\n').lines().map(line) }</div> }
}
