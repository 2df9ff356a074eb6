//! `DELETE /api/v1/account/sessions`

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::origin::Origin;
use crate::http::route::Route;
use crate::people::own;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(end_others), Access::Person)
}

/// Ends all sessions of who asks but the one that asks.
#[utoipa::path(
    delete, path = "/api/v1/account/sessions", tag = "account", operation_id = "end_other_sessions",
    responses((status = 204, description = "They are over.")),
)]
async fn end_others(
    State(server): State<Server>,
    person: Person,
    origin: Origin,
) -> Result<StatusCode, Failure> {
    own::end_sessions(&server, &person.account, Some(person.session_id()), &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
