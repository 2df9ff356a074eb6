//! `/oauth`: what programs ask for by themselves. What people see is among the pages.

mod device_authorization;
mod revoke;
mod token;

use crate::http::route::Route;

/// The most bytes of a form of a program's.
const BODY: usize = 16 * 1024;

pub(super) fn routes() -> Vec<Route> {
    let routes = [
        token::route(),
        device_authorization::route(),
        revoke::route(),
    ];
    routes.map(|route| route.signs_in().taking(BODY)).into()
}
