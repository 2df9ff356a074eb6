//! What comes to the window from outside: links, packages, choices in the system's menus. A link is shown with what it
//! would do, and does nothing before a person agreed.

mod drop;
mod question;

use std::collections::VecDeque;
use std::rc::Rc;

use slipway_contract::shell::{Link, Told};
use slipway_contract::shortcut::Shortcut;
use slipway_contract::{AgentName, Problem};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use self::question::Question;
use crate::bridge::hear_told;
use crate::route::Route;

pub(crate) use self::drop::use_drop;

/// What was brought in from outside for a page to take. A context of the whole window.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Brought {
    /// Where a package lies that is to be looked at.
    pub(crate) package: Option<String>,
    /// What is to stand in the field of a new conversation with an agent.
    pub(crate) input: Option<(AgentName, String)>,
}

/// What a person is asked about, oldest first.
#[derive(Clone, PartialEq, Default)]
struct Waiting(VecDeque<Asked>);

/// One thing that a person is asked about.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    /// Whether to follow a link.
    Link(Link),
    /// Nothing: something could not be opened.
    Refused(Rc<Problem>),
}

enum Change {
    Add(Asked),
    Done,
}

/// More than these do not wait: somebody floods the window.
const MOST: usize = 8;

impl Reducible for Waiting {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut waiting = (*self).clone();
        match change {
            Change::Add(asked) if waiting.0.len() < MOST && !waiting.0.contains(&asked) => {
                waiting.0.push_back(asked);
            }
            Change::Add(_) => {}
            Change::Done => drop(waiting.0.pop_front()),
        }
        Rc::new(waiting)
    }
}

/// Who hears of choices in the menus.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// A shortcut's entry was chosen.
    pub(crate) onshortcut: Callback<Shortcut>,
}

/// Takes what comes to the window from outside.
#[component]
pub(crate) fn Doorstep(props: &Props) -> Html {
    let navigator = use_navigator();
    let brought = use_context::<UseStateHandle<Brought>>();
    let waiting = use_reducer(Waiting::default);
    let go = {
        let navigator = navigator;
        Callback::from(move |route: Route| {
            if let Some(navigator) = &navigator {
                navigator.push(&route);
            }
        })
    };
    let look = {
        let (brought, go) = (brought.clone(), go.clone());
        Callback::from(move |path: String| {
            if let Some(brought) = &brought {
                brought.set(Brought {
                    package: Some(path),
                    input: None,
                });
            }
            go.emit(Route::NewAgent);
        })
    };
    let told = {
        let (tell, look, go, onshortcut) = (
            waiting.dispatcher(),
            look.clone(),
            go.clone(),
            props.onshortcut.clone(),
        );
        Callback::from(move |told: Told| match told {
            Told::Link { link } => tell.dispatch(Change::Add(Asked::Link(link))),
            Told::Refused { problem } => {
                tell.dispatch(Change::Add(Asked::Refused(Rc::new(problem))));
            }
            Told::Package { path } => look.emit(path),
            Told::Run { run } => go.emit(Route::Run { id: run }),
            Told::Shortcut { shortcut } => {
                if let Some(shortcut) = Shortcut::from_id(&shortcut) {
                    onshortcut.emit(shortcut);
                }
            }
        })
    };
    let newest = use_mut_ref(|| told.clone());
    *newest.borrow_mut() = told;
    {
        let tell = waiting.dispatcher();
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(hear_told(move |heard| match heard {
                Ok(all) => {
                    let told = newest.borrow().clone();
                    all.into_iter().for_each(|each| told.emit(each));
                }
                Err(problem) => tell.dispatch(Change::Add(Asked::Refused(Rc::new(problem)))),
            }));
        });
    }
    let over = use_drop(look.clone());
    let done = {
        let waiting = waiting.dispatcher();
        Callback::from(move |()| waiting.dispatch(Change::Done))
    };
    let follow = {
        let done = done.clone();
        Callback::from(move |link: Link| {
            done.emit(());
            match link {
                Link::Agent { agent } => go.emit(Route::Agent { name: agent }),
                Link::Run { run } => go.emit(Route::Run { id: run }),
                Link::Import { path } => look.emit(path),
                Link::Ask { agent, input } => {
                    if let Some(brought) = &brought {
                        brought.set(Brought {
                            package: None,
                            input: Some((agent.clone(), input)),
                        });
                    }
                    go.emit(Route::Ask { name: agent });
                }
            }
        })
    };
    html! {
        <>
            if let Some(asked) = waiting.0.front() {
                <Question key={format!("{asked:?}")} asked={asked.clone()} {follow} {done} />
            }
            if over { { drop::shade() } }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(name: &str) -> Asked {
        Asked::Link(Link::Agent {
            agent: name.parse().unwrap(),
        })
    }

    #[test]
    fn links_wait_in_turn_and_a_flood_is_cut() {
        let add = |waiting: Rc<Waiting>, asked| waiting.reduce(Change::Add(asked));
        let mut waiting = Rc::new(Waiting::default());
        for name in ["clerk", "cook", "clerk"] {
            waiting = add(waiting, link(name));
        }
        assert_eq!(
            waiting.0,
            [link("clerk"), link("cook")],
            "the same link is asked about once"
        );
        for number in 0..100 {
            waiting = add(waiting, link(&format!("agent-{number}")));
        }
        assert_eq!(waiting.0.len(), MOST);
        assert_eq!(waiting.reduce(Change::Done).0.front(), Some(&link("cook")));
    }
}
