//! Runs that wait for a person, and the answers.

use std::rc::Rc;

use slipway_contract::approval::Question;
use slipway_contract::command::ResumeRun;
use slipway_contract::history::{HomePage, NeedsYou};
use yew::prelude::*;

use crate::bridge::use_action;
use crate::browser;
use crate::components::{Button, Mark, QuestionCard, Workdir, notice, run_mark};
use crate::route::Route;
use crate::run_state::{Asked, millis_between};
use crate::{format, text};

/// What Home shows.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// All of it.
    pub(super) home: Rc<HomePage>,
}

/// The runs that wait; nothing where none does.
#[component]
pub(super) fn Needs(props: &Props) -> Html {
    let home = &props.home;
    if home.needing == 0 {
        return Html::default();
    }
    let more = home.needing.saturating_sub(home.needs.len() as u64);
    html! {
        <section aria-label={text::NEEDS_YOU}>
            <h2 class="section home__section">{ text::NEEDS_YOU }<span class="t3 num">{ format::count(home.needing) }</span></h2>
            <div class="group needs">{ for home.needs.iter().map(|need| html! { <Need key={need.run.id.to_string()} need={need.clone()} /> }) }</div>
            if more > 0 { <p class="small home__more"><a href={Route::Runs.href()}>{ text::more_need_you(more) }</a></p> }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct NeedProps {
    need: NeedsYou,
}

#[component]
fn Need(props: &NeedProps) -> Html {
    let NeedsYou {
        run,
        since,
        asks,
        problem,
        workdir,
    } = &props.need;
    let state = Mark::of(run);
    let ago = format::span(millis_between(*since, browser::now()));
    let ago = match state {
        Mark::CutOff => text::cut_off_ago(&ago),
        _ => text::parked_ago(&ago),
    };
    let to = Route::Run { id: run.id }.href();
    html! {
        <article class={classes!("need", (asks.len() == 1).then_some("need--one"))} aria-label={headline(&props.need)}>
            { run_mark(state) }
            <div class="need__body">
                <div class="need__title"><b class="clip">{ headline(&props.need) }</b><span class="small t3 num">{ ago }</span></div>
                if !run.input.is_empty() { <p class="small t2 clip" title={run.input.clone()}>{ run.input.clone() }</p> }
                if let Some(problem) = problem { { notice(problem, None) } }
                if asks.is_empty() && state == Mark::CutOff { <TakeUp need={props.need.clone()} /> }
                <ContextProvider<Workdir> context={Workdir(workdir.clone().into())}>
                { for asks.iter().map(|ask| {
                    let asked = Asked { approval: ask.approval.clone(), at: ask.at, answer: None, lapsed: false };
                    html! { <QuestionCard key={ask.approval.step.to_string()} run={run.id} title={run.title.clone()} {asked} /> }
                }) }
                </ContextProvider<Workdir>>
                <a class="small need__open" href={to}>{ text::OPEN_THE_RUN }</a>
            </div>
        </article>
    }
}

/// What a run wants, in plain words.
fn headline(need: &NeedsYou) -> String {
    let title = &need.run.title;
    match need.asks.as_slice() {
        [] => text::was_cut_off(title),
        [ask] => match &ask.approval.question {
            Question::Call { tool, .. } => text::wants_to_call(title, tool),
            Question::Grant { .. } => text::asks_for_permission(title),
            Question::Outcome { .. } => text::asks_what_happened(title),
            Question::Price { model, .. } => text::asks_for_price(title, &model.to_string()),
        },
        several => text::asks_several(title, several.len()),
    }
}

/// Takes up a run that was cut off.
#[component]
fn TakeUp(props: &NeedProps) -> Html {
    let resume = use_action::<ResumeRun>(Callback::noop());
    let run = props.need.run.id;
    let onclick = resume.send.reform(move |()| ResumeRun { run });
    html! {
        <>
            <p class="small t2">{ text::CUT_OFF_HOW }</p>
            <div class="btns need__act"><Button label={text::RESUME} busy={resume.busy} {onclick} /></div>
            if let Some(problem) = &resume.problem { { notice(problem, None) } }
        </>
    }
}
