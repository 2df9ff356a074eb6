//! `POST /oauth/revoke`

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use slipway_contract::Secret;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::http::access::Access;
use crate::http::origin::Origin;
use crate::http::route::Route;
use crate::oauth::parameters::Parameters;
use crate::oauth::program::Program;
use crate::oauth::refusal::{Refusal, Refused};
use crate::oauth::revoke;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(take_back), Access::Public)
}

/// A token that a program gives back.
#[derive(Debug, Deserialize, ToSchema)]
struct Revocation {
    client_id: Program,
    /// A refresh token, or an access token.
    #[schema(value_type = String, min_length = 1)]
    token: Secret,
}

/// Ends the session of a token (RFC 7009). One that is not good any more is answered alike.
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "oauth", operation_id = "revoke_token",
    request_body(content = Revocation, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token is not good any more."),
        (status = 400, description = "Not done, by the rules of OAuth.", body = Refusal),
    ),
)]
async fn take_back(
    State(server): State<Server>,
    origin: Origin,
    parameters: Parameters,
) -> Result<StatusCode, Refused> {
    let given: Revocation = parameters.read()?;
    revoke::revoke(&server, given.client_id, &given.token, &origin).await?;
    Ok(StatusCode::OK)
}
