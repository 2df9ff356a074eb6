//! `GET /health`: whether the program runs.

use axum::http::StatusCode;
use utoipa_axum::routes;

use crate::http::access::Access;
use crate::http::route::Route;

pub(super) fn route() -> Route {
    Route::new(routes!(health), Access::Public)
}

/// Whether the program runs. It asks nothing else, so that a slow database does not get it restarted.
#[utoipa::path(get, path = "/health", tag = "operation", responses((status = 204, description = "It runs.")))]
async fn health() -> StatusCode {
    StatusCode::NO_CONTENT
}
