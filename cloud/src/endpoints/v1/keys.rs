//! `/api/v1/keys`: keys of who asks.

mod create;
mod list;
mod revoke;
mod rotate;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        list::route(),
        create::route(),
        rotate::route(),
        revoke::route(),
    ]
}
