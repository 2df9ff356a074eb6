//! What the server does beside answering requests: it carries letters away, and sweeps out what has had
//! its time.
//!
//! Every copy may do so at once. What one of them does is claimed in the database first, so that it is
//! done once.

use std::pin::pin;
use std::time::Duration;

use crate::mail;
use crate::server::Server;
use crate::sweep::sweep;

/// How long nothing is looked for when nothing was due.
const REST: Duration = Duration::from_secs(1);
/// How long nothing is swept out after it was.
const SWEPT: Duration = Duration::from_secs(600);
/// How long nothing is tried when the database did not answer.
const TROUBLE: Duration = Duration::from_secs(5);
/// How long what is under way may take once it is told to end. A letter that is cut off then is carried again.
const GRACE: Duration = Duration::from_secs(10);

/// Works until `stop` comes true, and ends what is under way then.
pub async fn work(server: &Server, stop: impl Future<Output = ()> + Clone) {
    let too_late = async {
        stop.clone().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ((), ()) = async {
            tokio::join!(
                again_and_again(stop.clone(), || letters(server)),
                again_and_again(stop.clone(), || swept(server)),
            )
        } => {}
        () = too_late => tracing::warn!("a letter takes too long; it is tried again later"),
    }
}

/// Does this, each time after the rest that it asks for, until `stop` comes true.
async fn again_and_again<F>(stop: impl Future<Output = ()>, turn: impl Fn() -> F)
where
    F: Future<Output = Duration>,
{
    let mut stop = pin!(stop);
    loop {
        let rest = turn().await;
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = tokio::time::sleep(rest) => {}
        }
    }
}

async fn letters(server: &Server) -> Duration {
    match mail::due(server).await {
        Ok(0) => REST,
        Ok(_) => Duration::ZERO,
        Err(error) => {
            tracing::warn!(%error, "letters cannot be looked for");
            TROUBLE
        }
    }
}

async fn swept(server: &Server) -> Duration {
    match sweep(server).await {
        Ok(rows) => {
            tracing::debug!(rows, "swept out");
            SWEPT
        }
        Err(error) => {
            tracing::warn!(%error, "what has had its time cannot be swept out");
            TROUBLE
        }
    }
}
