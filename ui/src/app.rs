//! The frame around the pages, and what all of them share.

use gloo_timers::callback::Timeout;
use slipway_contract::AgentName;
use slipway_contract::agent::AgentSummary;
use slipway_contract::command::{ListRuns, ToggleMenu};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::history::RunQuery;
use slipway_contract::run::RunSummary;
use slipway_contract::shortcut::Shortcut;
use wasm_bindgen::prelude::*;
use yew::prelude::*;
use yew_router::navigator::Navigator;
use yew_router::prelude::*;

use crate::bridge::{Heard, Query, Stream, UseQuery, call, use_events, use_query, use_stream};
use crate::browser;
use crate::components::{Sidebar, Toaster, notice};
use crate::doorstep::{Brought, Doorstep};
use crate::editing::use_editing_keys;
use crate::listed::use_agents;
use crate::pages;
use crate::palette::Palette;
use crate::preferences::{UsePreferences, use_preferences};
use crate::route::{CaseId, Route, Section, SuiteFile, Which};
use crate::second_press::use_second_press_guard;
use crate::shortcuts::use_shortcuts;
use crate::tried::Tried;

/// Milliseconds after which lists are read again when a run of this process changed.
const SOON: u32 = 60;

/// The same for a run of another process.
const LATER: u32 = 600;

/// Runs that the sidebar counts.
const RECENT_RUNS: u32 = 200;

/// All agents, kept up to date.
#[derive(Clone, PartialEq)]
pub(crate) struct Agents(pub(crate) UseQuery<Vec<AgentSummary>>);

/// The newest runs, kept up to date.
#[derive(Clone, PartialEq)]
pub(crate) struct RecentRuns(pub(crate) UseQuery<Vec<RunSummary>>);

/// Changes whenever lists of agents and runs may have changed.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Pulse(pub(crate) u32);

/// The window.
#[component]
pub(crate) fn App() -> Html {
    let (stream, problem) = use_stream();
    html! {
        <ContextProvider<Stream> context={stream}>
            <HashRouter>
                if let Some(problem) = problem { <div class="floating">{ notice(&problem, None) }</div> }
                <Shared />
            </HashRouter>
        </ContextProvider<Stream>>
    }
}

#[component]
fn Shared() -> Html {
    let pulse = use_pulse();
    let agents = Agents(use_agents(pulse.0));
    let runs = RecentRuns(use_query(
        ListRuns {
            query: RunQuery {
                limit: RECENT_RUNS,
                ..RunQuery::default()
            },
        },
        pulse.0,
    ));
    let preferences = use_preferences(pulse.0);
    let tried = use_reducer(Tried::default);
    let brought = use_state_eq(Brought::default);
    html! {
        <ContextProvider<Pulse> context={pulse}>
            <ContextProvider<Agents> context={agents}>
                <ContextProvider<RecentRuns> context={runs}>
                    <ContextProvider<UsePreferences> context={preferences}>
                        <ContextProvider<UseReducerHandle<Tried>> context={tried}>
                            <ContextProvider<UseStateHandle<Brought>> context={brought}>
                                <Toaster><Frame /></Toaster>
                            </ContextProvider<UseStateHandle<Brought>>>
                        </ContextProvider<UseReducerHandle<Tried>>>
                    </ContextProvider<UsePreferences>>
                </ContextProvider<RecentRuns>>
            </ContextProvider<Agents>>
        </ContextProvider<Pulse>>
    }
}

