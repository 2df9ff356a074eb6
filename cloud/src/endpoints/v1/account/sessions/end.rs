//! `DELETE /api/v1/account/sessions/{session}`

use axum::extract::State;
use axum::http::StatusCode;
use slipway_contract::cloud::SessionId;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::origin::Origin;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::people::own;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(end), Access::Person)
}

/// Ends a session: one's own, or another one of the same person.
#[utoipa::path(
    delete, path = "/api/v1/account/sessions/{session}", tag = "account", operation_id = "end_session",
    params(("session" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 204, description = "It is over.")),
)]
async fn end(
    State(server): State<Server>,
    person: Person,
    origin: Origin,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Failure> {
    own::end_session(&server, &person.account, id, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
