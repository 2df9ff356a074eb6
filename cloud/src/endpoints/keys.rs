//! `GET /.well-known/jwks.json`: the public keys of access tokens.

use axum::extract::State;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::server::Server;
use crate::tokens::signing::KeySet;

pub(super) fn route() -> Route {
    Route::new(routes!(show), Access::Public)
}

/// The public keys by which others can check access tokens (RFC 7517).
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "operation",
    responses((status = 200, description = "The keys.", body = KeySet)),
)]
async fn show(State(server): State<Server>) -> Result<Json<KeySet>, Failure> {
    server
        .signing_keys
        .public(&server.database, &server.sealer, server.clock.now())
        .await
        .map(Json)
}
