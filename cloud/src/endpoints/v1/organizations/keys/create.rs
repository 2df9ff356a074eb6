//! `POST /api/v1/organizations/{organization}/keys`

use axum::response::Response;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::key::MadeApiKey;
use slipway_contract::cloud::key::NewApiKey;
use utoipa_axum::routes;

use crate::api_keys;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::Acting;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::tables::api_keys::Holder;

pub(super) fn route() -> Route {
    Route::new(
        routes!(create),
        Access::RecentOrganization(Permission::ManageKeys),
    )
}

/// Makes a key of an organization. Its secret is shown this once.
#[utoipa::path(
    post, path = "/api/v1/organizations/{organization}/keys", tag = "keys", operation_id = "create_organization_key",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = NewApiKey,
    responses((status = 201, description = "The key, with its secret.", body = MadeApiKey)),
)]
async fn create(
    acting: Acting,
    membership: Membership,
    idempotency: Idempotency,
    Json(new): Json<NewApiKey>,
) -> Result<Response, Failure> {
    let (acting, asked) = (&acting, &new);
    let holder = Holder::Organization(membership.organization);
    idempotency
        .create(&acting.server, &acting.caller, &new, |on| async move {
            let role = membership
                .confirm_person(&on, &acting.caller, Permission::ManageKeys)
                .await?;
            api_keys::check(asked, Some(role))?;
            api_keys::create(acting, &on, holder, asked).await
        })
        .await
}
