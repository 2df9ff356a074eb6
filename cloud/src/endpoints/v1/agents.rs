//! `/api/v1/agents`: the agents that are private to who asks.

mod create;
mod delete;
mod edit;
mod list;
mod show;
mod versions;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        list::route(),
        show::route(),
        create::route(),
        edit::route(),
        delete::route(),
    ];
    routes.extend(versions::routes());
    routes
}
