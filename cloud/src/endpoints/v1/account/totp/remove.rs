//! `DELETE /api/v1/account/totp`

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::origin::Origin;
use crate::http::route::Route;
use crate::people::totp;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(remove), Access::RecentPerson)
}

/// Removes the authenticator app.
#[utoipa::path(
    delete, path = "/api/v1/account/totp", tag = "account", operation_id = "remove_totp",
    responses((status = 204, description = "It is removed.")),
)]
async fn remove(
    State(server): State<Server>,
    person: Person,
    origin: Origin,
) -> Result<StatusCode, Failure> {
    totp::remove(&server, &person.account, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
