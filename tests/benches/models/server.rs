//! A model server as thin as a server can be: it reads a request and writes an answer that it
//! holds ready, so that the figures are of the client.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use slipway_agent::ports::model::{Model, ModelRequest};

use crate::Counted;

/// What the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    Chat,
    Responses,
    Anthropic,
    Gemini,
}

impl Wire {
    pub(crate) const ALL: [Self; 4] = [Self::Chat, Self::Responses, Self::Anthropic, Self::Gemini];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Chat => "Chat Completions",
            Self::Responses => "Responses",
            Self::Anthropic => "Anthropic",
            Self::Gemini => "Gemini",
        }
    }

    /// Its provider, its key's name, and the variable of its address.
    pub(crate) const fn provider(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Chat | Self::Responses => ("openai", "OPENAI_API_KEY", "OPENAI_BASE_URL"),
            Self::Anthropic => ("anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
            Self::Gemini => ("google", "GOOGLE_API_KEY", "GOOGLE_BASE_URL"),
        }
    }

    const fn path(self, streams: bool) -> &'static str {
        match (self, streams) {
            (Self::Chat, _) => "/chat/completions",
            (Self::Responses, _) => "/responses",
            (Self::Anthropic, _) => "/v1/messages",
            (Self::Gemini, false) => "/v1beta/models/m:generateContent",
            (Self::Gemini, true) => "/v1beta/models/m:streamGenerateContent?alt=sse",
        }
    }

    fn whole(self) -> Value {
        let text = "Twice two is four.";
        match self {
            Self::Chat => json!({
                "id": "x", "object": "chat.completion", "created": 1, "model": "m",
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 20, "completion_tokens": 7, "total_tokens": 27}
            }),
            Self::Responses => responses_end(text),
            Self::Anthropic => json!({
                "id": "x", "type": "message", "role": "assistant", "model": "m",
                "content": [{"type": "text", "text": text}],
                "stop_reason": "end_turn", "stop_sequence": null,
                "usage": {"input_tokens": 20, "output_tokens": 7}
            }),
            Self::Gemini => json!({
                "candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP", "index": 0}],
                "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 7, "totalTokenCount": 27}
            }),
        }
    }

    fn events(self, tokens: usize) -> String {
        let words = || (0..tokens).map(|number| format!("word{number} "));
        let events: Vec<Value> = match self {
            Self::Chat => {
                let chunk = |delta: Value, finish: Value| {
                    json!({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
                        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
                };
                let pieces = words().map(|word| chunk(json!({"content": word}), Value::Null));
                let end = [
                    chunk(json!({}), json!("stop")),
                    json!({"id": "x", "choices": [], "usage": {"prompt_tokens": 20, "completion_tokens": 7}}),
                ];
                pieces.chain(end).collect()
            }
            Self::Responses => {
                let pieces = words().enumerate().map(|(number, word)| {
                    json!({"type": "response.output_text.delta", "item_id": "i", "output_index": 0,
                        "content_index": 0, "sequence_number": number, "delta": word})
                });
                let text: String = words().collect();
                let end = [json!({"type": "response.completed", "response": responses_end(&text)})];
                pieces.chain(end).collect()
            }
            Self::Anthropic => {
                let begin = [
                    json!({"type": "message_start", "message": {"id": "x", "type": "message", "role": "assistant",
                        "model": "m", "content": [], "stop_reason": null, "usage": {"input_tokens": 20, "output_tokens": 1}}}),
                    json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
                ];
                let pieces = words().map(|word| {
                    json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}})
                });
                let end = [
                    json!({"type": "content_block_stop", "index": 0}),
                    json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}}),
                    json!({"type": "message_stop"}),
                ];
                begin.into_iter().chain(pieces).chain(end).collect()
            }
            Self::Gemini => {
                let chunk = |text: &str, finish: Value| {
                    json!({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]},
                        "finishReason": finish, "index": 0}],
                        "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 7, "totalTokenCount": 27}})
                };
                let pieces = words().map(|word| chunk(&word, Value::Null));
                pieces.chain([chunk("", json!("STOP"))]).collect()
            }
        };
        let mut body = String::new();
        for event in events {
            if let (Self::Anthropic | Self::Responses, Some(name)) = (self, event["type"].as_str())
            {
                body.push_str(&format!("event: {name}\n"));
            }
            body.push_str(&format!("data: {event}\n\n"));
        }
        if self == Self::Chat {
            body.push_str("data: [DONE]\n\n");
        }
        body
    }
}

fn responses_end(text: &str) -> Value {
    json!({
        "id": "x", "object": "response", "status": "completed", "model": "m",
        "output": [{"type": "message", "id": "i", "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": text, "annotations": []}]}],
        "usage": {"input_tokens": 20, "output_tokens": 7, "total_tokens": 27}
    })
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) wire: Wire,
    address: SocketAddr,
    last_body: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    pub(crate) fn start(wire: Wire, tokens: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let last_body = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&last_body);
        let answer = |kind: &str, body: &str| {
            let length = body.len();
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .into_bytes()
        };
        let answers: Arc<[Vec<u8>; 2]> = Arc::new([
            answer("application/json", &wire.whole().to_string()),
            answer("text/event-stream", &wire.events(tokens)),
        ]);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, kept) = (Arc::clone(&answers), Arc::clone(&kept));
                std::thread::spawn(move || serve(stream, &answers, &kept));
            }
        });
        Self {
            wire,
            address,
            last_body,
        }
    }

    pub(crate) fn base(&self) -> String {
        let version = match self.wire {
            Wire::Chat | Wire::Responses => "/v1",
            Wire::Anthropic | Wire::Gemini => "",
        };
        format!("http://{}{version}", self.address)
    }

    /// The body that this model sends.
    pub(crate) async fn a_request(&self, model: &dyn Model, request: &ModelRequest) -> Vec<u8> {
        model.call(request, &Counted::default()).await.unwrap();
        self.last_body.lock().unwrap().clone()
    }

    /// The same exchange with nothing but HTTP.
    pub(crate) async fn bare_call(&self, client: &reqwest::Client, streams: bool, body: &[u8]) {
        let url = format!("{}{}", self.base(), self.wire.path(streams));
        let accept = if streams {
            "text/event-stream"
        } else {
            "application/json"
        };
        let request = client
            .post(url)
            .header("content-type", "application/json")
            .header("accept", accept)
            .header("authorization", "Bearer sk-of-a-benchmark")
            .body(body.to_vec());
        let answer = request.send().await.unwrap().bytes().await.unwrap();
        assert!(!answer.is_empty());
    }
}

fn serve(mut stream: TcpStream, answers: &[Vec<u8>; 2], kept: &Mutex<Vec<u8>>) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let Some((head, length)) = whole_request(&buffer) else {
            match stream.read(&mut chunk) {
                Ok(0) | Err(_) => return,
                Ok(read) => buffer.extend_from_slice(&chunk[..read]),
            }
            continue;
        };
        let streams = buffer[..head]
            .windows(12)
            .any(|bytes| bytes == b"event-stream");
        kept.lock()
            .unwrap()
            .splice(.., buffer[head..length].iter().copied());
        buffer.drain(..length);
        if stream.write_all(&answers[usize::from(streams)]).is_err() {
            return;
        }
    }
}

/// Where the head and the whole of a request end.
fn whole_request(buffer: &[u8]) -> Option<(usize, usize)> {
    let head = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head])
        .ok()?
        .to_ascii_lowercase();
    let body: usize = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    (buffer.len() >= head + body).then_some((head, head + body))
}
