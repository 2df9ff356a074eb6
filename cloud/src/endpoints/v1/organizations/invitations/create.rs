//! `POST /api/v1/organizations/{organization}/invitations`

use axum::response::Response;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::Role;
use slipway_contract::cloud::invitation::Invitation;
use slipway_contract::cloud::invitation::NewInvitation;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::access::recent;
use crate::http::acting::Acting;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::invitations;
use crate::invitations::check_role;
use crate::invitations::token;

pub(super) fn route() -> Route {
    Route::new(routes!(create), Access::Organization(Permission::Invite))
}

/// Invites somebody by mail, as no more than who asks is.
///
/// To invite an owner takes a sign-in of the last quarter of an hour.
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
    let id = acting.server.chance.id(acting.now())?;
    let token = &token(&acting.server)?;
    idempotency
        .create(&acting.server, &acting.caller, &new, |on| async move {
            let own = membership
                .confirm_person(&on, &acting.caller, Permission::Invite)
                .await?;
            check_role(own, asked.role)?;
            if asked.role == Role::Owner {
                recent(&acting.server, &acting.caller)?;
            }
            invitations::create(acting, &on, organization, asked, id, token).await
        })
        .await
}
