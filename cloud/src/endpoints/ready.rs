//! `GET /ready`: whether requests can be answered.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use slipway_contract::cloud::ProblemCode;
use tokio::time::{Instant, timeout};
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::route::Route;
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(ready), Access::Public)
}

/// How long the database may take to say so.
const WAIT: Duration = Duration::from_secs(2);
/// For how long its answer holds for others who ask, so that asking costs it nothing, however often it is done.
const HOLDS: Duration = Duration::from_millis(200);

/// Whether requests can be answered: the database does, and the server is not about to end. A load balancer sends none while it cannot.
#[utoipa::path(get, path = "/ready", tag = "operation", responses((status = 204, description = "They can.")))]
async fn ready(State(server): State<Server>) -> Result<StatusCode, Failure> {
    if server.is_ending.load(Ordering::Relaxed) {
        let detail = "This copy is about to end. Another one answers.";
        return Err(Failure::later(ProblemCode::Unavailable, detail, 2));
    }
    let answers = async {
        let mut answered = server.answered.lock().await;
        if answered.is_none_or(|at| HOLDS < at.elapsed()) {
            *answered = None;
            server.database.ping().await?;
            *answered = Some(Instant::now());
        }
        Ok::<_, Failure>(())
    };
    match timeout(WAIT, answers).await {
        Ok(answered) => answered?,
        Err(_) => {
            let detail = "The database does not answer. Try again in a moment.";
            return Err(Failure::later(ProblemCode::Unavailable, detail, 2));
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
