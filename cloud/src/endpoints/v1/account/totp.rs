//! `/api/v1/account/totp`: an authenticator app.

mod begin;
mod confirm;
mod remove;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![begin::route(), confirm::route(), remove::route()]
}