#[component]
fn Frame() -> Html {
    let route = use_route::<Route>();
    let main = use_node_ref();
    let finding = use_state_eq(|| false);
    {
        // The keyboard goes on in the page that was opened.
        let main = main.clone();
        use_effect_with(route.as_ref().map(Route::page), move |_| {
            browser::focus(&main);
        });
    }
    let navigator = use_navigator();
    let find = |open: bool| {
        let finding = finding.clone();
        Callback::from(move |()| finding.set(open))
    };
    let on_shortcut = {
        let (find, agent) = (
            find(true),
            route.as_ref().and_then(|route| route.agent().cloned()),
        );
        Callback::from(move |shortcut: Shortcut| {
            let go = |to: Route| {
                if let Some(navigator) = &navigator {
                    navigator.push(&to);
                }
            };
            match shortcut {
                Shortcut::Palette => find.emit(()),
                Shortcut::NewAgent => go(Route::NewAgent),
                Shortcut::Home => go(Route::Home),
                Shortcut::Agents => go(Route::Agents),
                Shortcut::Runs => go(Route::Runs),
                Shortcut::Settings => go(Route::settings()),
                Shortcut::Shortcuts => go(Route::Settings {
                    section: Section::Shortcuts,
                }),
                Shortcut::RunAgent => {
                    if let Some(name) = agent.clone() {
                        go(Route::Ask { name });
                    }
                }
                Shortcut::Tests => {
                    if let Some(name) = agent.clone() {
                        go(Route::Tests { name });
                    }
                }
                Shortcut::Back => navigator.iter().for_each(Navigator::back),
                Shortcut::Forward => navigator.iter().for_each(Navigator::forward),
                Shortcut::NextPane => next_pane(false),
                Shortcut::PreviousPane => next_pane(true),
                Shortcut::Menu => wasm_bindgen_futures::spawn_local(async {
                    if let Err(problem) = call(&ToggleMenu {}).await {
                        browser::warn(&problem.message);
                    }
                }),
                _ => {}
            }
        })
    };
    use_shortcuts(on_shortcut.clone());
    use_editing_keys();
    use_second_press_guard();
    let undecided = use_first_start(route.as_ref());
    if route == Some(Route::Welcome) {
        return html! {
            <>
                <main ref={main} class="main main--alone" tabindex="-1"><Switch<Route> render={page} /></main>
                <Doorstep onshortcut={on_shortcut} />
            </>
        };
    }
    html! {
        <>
            <div class={classes!("app", undecided.then_some("app--undecided"))}>
                <Sidebar onfind={find(true)} />
                <main ref={main} class="main" tabindex="-1"><Switch<Route> render={page} /></main>
            </div>
            <Doorstep onshortcut={on_shortcut} />
            if *finding { <Palette onclose={find(false)} /> }
        </>
    }
}

/// Leads to the first start while there is no agent and the person has not chosen. True for as
/// long as nobody knows whether it is one.
#[hook]
fn use_first_start(route: Option<&Route>) -> bool {
    let (agents, preferences) = (use_context::<Agents>(), use_context::<UsePreferences>());
    let navigator = use_navigator();
    let is_home = route == Some(&Route::Home);
    let agents = agents.map(|agents| agents.0.state);
    let wanted = preferences.map(|preferences| preferences.query.state);
    let start = match (&wanted, &agents) {
        (Some(Query::Ready(preferences)), _) if !preferences.welcome => Start::Usual,
        (Some(Query::Pending), _) | (_, Some(Query::Pending)) => Start::Unknown,
        (Some(Query::Ready(_)), Some(Query::Ready(agents))) if agents.is_empty() => Start::First,
        _ => Start::Usual,
    };
    use_effect_with(is_home && start == Start::First, move |leads| {
        if let Some(navigator) = navigator.filter(|_| *leads) {
            navigator.replace(&Route::Welcome);
        }
    });
    is_home && start != Start::Usual
}

/// What the window begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// Nobody knows yet.
    Unknown,
    /// The first start.
    First,
    /// Home.
    Usual,
}

fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <pages::HomePage /> },
        Route::Agents => html! { <pages::AgentsPage /> },
        Route::NewAgent => html! { <pages::NewAgentPage /> },
        Route::Ask { name } => {
            html! { <pages::AskPage key={name.to_string()} name={name.clone()} /> }
        }
        Route::Agent { name } => {
            html! { <pages::BuildPage key={name.to_string()} name={name.clone()} /> }
        }
        Route::Tests { name } => tests(&name, None, None),
        Route::Suite { name, suite } => tests(&name, Some(suite), None),
        Route::Case {
            name,
            suite,
            report,
            case,
        } => tests(&name, Some(suite), Some((report, case))),
        Route::EditSuite { name, suite, part } => {
            let key = format!("{name} {suite}");
            html! { <pages::SuitePage {key} {name} {suite} {part} /> }
        }
        Route::Versions { name } => {
            html! { <pages::VersionsPage key={name.to_string()} name={name.clone()} /> }
        }
        Route::CompareVersions { name, from, to } => {
            html! { <pages::ComparePage key={name.to_string()} name={name.clone()} {from} {to} /> }
        }
        Route::Runs => html! { <pages::RunsPage /> },
        Route::Run { id } => html! { <pages::RunPage key={id.to_string()} {id} /> },
        Route::CompareRuns { id, other } => {
            html! { <pages::CompareRunsPage key={format!("{id} {other}")} {id} {other} /> }
        }
        Route::Settings { section } => {
            html! { <pages::SettingsPage key={section.id()} {section} /> }
        }
        Route::AddKey { provider } => {
            let key = provider.clone();
            html! { <pages::SettingsPage {key} section={Section::Models} adding={provider} /> }
        }
        Route::Organization { organization } => {
            let key = organization.to_string();
            html! { <pages::SettingsPage {key} section={Section::Account} {organization} /> }
        }
        Route::Welcome => html! { <pages::WelcomePage /> },
        Route::Developer => html! { <pages::DeveloperPage /> },
        Route::NotFound => html! { <pages::NotFoundPage /> },
    }
}

