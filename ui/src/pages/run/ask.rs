//! A new conversation with an agent.

use std::rc::Rc;

use slipway_contract::agent::AgentDetail;
use slipway_contract::command::{ListModels, ShowAgent, StartRun};
use slipway_contract::model::ModelRef;
use slipway_contract::run::RunSummary;
use slipway_contract::{AgentName, RunId};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::app::Pulse;
use crate::bridge::{use_action, use_query};
use crate::browser::{self, local};
use crate::components::{
    AgentHead, AgentTab, Composer, Icon, Mark, ModelPicker, Written, async_value, empty_with, icon,
    notice, prose, run_mark,
};
use crate::doorstep::Brought;
use crate::pages::runs::{asked, cost};
use crate::route::Route;
use crate::run_state::is_recording;
use crate::{format, text};

/// Which agent.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) name: AgentName,
}

/// A new conversation with an agent.
#[component]
pub(crate) fn AskPage(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let agent = use_query(
        ShowAgent {
            agent: props.name.clone(),
        },
        pulse.0,
    );
    let title = agent.state.ready().map_or_else(
        || props.name.to_string(),
        |agent| agent.summary.title.clone(),
    );
    let note = agent
        .state
        .ready()
        .map(|agent| html! { { text::model_name(&agent.summary.model) } });
    html! {
        <>
            <AgentHead name={props.name.clone()} {title} tab={AgentTab::Run} note={note.unwrap_or_default()} />
            { async_value(&agent, waiting(), |agent| html! {
                <div class="body">
                    <section class="pane talk" aria-label={text::CONVERSATION} data-pane="" tabindex="-1">
                        <Beginning agent={Rc::clone(agent)} />
                    </section>
                    <section class="pane trace-pane" aria-label={text::RECENT_RUNS} data-pane="" tabindex="-1">
                        <div class="steps scroll">{ recent(&agent.runs) }</div>
                    </section>
                </div>
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct BeginningProps {
    agent: Rc<AgentDetail>,
}

/// What the agent is for, and the field that starts a run.
#[component]
fn Beginning(props: &BeginningProps) -> Html {
    let agent = &props.agent;
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let models = use_query(ListModels {}, pulse.0);
    let chosen = use_state_eq(|| None::<ModelRef>);
    let navigator = use_navigator();
    // Each text that a link brought makes the field anew.
    let written = use_state_eq(|| (0_u32, String::new()));
    let brought = use_context::<UseStateHandle<Brought>>();
    {
        let input = brought.as_ref().and_then(|brought| brought.input.clone());
        let (written, name) = (written.clone(), agent.summary.name.clone());
        use_effect_with(input, move |input| {
            if let (Some((agent, input)), Some(brought)) = (input, brought)
                && *agent == name
            {
                written.set((written.0 + 1, input.clone()));
                brought.set(Brought::default());
            }
        });
    }
    let start = use_action::<StartRun>(Callback::from(move |id: RunId| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    }));
    let on_send = {
        let (send, name, model) = (
            start.send.clone(),
            agent.summary.name.clone(),
            (*chosen).clone(),
        );
        Callback::from(move |Written { input, files }: Written| {
            send.emit(StartRun {
                agent: name.clone(),
                input,
                model: model.clone(),
                attachments: files,
            });
        })
    };
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |model| chosen.set(model))
    };
    let model = chosen
        .as_ref()
        .map_or_else(|| agent.summary.model.clone(), ToString::to_string);
    html! {
        <>
            <div class="talk__body scroll read" tabindex="0">
                <h2 class="head ask__head">{ text::NEW_CONVERSATION }</h2>
                <p class="t2 selectable">{ prose(&agent.summary.description) }</p>
                if let Some(budget) = agent.budget_usd { <p class="small t3 num ask__limit">{ text::upper_first(&text::at_most(&format::budget(budget))) }</p> }
                if is_recording(&model) {
                    <div class="notice ask__notice">{ icon(Icon::Recording) }<div><b>{ text::WOULD_PLAY_RECORDING }</b>{ " " }{ text::WOULD_PLAY_RECORDING_HOW }</div></div>
                }
                if let Some(problem) = &start.problem { <div class="ask__notice">{ notice(problem, None) }</div> }
            </div>
            <Composer key={written.0} initial={written.1.clone()} placeholder={text::WHAT_SHOULD_BE_DONE} label={text::RUN} busy={start.busy} may_be_empty=true eager=true {on_send}>
                <ModelPicker own={agent.summary.model.clone()} {models} chosen={(*chosen).clone()} {on_choose} />
            </Composer>
        </>
    }
}

fn recent(runs: &[RunSummary]) -> Html {
    if runs.is_empty() {
        return html! { <div class="steps__empty">{ empty_with(Icon::Runs, text::TRACE_APPEARS, text::TRACE_APPEARS_HOW, None) }</div> };
    }
    let now = local(browser::now());
    let row = |run: &RunSummary| {
        let to = Route::Run { id: run.id };
        html! {
            <li class="recent" key={run.id.to_string()}>
                { run_mark(Mark::of(run)) }
                <a class="cover clip" href={to.href()} title={run.input.clone()}>{ asked(run) }</a>
                <span class="small t3 num r">{ format::moment(local(run.created_at), now) }</span>
                <span class="num r t2">{ cost(run) }</span>
            </li>
        }
    };
    html! {
        <>
            <h3 class="section ask__recent">{ text::RECENT_RUNS }</h3>
            <ul class="rows">{ for runs.iter().map(row) }</ul>
        </>
    }
}

fn waiting() -> Html {
    html! {
        <div class="body" aria-hidden="true">
            <div class="pane talk"><div class="talk__body"><span class="skeleton w-240"></span><span class="skeleton w-320"></span></div><div class="composer composer--waiting"></div></div>
            <div class="pane trace-pane"><div class="steps"><span class="skeleton w-320"></span><span class="skeleton w-240"></span></div></div>
        </div>
    }
}
