//! The promises of a model, kept by one that is told of tools in words.

use std::time::Duration;

use slipway_agent::memory::contract::model::{ModelUnderTest, model_contract};
use slipway_agent::ports::model::{ModelError, ModelErrorKind};

use super::*;
use crate::scripted::Reply;

struct Client {
    shape: Shape,
    stream: bool,
    servers: Mutex<Vec<ScriptedServer>>,
}

impl Client {
    fn of(&self, reply: impl Into<Reply>) -> Arc<dyn Model> {
        let server = ScriptedServer::start([reply.into()]).unwrap();
        let model = model(&server, self.shape, self.stream);
        self.servers.lock().unwrap().push(server);
        Arc::new(model)
    }
}

impl ModelUnderTest for Client {
    async fn answering(&self, text: &str) -> Arc<dyn Model> {
        self.of(Answer::text(match self.shape {
            Shape::Held => json!({"calls": [], "reply": text}).to_string(),
            Shape::Free => text.to_owned(),
        }))
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
        let calls = json!([{"name": tool, "arguments": arguments}]);
        self.of(Answer::text(match self.shape {
            Shape::Held => json!({"calls": calls, "reply": ""}).to_string(),
            Shape::Free => json!({"calls": calls}).to_string(),
        }))
    }

    async fn hanging(&self) -> Arc<dyn Model> {
        self.of(Reply::from(Answer::text("never")).after(Duration::from_secs(60)))
    }
}

#[tokio::test]
async fn it_keeps_a_models_promises() {
    for shape in [Shape::Held, Shape::Free] {
        for stream in [true, false] {
            let servers = Mutex::default();
            model_contract(&Client {
                shape,
                stream,
                servers,
            })
            .await;
        }
    }
}
