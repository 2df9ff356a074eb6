//! `/api/docs`: the API to read and to try, by a viewer that is part of the program.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, header};
use axum::routing::get;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Its own scripts and styles, and no other host's.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What stands around the viewer, in the place of its own sheet, which is white in the dark, too.
const FRAME: &str = include_str!("docs.css");

/// The description, and the viewer that shows it.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let viewer = SwaggerUi::new("/api/docs")
        .url("/api/v1/openapi.json", super::description())
        // A validator on another host would be asked otherwise.
        .config(Config::default().validator_url("none"));
    let policy = SetResponseHeaderLayer::overriding(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    let frame = async || ([(CONTENT_TYPE, "text/css; charset=utf-8")], FRAME);
    Router::from(viewer)
        .route("/api/docs/index.css", get(frame))
        .layer(policy)
}
