//! `POST /api/v1/organizations/{organization}/keys/{key}/rotate`

use axum::response::Response;
use serde_json::json;
use slipway_contract::cloud::ApiKeyId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::ProblemCode;
use slipway_contract::cloud::key::MadeApiKey;
use slipway_contract::cloud::key::RotateApiKey;
use utoipa_axum::routes;

use crate::api_keys::live;
use crate::api_keys::rotate as rotate_key;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::tables::api_keys::Holder;

pub(super) fn route() -> Route {
    Route::new(
        routes!(rotate),
        Access::RecentOrganization(Permission::ManageKeys),
    )
}

/// Makes a key that takes the place of this one, which goes on for the hours that are asked for.
#[utoipa::path(
    post, path = "/api/v1/organizations/{organization}/keys/{key}/rotate", tag = "keys", operation_id = "rotate_organization_key",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("key" = uuid::Uuid, Path, description = "Its id."), ("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = RotateApiKey,
    responses((status = 201, description = "The new key, with its secret.", body = MadeApiKey)),
)]
async fn rotate(
    acting: Acting,
    membership: Membership,
    Path((_organization, id)): Path<(OrganizationId, ApiKeyId)>,
    idempotency: Idempotency,
    Json(asked): Json<RotateApiKey>,
) -> Result<Response, Failure> {
    let (acting, maker) = (&acting, acting.account()?);
    let (holder, hours) = (
        Holder::Organization(membership.organization),
        asked.grace_hours,
    );
    idempotency
        .create(&acting.server, &acting.caller, &asked, |on| async move {
            let role = membership
                .confirm_person(&on, &acting.caller, Permission::ManageKeys)
                .await?;
            let old = live(&on, holder, id, acting.now()).await?;
            let scopes = old.scopes()?;
            if let Some(more) = scopes.iter().find(|scope| !scope.is_within(role)) {
                let detail = format!("The key has {more}, which is more than you may as {role}.");
                return Err(Failure::new(ProblemCode::Forbidden, detail));
            }
            let made = rotate_key(&acting.server, &on, holder, old, maker, hours).await?;
            let about = About {
                organization: Some(membership.organization),
                target: Some(id.to_string()),
                detail: Some(
                    json!({"name": made.key.name, "next": made.key.id, "grace_hours": hours}),
                ),
                ..About::default()
            };
            acting.record(&on, "key.rotated", about).await?;
            Ok(made)
        })
        .await
}
