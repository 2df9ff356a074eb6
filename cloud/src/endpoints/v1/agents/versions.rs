//! `…/versions`: versions of an agent.

mod fetch;
mod list;
mod upload;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![list::route(), fetch::route(), upload::route()]
}
