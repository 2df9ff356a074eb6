//! What a model promises.

use std::sync::Arc;

use serde_json::{Value, json};
use slipway_contract::message::{Content, Message, StopReason};

use crate::memory::model::CollectedDeltas;
use crate::memory::tool::definition;
use crate::ports::model::{Model, ModelError, ModelErrorKind, ModelRequest};

/// A model, or a client of one, that a test can make behave.
pub trait ModelUnderTest {
    /// A model that answers this text.
    fn answering(&self, text: &str) -> impl Future<Output = Arc<dyn Model>>;

    /// A model that fails like this (a client: whose server does).
    fn failing(&self, error: ModelError) -> impl Future<Output = Arc<dyn Model>>;

    /// A model that calls this tool.
    fn calling(&self, tool: &str, arguments: Value) -> impl Future<Output = Arc<dyn Model>>;

    /// A model that never answers.
    fn hanging(&self) -> impl Future<Output = Arc<dyn Model>>;
}

/// A request with one message and one tool.
#[must_use]
pub fn request() -> ModelRequest {
    ModelRequest {
        model: "openai/gpt-5-mini".parse().unwrap(),
        instructions: Arc::from("Be brief."),
        messages: vec![Message::User {
            text: "What do the receipts add up to?".to_owned(),
            attachments: Vec::new(),
        }],
        tools: Arc::from([definition(
            "read_file",
            slipway_contract::tool::Effect::Read,
        )]),
        output_schema: None,
        temperature: None,
        max_output_tokens: None,
        reasoning: None,
        tool_choice: slipway_contract::model::ToolChoice::Auto,
    }
}

/// Runs all of the promises.
pub async fn model_contract(models: &impl ModelUnderTest) {
    pieces_make_up_the_answer(models).await;
    calls_arrive_whole(models).await;
    failures_keep_their_kind(models).await;
    a_dropped_call_ends(models).await;
}

async fn pieces_make_up_the_answer(models: &impl ModelUnderTest) {
    let text = "The receipts add up to 12,50 € — “exactly”.";
    let model = models.answering(text).await;
    let deltas = CollectedDeltas::default();
    let response = model.call(&request(), &deltas).await.unwrap();
    assert_eq!(
        response.content,
        [Content::Text {
            text: text.to_owned()
        }]
    );
    assert_eq!(response.stop, StopReason::End);
    let pieces = deltas.pieces();
    assert!(
        pieces.is_empty() || pieces.concat() == text,
        "the reader saw {pieces:?}, and the answer was another"
    );
}

async fn calls_arrive_whole(models: &impl ModelUnderTest) {
    let arguments = json!({"path": "receipts/März \"1\".csv", "lines": [1, 2.5]});
    let model = models.calling("read_file", arguments.clone()).await;
    let response = model
        .call(&request(), &CollectedDeltas::default())
        .await
        .unwrap();
    assert_eq!(response.stop, StopReason::ToolCalls);
    match response.content.as_slice() {
        [Content::ToolCall(call)] => {
            assert_eq!(
                (call.tool.as_str(), &call.arguments),
                ("read_file", &arguments)
            );
            assert_eq!(call.malformed, None);
            assert!(!call.call_id.0.is_empty(), "a call has an id");
        }
        other => panic!("one call was asked for, not {other:?}"),
    }
}

async fn failures_keep_their_kind(models: &impl ModelUnderTest) {
    for kind in [
        ModelErrorKind::Authentication,
        ModelErrorKind::RateLimit,
        ModelErrorKind::Overloaded,
    ] {
        let model = models.failing(ModelError::new(kind, "as scripted")).await;
        let error = model
            .call(&request(), &CollectedDeltas::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(!error.message.is_empty(), "an error says what happened");
    }
}

async fn a_dropped_call_ends(models: &impl ModelUnderTest) {
    let model = models.hanging().await;
    let (request, deltas) = (request(), CollectedDeltas::default());
    {
        let mut call = std::pin::pin!(model.call(&request, &deltas));
        for _ in 0..10 {
            assert!(futures::poll!(call.as_mut()).is_pending());
            tokio::task::yield_now().await;
        }
    }
    assert!(deltas.pieces().is_empty());
}
