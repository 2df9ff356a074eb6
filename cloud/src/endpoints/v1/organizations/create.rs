//! `POST /api/v1/organizations`

use axum::response::Response;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::organization::NewOrganization;
use slipway_contract::cloud::organization::Organization;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::Acting;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::organizations;

pub(super) fn route() -> Route {
    Route::new(routes!(create), Access::Person)
}

/// Makes an organization, which who asks then owns.
#[utoipa::path(
    post, path = "/api/v1/organizations", tag = "organizations", operation_id = "create_organization",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = NewOrganization,
    responses((status = 201, description = "The organization.", body = Organization)),
)]
async fn create(
    acting: Acting,
    idempotency: Idempotency,
    Json(new): Json<NewOrganization>,
) -> Result<Response, Failure> {
    let id = OrganizationId(acting.server.chance.id(acting.now())?);
    let (acting, name) = (&acting, &new.name);
    idempotency
        .create(&acting.server, &acting.caller, &new, |on| async move {
            organizations::create(acting, &on, id, name).await
        })
        .await
}
