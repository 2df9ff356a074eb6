//! `/api/v1/invitations`: invitations to who asks.

mod accept;
mod decline;
mod show;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![show::route(), accept::route(), decline::route()]
}
