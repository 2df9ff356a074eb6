//! A model that answers as scripted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::run::Tokens;
use slipway_contract::{CallId, Usd};
use tokio::sync::Semaphore;

use super::lock;
use crate::ports::clock::Clock;
use crate::ports::model::{Deltas, Model, ModelError, ModelErrorKind, ModelRequest, ModelResponse};

/// What a scripted model does with one call.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Answers, after these pieces of text.
    Answer {
        /// The pieces as they arrive.
        deltas: Vec<String>,
        /// The answer.
        response: ModelResponse,
    },
    /// Fails, after these pieces of text.
    Fail {
        /// The pieces that arrive before the failure.
        deltas: Vec<String>,
        /// The failure.
        error: ModelError,
    },
    /// Sends these pieces and never ends.
    Hang {
        /// The pieces that arrive.
        deltas: Vec<String>,
    },
    /// Waits until the gate has a permit, then goes on.
    Gated(Arc<Semaphore>, Box<Self>),
    /// Takes this long on the model's clock (see [`ScriptedModel::on`]), then goes on.
    Slow(Duration, Box<Self>),
    /// Sends these pieces of reasoning, then goes on.
    Thinking(Vec<String>, Box<Self>),
    /// Goes on, and takes this long before each piece of text.
    Paced(Duration, Box<Self>),
}

impl Reply {
    /// A final answer, in one piece for each word.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let content = vec![Content::Text {
            text: text.to_owned(),
        }];
        Self::content(content, StopReason::End)
    }

    /// A request for these calls: id, tool, arguments.
    pub fn calls<'a>(calls: impl IntoIterator<Item = (&'a str, &'a str, Value)>) -> Self {
        let content = calls
            .into_iter()
            .map(|(call_id, tool, arguments)| {
                Content::ToolCall(ToolCall {
                    call_id: CallId(call_id.to_owned()),
                    tool: tool.to_owned(),
                    arguments,
                    malformed: None,
                })
            })
            .collect();
        Self::content(content, StopReason::ToolCalls)
    }

    /// An answer of these parts, its text in one piece for each word; 10 tokens in, 5 out.
    #[must_use]
    pub fn content(content: Vec<Content>, stop: StopReason) -> Self {
        let deltas = content
            .iter()
            .filter_map(|part| match part {
                Content::Text { text } => Some(text),
                _ => None,
            })
            .flat_map(|text| text.split_inclusive(' '))
            .map(str::to_owned)
            .collect();
        let usage = Tokens {
            input_tokens: 10,
            output_tokens: 5,
            cached_tokens: 0,
            cache_write_tokens: None,
            reasoning_tokens: None,
        };
        let response = ModelResponse {
            content,
            stop,
            usage: Some(usage),
            cost_usd: None,
            request_id: None,
        };
        Self::Answer { deltas, response }
    }

    /// The same answer with these tokens; none when the provider does not say.
    #[must_use]
    pub fn using(mut self, tokens: Option<Tokens>) -> Self {
        match &mut self {
            Self::Answer { response, .. } => response.usage = tokens,
            Self::Gated(_, inner)
            | Self::Slow(_, inner)
            | Self::Thinking(_, inner)
            | Self::Paced(_, inner) => {
                **inner = inner.as_ref().clone().using(tokens);
            }
            Self::Fail { .. } | Self::Hang { .. } => {}
        }
        self
    }

    /// The same answer, of which the provider says that it cost this.
    #[must_use]
    pub const fn costing(mut self, cost: Usd) -> Self {
        if let Self::Answer { response, .. } = &mut self {
            response.cost_usd = Some(cost);
        }
        self
    }

    /// The same, after these pieces of reasoning.
    #[must_use]
    pub fn thinking<'a>(self, pieces: impl IntoIterator<Item = &'a str>) -> Self {
        let pieces = pieces.into_iter().map(str::to_owned).collect();
        Self::Thinking(pieces, Box::new(self))
    }

    /// The same, with this time before each piece of text.
    #[must_use]
    pub fn paced(self, delay: Duration) -> Self {
        Self::Paced(delay, Box::new(self))
    }

    /// A failure before anything arrived.
    #[must_use]
    pub fn fail(kind: ModelErrorKind, message: &str) -> Self {
        Self::error(ModelError::new(kind, message))
    }

    /// A failure before anything arrived.
    #[must_use]
    pub const fn error(error: ModelError) -> Self {
        let deltas = Vec::new();
        Self::Fail { deltas, error }
    }

    /// Nothing arrives, and it never ends.
    #[must_use]
    pub const fn hang() -> Self {
        Self::Hang { deltas: Vec::new() }
    }

    /// The same, once the gate has a permit, which is used up.
    #[must_use]
    pub fn gated(self, gate: &Arc<Semaphore>) -> Self {
        Self::Gated(Arc::clone(gate), Box::new(self))
    }

    /// The same, after this time.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self::Slow(delay, Box::new(self))
    }
}

/// A model that answers as scripted and remembers what it was asked.
#[derive(Default)]
pub struct ScriptedModel {
    script: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<ModelRequest>>,
    dropped: Mutex<u32>,
    clock: Option<Arc<dyn Clock>>,
}

