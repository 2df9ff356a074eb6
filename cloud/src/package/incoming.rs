//! Archives on their way in: each waits in a file until it is there, so that who sends slowly takes no memory.

use std::io::{Read as _, Seek as _};
use std::path::Path;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use futures::StreamExt as _;
use slipway_contract::ContentHash;
use slipway_contract::cloud::ProblemCode;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{KIND, Received, apart, too_large, unpack};
use crate::failure::Failure;
use crate::http::acting::Acting;
use crate::http::caller::Caller;
use crate::http::room::Place;
use crate::quotas::ARCHIVE_BYTES;

/// How many archives are on their way in at once; together they take so many times [`ARCHIVE_BYTES`] of the disk.
pub const UPLOADS: usize = 64;
/// How many of them are one's.
pub const UPLOADS_OF_ONE: usize = 8;

/// How many archives are in memory at once, from when they are unpacked until they are kept.
static TURNS: Semaphore = Semaphore::const_new(4);

/// A package that somebody sent. While it is there, so is its sender's place.
#[derive(Debug)]
pub struct Upload {
    /// The package.
    pub received: Received,
    _turn: SemaphorePermit<'static>,
    _place: Place,
}

/// Reads the archive that a request carries, whose content hash the caller says is this.
///
/// # Errors
/// Everything that is wrong with it, or that it has another hash; that its sender has no place.
pub async fn receive(
    acting: &Acting,
    request: Request,
    said: ContentHash,
) -> Result<Upload, Failure> {
    let (kind, length) = (
        request.headers().get(CONTENT_TYPE),
        request.headers().get(CONTENT_LENGTH),
    );
    if kind.is_none_or(|kind| kind != KIND) {
        let detail = format!("The body must be a .slipway archive: {KIND}.");
        return Err(Failure::new(ProblemCode::UnsupportedMediaType, detail));
    }
    let length: Option<u64> = length.and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length| length > ARCHIVE_BYTES as u64) {
        return Err(too_large());
    }
    let place = acting.server.uploads.take(sender(&acting.caller))?;
    let file = keep(&acting.server.config.data, request.into_body()).await?;
    let ended = |_| Failure::Internal("the unpacking of archives has ended".to_owned());
    let turn = TURNS.acquire().await.map_err(ended)?;
    let work = || unpack(&whole(file).map_err(|error| broken(&error))?);
    let (received, (turn, place)) = apart((turn, place), work).await?;
    let received = received?;
    if received.hash != said {
        let detail = format!("the archive's content hash is {}", received.hash);
        return Err(Failure::field("content_hash", detail));
    }
    Ok(Upload {
        received,
        _turn: turn,
        _place: place,
    })
}

/// Whose place it takes. Who has many keys has no more places.
fn sender(caller: &Caller) -> String {
    match caller {
        Caller::Person { account, .. } | Caller::PersonsKey { account, .. } => {
            format!("account:{}", account.id)
        }
        Caller::OrganizationsKey { organization, .. } => format!("organization:{organization}"),
    }
}

fn broken(error: &std::io::Error) -> Failure {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    if matches!(error.kind(), StorageFull | QuotaExceeded) {
        tracing::error!(%error, "the folder of the server's data takes no archive");
        let detail = "The server has no room for an archive at the moment. Try again later.";
        return Failure::later(ProblemCode::Unavailable, detail, 60);
    }
    Failure::Internal(format!("an archive's file: {error}"))
}

/// Writes a body into a file of this folder that nobody else sees, and that is gone when nobody holds it.
async fn keep(folder: &Path, body: Body) -> Result<std::fs::File, Failure> {
    let folder = folder.to_owned();
    let (made, ()) = apart((), || tempfile::tempfile_in(folder)).await?;
    let mut file = File::from_std(made.map_err(|error| broken(&error))?);
    let (mut body, mut length) = (body.into_data_stream(), 0);
    while let Some(part) = body.next().await {
        let part = part.map_err(|error| {
            Failure::new(
                ProblemCode::Malformed,
                format!("The body cannot be read: {error}."),
            )
        })?;
        length += part.len();
        if length > ARCHIVE_BYTES {
            return Err(too_large());
        }
        file.write_all(&part)
            .await
            .map_err(|error| broken(&error))?;
    }
    file.flush().await.map_err(|error| broken(&error))?;
    Ok(file.into_std().await)
}

fn whole(mut file: std::fs::File) -> std::io::Result<Vec<u8>> {
    file.rewind()?;
    let mut all = Vec::new();
    file.read_to_end(&mut all)?;
    Ok(all)
}
