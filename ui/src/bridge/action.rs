//! What a person orders: sent once, busy until the host answered, and its failure shown beside the button.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::command::Command;
use yew::prelude::*;

use super::call;

/// An order that can be sent.
pub(crate) struct UseAction<C: Command> {
    /// Whether the host has not answered yet.
    pub(crate) busy: bool,
    /// Why the newest order failed.
    pub(crate) problem: Option<Rc<Problem>>,
    /// Sends it; ignored while busy, so that a double click orders once.
    pub(crate) send: Callback<C>,
}

#[derive(Clone, PartialEq, Default)]
enum Sending {
    #[default]
    Idle,
    Busy,
    Failed(Rc<Problem>),
}

/// An order and what follows from its answer.
#[hook]
pub(crate) fn use_action<C>(done: Callback<C::Response>) -> UseAction<C>
where
    C: Command + 'static,
    C::Response: 'static,
{
    let state = use_state_eq(Sending::default);
    let busy = use_mut_ref(|| false);
    let send = {
        let state = state.clone();
        Callback::from(move |command: C| {
            if std::mem::replace(&mut *busy.borrow_mut(), true) {
                return;
            }
            state.set(Sending::Busy);
            let (state, busy, done) = (state.clone(), Rc::clone(&busy), done.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let answer = call(&command).await;
                *busy.borrow_mut() = false;
                match answer {
                    Ok(response) => {
                        state.set(Sending::Idle);
                        done.emit(response);
                    }
                    Err(problem) => state.set(Sending::Failed(Rc::new(problem))),
                }
            });
        })
    };
    let problem = match &*state {
        Sending::Failed(problem) => Some(Rc::clone(problem)),
        _ => None,
    };
    UseAction {
        busy: *state == Sending::Busy,
        problem,
        send,
    }
}
