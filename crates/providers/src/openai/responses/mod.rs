//! Responses.

mod request;
mod response;

use futures::StreamExt;
use serde_json::value::RawValue;
use slipway_agent::ports::model::{ModelError, ModelResponse};

use super::Call;
use super::http_service::failure;
use crate::attempt::ending;

/// What Slipway calls this protocol in what it keeps of an answer.
const PROTOCOL: &str = "responses";

/// The name under which a reasoning item is kept.
const ITEM: &str = "item";

/// Makes the call.
pub(super) async fn make(call: &Call<'_>) -> Result<ModelResponse, ModelError> {
    let (client, exchange) = (call.client, &*call.attempt.exchange);
    let body = request::body(call)?;
    let mut answer = response::Answer::new(call);
    if !exchange.streams {
        let whole: Box<RawValue> = client
            .responses()
            .create_byot(&body)
            .await
            .map_err(|error| failure(exchange, error))?;
        answer.take_whole(whole.get())?;
        return answer.finish();
    }
    let mut events = client
        .responses()
        .create_stream_byot::<_, Box<RawValue>>(&body)
        .await
        .map_err(|error| failure(exchange, error))?;
    while let Some(event) = events.next().await {
        let event = event.map_err(|error| failure(exchange, error))?;
        answer.take(event.get())?;
        if answer.is_finished() {
            ending::finish(events, true, |event| answer.take(event.get())).await?;
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
        Answered::Whole(json) => answer.take_whole(&json)?,
        Answered::Events(mut reading) => {
            while let Some(event) = reading.next().await? {
                answer.take(&event)?;
            }
        }
    }
    answer.finish()
}
