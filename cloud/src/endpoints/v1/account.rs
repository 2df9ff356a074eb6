//! `/api/v1/account`: the person who asks.

mod audit;
mod edit;
mod passkeys;
mod recovery_codes;
mod second_factor;
mod sessions;
mod show;
mod totp;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        show::route(),
        edit::route(),
        second_factor::route(),
        audit::route(),
    ];
    for more in [
        totp::routes(),
        recovery_codes::routes(),
        passkeys::routes(),
        sessions::routes(),
    ] {
        routes.extend(more);
    }
    routes
}
