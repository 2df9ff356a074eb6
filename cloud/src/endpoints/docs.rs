//! `/api/docs`: the API to read and to try, by a viewer that is part of the program.

use axum::Router;
use axum::http::{HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Its own scripts and styles, and no other host's.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

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
    Router::from(viewer).layer(policy)
}
