//! A request's body as it was sent, with the files that the run has.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest as _, Sha256};
use slipway_agent::event::Event;
use slipway_agent::ports::journal::Journal as _;
use slipway_contract::message::Attachment;
use slipway_contract::wire::WireFile;
use slipway_contract::{ContentHash, ErrorCode, Problem, RunId};

use super::Wired;
use crate::App;
use crate::runs::from_journal;

impl App {
    /// The body of an attempt's request as it was sent: what was kept of it, and in their places
    /// the files that the run has.
    ///
    /// # Errors
    /// The journal cannot be read, or what was kept does not fit it.
    pub async fn wire_request(&self, wired: &Wired) -> Result<Vec<u8>, Problem> {
        let files = &wired.exchange.request_files;
        if files.is_empty() {
            return Ok(wired.request.clone());
        }
        let attached = self.attached_to(wired.exchange.call.run_id).await?;
        let (kept, files) = (wired.request.clone(), files.clone());
        let whole = tokio::task::spawn_blocking(move || whole(&kept, &files, &attached));
        whole
            .await
            .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?
    }

    /// What was attached to any message of a run.
    async fn attached_to(&self, run: RunId) -> Result<Vec<Attachment>, Problem> {
        let events = self.store().read(run).await;
        let events = events.map_err(|error| from_journal(&error))?;
        let specs = events
            .into_iter()
            .filter_map(|recorded| match recorded.event {
                Event::Started { spec }
                | Event::Continued { spec, .. }
                | Event::Forked { spec, .. } => Some(spec),
                _ => None,
            });
        Ok(specs.flat_map(|spec| spec.attachments).collect())
    }
}

fn whole(kept: &[u8], files: &[WireFile], attached: &[Attachment]) -> Result<Vec<u8>, Problem> {
    let attached: BTreeMap<ContentHash, Arc<str>> = attached
        .iter()
        .filter_map(|file| Some((hash(file)?, Arc::clone(&file.data))))
        .collect();
    let mut body = Vec::with_capacity(kept.len());
    let mut from = 0;
    for file in files {
        let data = attached.get(&file.sha256).ok_or_else(|| missing(file))?;
        let at = usize::try_from(file.at).unwrap_or(usize::MAX);
        let before = kept.get(from..at).ok_or_else(|| misplaced(file))?;
        body.extend_from_slice(before);
        body.extend_from_slice(data.as_bytes());
        let note = file.note();
        from = at + note.len();
        if kept.get(at..from) != Some(note.as_bytes()) {
            return Err(misplaced(file));
        }
    }
    body.extend_from_slice(kept.get(from..).unwrap_or_default());
    Ok(body)
}

fn hash(file: &Attachment) -> Option<ContentHash> {
    let bytes = BASE64_STANDARD.decode(file.data.as_bytes()).ok()?;
    Some(ContentHash::from_bytes(Sha256::digest(&bytes).into()))
}

fn missing(file: &WireFile) -> Problem {
    let message = format!(
        "the request cannot be put together: the run has no file {} with the SHA-256 {}",
        file.name, file.sha256
    );
    Problem::new(ErrorCode::NotFound, message)
        .help("`slipway runs wire ID --step N --json` has the rest of it.")
}

fn misplaced(file: &WireFile) -> Problem {
    let message = format!(
        "the request cannot be put together: what is kept of it has no place for {}",
        file.name
    );
    Problem::new(ErrorCode::Storage, message)
        .help("`slipway runs wire ID --step N --json` has the rest of it.")
}
