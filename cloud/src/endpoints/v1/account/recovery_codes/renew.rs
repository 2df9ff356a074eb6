//! `POST /api/v1/account/recovery-codes`

use axum::extract::State;
use axum::http::StatusCode;
use slipway_contract::cloud::factor::RecoveryCodes;
use utoipa_axum::routes;

use super::shown;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::origin::Origin;
use crate::http::route::Route;
use crate::people::recovery;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(renew), Access::RecentPerson)
}

/// Makes new recovery codes. The old ones are void.
#[utoipa::path(
    post, path = "/api/v1/account/recovery-codes", tag = "account", operation_id = "renew_recovery_codes",
    responses((status = 201, description = "The codes.", body = RecoveryCodes)),
)]
async fn renew(
    State(server): State<Server>,
    person: Person,
    origin: Origin,
) -> Result<(StatusCode, Json<RecoveryCodes>), Failure> {
    let codes = recovery::renew(&server, &person.account, &origin).await?;
    Ok((StatusCode::CREATED, Json(shown(&codes))))
}
