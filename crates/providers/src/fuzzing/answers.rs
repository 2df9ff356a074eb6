//! Answers, whole and streamed, from the transport's bytes to the answer.

use std::sync::Arc;

use slipway_agent::ports::model::{ModelError, ModelRequest, ModelResponse};
use tokio::runtime::{Builder, Runtime};

use super::Unheard;
use crate::attempt::{Attempt, Endpoint, Settings, transport};
use crate::openai::OpenAi;
use crate::registry::{Protocol, Provider, Registry};
use crate::{anthropic, gemini};

/// An answer of Chat Completions.
pub fn chat_whole(bytes: &[u8]) {
    read(Protocol::Chat, false, bytes);
}

/// A streamed answer of Chat Completions.
pub fn chat_stream(bytes: &[u8]) {
    read(Protocol::Chat, true, bytes);
}

/// An answer of Responses.
pub fn responses_whole(bytes: &[u8]) {
    read(Protocol::Responses, false, bytes);
}

/// A streamed answer of Responses.
pub fn responses_stream(bytes: &[u8]) {
    read(Protocol::Responses, true, bytes);
}

/// An answer of Anthropic's.
pub fn anthropic_whole(bytes: &[u8]) {
    read(Protocol::Anthropic, false, bytes);
}

/// A streamed answer of Anthropic's.
pub fn anthropic_stream(bytes: &[u8]) {
    read(Protocol::Anthropic, true, bytes);
}

/// An answer of Gemini's.
pub fn gemini_whole(bytes: &[u8]) {
    read(Protocol::Gemini, false, bytes);
}

/// A streamed answer of Gemini's.
pub fn gemini_stream(bytes: &[u8]) {
    read(Protocol::Gemini, true, bytes);
}

/// What the readers need, made once for each thread.
struct World {
    runtime: Runtime,
    http: reqwest::Client,
    provider: Arc<Provider>,
    request: ModelRequest,
}

impl World {
    fn new() -> Option<Self> {
        Some(Self {
            runtime: Builder::new_current_thread().enable_time().build().ok()?,
            http: slipway_net::loopback_client().ok()?,
            // Its dialect knows the most of reasoning.
            provider: Registry::built_in().get("openrouter").cloned()?,
            request: super::request(),
        })
    }

    fn endpoint(&self, protocol: Protocol, stream: bool) -> Endpoint {
        let nowhere = (std::net::Ipv4Addr::LOCALHOST, 9).into();
        Endpoint {
            http: self.http.clone(),
            provider: Arc::clone(&self.provider),
            base: crate::BaseUrl::on_this_machine(nowhere),
            key: None,
            model: self.request.model.clone(),
            facts: None,
            settings: Settings {
                protocol: Some(protocol),
                stream,
                ..Settings::default()
            },
        }
    }
}

fn read(protocol: Protocol, stream: bool, bytes: &[u8]) {
    thread_local! {
        static WORLD: Option<World> = World::new();
    }
    WORLD.with(|world| {
        let world = world.as_ref();
        assert!(world.is_some(), "nothing can be read on this machine");
        let Some(world) = world else { return };
        world.runtime.block_on(async {
            // What is no answer is an error, which is told.
            let _ = answer(world, protocol, stream, bytes).await;
            // Whoever reads a stream to its end afterwards comes to that end here.
            tokio::task::yield_now().await;
        });
    });
}

async fn answer(
    world: &World,
    protocol: Protocol,
    stream: bool,
    bytes: &[u8],
) -> Result<ModelResponse, ModelError> {
    let endpoint = world.endpoint(protocol, stream);
    let attempt: Attempt<'_> = endpoint.attempt(&world.request, &Unheard).await?;
    let answered = transport::fed(&attempt.exchange, bytes)?;
    match protocol {
        Protocol::Anthropic => anthropic::taken(&attempt, "", answered).await,
        Protocol::Gemini => gemini::taken(&attempt, answered).await,
        Protocol::Chat | Protocol::Responses => {
            let client = OpenAi::new(world.endpoint(protocol, stream));
            client.taken(&attempt, answered).await
        }
    }
}
