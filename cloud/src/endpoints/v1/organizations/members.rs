//! `…/members`: who belongs to an organization.

mod edit;
mod list;
mod remove;
mod show;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![list::route(), show::route(), edit::route(), remove::route()]
}
