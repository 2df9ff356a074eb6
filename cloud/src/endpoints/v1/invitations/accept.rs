//! `POST /api/v1/invitations/{token}/accept`

use serde_json::json;
use slipway_contract::cloud::ProblemCode;
use slipway_contract::cloud::organization::Organization;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::invitations::answerable;
use crate::quotas;
use crate::tables::invitations;
use crate::tables::memberships;

pub(super) fn route() -> Route {
    Route::new(routes!(accept), Access::Person)
}

/// Joins the organization.
#[utoipa::path(
    post, path = "/api/v1/invitations/{token}/accept", tag = "invitations", operation_id = "accept_invitation",
    params(("token" = String, Path, description = "What the mail carries.")),
    responses((status = 200, description = "The organization, of which who asks is now a member.", body = Organization)),
)]
async fn accept(
    acting: Acting,
    person: Person,
    Path(token): Path<String>,
) -> Result<Json<Organization>, Failure> {
    let (acting, person, token) = (&acting, &person, &token);
    acting
        .server
        .database
        .write(|on| async move {
            let found = answerable(&acting.server, &on, &person.account, token).await?;
            let (now, into) = (acting.now(), found.organization.id());
            invitations::close(&on, found.invitation.id, "accepted", now).await?;
            let there = memberships::role(&on, into, person.id()).await?;
            if there.is_some() {
                let detail = "You are a member of this organization already.";
                return Err(Failure::new(ProblemCode::Conflict, detail));
            }
            quotas::MEMBERS.room(memberships::count(&on, into).await?)?;
            memberships::insert(&on, into, person.id(), found.role, now).await?;
            let about = About {
                organization: Some(into),
                target: Some(found.invitation.id.to_string()),
                detail: Some(json!({"role": found.role})),
                ..About::default()
            };
            acting.record(&on, "invitation.accepted", about).await?;
            found.organization.shown(Some(found.role))
        })
        .await
        .map(Json)
}
