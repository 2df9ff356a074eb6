//! `POST /api/v1/invitations/{token}/accept`

use axum::extract::State;
use slipway_contract::cloud::organization::Organization;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::origin::Origin;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::invitations;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(accept), Access::Person)
}

/// Joins the organization. Who joined it by this invitation gets the same answer again.
#[utoipa::path(
    post, path = "/api/v1/invitations/{token}/accept", tag = "invitations", operation_id = "accept_invitation",
    params(("token" = String, Path, description = "What the mail carries.")),
    responses((status = 200, description = "The organization, of which who asks is now a member.", body = Organization)),
)]
async fn accept(
    State(server): State<Server>,
    person: Person,
    origin: Origin,
    Path(token): Path<String>,
) -> Result<Json<Organization>, Failure> {
    let joined = invitations::accept(&server, &person.account, &origin, &token).await?;
    Ok(Json(joined))
}
