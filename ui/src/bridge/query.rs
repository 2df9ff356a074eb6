//! What a page asks when it opens, and asks again when something changed.

use std::any::Any;
use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::command::Command;
use yew::prelude::*;

use super::request::{self, Request};

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

/// An answer of any type, which can be told from the one before.
trait Known: Any {
    fn is_same(&self, other: &dyn Known) -> bool;
}

impl<T: PartialEq + 'static> Known for T {
    fn is_same(&self, other: &dyn Known) -> bool {
        (other as &dyn Any).downcast_ref::<T>() == Some(self)
    }
}

/// A [`Query`] of any type.
#[derive(Clone)]
enum Standing {
    Pending,
    Ready(Rc<dyn Known>),
    Failed(Problem),
}

impl PartialEq for Standing {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Pending, Self::Pending) => true,
            (Self::Ready(one), Self::Ready(other)) => one.is_same(&**other),
            (Self::Failed(one), Self::Failed(other)) => one == other,
            _ => false,
        }
    }
}

/// What the hook of all questions gives: where the question stands, whether it is being asked, and what asks again.
type Asked = (Standing, bool, Callback<()>);
/// Reads an answer.
type Read = fn(&[u8]) -> Result<Rc<dyn Known>, Problem>;

/// Asks the host, again whenever the command or `pulse` changes. An answer to an older question is dropped.
#[hook]
pub(crate) fn use_query<C>(command: C, pulse: u32) -> UseQuery<C::Response>
where
    C: Command + 'static,
    C::Response: PartialEq + 'static,
{
    let (standing, _, again) = use_asked(Request::of(&command), pulse, false, known::<C>);
    UseQuery {
        state: query::<C>(standing),
        again,
    }
}

/// The same, and whether it is being asked: for a button that asks again and says that it does.
#[hook]
pub(crate) fn use_watched_query<C>(command: C, pulse: u32) -> (UseQuery<C::Response>, bool)
where
    C: Command + 'static,
    C::Response: PartialEq + 'static,
{
    let (standing, asking, again) = use_asked(Request::of(&command), pulse, true, known::<C>);
    let state = query::<C>(standing);
    (UseQuery { state, again }, asking)
}

fn known<C: Command>(answer: &[u8]) -> Result<Rc<dyn Known>, Problem>
where
    C::Response: PartialEq + 'static,
{
    request::read::<C, C::Response>(answer).map(|response| Rc::new(response) as Rc<dyn Known>)
}

fn query<C: Command>(standing: Standing) -> Query<C::Response>
where
    C::Response: 'static,
{
    match standing {
        Standing::Pending => Query::Pending,
        // A hook is always called with the same command, so that its answers are of one type.
        Standing::Ready(answer) => (answer as Rc<dyn Any>)
            .downcast()
            .map_or(Query::Pending, Query::Ready),
        Standing::Failed(problem) => Query::Failed(problem),
    }
}

#[hook]
fn use_asked(request: Request, pulse: u32, is_watched: bool, read: Read) -> Asked {
    let state = use_state_eq(|| Standing::Pending);
    let asking = use_state_eq(|| false);
    let asked = use_mut_ref(|| 0_u32);
    let tries = use_state(|| 0_u32);
    {
        let (state, asking) = (state.clone(), asking.clone());
        use_effect_with((request, pulse, *tries), move |(request, _, _)| {
            asking.set(is_watched);
            let mine = {
                let mut asked = asked.borrow_mut();
                *asked += 1;
                *asked
            };
            let answer = request.clone().send();
            wasm_bindgen_futures::spawn_local(async move {
                let answer = answer.await;
                if *asked.borrow() == mine {
                    asking.set(false);
                    state.set(match answer.and_then(|answer| read(&answer)) {
                        Ok(known) => Standing::Ready(known),
                        Err(problem) => Standing::Failed(problem),
                    });
                }
            });
        });
    }
    let again = {
        let state = state.clone();
        Callback::from(move |()| {
            if matches!(*state, Standing::Failed(_)) {
                state.set(Standing::Pending);
            }
            tries.set(*tries + 1);
        })
    };
    ((*state).clone(), *asking, again)
}
