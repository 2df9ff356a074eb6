//! The sidebar: the pages, and the agents that were used last.

use slipway_contract::AgentName;
use slipway_contract::agent::AgentSummary;
use slipway_contract::shortcut::Shortcut;
use yew::prelude::*;
use yew_router::hooks::use_route;

use super::icon::{Icon, icon};
use super::mark::{Mark, run_mark};
use crate::app::{Agents, RecentRuns};
use crate::route::Route;
use crate::{shortcuts, text};

/// More agents than these are on their own page.
const RECENT: usize = 8;

/// What the sidebar orders.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Opens the palette.
    pub(crate) onfind: Callback<()>,
}

/// The sidebar.
#[component]
pub(crate) fn Sidebar(props: &Props) -> Html {
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let agents = use_context::<Agents>();
    let runs = use_context::<RecentRuns>();
    let runs = runs.as_ref().and_then(|runs| runs.0.state.ready());
    let waiting = runs.map_or(0, |runs| {
        runs.iter()
            .filter(|run| Mark::of(run).needs_person())
            .count()
    });
    let open = match &route {
        Route::Run { id } => runs
            .and_then(|runs| runs.iter().find(|run| run.id == *id))
            .map(|run| run.agent.clone()),
        other => other.agent().cloned(),
    };
    let recent = agents
        .as_ref()
        .and_then(|agents| agents.0.state.ready())
        .map(|agents| recent(agents));
    html! {
        <nav class="sidebar" aria-label={text::MAIN_NAVIGATION} data-pane="" tabindex="-1">
            <div class="sidebar__head">
                <img src="logo.svg" width="20" height="20" alt="" />
                <span class="sidebar__name">{ text::PRODUCT }</span>
                <a class="btn btn--quiet btn--icon" href={Route::NewAgent.href()} aria-label={text::NEW_AGENT} title={with_keys(text::NEW_AGENT, Shortcut::NewAgent)} aria-current={(route == Route::NewAgent).then_some("page")}>{ icon(Icon::Plus) }</a>
            </div>
            <div class="sidebar__body scroll">
                <button type="button" class="find" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K" onclick={props.onfind.reform(|_: MouseEvent| ())}>
                    { icon(Icon::Search) }<span>{ text::FIND_OR_RUN }</span>{ shortcuts::keys(Shortcut::Palette) }
                </button>
                <div class="nav">
                    { item(&Route::Home, &route, Icon::Home, text::HOME, (waiting > 0).then_some(waiting)) }
                    { item(&Route::Agents, &route, Icon::Agent, text::AGENTS, None) }
                    { item(&Route::Runs, &route, Icon::Runs, text::RUNS, None) }
                </div>
                if let Some(recent) = recent.filter(|recent| !recent.is_empty()) {
                    <div class="sidebar__label">{ text::RECENT_AGENTS }</div>
                    <div class="nav">{ for recent.iter().map(|agent| recent_agent(agent, open.as_ref())) }</div>
                }
            </div>
            <div class="sidebar__foot">
                <a class="nav__item" href={Route::settings().href()} aria-current={route.is_setting().then_some("page")}>{ icon(Icon::Settings) }<span>{ text::SETTINGS }</span></a>
                <div class="nav__note">{ icon(Icon::Laptop) }{ text::ON_THIS_MACHINE }</div>
            </div>
        </nav>
    }
}

/// What a control does, and the keys for it.
fn with_keys(label: &str, shortcut: Shortcut) -> String {
    format!("{label} ({})", shortcuts::spoken(shortcut))
}

fn item(to: &Route, at: &Route, shown: Icon, label: &'static str, waiting: Option<usize>) -> Html {
    html! {
        <a class="nav__item" href={to.href()} aria-current={(to == at).then_some("page")}>
            { icon(shown) }<span>{ label }</span>
            if let Some(waiting) = waiting {
                <b class="count count--parked" role="img" aria-label={text::runs_need_you(waiting)}>{ waiting }</b>
            }
        </a>
    }
}

fn recent_agent(agent: &AgentSummary, open: Option<&AgentName>) -> Html {
    let live = agent
        .last_run
        .as_ref()
        .map(|run| Mark::from(run.state))
        .filter(|mark| matches!(mark, Mark::Queued | Mark::Running) || mark.needs_person());
    let to = Route::Agent {
        name: agent.name.clone(),
    };
    html! {
        <a class="nav__item" key={agent.name.as_str()} href={to.href()} title={agent.title.clone()} aria-current={(open == Some(&agent.name)).then_some("page")}>
            <span>{ agent.title.clone() }</span>
            if let Some(live) = live { { run_mark(live) } }
        </a>
    }
}

/// The agents by their newest run, or by when they came.
fn recent(agents: &[AgentSummary]) -> Vec<&AgentSummary> {
    let mut agents: Vec<_> = agents.iter().collect();
    let used = |agent: &AgentSummary| {
        agent
            .last_run
            .as_ref()
            .map_or(agent.updated_at, |run| run.created_at)
    };
    agents.sort_by_key(|agent| std::cmp::Reverse(used(agent)));
    agents.truncate(RECENT);
    agents
}
