//! Home: what needs a person, what goes on, what it cost.

mod needs;
mod quick;
mod spend;
mod working;

use std::rc::Rc;

use slipway_contract::command::ShowHome;
use slipway_contract::history::HomePage as Shown;
use slipway_contract::run::RunSummary;
use yew::prelude::*;

use crate::app::{Agents, Pulse};
use crate::bridge::{Heard, use_events, use_query};
use crate::browser::{self, local};
use crate::components::{Icon, Mark, async_value, empty_with, run_mark, skeleton};
use crate::pages::runs::{asked, cost};
use crate::route::Route;
use crate::{format, text};

/// What the page's timeline calls the moment at which Home is drawn.
const DRAWN: &str = "home";

/// Rises whenever a run does something, whoever drives it.
#[hook]
pub(super) fn use_steps() -> u32 {
    let steps = use_state_eq(|| 0_u32);
    let count = use_mut_ref(|| 0_u32);
    {
        let steps = steps.setter();
        use_events(Callback::from(move |heard: Heard| {
            if matches!(heard, Heard::Elsewhere(_)) {
                let mut count = count.borrow_mut();
                *count = count.wrapping_add(1);
                steps.set(*count);
            }
        }));
    }
    *steps
}

/// What needs a person, what goes on, what it cost.
#[component]
pub(crate) fn HomePage() -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let steps = use_steps();
    let home = use_query(ShowHome {}, pulse.0.wrapping_add(steps));
    let agents = use_context::<Agents>();
    let agents = agents.as_ref().and_then(|agents| agents.0.state.ready());
    let is_new = agents.is_some_and(|agents| agents.is_empty());
    use_effect_with(home.state.ready().is_some(), |is_there| {
        if *is_there {
            browser::mark_drawn(DRAWN);
        }
    });
    html! {
        <div class="body home-page">
            { async_value(&home, waiting(), |home| html! {
                <>
                    <div class="pane home scroll" data-pane="" tabindex="-1">
                        { head(home) }
                        if is_new {
                            <div class="home__new">{ empty_with(Icon::Agent, text::NO_AGENT_YET, text::NOBODY_TO_ASK_HOW, Some(html! { <a class="btn btn--primary" href={Route::Agents.href()}>{ text::SHOW_EXAMPLES }</a> })) }</div>
                        } else {
                            <quick::Quick />
                        }
                        <needs::Needs home={Rc::clone(home)} />
                        <working::Working home={Rc::clone(home)} />
                    </div>
                    <aside class="pane home__aside scroll" aria-label={text::RECENT_RUNS} data-pane="" tabindex="-1">
                        { spend::spend(&home.spend, pulse.0.wrapping_add(steps)) }
                        <hr class="hair home__hair" />
                        { recent(&home.recent) }
                    </aside>
                </>
            }) }
        </div>
    }
}

fn head(home: &Shown) -> Html {
    let today = format::today(home.spend.today);
    html! {
        <>
            <h1 class="head" aria-live="polite">{ text::home_headline(home.needing, home.at_work) }</h1>
            <p class="t2 num">{ text::below_headline(&today, home.needing, home.at_work, home.ended_today) }</p>
        </>
    }
}

fn recent(runs: &[RunSummary]) -> Html {
    let now = local(browser::now());
    let row = |run: &RunSummary| {
        html! {
            <li class="recent home__run" key={run.id.to_string()}>
                { run_mark(Mark::of(run)) }
                <a class="cover clip" href={Route::Run { id: run.id }.href()} title={run.input.clone()}>{ run.title.clone() }</a>
                <span class="small t3 num r">{ format::moment(local(run.created_at), now) }</span>
                <span class="num r t2">{ cost(run) }</span>
                <span class="home__asked small t3">{ asked(run) }</span>
            </li>
        }
    };
    html! {
        <section aria-label={text::RECENT_RUNS}>
            <h2 class="section">{ text::RECENT_RUNS }<span class="spacer"></span><a class="small home__all" href={Route::Runs.href()}>{ text::ALL_RUNS }</a></h2>
            if runs.is_empty() { <p class="small t3 home__none">{ text::NOTHING_ENDED }</p> } else { <ul>{ for runs.iter().map(row) }</ul> }
        </section>
    }
}

fn waiting() -> Html {
    html! {
        <div class="body" aria-hidden="true">
            <div class="pane home">
                { skeleton::lines(&["w-240", "w-320"]) }
                <div class="composer composer--waiting home__quick"></div>
                { skeleton::lines(&["w-96", "w-320", "w-240"]) }
            </div>
            <div class="pane home__aside">{ skeleton::lines(&["w-120", "w-96", "w-240", "w-240", "w-240"]) }</div>
        </div>
    }
}
