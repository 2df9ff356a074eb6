//! The one way to show what has to be waited for.

use std::rc::Rc;

use yew::prelude::*;

use super::problem::notice;
use crate::bridge::{Query, UseQuery};
use crate::text;

/// Shows the answer; until it is there nothing for 150 ms and then `waiting`; the problem and a way out when there is
/// none. An answer that was shown stays while it is asked for again.
pub(crate) fn async_value<T>(
    query: &UseQuery<T>,
    waiting: Html,
    ready: impl FnOnce(&Rc<T>) -> Html,
) -> Html {
    match &query.state {
        Query::Pending => html! {
            <div class="waiting" role="status" aria-label={text::LOADING}>{ waiting }</div>
        },
        Query::Ready(value) => ready(value),
        Query::Failed(problem) => {
            html! { <div class="failed">{ notice(problem, Some(query.again.clone())) }</div> }
        }
    }
}
