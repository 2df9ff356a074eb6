//! One agent: ask it for something, and see what it is made of.

use std::rc::Rc;

use slipway_contract::agent::{AgentDetail, AgentTool};
use slipway_contract::command::{ListModels, ShowAgent, StartRun};
use slipway_contract::model::ModelRef;
use slipway_contract::run::RunSummary;
use slipway_contract::{AgentName, RunId, Usd};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::app::Pulse;
use crate::bridge::{use_action, use_query};
use crate::browser::{self, local};
use crate::components::{
    Composer, Icon, Mark, ModelPicker, Rules, async_value, icon, model_icon, notice, permission,
    run_mark, tool_icon, topbar,
};
use crate::route::Route;
use crate::run_state::is_recording;
use crate::{format, markdown, text};

/// Which agent.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) name: AgentName,
}

/// One agent.
#[component]
pub(crate) fn AgentPage(props: &Props) -> Html {
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
    let version = agent.state.ready().map(|agent| {
        let version = agent.summary.version;
        html! { <>{ text::VERSION_WORD }{ " " }<span class="path selectable" title={version.to_string()}>{ version.short() }</span></> }
    });
    html! {
        <>
            { topbar(&title, version.unwrap_or_default(), Html::default()) }
            { async_value(&agent, skeleton(), |agent| html! {
                <div class="body">
                    <div class="pane agent scroll" data-pane="" tabindex="-1">
                        <Opening agent={Rc::clone(agent)} />
                        { recent_runs(&agent.runs) }
                        { about(agent) }
                    </div>
                    <aside class="pane inspector scroll" aria-label={text::CONFIGURATION} data-pane="" tabindex="-1">
                        { inspector(agent) }
                        <Rules agent={agent.summary.name.clone()} pulse={pulse.0} />
                    </aside>
                </div>
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OpeningProps {
    agent: Rc<AgentDetail>,
}

/// What is true of the agent, and the field that starts a run.
#[component]
fn Opening(props: &OpeningProps) -> Html {
    let agent = &props.agent;
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let models = use_query(ListModels {}, pulse.0);
    let chosen = use_state_eq(|| None::<ModelRef>);
    let navigator = use_navigator();
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
        Callback::from(move |input: String| {
            send.emit(StartRun {
                agent: name.clone(),
                input,
                model: model.clone(),
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
            <h2 class="head">{ text::agent_headline(agent.summary.last_run.as_ref()) }</h2>
            <p class="t2 agent__description">{ agent.summary.description.clone() }</p>
            <Composer placeholder={text::WHAT_SHOULD_BE_DONE} label={text::RUN} busy={start.busy} may_be_empty=true eager=true {on_send}>
                <ModelPicker own={agent.summary.model.clone()} models={models} chosen={(*chosen).clone()} {on_choose} />
                <span class="small t3 num">{ agent.budget_usd.map(|budget| text::at_most(&format::budget(budget))).unwrap_or_default() }</span>
            </Composer>
            if let Some(problem) = &start.problem { <div class="agent__notice">{ notice(problem, None) }</div> }
            if is_recording(&model) {
                <div class="notice agent__notice">{ icon(Icon::Recording) }<div><b>{ text::WOULD_PLAY_RECORDING }</b>{ " " }{ text::WOULD_PLAY_RECORDING_HOW }</div></div>
            }
        </>
    }
}

fn recent_runs(runs: &[RunSummary]) -> Html {
    if runs.is_empty() {
        return Html::default();
    }
    let now = local(browser::now());
    let row = |run: &RunSummary| {
        let to = Route::Run { id: run.id };
        html! {
            <li class="recent" key={run.id.to_string()}>
                { run_mark(Mark::of(run)) }
                <a class="cover clip" href={to.href()} title={run.input.clone()}>{ super::runs::asked(run) }</a>
                <span class="small t3 num r">{ format::moment(local(run.created_at), now) }</span>
                <span class="num r t2">{ super::runs::cost(run) }</span>
            </li>
        }
    };
    html! {
        <section aria-label={text::RECENT_RUNS}>
            <h3 class="section agent__section">{ text::RECENT_RUNS }</h3>
            <ul class="rows">{ for runs.iter().take(8).map(row) }</ul>
        </section>
    }
}

fn about(agent: &AgentDetail) -> Html {
    html! {
        <>
            <h3 class="section agent__section">{ text::INSTRUCTIONS }</h3>
            <div class="read agent__text selectable">{ markdown::view(&markdown::parse(&agent.instructions)) }</div>
            if let Some(readme) = &agent.readme {
                <details class="fold agent__section">
                    <summary>{ text::README }</summary>
                    <div class="read agent__text selectable">{ markdown::view(&markdown::parse(readme)) }</div>
                </details>
            }
        </>
    }
}

fn inspector(agent: &AgentDetail) -> Html {
    html! {
        <>
            <section>
                <h3 class="section">{ text::MODEL }</h3>
                <p class="fact">{ icon(model_icon(&agent.summary.model)) }<span class="clip selectable" title={agent.summary.model.clone()}>{ agent.summary.model.clone() }</span></p>
            </section>
            <section>
                <h3 class="section">{ text::TOOLS }<span class="t3 num">{ agent.tools.len() }</span></h3>
                if agent.tools.is_empty() { <p class="small t3">{ text::NO_TOOLS }</p> }
                <ul>{ for agent.tools.iter().map(tool) }</ul>
            </section>
            <section>
                <h3 class="section">{ text::ASKS_FOR_PERMISSION }</h3>
                if agent.permissions.is_empty() { <p class="small t3">{ text::ASKS_FOR_NOTHING }</p> }
                <ul class="asks asks--small selectable">{ for agent.permissions.iter().map(permission) }</ul>
            </section>
            <section>
                <h3 class="section">{ text::LIMITS }</h3>
                <dl class="facts num"><dt>{ text::BUDGET_A_RUN }</dt><dd>{ agent.budget_usd.map_or_else(|| text::NONE.to_owned(), |budget: Usd| format::budget(budget)) }</dd></dl>
            </section>
            if let Some(folder) = &agent.summary.folder {
                <section>
                    <h3 class="section">{ text::FOLDER }</h3>
                    <p class="path selectable as-written">{ folder.clone() }</p>
                </section>
            }
        </>
    }
}

fn tool(tool: &AgentTool) -> Html {
    html! {
        <li class="tool">
            { icon(tool_icon(&tool.name)) }
            <span class="mono clip" title={tool.name.clone()}>{ tool.name.clone() }</span>
            <span class="small t3">{ text::approval_policy(tool.approval) }</span>
        </li>
    }
}

fn skeleton() -> Html {
    html! {
        <div class="body" aria-hidden="true">
            <div class="pane agent">
                <span class="skeleton skeleton--head w-240"></span><span class="skeleton w-320"></span>
                <div class="composer composer--waiting"></div>
                <span class="skeleton w-240"></span><span class="skeleton w-320"></span><span class="skeleton w-240"></span>
            </div>
            <aside class="pane inspector"><section><span class="skeleton w-96"></span><span class="skeleton w-120"></span></section></aside>
        </div>
    }
}
