//! What pages load: one style sheet and the mark, under names that change with what they hold.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::{Page, PageAccess};
use crate::failure::Failure;

/// A file that pages load.
pub struct Asset {
    /// Its path, which changes with what it holds.
    pub path: String,
    kind: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(name: &str, ending: &str, kind: &'static str, text: &'static str) -> Self {
        let hash = Sha256::digest(text.as_bytes());
        let hash: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            path: format!("/assets/{name}-{hash}.{ending}"),
            kind,
            text,
        }
    }
}

/// How pages look.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "slipway",
        "css",
        "text/css; charset=utf-8",
        include_str!("style.css"),
    )
});
/// The mark.
pub static MARK: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("mark", "svg", "image/svg+xml", include_str!("mark.svg")));
/// What asks a browser for a passkey.
pub static PASSKEYS: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "passkeys",
        "js",
        "text/javascript; charset=utf-8",
        include_str!("passkeys.js"),
    )
});

pub(super) fn routes() -> Vec<Page> {
    vec![Page::get("/assets/{name}", PageAccess::Anybody, show)]
}

async fn show(Path(name): Path<String>) -> Result<Response, Failure> {
    let path = format!("/assets/{name}");
    let known = [&*STYLE, &*MARK, &*PASSKEYS]
        .into_iter()
        .find(|asset| asset.path == path);
    let asset = known.ok_or_else(|| Failure::not_found("file"))?;
    let forever = "public, max-age=31536000, immutable";
    Ok((
        [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, forever)],
        asset.text,
    )
        .into_response())
}
