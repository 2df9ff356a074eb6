//! `POST /api/v1/account/recovery-codes`

use axum::response::Response;
use slipway_contract::cloud::factor::RecoveryCodes;
use utoipa_axum::routes;

use super::shown;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::Acting;
use crate::http::caller::Person;
use crate::http::idempotency::Idempotency;
use crate::http::route::Route;
use crate::people::recovery;

pub(super) fn route() -> Route {
    Route::new(routes!(renew), Access::RecentPerson)
}

/// Makes new recovery codes. The old ones are void.
#[utoipa::path(
    post, path = "/api/v1/account/recovery-codes", tag = "account", operation_id = "renew_recovery_codes",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    responses((status = 201, description = "The codes.", body = RecoveryCodes)),
)]
async fn renew(
    acting: Acting,
    person: Person,
    idempotency: Idempotency,
) -> Result<Response, Failure> {
    let (server, origin, account) = (&acting.server, &acting.origin, &person.account);
    idempotency
        .create(server, &acting.caller, &(), |on| async move {
            let codes = recovery::renew(server, &on, account, origin).await?;
            Ok(shown(&codes))
        })
        .await
}
