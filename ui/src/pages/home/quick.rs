//! Asking an agent for something without leaving Home.

use slipway_contract::AgentName;
use slipway_contract::RunId;
use slipway_contract::agent::AgentSummary;
use slipway_contract::command::{ShowAgent, StartRun};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::app::Agents;
use crate::bridge::{Query, call, use_action};
use crate::components::{Choice, Composer, Icon, Look, Select, Written, icon, notice};
use crate::route::Route;
use crate::{format, text};

/// Agents that can be chosen here; the palette finds all of them.
const MOST: usize = 30;

/// A field, and which agent is asked.
#[component]
pub(super) fn Quick() -> Html {
    let agents = use_context::<Agents>();
    let agents = agents.as_ref().and_then(|agents| agents.0.state.ready());
    let agents = agents.map_or_else(Vec::new, |agents| by_use(agents));
    let chosen = use_state_eq(|| None::<AgentName>);
    let navigator = use_navigator();
    let start = use_action::<StartRun>(Callback::from(move |id: RunId| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    }));
    let place = chosen
        .as_ref()
        .and_then(|name| agents.iter().position(|agent| agent.name == *name))
        .unwrap_or(0);
    let agent = agents.get(place);
    let at_most = use_budget(agent.map(|agent| agent.name.clone()));
    let on_send = {
        let (send, name) = (start.send.clone(), agent.map(|agent| agent.name.clone()));
        Callback::from(move |Written { input, files }: Written| {
            if let Some(agent) = name.clone() {
                send.emit(StartRun {
                    agent,
                    input,
                    model: None,
                    attachments: files,
                });
            }
        })
    };
    let onchoose = {
        let names: Vec<AgentName> = agents.iter().map(|agent| agent.name.clone()).collect();
        let chosen = chosen;
        Callback::from(move |place: usize| chosen.set(names.get(place).cloned()))
    };
    let items: Vec<Choice> = agents
        .iter()
        .map(|agent| Choice::new(agent.title.clone()))
        .collect();
    let why_not = agent
        .and_then(|agent| agent.problem.as_ref())
        .map(|problem| AttrValue::from(text::sentence(&problem.message)));
    html! {
        <section class="home__quick" aria-label={text::QUICK_RUN}>
            <Composer placeholder={text::WHAT_SHOULD_BE_DONE} label={text::RUN} busy={start.busy} may_be_empty=true {why_not} {on_send}>
                <Select label={text::AGENT_OF_QUICK_RUN} {items} chosen={place} {onchoose} look={Look::Bare} icon={Icon::Agent} />
                { for agent.and_then(|agent| agent.folder.as_deref()).map(folder) }
                <span class="spacer home__spacer"></span>
                if let Some(at_most) = at_most { <span class="small t3 num">{ at_most }</span> }
            </Composer>
            if let Some(problem) = &start.problem { <div class="home__problem">{ notice(problem, None) }</div> }
        </section>
    }
}

fn folder(path: &str) -> Html {
    let name = path.rsplit(['/', '\\']).find(|part| !part.is_empty());
    html! { <span class="home__folder t2 clip" title={text::in_folder(path)}>{ icon(Icon::Folder) }<span class="clip">{ name.unwrap_or(path).to_owned() }</span></span> }
}

/// Those that can be asked, the ones that were asked last first.
fn by_use(agents: &[AgentSummary]) -> Vec<AgentSummary> {
    let mut order: Vec<&AgentSummary> = agents.iter().collect();
    order.sort_by_key(|agent| {
        let used = agent.last_run.as_ref().map(|run| run.created_at);
        (
            agent.problem.is_some(),
            std::cmp::Reverse(used),
            agent.title.clone(),
        )
    });
    order.into_iter().take(MOST).cloned().collect()
}

/// What a run of this agent may cost at most.
#[hook]
fn use_budget(agent: Option<AgentName>) -> Option<String> {
    let state = use_state_eq(|| Query::<Option<String>>::Pending);
    {
        let state = state.setter();
        use_effect_with(agent, move |agent| {
            if let Some(agent) = agent.clone() {
                wasm_bindgen_futures::spawn_local(async move {
                    // Without it nothing is said of money; the run says it all.
                    if let Ok(detail) = call(&ShowAgent { agent }).await {
                        let said = detail.budget_usd.map(format::budget);
                        state.set(Query::Ready(said.map(|at| text::at_most(&at)).into()));
                    }
                });
            }
        });
    }
    state.ready().and_then(|said| (**said).clone())
}
