//! `POST /api/v1/account/totp`

use axum::response::Response;
use slipway_contract::cloud::factor::TotpSetup;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::Acting;
use crate::http::caller::Person;
use crate::http::idempotency::Idempotency;
use crate::http::route::Route;
use crate::people::totp;

pub(super) fn route() -> Route {
    Route::new(routes!(begin), Access::RecentPerson)
}

/// Makes a secret for an authenticator app. It asks for nothing until its first code was given, and a second
/// request makes another one in its place.
#[utoipa::path(
    post, path = "/api/v1/account/totp", tag = "account", operation_id = "begin_totp",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    responses((status = 201, description = "What the app is set up with.", body = TotpSetup)),
)]
async fn begin(
    acting: Acting,
    person: Person,
    idempotency: Idempotency,
) -> Result<Response, Failure> {
    let (server, account) = (&acting.server, &person.account);
    idempotency
        .create(server, &acting.caller, &(), |on| async move {
            let setup = totp::begin(server, &on, account).await?;
            Ok(TotpSetup {
                secret: setup.secret.expose().clone(),
                uri: setup.uri.expose().clone(),
            })
        })
        .await
}
