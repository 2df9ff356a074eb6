//! How long a request may take, and until when its caller is waited for.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use hyper::body::{Frame, SizeHint};
use slipway_contract::cloud::ProblemCode;
use tokio::time::{Instant, timeout};

use crate::failure::Failure;
use crate::package;

/// How much of an archive must arrive while any other request would have to end: 64 KiB.
const STEP: u64 = 64 * 1024;
/// How long an archive may take in all, if a request may not take longer: a quarter of an hour, in which the longest one
/// arrives at 36 KB/s.
const ARCHIVE: Duration = Duration::from_secs(15 * 60);

/// Ends a request that takes too long. That is its caller's doing only while its body is waited for. An archive, which
/// is long, may take longer as long as it goes on arriving.
pub async fn time_out(State(most): State<Duration>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(CONTENT_TYPE);
    let in_all = match kind.is_some_and(|kind| kind == package::KIND) {
        true => ARCHIVE.max(most),
        false => most,
    };
    let end = Instant::now() + in_all;
    let (request, progress) = Reading::of(request);
    let mut answer = pin!(next.run(request));
    let mut before = 0;
    loop {
        if let Ok(response) = timeout(most, &mut answer).await {
            return response;
        }
        let arrived = progress.arrived.load(Ordering::Relaxed);
        if end <= Instant::now() || arrived - before < STEP {
            break;
        }
        before = arrived;
    }
    let (code, what) = match progress.is_waited_for.load(Ordering::Relaxed) {
        true => (
            ProblemCode::Timeout,
            "The request took longer to arrive than",
        ),
        false => (ProblemCode::Unavailable, "The answer took longer than"),
    };
    Failure::later(code, format!("{what} {} s.", most.as_secs()), 2).into_response()
}

/// How far a body has come.
#[derive(Debug, Default)]
struct Progress {
    arrived: AtomicU64,
    is_waited_for: AtomicBool,
}

/// A body that tells how far it has come.
struct Reading {
    body: Body,
    progress: Arc<Progress>,
}

impl Reading {
    fn of(request: Request) -> (Request, Arc<Progress>) {
        let progress = Arc::<Progress>::default();
        let told = Arc::clone(&progress);
        let request = request.map(|body| {
            Body::new(Self {
                body,
                progress: told,
            })
        });
        (request, progress)
    }
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let progress = &self.progress;
        progress
            .is_waited_for
            .store(polled.is_pending(), Ordering::Relaxed);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let length = frame.data_ref().map_or(0, Bytes::len);
            progress.arrived.fetch_add(length as u64, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::put;
    use tower::ServiceExt as _;

    use super::*;

    const MOST: Duration = Duration::from_secs(30);

    /// What is answered to a body of so many parts, each after these seconds, whose reader then works for so many.
    async fn answer(kind: &str, part: usize, parts: usize, each: u64, work: u64) -> u16 {
        let read = move |body: Body| async move {
            let read = axum::body::to_bytes(body, usize::MAX).await;
            tokio::time::sleep(Duration::from_secs(work)).await;
            read.map(|bytes| bytes.len().to_string())
                .unwrap_or_default()
        };
        let router = Router::new().route("/", put(read));
        let router = router.layer(from_fn_with_state(MOST, time_out));
        let body = futures::stream::unfold(0, move |count| async move {
            tokio::time::sleep(Duration::from_secs(each)).await;
            let bytes = Bytes::from(vec![0; part]);
            (count < parts).then_some((Ok::<_, std::io::Error>(bytes), count + 1))
        });
        let request = Request::put("/").header(CONTENT_TYPE, kind);
        let request = request.body(Body::from_stream(body)).unwrap();
        router.oneshot(request).await.unwrap().status().as_u16()
    }

    #[tokio::test(start_paused = true)]
    async fn an_archive_may_take_its_time_as_long_as_it_arrives() {
        let (part, text) = (STEP as usize, "text/plain");
        assert_eq!(answer(package::KIND, part, 10, 20, 0).await, 200);
        assert_eq!(answer(text, part, 10, 20, 0).await, 408);
        assert_eq!(answer(text, part, 1, 20, 0).await, 408);
        assert_eq!(answer(text, part, 1, 10, 0).await, 200);
        // Too little in each half a minute, or all of it for too long.
        assert_eq!(answer(package::KIND, part / 4, 100, 10, 0).await, 408);
        assert_eq!(answer(package::KIND, part, 100, 20, 0).await, 408);
        // What follows is the server's own.
        assert_eq!(answer(package::KIND, part, 2, 10, 100).await, 503);
        assert_eq!(answer(text, part, 2, 1, 100).await, 503);
    }
}
