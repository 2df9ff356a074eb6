//! What a run asks a person: exactly what is asked, what the answer is bound to, and the answers.

mod call;
mod grant;
mod outcome;
mod price;

pub(crate) use grant::permission;

use gloo_timers::callback::Timeout;
use slipway_contract::approval::{Answer, Question};
use slipway_contract::command::AnswerRun;
use slipway_contract::{ContentHash, RunId};
use yew::prelude::*;

use super::icon::{Icon, small_icon};
use super::mark::{Mark, run_mark};
use super::problem::notice;
use crate::bridge::use_action;
use crate::browser::local;
use crate::run_state::Asked;
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
    let answer = {
        let (run, step, binding, send) = (
            props.run,
            asked.approval.step,
            asked.approval.binding,
            action.send.clone(),
        );
        Callback::from(move |answer: Answer| {
            send.emit(AnswerRun {
                run,
                step,
                binding,
                answer,
            });
        })
    };
    {
        let setter = sent.setter();
        use_effect_with(*sent, move |sent| {
            // An answer that nothing follows from can be given again.
            let timeout = sent.then(|| Timeout::new(PATIENCE, move || setter.set(false)));
            move || drop(timeout)
        });
    }
    let busy = action.busy || *sent;
    let (heading, body) = match &asked.approval.question {
        Question::Call {
            tool,
            server,
            arguments,
            effect,
            ..
        } => (
            text::may_call(tool),
            html! { <call::Call tool={tool.clone()} server={server.clone()} arguments={arguments.clone()} effect={*effect} {busy} {answer} binding={asked.approval.binding} /> },
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
                <span class="small t2 num">{ text::asked_at(&format::clock(local(asked.at))) }</span>
            </div>
            { body }
            if let Some(problem) = &action.problem { <div class="approval__problem">{ notice(problem, None) }</div> }
        </article>
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
