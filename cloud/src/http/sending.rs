//! Answers that take their time to be read. They have places of their own, so that who reads slowly takes none from
//! requests that are worked on.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::room::{Place, Room, network};
use crate::failure::Failure;

/// What is handed over at once. A shorter answer is in the connection's own buffer as soon as it is made.
const PART: usize = 64 * 1024;

/// Gives each long answer a place until it is sent.
pub async fn send(State(room): State<Arc<Room>>, request: Request, next: Next) -> Response {
    let network = network(&request);
    let response = next.run(request).await;
    let length = response.body().size_hint().exact();
    if length.is_some_and(|length| length <= PART as u64) {
        return response;
    }
    match room.take(network) {
        Ok(place) => response.map(|body| {
            Body::new(Sending {
                body,
                rest: Bytes::new(),
                _place: place,
            })
        }),
        Err(full) => Failure::from(full).into_response(),
    }
}

/// A body in parts that has a place until the last of them is handed over.
struct Sending {
    body: Body,
    rest: Bytes,
    _place: Place,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                ended => return Poll::Ready(ended),
            };
            match frame.into_data() {
                Ok(data) => self.rest = data,
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        }
        let length = self.rest.len().min(PART);
        let part = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, of_body) = (self.rest.len() as u64, self.body.size_hint());
        let mut all = SizeHint::new();
        all.set_lower(of_body.lower() + rest);
        if let Some(upper) = of_body.upper() {
            all.set_upper(upper + rest);
        }
        all
    }
}
