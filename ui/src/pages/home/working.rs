//! Runs at work: what each does now, for how long, at what cost, and how it is stopped.

use std::rc::Rc;

use slipway_contract::Usd;
use slipway_contract::command::CancelRun;
use slipway_contract::history::{AtWork, Doing, HomePage};
use slipway_contract::run::RunSummary;
use yew::prelude::*;

use crate::bridge::use_action;
use crate::components::{Button, Icon, Kind, Mark, exact, notice, run_mark, use_now};
use crate::pages::runs::cost;
use crate::route::Route;
use crate::run_state::millis_between;
use crate::{format, text};

/// What Home shows.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// All of it.
    pub(super) home: Rc<HomePage>,
}

/// The runs at work; nothing where none is.
#[component]
pub(super) fn Working(props: &Props) -> Html {
    let home = &props.home;
    if home.at_work == 0 {
        return Html::default();
    }
    let more = home.at_work.saturating_sub(home.working.len() as u64);
    html! {
        <section aria-label={text::RUNNING_NOW}>
            <h2 class="section home__section home__section--flat">{ text::RUNNING_NOW }<span class="t3 num">{ format::count(home.at_work) }</span></h2>
            <div class="rows">{ for home.working.iter().map(|work| html! { <Live key={work.run.id.to_string()} work={work.clone()} /> }) }</div>
            if more > 0 { <p class="small home__more"><a href={Route::Runs.href()}>{ text::more_at_work(more) }</a></p> }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct LiveProps {
    work: AtWork,
}

#[component]
fn Live(props: &LiveProps) -> Html {
    let AtWork {
        run,
        step,
        max_steps,
        doing,
    } = &props.work;
    let now = use_now(Some(1_000));
    let cancel = use_action::<CancelRun>(Callback::noop());
    let id = run.id;
    let onclick = cancel.send.reform(move |()| CancelRun { run: id });
    html! {
        <article class="live" aria-label={run.title.clone()}>
            { run_mark(Mark::of(run)) }
            <div class="clip">
                <div class="medium clip"><a class="row-link" href={Route::Run { id }.href()}>{ run.title.clone() }</a></div>
                <div class="small t2 clip">{ told(doing.first()) }</div>
            </div>
            <div class="num r"><div>{ format::stopwatch(millis_between(run.created_at, now)) }</div><div class="small t3">{ text::step_of(*step, *max_steps) }</div></div>
            <div class="num r"><div>{ cost(run) }</div><div class="small t3">{ limit(run) }</div></div>
            <Button label={text::cancel_of(&run.title)} icon={Icon::Stop} icon_only=true kind={Kind::Quiet} busy={cancel.busy} {onclick} />
            if let Some(problem) = &cancel.problem { <div class="live__problem">{ notice(problem, None) }</div> }
        </article>
    }
}

fn told(doing: Option<&Doing>) -> Html {
    match doing {
        None => html! { { text::BETWEEN_STEPS } },
        Some(Doing::Waits) => html! { { text::WAITS_BEFORE_ASKING } },
        Some(Doing::Asks { model }) => {
            html! { <>{ text::ASKING }{ " " }<span class="path">{ text::model_name(model) }</span></> }
        }
        Some(Doing::Calls { tool, with, effect }) => html! {
            <>
                { text::calling(*effect) }{ " " }<span class="path">{ tool.clone() }</span>
                if !with.is_empty() { { ": " }{ exact(with) } }
            </>
        },
    }
}

fn limit(run: &RunSummary) -> String {
    match run.budget_usd {
        Some(budget) => text::of_limit(&format::budget(budget)),
        None if run.usage.cost_usd == Some(Usd::ZERO) && run.model.starts_with("local/") => {
            text::LOCAL.to_owned()
        }
        None => String::new(),
    }
}
