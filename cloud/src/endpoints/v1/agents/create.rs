//! `POST /api/v1/agents`

use axum::response::Response;
use slipway_contract::cloud::Scope;
use slipway_contract::cloud::agent::Agent;
use slipway_contract::cloud::agent::NewAgent;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::Acting;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(create), Access::Own(Scope::WriteAgents))
}

/// Adds an agent that is private to who asks.
#[utoipa::path(
    post, path = "/api/v1/agents", tag = "agents", operation_id = "create_agent",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = NewAgent,
    responses((status = 201, description = "The agent, without a version.", body = Agent)),
)]
async fn create(
    acting: Acting,
    idempotency: Idempotency,
    Json(new): Json<NewAgent>,
) -> Result<Response, Failure> {
    let shelf = Shelf::Person(acting.account()?);
    let (acting, asked) = (&acting, &new.clone().into());
    idempotency
        .create(&acting.server, &acting.caller, &new, |on| async move {
            agents::create(acting, &on, shelf, asked).await
        })
        .await
}
