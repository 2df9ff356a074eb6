//! Every endpoint of the API: a folder for each part of the path, a file for each endpoint.

mod authorization_server;
mod docs;
mod health;
mod keys;
mod oauth;
mod ready;
mod v1;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use slipway_contract::cloud::{FieldProblem, Problem, ProblemCode};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::http::arriving::{self, Waiting};
use crate::http::room::{self, Room};
use crate::http::route::{BEARER, Listed, Route};
use crate::http::{deadline, layers, sending};
use crate::pages;
use crate::server::Server;

/// The most bytes of a body where an endpoint says nothing else.
const BODY: usize = 256 * 1024;

/// What whoever looks after the server asks.
fn probes() -> Vec<Route> {
    vec![health::route(), ready::route()]
}

fn others() -> Vec<Route> {
    let mut routes = vec![keys::route(), authorization_server::route()];
    routes.extend(oauth::routes());
    routes.extend(v1::routes());
    routes
}

fn all() -> Vec<Route> {
    let mut routes = probes();
    routes.extend(others());
    routes
}

/// Every endpoint, by how it is called and who may.
#[must_use]
pub fn listed() -> Vec<Listed> {
    all().into_iter().flat_map(Route::listed).collect()
}

/// What the API offers, as OpenAPI 3.1 describes it.
pub fn description() -> OpenApi {
    let api = OpenApiRouter::<Server>::with_openapi(introduction());
    all()
        .into_iter()
        .fold(api, |api, route| api.routes(route.described()))
        .into_openapi()
}

fn routed(server: &Server, routes: Vec<Route>) -> Router<Server> {
    let api = OpenApiRouter::<Server>::new();
    let (router, _) = routes
        .into_iter()
        .fold(api, |api, route| api.routes(route.guarded(server)))
        .split_for_parts();
    router
}

/// What keeps one request from holding up others by itself.
fn bounded(server: &Server, router: Router<Server>) -> Router<Server> {
    router
        .method_not_allowed_fallback(pages::browser::not_taken)
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(middleware::from_fn_with_state(
            server.config.request_timeout,
            deadline::time_out,
        ))
}

/// What keeps many requests from holding up others: places for those that are worked on, and places of their own
/// for those that wait for their callers.
fn admitted(server: &Server, router: Router<Server>) -> Router<Server> {
    let room = || Room::new(server.config.concurrency);
    let waiting = Waiting {
        room: room(),
        most: server.config.request_timeout,
    };
    router
        .layer(middleware::from_fn_with_state(room(), room::admit))
        .layer(middleware::from_fn_with_state(waiting, arriving::arrive))
        .layer(middleware::from_fn_with_state(room(), sending::send))
        .layer(DefaultBodyLimit::max(BODY))
}

/// The API.
pub fn build(server: &Server) -> Router {
    let router = routed(server, others())
        .merge(docs::router())
        .merge(pages::router(server))
        .fallback(pages::browser::not_found);
    let router = admitted(server, bounded(server, router)).layer(middleware::from_fn_with_state(
        server.clone(),
        layers::limit,
    ));
    // They are answered however much there is to do and whoever asks, or the server would be taken for one that is gone.
    let probes = bounded(server, routed(server, probes()));
    router
        .merge(probes)
        .layer(middleware::from_fn(layers::one_host))
        .layer(middleware::from_fn(layers::observe))
        .layer(middleware::from_fn_with_state(
            server.clone(),
            layers::identify,
        ))
        .layer(middleware::from_fn_with_state(
            server.clone(),
            layers::harden,
        ))
        .with_state(server.clone())
}

fn introduction() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Slipway cloud")
        .version("1")
        .description(Some("Accounts, organizations, keys, and agents shared by their owners. Errors are problem details (RFC 9457) with a stable code."))
        .license(Some(utoipa::openapi::License::new("MIT OR Apache-2.0")))
        .build();
    let components = ComponentsBuilder::new()
        .schema_from::<Problem>()
        .schema_from::<FieldProblem>()
        .schema_from::<ProblemCode>()
        .security_scheme(
            BEARER,
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        )
        .build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_something_can_be_asked_for_twice() {
        let description = serde_json::to_value(description()).unwrap();
        let mut makers = 0;
        for (path, operations) in description["paths"].as_object().unwrap() {
            let post = &operations["post"];
            if post["responses"].get("201").is_none() {
                continue;
            }
            makers += 1;
            let parameters = post["parameters"].as_array().into_iter().flatten();
            let names: Vec<_> = parameters
                .filter_map(|each| each["name"].as_str())
                .collect();
            assert!(names.contains(&"Idempotency-Key"), "POST {path}: {names:?}");
        }
        assert!(makers > 5, "{makers}");
    }

    #[test]
    fn the_description_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/api/openapi.json");
        let there = std::fs::read_to_string(path).unwrap_or_default();
        let now = description().to_pretty_json().unwrap();
        assert!(
            there.replace("\r\n", "\n").trim_end() == now,
            "docs/api/openapi.json is not current: cargo run -p slipway-cloud -- openapi > docs/api/openapi.json"
        );
    }
}
