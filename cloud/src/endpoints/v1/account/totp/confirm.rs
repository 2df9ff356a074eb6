//! `POST /api/v1/account/totp/confirm`

use axum::extract::State;
use slipway_contract::cloud::factor::{ConfirmTotp, RecoveryCodes};
use utoipa_axum::routes;

use crate::endpoints::v1::account::recovery_codes::shown;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::origin::Origin;
use crate::http::route::Route;
use crate::people::totp;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(confirm), Access::RecentPerson)
}

/// Confirms an authenticator app by its first code. Signing in asks for its codes from now on.
#[utoipa::path(
    post, path = "/api/v1/account/totp/confirm", tag = "account", operation_id = "confirm_totp",
    request_body = ConfirmTotp,
    responses((status = 200, description = "The recovery codes.", body = RecoveryCodes)),
)]
async fn confirm(
    State(server): State<Server>,
    person: Person,
    origin: Origin,
    Json(given): Json<ConfirmTotp>,
) -> Result<Json<RecoveryCodes>, Failure> {
    let codes = totp::confirm(&server, &person.account, given.code.as_str(), &origin).await?;
    let codes = codes
        .ok_or_else(|| Failure::field("code", "It is not the code that the app shows now."))?;
    Ok(Json(shown(&codes)))
}
