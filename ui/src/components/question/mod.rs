//! What a run asks a person: exactly what is asked, what the answer is bound to, and the answers.

mod always;
mod call;
mod grant;
mod outcome;
mod price;

pub(crate) use always::pattern;
pub(crate) use grant::permission;

use gloo_timers::callback::Timeout;
use slipway_contract::approval::{Answer, Question};
use slipway_contract::command::AnswerRun;
use slipway_contract::rule::ArgumentPattern;
use slipway_contract::{ContentHash, RunId, Timestamp};
use yew::prelude::*;

use super::exact::exact;
use super::icon::{Icon, small_icon};
use super::mark::{Mark, run_mark};
use super::problem::notice;
use crate::bridge::use_action;
use crate::browser::{local, now};
use crate::run_state::{Asked, millis_between};
use crate::{format, text};

/// Milliseconds within which something follows from an answer.
const PATIENCE: u32 = 10_000;

/// Which question of which run.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The run.
    pub(crate) run: RunId,
    /// The agent's title.
    pub(crate) title: AttrValue,
    /// The question.
    pub(crate) asked: Asked,
}

/// Where the paths of questions start: the run's working folder, empty where it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Workdir(pub(crate) AttrValue);

/// A question that waits for a person.
#[component]
pub(crate) fn QuestionCard(props: &Props) -> Html {
    let asked = &props.asked;
    // The answer shows as an event of the run; until then the buttons stay busy, so that nothing is answered twice.
    let sent = use_state_eq(|| false);
    let action = use_action::<AnswerRun>({
        let sent = sent.clone();
        Callback::from(move |()| sent.set(true))
    });
    let (run, step) = (props.run, asked.approval.step);
    let said = {
        let (binding, send) = (asked.approval.binding, action.send.clone());
        Callback::from(move |(answer, always): (Answer, Option<ArgumentPattern>)| {
            send.emit(AnswerRun {
                run,
                step,
                binding,
                answer,
                always,
            });
        })
    };
    let answer = said.reform(|answer: Answer| (answer, None));
    {
        let setter = sent.setter();
        use_effect_with(*sent, move |sent| {
            // An answer that nothing follows from can be given again.
            let timeout = sent.then(|| Timeout::new(PATIENCE, move || setter.set(false)));
            move || drop(timeout)
        });
    }
    let busy = action.busy || *sent;
    let always = said.reform(|pattern: ArgumentPattern| (Answer::Approve, Some(pattern)));
    let (heading, body) = match &asked.approval.question {
        Question::Call {
            tool,
            server,
            arguments,
            effect,
            ..
        } => (
            text::may_call(tool),
            html! { <call::Call {run} {step} {always} tool={tool.clone()} server={server.clone()} arguments={arguments.clone()} effect={*effect} {busy} {answer} binding={asked.approval.binding} /> },
        ),
        Question::Grant {
            permissions,
            behaviour,
        } => (
            text::may_have(&props.title),
            html! { <grant::Grant permissions={permissions.clone()} behaviour={*behaviour} {busy} {answer} binding={asked.approval.binding} /> },
        ),
        Question::Price { model, budgets } => (
            text::price_unknown(&model.to_string()),
            html! { <price::Price budgets={budgets.clone()} {busy} {answer} binding={asked.approval.binding} /> },
        ),
        Question::Outcome {
            tool, arguments, ..
        } => (
            text::did_it_happen(tool),
            html! { <outcome::Outcome tool={tool.clone()} arguments={arguments.clone()} {busy} {answer} binding={asked.approval.binding} /> },
        ),
    };
    html! {
        <article class="approval" aria-label={heading.clone()}>
            <div class="approval__head">
                { run_mark(Mark::Parked) }<span class="clip">{ heading }</span>
                <span class="spacer"></span>
                <span class="small t2 num">{ text::asked_at(&format::clock(local(asked.at))) }{ waits(asked.approval.expires_at) }</span>
            </div>
            { body }
            if let Some(problem) = &action.problem { <div class="approval__problem">{ notice(problem, None) }</div> }
        </article>
    }
}

/// How long an answer still counts.
fn waits(until: Option<Timestamp>) -> Html {
    let Some(until) = until else {
        return Html::default();
    };
    let left = format::span_left(millis_between(now(), until));
    let at = local(until);
    let at = format!("{} {}", format::date(at.date()), format::clock(at));
    html! { <span title={text::expires_at(&at)}>{ text::waits_for(&left) }</span> }
}

/// Says where paths start that are not absolute.
#[component]
fn PathsStart() -> Html {
    match use_context::<Workdir>() {
        Some(Workdir(folder)) if !folder.is_empty() => {
            html! { <p class="approval__bound">{ small_icon(Icon::Folder) }<span>{ text::PATHS_START }<span class="path selectable">{ exact(&folder) }</span></span></p> }
        }
        _ => Html::default(),
    }
}

/// What the answer is bound to.
fn bound(binding: ContentHash, promise: &'static str) -> Html {
    html! {
        <p class="approval__bound">
            { small_icon(Icon::Lock) }
            <span>{ text::COVERS }<span class="path selectable" title={binding.to_string()}>{ binding.short() }</span>{ promise }</span>
        </p>
    }
}
