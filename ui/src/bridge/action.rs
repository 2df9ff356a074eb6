//! What a person orders: sent once, busy until the host answered, and its failure shown beside the button.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::command::Command;
use yew::prelude::*;

use super::request::{self, Request};

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

/// What follows from an answer, once the order is no longer under way.
type Done = Box<dyn FnOnce()>;
/// Reads the answer, for what follows from it.
type Read = Box<dyn FnOnce(&[u8]) -> Result<Done, Problem>>;

/// An order and what follows from its answer.
#[hook]
pub(crate) fn use_action<C>(done: Callback<C::Response>) -> UseAction<C>
where
    C: Command + 'static,
    C::Response: 'static,
{
    let (sending, send) = use_sending();
    let problem = match &sending {
        Sending::Failed(problem) => Some(Rc::clone(problem)),
        _ => None,
    };
    UseAction {
        busy: sending == Sending::Busy,
        problem,
        send: Callback::from(move |command: C| {
            let done = done.clone();
            let read = move |answer: &[u8]| {
                let response = request::read::<C, C::Response>(answer)?;
                Ok(Box::new(move || done.emit(response)) as Done)
            };
            send(Request::of(&command), Box::new(read));
        }),
    }
}

/// An order of any kind: where it stands, and what sends it.
#[hook]
fn use_sending() -> (Sending, Rc<dyn Fn(Request, Read)>) {
    let state = use_state_eq(Sending::default);
    let busy = use_mut_ref(|| false);
    let sending = (*state).clone();
    let send = move |request: Request, read: Read| {
        if std::mem::replace(&mut *busy.borrow_mut(), true) {
            return;
        }
        state.set(Sending::Busy);
        let (state, busy) = (state.clone(), Rc::clone(&busy));
        wasm_bindgen_futures::spawn_local(async move {
            let answer = request.send().await;
            *busy.borrow_mut() = false;
            match answer.and_then(|answer| read(&answer)) {
                Ok(done) => {
                    state.set(Sending::Idle);
                    done();
                }
                Err(problem) => state.set(Sending::Failed(Rc::new(problem))),
            }
        });
    };
    (sending, Rc::new(send))
}