impl ScriptedModel {
    /// Replies to each call in turn; a call beyond the script fails as unsupported.
    pub fn new(script: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            script: Mutex::new(script.into_iter().collect()),
            ..Self::default()
        }
    }

    /// The same, its slow replies measured on this clock.
    #[must_use]
    pub fn on(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Adds a reply to the end of the script.
    pub fn push(&self, reply: Reply) {
        lock(&self.script).push_back(reply);
    }

    /// What it was asked so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<ModelRequest> {
        lock(&self.requests).clone()
    }

    /// The replies that are left.
    #[must_use]
    pub fn left(&self) -> usize {
        lock(&self.script).len()
    }

    /// How many calls were dropped before they ended.
    #[must_use]
    pub fn dropped(&self) -> u32 {
        *lock(&self.dropped)
    }

    async fn sleep(&self, delay: Duration) {
        match &self.clock {
            Some(clock) => clock.sleep(delay).await,
            None => std::future::pending().await,
        }
    }

    async fn send(&self, pieces: &[String], pace: Option<Duration>, deltas: &dyn Deltas) {
        for piece in pieces {
            if let Some(pace) = pace {
                self.sleep(pace).await;
            }
            deltas.text(piece);
            tokio::task::yield_now().await;
        }
    }

    /// What comes before the reply itself, and the time before each of its pieces.
    async fn pause(&self, reply: Reply, deltas: &dyn Deltas) -> (Reply, Option<Duration>) {
        match reply {
            Reply::Gated(gate, inner) => {
                if let Ok(permit) = gate.acquire().await {
                    permit.forget();
                }
                Box::pin(self.pause(*inner, deltas)).await
            }
            Reply::Slow(delay, inner) => {
                self.sleep(delay).await;
                Box::pin(self.pause(*inner, deltas)).await
            }
            Reply::Thinking(pieces, inner) => {
                for piece in &pieces {
                    deltas.reasoning(piece);
                    tokio::task::yield_now().await;
                }
                Box::pin(self.pause(*inner, deltas)).await
            }
            Reply::Paced(delay, inner) => {
                let (inner, _) = Box::pin(self.pause(*inner, deltas)).await;
                (inner, Some(delay))
            }
            ready => (ready, None),
        }
    }
}

#[async_trait]
impl Model for ScriptedModel {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let number = {
            let mut requests = lock(&self.requests);
            requests.push(request.clone());
            requests.len()
        };
        let reply = lock(&self.script).pop_front().ok_or_else(|| {
            let message = format!("the script has no reply for call {number}");
            ModelError::new(ModelErrorKind::Unsupported, message)
        })?;
        let unfinished = Unfinished(Some(&self.dropped));
        let (reply, pace) = self.pause(reply, deltas).await;
        let result = match reply {
            Reply::Answer {
                deltas: pieces,
                response,
            } => {
                self.send(&pieces, pace, deltas).await;
                Ok(response)
            }
            Reply::Fail {
                deltas: pieces,
                error,
            } => {
                self.send(&pieces, pace, deltas).await;
                Err(error)
            }
            Reply::Hang { deltas: pieces } => {
                self.send(&pieces, pace, deltas).await;
                std::future::pending().await
            }
            Reply::Gated(..) | Reply::Slow(..) | Reply::Thinking(..) | Reply::Paced(..) => {
                std::future::pending().await
            }
        };
        unfinished.finish();
        result
    }
}

/// Counts a call whose future is dropped.
struct Unfinished<'a>(Option<&'a Mutex<u32>>);

impl Unfinished<'_> {
    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(count) = self.0 {
            *lock(count) += 1;
        }
    }
}

/// Keeps the pieces of an answer.
#[derive(Debug, Default)]
pub struct CollectedDeltas(Mutex<Vec<String>>);

impl CollectedDeltas {
    /// The pieces so far.
    #[must_use]
    pub fn pieces(&self) -> Vec<String> {
        lock(&self.0).clone()
    }
}

impl Deltas for CollectedDeltas {
    fn text(&self, text: &str) {
        lock(&self.0).push(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::contract::model::{ModelUnderTest, model_contract, request};

    struct Scripted;

    impl ModelUnderTest for Scripted {
        async fn answering(&self, text: &str) -> Arc<dyn Model> {
            Arc::new(ScriptedModel::new([Reply::text(text)]))
        }

        async fn failing(&self, error: ModelError) -> Arc<dyn Model> {
            Arc::new(ScriptedModel::new([Reply::error(error)]))
        }

        async fn calling(&self, tool: &str, arguments: Value) -> Arc<dyn Model> {
            Arc::new(ScriptedModel::new([Reply::calls([(
                "call_1", tool, arguments,
            )])]))
        }

        async fn hanging(&self) -> Arc<dyn Model> {
            Arc::new(ScriptedModel::new([Reply::hang()]))
        }
    }

    #[tokio::test]
    async fn keeps_the_contract() {
        model_contract(&Scripted).await;
    }

    #[tokio::test]
    async fn a_gate_holds_a_reply_back_and_a_dropped_call_is_counted() {
        let gate = Arc::new(Semaphore::new(0));
        let model = ScriptedModel::new([
            Reply::text("one").gated(&gate),
            Reply::text("two").gated(&gate),
        ]);
        let (request, deltas) = (request(), CollectedDeltas::default());
        {
            let mut call = std::pin::pin!(model.call(&request, &deltas));
            assert!(futures::poll!(call.as_mut()).is_pending());
            gate.add_permits(1);
            call.await.unwrap();
            let mut second = std::pin::pin!(model.call(&request, &deltas));
            assert!(futures::poll!(second.as_mut()).is_pending());
        }
        assert_eq!(model.dropped(), 1, "the second call never ended");
        assert_eq!(model.requests().len(), 2);
        assert!(model.call(&request, &deltas).await.is_err());
    }
}
