//! `POST /api/v1/invitations/{token}/decline`

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::origin::Origin;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::invitations;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(decline), Access::Person)
}

/// Declines an invitation.
#[utoipa::path(
    post, path = "/api/v1/invitations/{token}/decline", tag = "invitations", operation_id = "decline_invitation",
    params(("token" = String, Path, description = "What the mail carries.")),
    responses((status = 204, description = "It is over.")),
)]
async fn decline(
    State(server): State<Server>,
    person: Person,
    origin: Origin,
    Path(token): Path<String>,
) -> Result<StatusCode, Failure> {
    invitations::decline(&server, &person.account, &origin, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}
