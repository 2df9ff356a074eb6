//! The promises of a model, kept by the client.

use slipway_agent::memory::contract::model::{ModelUnderTest, model_contract};
use slipway_agent::ports::model::ModelErrorKind;

use super::*;

struct Client {
    stream: bool,
    servers: Mutex<Vec<ScriptedServer>>,
}

impl Client {
    fn of(&self, reply: impl Into<Reply>) -> Arc<dyn Model> {
        let server = script([reply.into()]);
        let client = client(&server, UNLESS, self.stream);
        self.servers.lock().unwrap().push(server);
        Arc::new(client)
    }
}

impl ModelUnderTest for Client {
    async fn answering(&self, text: &str) -> Arc<dyn Model> {
        self.of(Answer::text(text))
    }

    async fn failing(&self, error: ModelError) -> Arc<dyn Model> {
        let (status, kind) = match error.kind {
            ModelErrorKind::Authentication => (401, "authentication_error"),
            ModelErrorKind::RateLimit => (429, "rate_limit_error"),
            ModelErrorKind::Overloaded => (529, "overloaded_error"),
            other => panic!("no status for {other:?}"),
        };
        let error = json!({"type": kind, "message": error.message});
        self.of(Reply::error(
            status,
            &json!({"type": "error", "error": error}),
        ))
    }

    async fn calling(&self, tool: &str, arguments: Value) -> Arc<dyn Model> {
        self.of(Answer::tool("toolu_1", tool, &arguments))
    }

    async fn hanging(&self) -> Arc<dyn Model> {
        self.of(Reply::from(Answer::text("never")).after(Duration::from_secs(60)))
    }
}

#[tokio::test]
async fn the_client_keeps_a_models_promises() {
    for stream in WAYS {
        let servers = Mutex::default();
        model_contract(&Client { stream, servers }).await;
    }
}
