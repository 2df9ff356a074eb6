//! `POST /api/v1/account/totp`

use axum::extract::State;
use axum::http::StatusCode;
use slipway_contract::cloud::factor::TotpSetup;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::people::totp;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(begin), Access::RecentPerson)
}

/// Makes a secret for an authenticator app. It asks for nothing until its first code was given, and a second
/// request makes another one in its place.
#[utoipa::path(
    post, path = "/api/v1/account/totp", tag = "account", operation_id = "begin_totp",
    responses((status = 201, description = "What the app is set up with.", body = TotpSetup)),
)]
async fn begin(
    State(server): State<Server>,
    person: Person,
) -> Result<(StatusCode, Json<TotpSetup>), Failure> {
    let setup = totp::begin(&server, &person.account).await?;
    let shown = TotpSetup {
        secret: setup.secret.expose().clone(),
        uri: setup.uri.expose().clone(),
    };
    Ok((StatusCode::CREATED, Json(shown)))
}
