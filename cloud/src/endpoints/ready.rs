//! `GET /ready`: whether requests can be answered.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::route::Route;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(ready), Access::Public)
}

/// Whether requests can be answered: the database does. A load balancer sends none while it cannot.
#[utoipa::path(get, path = "/ready", tag = "operation", responses((status = 204, description = "They can.")))]
async fn ready(State(server): State<Server>) -> Result<StatusCode, Failure> {
    server.database.ping().await?;
    Ok(StatusCode::NO_CONTENT)
}
