//! `DELETE /api/v1/agents/{agent}`

use axum::http::StatusCode;
use slipway_contract::cloud::AgentId;
use slipway_contract::cloud::Scope;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::Acting;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(delete), Access::Own(Scope::DeleteAgents))
}

/// Deletes an agent and its versions for good.
#[utoipa::path(
    delete, path = "/api/v1/agents/{agent}", tag = "agents", operation_id = "delete_agent",
    params(("agent" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 204, description = "It is gone.")),
)]
async fn delete(acting: Acting, Path(id): Path<AgentId>) -> Result<StatusCode, Failure> {
    let shelf = Shelf::Person(acting.account()?);
    let acting = &acting;
    acting
        .server
        .database
        .write(|on| async move {
            let agent = agents::find(&on, shelf, id).await?;
            agents::delete(acting, &on, &agent).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
