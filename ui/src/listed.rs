//! The agents in use, kept up to date. The list can be long: after the first time the host tells what changed in it.

use std::cell::RefCell;
use std::rc::Rc;

use slipway_contract::agent::AgentSummary;
use slipway_contract::command::ListAgents;
use yew::prelude::*;

use crate::bridge::{Query, UseQuery, call};

/// The newest list, and how it is asked for.
#[derive(Default)]
struct Kept {
    list: Option<(String, Rc<Vec<AgentSummary>>)>,
    is_asked: bool,
    /// It may have changed since it was asked for.
    is_stale: bool,
}

/// Asks for the agents, again whenever `pulse` changes.
#[hook]
pub(crate) fn use_agents(pulse: u32) -> UseQuery<Vec<AgentSummary>> {
    let state = use_state_eq(|| Query::Pending);
    let kept = use_mut_ref(Kept::default);
    {
        let (state, kept) = (state.setter(), Rc::clone(&kept));
        use_effect_with(pulse, move |_| ask(kept, state));
    }
    let again = {
        let (state, kept) = (state.clone(), kept);
        Callback::from(move |()| {
            if matches!(*state, Query::Failed(_)) {
                state.set(Query::Pending);
            }
            ask(Rc::clone(&kept), state.setter());
        })
    };
    UseQuery {
        state: (*state).clone(),
        again,
    }
}

/// One question at a time: what the host tells is about the list that it told before.
fn ask(kept: Rc<RefCell<Kept>>, state: UseStateSetter<Query<Vec<AgentSummary>>>) {
    {
        let mut kept = kept.borrow_mut();
        if kept.is_asked {
            kept.is_stale = true;
            return;
        }
        (kept.is_asked, kept.is_stale) = (true, false);
    }
    wasm_bindgen_futures::spawn_local(async move {
        loop {
            let known = kept
                .borrow()
                .list
                .as_ref()
                .map(|(revision, _)| revision.clone());
            let answer = call(&ListAgents { known }).await;
            let mut kept = kept.borrow_mut();
            match answer {
                Err(problem) => state.set(Query::Failed(problem)),
                Ok(changes) => {
                    let before = kept.list.take();
                    let revision = changes.revision.clone();
                    let list = match before {
                        Some((_, list)) if changes.is_nothing() => list,
                        Some((_, list)) => Rc::new(changes.over(&list)),
                        None => Rc::new(changes.over(&[])),
                    };
                    kept.list = Some((revision, Rc::clone(&list)));
                    state.set(Query::Ready(list));
                }
            }
            if !std::mem::take(&mut kept.is_stale) {
                kept.is_asked = false;
                return;
            }
        }
    });
}
