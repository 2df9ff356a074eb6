//! `GET /.well-known/oauth-authorization-server`: what a program needs to know to sign in.

use axum::extract::State;
use utoipa_axum::routes;

use crate::http::access::Access;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::oauth::metadata::Metadata;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(show), Access::Public)
}

/// What a program needs to know to sign in for a person (RFC 8414).
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server", tag = "oauth", operation_id = "authorization_server",
    responses((status = 200, description = "Its addresses, and what it takes.", body = Metadata)),
)]
async fn show(State(server): State<Server>) -> Json<Metadata> {
    Json(Metadata::of(&server))
}
