//! The end of a stream that has said all. What may still follow is the usage, or an error that makes
//! the answer void; then the end, at which the connection serves again. A complete answer waits
//! for the first two, and mostly they come with its last bytes; for the end it does not wait.

use std::time::Duration;

use futures::stream::{Stream, StreamExt};
use slipway_agent::ports::model::ModelError;
use tokio::time::{Instant, timeout, timeout_at};

/// How long an answer that is complete waits for a word against it.
const FOR_ERRORS: Duration = Duration::from_secs(1);

/// How long an answer waits for its usage: without it, its cost is unknown.
const FOR_USAGE: Duration = Duration::from_secs(5);

/// How long, and for how many pieces, the end is read while nobody waits for it.
const FOR_THE_END: Duration = Duration::from_secs(5);
const PIECES: usize = 64;

/// Reads what follows a complete answer. `take` says what of it makes the answer void; that the
/// stream breaks now does not.
pub(crate) async fn finish<S, T, E>(
    mut events: S,
    is_counted: bool,
    mut take: impl FnMut(T) -> Result<(), ModelError>,
) -> Result<(), ModelError>
where
    S: Stream<Item = Result<T, E>> + Send + Unpin + 'static,
{
    let patience = if is_counted { FOR_ERRORS } else { FOR_USAGE };
    let until = Instant::now() + patience;
    loop {
        match timeout_at(until, events.next()).await {
            Ok(Some(Ok(event))) => take(event)?,
            Ok(Some(Err(_)) | None) => return Ok(()),
            Err(_) => {
                let_go(events);
                return Ok(());
            }
        }
    }
}

/// Reads the end of a stream that nothing is wanted of any more, without waiting for it.
pub(crate) fn let_go<S: Stream + Send + 'static>(events: S) {
    tokio::spawn(timeout(
        FOR_THE_END,
        events.take(PIECES).for_each(|_| async {}),
    ));
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use slipway_agent::ports::model::ModelErrorKind;

    use super::*;

    fn void(event: &str) -> Result<(), ModelError> {
        match event {
            "error" => Err(ModelError::new(ModelErrorKind::Overloaded, "no".to_owned())),
            _ => Ok(()),
        }
    }

    #[tokio::test]
    async fn an_error_that_follows_is_told_and_a_stream_that_breaks_is_not() {
        for (events, expected) in [
            (vec![], true),
            (vec![Ok("usage")], true),
            (vec![Ok("usage"), Err(())], true),
            (vec![Ok("usage"), Ok("error")], false),
            (vec![Err(()), Ok("error")], true),
        ] {
            let ended = finish(stream::iter(events.clone()), true, void).await;
            assert_eq!(ended.is_ok(), expected, "{events:?}");
        }
    }

    #[tokio::test]
    async fn a_stream_that_does_not_end_is_not_waited_for() {
        let open = stream::iter([Ok::<_, ()>("usage")]).chain(stream::pending());
        let mut taken = 0;
        let ended = finish(open, true, |_| {
            taken += 1;
            Ok(())
        });
        assert!(ended.await.is_ok());
        assert_eq!(taken, 1);
        // Nor one that goes on and on.
        let endless = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Some((Ok::<_, ()>("more"), ()))
        });
        assert!(finish(Box::pin(endless), true, void).await.is_ok());
    }
}
