//! What a model client adds to a bare HTTP client, in every protocol: to a call that is answered
//! whole, and to each token of one that is streamed. The floor exchanges the same bytes with the
//! same server. `cargo bench -p slipway-tests --bench models`; with a word behind `--`, only the
//! lines whose name holds it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program that prints figures"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]

#[path = "../figures.rs"]
mod figures;
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use figures::{Line, median};
use server::{Server, Wire};
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::memory::tool::definition;
use slipway_agent::ports::model::{Deltas, Model, ModelRequest};
use slipway_contract::message::Message;
use slipway_contract::model::ToolChoice;
use slipway_contract::tool::Effect;
use slipway_providers::{Environment, Protocol, Providers, Settings};

/// Tokens of a streamed answer.
const TOKENS: usize = 2_000;

/// How much work is measured: little when Cargo's test runs ask only whether it works.
#[derive(Clone, Copy)]
struct Size {
    rounds: usize,
    calls: usize,
    streams: usize,
}

/// Counts the pieces that a reader is shown.
#[derive(Default)]
struct Counted(AtomicUsize);

impl Deltas for Counted {
    fn text(&self, _: &str) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() {
    let measure = std::env::args().any(|argument| argument == "--bench");
    let size = if measure {
        Size {
            rounds: 10,
            calls: 300,
            streams: 10,
        }
    } else {
        Size {
            rounds: 1,
            calls: 2,
            streams: 1,
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    println!("What a model client adds to a bare HTTP client; streams have {TOKENS} tokens\n");
    Line::heading();
    let word = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"));
    for wire in Wire::ALL {
        let server = Server::start(wire, TOKENS);
        for streams in [false, true] {
            let what = if streams { "a token" } else { "a call" };
            let name = format!("{what}, {}", wire.name());
            if word.as_ref().is_none_or(|word| name.contains(word)) {
                runtime
                    .block_on(runtime.spawn(measure_added(server.clone(), name, streams, size)))
                    .unwrap();
            }
        }
    }
}

async fn measure_added(server: Server, name: String, streams: bool, size: Size) {
    let model = client(&server, streams).await;
    let bare = slipway_net::provider_client().unwrap();
    let request = request();
    let body = server.a_request(&*model, &request).await;
    let count = if streams { size.streams } else { size.calls };
    let (mut measured, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        for _ in 0..count {
            let heard = Counted::default();
            let begun = Instant::now();
            let answer = model.call(&request, &heard).await.unwrap();
            measured.push(begun.elapsed());
            assert!(!answer.content.is_empty());
            assert!(!streams || heard.0.load(Ordering::Relaxed) == TOKENS);
        }
        for _ in 0..count {
            let begun = Instant::now();
            server.bare_call(&bare, streams, &body).await;
            floor.push(begun.elapsed());
        }
    }
    let (measured, floor) = (median(&mut measured), median(&mut floor));
    let each = if streams { TOKENS } else { 1 };
    let added = micros(measured.saturating_sub(floor)) / each as f64;
    Line {
        name: &name,
        measured: micros(measured) / each as f64,
        floor: micros(floor) / each as f64,
        unit: "µs",
        goal: format!(
            "+{added:.2} µs (goal: at most +{})",
            if streams { "5 µs" } else { "100 µs" }
        ),
    }
    .print();
}

async fn client(server: &Server, streams: bool) -> Arc<dyn Model> {
    let (provider, key, base_variable) = server.wire.provider();
    let base = server.base();
    let environment =
        Environment::from_variables(|name| (name == base_variable).then(|| base.clone()));
    let settings = Settings {
        protocol: (server.wire == Wire::Responses).then_some(Protocol::Responses),
        stream: streams,
        ..Settings::default()
    };
    let secrets = Arc::new(MemorySecrets::new([(key, "sk-of-a-benchmark")]));
    let providers = Providers::new(secrets, environment).with_settings(settings);
    let model = format!("{provider}/m").parse().unwrap();
    providers.resolve(&model, &[], "/").await.unwrap()
}

fn request() -> ModelRequest {
    ModelRequest {
        model: "openai/m".parse().unwrap(),
        instructions: "Do it.".into(),
        messages: vec![Message::User {
            text: "Go.".to_owned(),
            attachments: Vec::new(),
        }],
        tools: Arc::new([definition("double", Effect::Read)]),
        output_schema: None,
        temperature: None,
        max_output_tokens: None,
        reasoning: None,
        tool_choice: ToolChoice::Auto,
    }
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000_000.0
}
