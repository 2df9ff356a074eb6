//! `/oauth`: what programs ask for by themselves. What people see is among the pages.

mod device_authorization;
mod revoke;
mod token;

use crate::http::rate::Class;
use crate::http::route::Route;

/// The most bytes of a form of a program's.
const BODY: usize = 16 * 1024;

pub(super) fn routes() -> Vec<Route> {
    let routes = [
        token::route().of_class(Class::Tokens),
        device_authorization::route().of_class(Class::SignIn),
        revoke::route().of_class(Class::Tokens),
    ];
    routes.map(|route| route.taking(BODY)).into()
}
