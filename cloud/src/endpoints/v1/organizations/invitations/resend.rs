//! `POST /api/v1/organizations/{organization}/invitations/{invitation}/resend`

use serde_json::json;
use slipway_contract::cloud::InvitationId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::Role;
use slipway_contract::cloud::invitation::Invitation;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::access::recent;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::invitations::LIFETIME_SECONDS;
use crate::invitations::check_role;
use crate::invitations::post;
use crate::invitations::token;
use crate::quotas;
use crate::seal::fingerprint;
use crate::tables::invitations;
use crate::tables::organizations;

pub(super) fn route() -> Route {
    Route::new(routes!(resend), Access::Organization(Permission::Invite))
}

/// Sends an invitation again, for another week. What the mail before carried is void.
#[utoipa::path(
    post, path = "/api/v1/organizations/{organization}/invitations/{invitation}/resend", tag = "invitations", operation_id = "resend_invitation",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("invitation" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 200, description = "The invitation as it is now.", body = Invitation)),
)]
async fn resend(
    acting: Acting,
    membership: Membership,
    Path((_organization, id)): Path<(OrganizationId, InvitationId)>,
) -> Result<Json<Invitation>, Failure> {
    let (acting, organization) = (&acting, membership.organization);
    let (now, account) = (acting.now(), acting.account()?);
    let token = &token(&acting.server)?;
    acting
        .server
        .database
        .write(|on| async move {
            let own = membership
                .confirm_person(&on, &acting.caller, Permission::Invite)
                .await?;
            let missing = || Failure::not_found("invitation");
            let row = invitations::find(&on, organization, id).await?;
            let row = row.ok_or_else(missing)?;
            let role = row.role()?;
            check_role(own, role)?;
            if role == Role::Owner {
                recent(&acting.server, &acting.caller)?;
            }
            quotas::SENDINGS.room(u64::try_from(row.sent).unwrap_or_default())?;
            let until = now.plus_seconds(LIFETIME_SECONDS);
            invitations::renew(&on, &row, &fingerprint(token), account, until).await?;
            let into = organizations::find(&on, organization).await?;
            let into = into.ok_or_else(missing)?;
            let to = row.email()?;
            post(acting, &on, &into, &to, role, token).await?;
            let about = About {
                organization: Some(organization),
                target: Some(id.to_string()),
                detail: Some(json!({"role": role, "invited": to.masked()})),
                ..About::default()
            };
            acting.record(&on, "invitation.sent-again", about).await?;
            let row = invitations::find(&on, organization, id).await?;
            row.ok_or_else(missing)?.shown()
        })
        .await
        .map(Json)
}
