//! `DELETE /api/v1/organizations/{organization}/keys/{key}`

use axum::http::StatusCode;
use slipway_contract::cloud::ApiKeyId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use utoipa_axum::routes;

use crate::api_keys;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::tables::api_keys::Holder;

pub(super) fn route() -> Route {
    Route::new(
        routes!(revoke),
        Access::Organization(Permission::ManageKeys),
    )
}

/// Makes a key void at once.
#[utoipa::path(
    delete, path = "/api/v1/organizations/{organization}/keys/{key}", tag = "keys", operation_id = "revoke_organization_key",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("key" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 204, description = "It cannot be used any more.")),
)]
async fn revoke(
    acting: Acting,
    membership: Membership,
    Path((_organization, id)): Path<(OrganizationId, ApiKeyId)>,
) -> Result<StatusCode, Failure> {
    let (acting, holder) = (&acting, Holder::Organization(membership.organization));
    acting
        .server
        .database
        .write(|on| async move {
            membership
                .confirm_person(&on, &acting.caller, Permission::ManageKeys)
                .await?;
            api_keys::revoke(&on, holder, id, acting.now()).await?;
            let about = About {
                organization: Some(membership.organization),
                target: Some(id.to_string()),
                ..About::default()
            };
            acting.record(&on, "key.revoked", about).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