/// The tests of an agent: one page, whichever suite and case is open on it.
fn tests(name: &AgentName, suite: Option<SuiteFile>, open: Option<(Which, CaseId)>) -> Html {
    html! { <pages::TestsPage key={name.to_string()} name={name.clone()} {suite} {open} /> }
}

/// Changes when a run begins, stops or ends, and when the person comes back to the window: another program may have
/// run agents meanwhile.
#[hook]
fn use_pulse() -> Pulse {
    let pulse = use_state(Pulse::default);
    let soon = use_mut_ref(|| None::<Timeout>);
    let beat = {
        let pulse = pulse.clone();
        let count = use_mut_ref(|| 0_u32);
        use_callback((), move |(), ()| {
            *count.borrow_mut() += 1;
            pulse.set(Pulse(*count.borrow()));
        })
    };
    {
        let beat = beat.clone();
        use_events(Callback::from(move |heard: Heard| {
            let wait = match &heard {
                Heard::Events(events) if events.iter().any(changes_lists) => SOON,
                Heard::Missed => SOON,
                // Each of its steps is told.
                Heard::Elsewhere(runs) if !runs.is_empty() && soon.borrow().is_none() => LATER,
                _ => return,
            };
            // Several changes within a moment are one question to the host.
            let (beat, done) = (beat.clone(), soon.clone());
            *soon.borrow_mut() = Some(Timeout::new(wait, move || {
                beat.emit(());
                // One that rang cannot be taken back, and need not be.
                if let Some(rang) = done.borrow_mut().take() {
                    rang.forget();
                }
            }));
        }));
    }
    use_effect_with((), move |()| {
        let focused = Closure::<dyn FnMut()>::new(move || beat.emit(()));
        let window = browser::window();
        if let Some(window) = &window {
            // Fails for no event name and no function.
            let _ =
                window.add_event_listener_with_callback("focus", focused.as_ref().unchecked_ref());
        }
        move || {
            if let Some(window) = window {
                let _ = window
                    .remove_event_listener_with_callback("focus", focused.as_ref().unchecked_ref());
            }
        }
    });
    *pulse
}

fn changes_lists(event: &RunEvent) -> bool {
    matches!(
        event.kind,
        EventKind::RunStarted { .. }
            | EventKind::RunContinued { .. }
            | EventKind::RunForked { .. }
            | EventKind::RunResumed {}
            | EventKind::RunParked { .. }
            | EventKind::RunFinished { .. }
            | EventKind::ApprovalRequested(_)
    )
}

/// Gives the keyboard to the next pane, or the one before.
fn next_pane(backwards: bool) {
    let Some(page) = browser::document() else {
        return;
    };
    let Ok(panes) = page.query_selector_all("[data-pane]") else {
        return;
    };
    let panes: Vec<web_sys::HtmlElement> = (0..panes.length())
        .filter_map(|at| panes.item(at)?.dyn_into().ok())
        .collect();
    let active = page.active_element();
    let at = panes
        .iter()
        .position(|pane| pane.contains(active.as_ref().map(AsRef::as_ref)));
    let next = match (at, backwards) {
        (None, _) => 0,
        (Some(at), false) => (at + 1) % panes.len(),
        (Some(at), true) => at.checked_sub(1).unwrap_or(panes.len() - 1),
    };
    if let Some(pane) = panes.get(next) {
        // Fails only for an element that is not in the page.
        let _ = pane.focus();
    }
}
