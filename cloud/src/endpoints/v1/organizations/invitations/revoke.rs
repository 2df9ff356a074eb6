//! `DELETE /api/v1/organizations/{organization}/invitations/{invitation}`

use axum::http::StatusCode;
use serde_json::json;
use slipway_contract::cloud::InvitationId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::tables::invitations;
use crate::tables::invitations::Outcome;

pub(super) fn route() -> Route {
    Route::new(routes!(revoke), Access::Organization(Permission::Invite))
}

/// Takes an invitation back.
#[utoipa::path(
    delete, path = "/api/v1/organizations/{organization}/invitations/{invitation}", tag = "invitations", operation_id = "revoke_invitation",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("invitation" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 204, description = "It cannot be accepted any more.")),
)]
async fn revoke(
    acting: Acting,
    membership: Membership,
    Path((_organization, id)): Path<(OrganizationId, InvitationId)>,
) -> Result<StatusCode, Failure> {
    let (acting, organization) = (&acting, membership.organization);
    acting
        .server
        .database
        .write(|on| async move {
            membership
                .confirm_person(&on, &acting.caller, Permission::Invite)
                .await?;
            let row = invitations::find(&on, organization, id).await?;
            let row = row.ok_or_else(|| Failure::not_found("invitation"))?;
            invitations::close(&on, row.id, Outcome::Revoked, acting.now()).await?;
            let about = About {
                organization: Some(organization),
                target: Some(id.to_string()),
                detail: Some(json!({"invited": row.email()?.masked()})),
                ..About::default()
            };
            acting.record(&on, "invitation.revoked", about).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
