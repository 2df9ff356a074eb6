//! Chat Completions.

mod messages;
mod request;
mod response;
mod thoughts;

use futures::StreamExt;
use serde_json::value::RawValue;
use slipway_agent::ports::model::{ModelError, ModelResponse};

use super::Call;
use super::http_service::failure;
use crate::attempt::ending;

/// Makes the call.
pub(super) async fn make(call: &Call<'_>) -> Result<ModelResponse, ModelError> {
    let (client, exchange) = (call.client, &*call.attempt.exchange);
    let body = request::body(call)?;
    let mut answer = response::Answer::new(call);
    if !exchange.streams {
        let whole: Box<RawValue> = client
            .chat()
            .create_byot(&body)
            .await
            .map_err(|error| failure(exchange, error))?;
        answer.take(whole.get())?;
        return answer.finish();
    }
    let mut chunks = client
        .chat()
        .create_stream_byot::<_, Box<RawValue>>(&body)
        .await
        .map_err(|error| failure(exchange, error))?;
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => answer.take(chunk.get())?,
            Err(error) => return Err(failure(exchange, error)),
        }
        if answer.is_finished() {
            // Its usage follows in a chunk of its own.
            let is_counted = answer.is_counted();
            ending::finish(chunks, is_counted, |chunk| answer.take(chunk.get())).await?;
            break;
        }
    }
    answer.finish()
}

/// The answer that stands in what came.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) async fn taken(
    call: &Call<'_>,
    answered: crate::attempt::transport::Answered,
) -> Result<ModelResponse, ModelError> {
    use crate::attempt::transport::Answered;

    let mut answer = response::Answer::new(call);
    match answered {
        Answered::Whole(json) => answer.take(&json)?,
        Answered::Events(mut reading) => {
            while let Some(event) = reading.next().await? {
                answer.take(&event)?;
            }
        }
    }
    answer.finish()
}
