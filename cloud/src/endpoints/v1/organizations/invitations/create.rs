//! `POST /api/v1/organizations/{organization}/invitations`

use axum::response::Response;
use sea_orm::ConnectionTrait;
use serde_json::json;
use slipway_contract::cloud::Email;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::ProblemCode;
use slipway_contract::cloud::invitation::Invitation;
use slipway_contract::cloud::invitation::NewInvitation;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::invitations::LIFETIME_SECONDS;
use crate::invitations::check_role;
use crate::invitations::post;
use crate::invitations::token;
use crate::quotas;
use crate::seal::fingerprint;
use crate::tables::accounts;
use crate::tables::invitations;
use crate::tables::memberships;
use crate::tables::organizations;

pub(super) fn route() -> Route {
    Route::new(routes!(create), Access::Organization(Permission::Invite))
}

/// Invites somebody by mail, as no more than who asks is.
#[utoipa::path(
    post, path = "/api/v1/organizations/{organization}/invitations", tag = "invitations", operation_id = "create_invitation",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = NewInvitation,
    responses((status = 201, description = "The invitation, which is on its way.", body = Invitation)),
)]
async fn create(
    acting: Acting,
    membership: Membership,
    idempotency: Idempotency,
    Json(new): Json<NewInvitation>,
) -> Result<Response, Failure> {
    let (acting, asked, organization) = (&acting, &new, membership.organization);
    let (now, account) = (acting.now(), acting.account()?);
    let id = acting.server.chance.id(now)?;
    let token = &token(&acting.server)?;
    idempotency
        .create(&acting.server, &acting.caller, &new, |on| async move {
            let own = membership
                .confirm_person(&on, &acting.caller, Permission::Invite)
                .await?;
            check_role(own, asked.role)?;
            must_be_new(&on, organization, &asked.email).await?;
            let since = now.plus_seconds(-24 * 3600);
            let today = invitations::count_since(&on, organization, since).await?;
            quotas::INVITATIONS_A_DAY.room(today)?;
            quotas::MEMBERS.room(memberships::count(&on, organization).await?)?;
            let row = invitations::Model {
                id,
                organization_id: organization.0,
                email: asked.email.as_str().to_owned(),
                email_key: asked.email.key(),
                role: asked.role.as_str().to_owned(),
                hash: fingerprint(token).to_vec(),
                invited_by: Some(account.0),
                sent: 1,
                expires_at: now.plus_seconds(LIFETIME_SECONDS),
                closed_at: None,
                outcome: None,
                created_at: now,
            };
            let shown = row.shown()?;
            invitations::insert(&on, row).await?;
            let into = organizations::find(&on, organization).await?;
            let into = into.ok_or_else(|| Failure::not_found("organization"))?;
            post(acting, &on, &into, &asked.email, asked.role, token).await?;
            let about = About {
                organization: Some(organization),
                target: Some(id.to_string()),
                detail: Some(json!({"role": asked.role})),
                ..About::default()
            };
            acting.record(&on, "invitation.sent", about).await?;
            Ok(shown)
        })
        .await
}

async fn must_be_new(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    email: &Email,
) -> Result<(), Failure> {
    let conflict = |detail: &str| Failure::new(ProblemCode::Conflict, detail);
    if invitations::find_to(on, organization, email)
        .await?
        .is_some()
    {
        return Err(conflict(
            "There is an invitation to this address: send it again, or take it back first.",
        ));
    }
    // Members see each other's addresses, so this tells nothing new.
    if let Some(account) = accounts::find_by_email(on, email).await?
        && memberships::role(on, organization, account.id())
            .await?
            .is_some()
    {
        return Err(conflict("Somebody with this address is a member."));
    }
    Ok(())
}
