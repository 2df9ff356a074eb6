//! `GET /api/v1/invitations/{token}`

use axum::extract::State;
use slipway_contract::cloud::invitation::Offer;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::invitations::answerable;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(show), Access::Person)
}

/// An invitation to who asks, by what the mail carried.
#[utoipa::path(
    get, path = "/api/v1/invitations/{token}", tag = "invitations", operation_id = "show_invitation",
    params(("token" = String, Path, description = "What the mail carries.")),
    responses((status = 200, description = "What is offered.", body = Offer)),
)]
async fn show(
    State(server): State<Server>,
    person: Person,
    Path(token): Path<String>,
) -> Result<Json<Offer>, Failure> {
    let on = server.database.read();
    let found = answerable(&server, on, &person.account, &token).await?;
    let broken = |error| Failure::Internal(format!("account {}: {error}", found.inviter.id));
    let organization = found.organization.shown(None)?;
    Ok(Json(Offer {
        organization: organization.id,
        organization_name: organization.name,
        role: found.role,
        invited_by: found.inviter.name.parse().map_err(broken)?,
        expires_at: found.invitation.expires_at.into(),
    }))
}
