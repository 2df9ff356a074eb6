//! What has had its time goes: in batches, so that no write holds others up for long. Several copies of the
//! server may sweep at once.

use crate::clock::Moment;
use crate::database::Transaction;
use crate::failure::Failure;
use crate::http::idempotency;
use crate::people::failed;
use crate::server::Server;
use crate::tables::{
    audit_events, counts, device_requests, idempotency_keys, invitations, refresh_tokens, sessions,
    tickets,
};

/// How many rows one write takes away at most.
const BATCH: u64 = 500;
/// For how long a session that is over is kept, in seconds: 30 days.
const SESSION_SECONDS: i64 = 30 * 24 * 3600;
/// For how long an invitation that is over is kept, in seconds: 30 days, in which its link says what became of it.
const CLOSED_SECONDS: i64 = 30 * 24 * 3600;
/// For how long a device that nobody let in in time may still ask, in seconds.
const DEVICE_SECONDS: i64 = 3600;

/// What has its time.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Tickets,
    DeviceRequests,
    IdempotencyKeys,
    RefreshTokens,
    Sessions,
    Counts,
    FailedTries,
    Invitations,
}

/// Takes away whatever has had its time; how many rows.
///
/// # Errors
/// The database's.
pub async fn sweep(server: &Server) -> Result<u64, Failure> {
    let now = server.clock.now();
    let mut all = 0;
    for kind in [
        Kind::Tickets,
        Kind::DeviceRequests,
        Kind::IdempotencyKeys,
        Kind::RefreshTokens,
        Kind::Sessions,
        Kind::Counts,
        Kind::FailedTries,
        Kind::Invitations,
    ] {
        loop {
            let gone = server
                .database
                .write(|on| async move { batch(&on, kind, now).await })
                .await?;
            all += gone;
            if gone < BATCH {
                break;
            }
        }
    }
    Ok(all)
}

async fn batch(on: &Transaction, kind: Kind, now: Moment) -> Result<u64, Failure> {
    let ago = |seconds: i64| now.plus_seconds(-seconds);
    let gone = match kind {
        Kind::Tickets => tickets::delete_before(on, now, BATCH).await,
        Kind::DeviceRequests => {
            device_requests::delete_before(on, ago(DEVICE_SECONDS), BATCH).await
        }
        Kind::IdempotencyKeys => {
            let kept_since = ago(idempotency::KEPT_SECONDS);
            idempotency_keys::delete_before(on, kept_since, BATCH).await
        }
        Kind::RefreshTokens => refresh_tokens::delete_void(on, now, BATCH).await,
        Kind::FailedTries => {
            let kept_since = ago(failed::KEPT_SECONDS);
            audit_events::delete_before(on, &failed::ACTIONS, kept_since, BATCH).await
        }
        Kind::Invitations => invitations::delete_before(on, ago(CLOSED_SECONDS), BATCH).await,
        Kind::Counts => counts::delete_before(on, now, BATCH).await,
        Kind::Sessions => sessions::delete_before(on, ago(SESSION_SECONDS), BATCH).await,
    };
    Ok(gone?)
}
