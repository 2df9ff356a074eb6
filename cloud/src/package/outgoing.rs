//! Archives on their way out: in parts, of which one is in memory at a time.

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use uuid::Uuid;

use super::KIND;
use crate::failure::Failure;
use crate::http::etag::etag_named;
use crate::server::Server;
use crate::tables::{agent_versions, archive_parts};

async fn part(server: &Server, version: Uuid, at: i64) -> Result<Vec<u8>, Failure> {
    let found = archive_parts::find(server.database.read(), version, at).await?;
    found.ok_or_else(|| Failure::not_found("version"))
}

/// Answers with the archive of a version. If it is deleted meanwhile, the answer breaks off.
///
/// # Errors
/// When it is not there; the database's.
pub async fn answer(
    server: &Server,
    version: &agent_versions::Model,
    name: &str,
) -> Result<Response, Failure> {
    let id = version.id;
    let length = u64::try_from(version.bytes).unwrap_or_default();
    let parts = length.div_ceil(archive_parts::PART as u64);
    // What is not there is told before anything is sent.
    let first = part(server, id, 0).await?;
    let server = server.clone();
    let rest = stream::iter(1..i64::try_from(parts).unwrap_or_default()).then(move |at| {
        let server = server.clone();
        async move { part(&server, id, at).await }
    });
    let rest = rest.inspect_err(|error| tracing::warn!(%error, "an archive breaks off"));
    let all = stream::iter([Ok(first)]).chain(rest);
    let headers = [
        (CONTENT_TYPE, KIND.to_owned()),
        (CONTENT_LENGTH, length.to_string()),
    ];
    Ok((headers, etag_named(name), Body::from_stream(all)).into_response())
}
