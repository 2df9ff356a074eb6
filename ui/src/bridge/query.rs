//! What a page asks when it opens, and asks again when something changed.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::command::Command;
use yew::prelude::*;

use super::call;

/// Where a question to the host stands.
#[derive(Debug, PartialEq)]
pub(crate) enum Query<T> {
    /// No answer yet.
    Pending,
    /// The newest answer; it stays while the question is asked again.
    Ready(Rc<T>),
    /// The host could not answer.
    Failed(Problem),
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Pending => Self::Pending,
            Self::Ready(value) => Self::Ready(Rc::clone(value)),
            Self::Failed(problem) => Self::Failed(problem.clone()),
        }
    }
}

impl<T> Query<T> {
    /// The newest answer.
    pub(crate) fn ready(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// A question and the way to ask it again.
#[derive(Debug, PartialEq)]
pub(crate) struct UseQuery<T> {
    /// Where it stands.
    pub(crate) state: Query<T>,
    /// Asks again.
    pub(crate) again: Callback<()>,
}

impl<T> Clone for UseQuery<T> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            again: self.again.clone(),
        }
    }
}

/// Asks the host, again whenever the command or `pulse` changes. An answer to an older question is dropped.
#[hook]
pub(crate) fn use_query<C>(command: C, pulse: u32) -> UseQuery<C::Response>
where
    C: Command + Clone + PartialEq + 'static,
    C::Response: PartialEq + 'static,
{
    use_asked(command, pulse, false).0
}

/// The same, and whether it is being asked: for a button that asks again and says that it does.
#[hook]
pub(crate) fn use_watched_query<C>(command: C, pulse: u32) -> (UseQuery<C::Response>, bool)
where
    C: Command + Clone + PartialEq + 'static,
    C::Response: PartialEq + 'static,
{
    use_asked(command, pulse, true)
}

#[hook]
fn use_asked<C>(command: C, pulse: u32, is_watched: bool) -> (UseQuery<C::Response>, bool)
where
    C: Command + Clone + PartialEq + 'static,
    C::Response: PartialEq + 'static,
{
    let state = use_state_eq(|| Query::Pending);
    let asking = use_state_eq(|| false);
    let asked = use_mut_ref(|| 0_u32);
    let tries = use_state(|| 0_u32);
    {
        let (state, asking) = (state.clone(), asking.clone());
        use_effect_with((command, pulse, *tries), move |(command, _, _)| {
            asking.set(is_watched);
            let mine = {
                let mut asked = asked.borrow_mut();
                *asked += 1;
                *asked
            };
            let command = command.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let answer = call(&command).await;
                if *asked.borrow() == mine {
                    asking.set(false);
                    state.set(match answer {
                        Ok(value) => Query::Ready(Rc::new(value)),
                        Err(problem) => Query::Failed(problem),
                    });
                }
            });
        });
    }
    let again = {
        let state = state.clone();
        Callback::from(move |()| {
            if matches!(*state, Query::Failed(_)) {
                state.set(Query::Pending);
            }
            tries.set(*tries + 1);
        })
    };
    let query = UseQuery {
        state: (*state).clone(),
        again,
    };
    (query, *asking)
}
