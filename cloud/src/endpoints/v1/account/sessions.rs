//! `/api/v1/account/sessions`: sign-ins of browsers, devices and programs.

mod end;
mod end_others;
mod list;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![list::route(), end::route(), end_others::route()]
}
