//! What the server does beside answering requests: it carries letters away, and sweeps out what has had
//! its time.
//!
//! Every copy may do so at once. What one of them does is claimed in the database first, so that it is
//! done once.

use std::pin::pin;
use std::time::Duration;

use crate::mail;
use crate::notices::{Heard, Topic};
use crate::server::Server;
use crate::sweep::sweep;

/// How long letters are not looked for when none was due and nobody told of one: one that is to be tried again, or
/// whose notice was lost.
const REST: Duration = Duration::from_secs(5);
/// How long nothing is swept out after it was.
const SWEPT: Duration = Duration::from_secs(600);
/// How long nothing is tried when the database did not answer.
const TROUBLE: Duration = Duration::from_secs(5);

/// Works until `stop` comes true, and ends what is under way then. A letter that is cut off as it takes longer than the
/// settings allow is carried again.
pub async fn work(server: &Server, stop: impl Future<Output = ()> + Clone) {
    let too_late = async {
        stop.clone().await;
        tokio::time::sleep(server.config.stop_timeout).await;
    };
    // From now on, so that none is missed between a look and a rest.
    let mut letters_written = server.notices.subscribe(Topic::Letters);
    tokio::select! {
        ((), ()) = async {
            tokio::join!(
                again_and_again(stop.clone(), Some(&mut letters_written), || letters(server)),
                again_and_again(stop.clone(), None, || swept(server)),
            )
        } => {}
        () = too_late => tracing::warn!("a letter takes too long; it is tried again later"),
    }
}

/// Does this, each time after the rest that it asks for or sooner when it is told to, until `stop` comes true.
async fn again_and_again<F>(
    stop: impl Future<Output = ()>,
    mut told: Option<&mut Heard>,
    turn: impl Fn() -> F,
) where
    F: Future<Output = Duration>,
{
    let mut stop = pin!(stop);
    loop {
        let rest = turn().await;
        let sooner = async {
            match &mut told {
                Some(told) => told.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = sooner => {}
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::FutureExt as _;

    use super::*;
    use crate::notices::{LocalNotices, Notices as _};

    #[tokio::test]
    async fn a_notice_ends_a_rest_also_when_it_came_before() {
        let notices = LocalNotices::default();
        let mut heard = notices.subscribe(Topic::Letters);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stop = std::sync::Mutex::new(Some(stop));
        let turns = AtomicU32::new(0);
        let turn = async || match turns.fetch_add(1, Ordering::SeqCst) {
            // While it is not resting.
            0 => notices.publish(Topic::Letters),
            _ => drop(stop.lock().unwrap().take()),
        };
        let turn = || turn().map(|()| Duration::from_secs(3600));
        let worked = again_and_again(stopped.map(drop), Some(&mut heard), turn);
        let waited = tokio::time::timeout(Duration::from_secs(30), worked).await;
        assert!(waited.is_ok(), "it rested");
        assert_eq!(turns.load(Ordering::SeqCst), 2);
    }
}
