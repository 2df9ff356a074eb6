//! `…/invitations`: who is invited into an organization.

mod create;
mod list;
mod resend;
mod revoke;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        list::route(),
        create::route(),
        resend::route(),
        revoke::route(),
    ]
}
