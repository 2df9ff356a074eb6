//! `DELETE /api/v1/account/passkeys/{passkey}`

use axum::extract::State;
use axum::http::StatusCode;
use slipway_contract::cloud::PasskeyId;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::origin::Origin;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::people::passkeys;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(remove), Access::RecentPerson)
}

/// Removes a passkey.
#[utoipa::path(
    delete, path = "/api/v1/account/passkeys/{passkey}", tag = "account", operation_id = "remove_passkey",
    params(("passkey" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 204, description = "It is removed.")),
)]
async fn remove(
    State(server): State<Server>,
    person: Person,
    origin: Origin,
    Path(id): Path<PasskeyId>,
) -> Result<StatusCode, Failure> {
    passkeys::remove(&server, &person.account, id, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
