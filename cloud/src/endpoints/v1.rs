//! `/api/v1`.

mod account;
mod agents;
mod invitations;
mod keys;
mod organizations;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = account::routes();
    routes.extend(agents::routes());
    routes.extend(invitations::routes());
    routes.extend(keys::routes());
    routes.extend(organizations::routes());
    routes
}
