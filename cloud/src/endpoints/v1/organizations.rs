//! `/api/v1/organizations`

mod agents;
mod audit;
mod create;
mod delete;
mod edit;
mod invitations;
mod keys;
mod leave;
mod list;
mod members;
mod show;
mod transfer;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        list::route(),
        create::route(),
        show::route(),
        edit::route(),
        delete::route(),
        leave::route(),
        transfer::route(),
        audit::route(),
    ];
    routes.extend(members::routes());
    routes.extend(invitations::routes());
    routes.extend(keys::routes());
    routes.extend(agents::routes());
    routes
}
