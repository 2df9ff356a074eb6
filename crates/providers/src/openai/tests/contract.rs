//! The promises of a model, kept by the client.

use slipway_agent::memory::contract::model::{ModelUnderTest, model_contract};

use super::*;
use crate::scripted::Answer;

struct Client {
    way: Way,
    servers: Mutex<Vec<ScriptedServer>>,
}

impl Client {
    fn of(&self, reply: impl Into<Reply>) -> Arc<dyn Model> {
        let server = script([reply.into()]);
        let client = client(&server, self.way);
        self.servers.lock().unwrap().push(server);
        Arc::new(client)
    }
}

impl ModelUnderTest for Client {
    async fn answering(&self, text: &str) -> Arc<dyn Model> {
        self.of(Answer::text(text))
    }

    async fn failing(&self, error: ModelError) -> Arc<dyn Model> {
        let status = match error.kind {
            ModelErrorKind::Authentication => 401,
            ModelErrorKind::RateLimit => 429,
            ModelErrorKind::Overloaded => 503,
            other => panic!("no status for {other:?}"),
        };
        self.of(Reply::error(status, &json!({"error": error.message})))
    }

    async fn calling(&self, tool: &str, arguments: Value) -> Arc<dyn Model> {
        self.of(Answer::tool("call_1", tool, &arguments))
    }

    async fn hanging(&self) -> Arc<dyn Model> {
        self.of(Reply::from(Answer::text("never")).after(Duration::from_secs(60)))
    }
}

#[tokio::test]
async fn the_client_keeps_a_models_promises() {
    for way in WAYS {
        let servers = Mutex::default();
        model_contract(&Client { way, servers }).await;
    }
}
