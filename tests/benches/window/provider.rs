//! A model server that says so many words a second and keeps when it handed over which.

use std::io::{BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// Words of an answer.
pub(crate) const WORDS: usize = 5_000;
/// From one word to the next: 500 a second.
pub(crate) const PACE: Duration = Duration::from_millis(2);
/// Words of a paragraph.
pub(crate) const PARAGRAPH: usize = 60;

#[derive(Clone)]
pub(crate) struct Provider {
    address: SocketAddr,
    /// When each word of the newest answer was handed over, milliseconds since 1970.
    written: Arc<Mutex<Vec<f64>>>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let provider = Self {
            address: listener.local_addr().unwrap(),
            written: Arc::default(),
        };
        let serving = provider.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                thread::spawn(move || serving.answer(stream));
            }
        });
        provider
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn written(&self) -> Vec<f64> {
        self.written.lock().unwrap().clone()
    }

    /// A client that goes away ends it.
    fn answer(&self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let mut reader = BufReader::new(stream);
        let asks = read_request(&mut reader)?;
        let mut stream = reader.into_inner();
        if !asks.starts_with("POST ") {
            // Somebody asks which models there are.
            return stream
                .write_all(
                    b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                )
                .ok();
        }
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).ok()?;
        self.written.lock().unwrap().clear();
        let begun = Instant::now();
        let mut due = Duration::ZERO;
        for number in 0..WORDS {
            due += PACE;
            thread::sleep(due.saturating_sub(begun.elapsed()));
            let end = if (number + 1).is_multiple_of(PARAGRAPH) {
                ".\n\n"
            } else {
                " "
            };
            let chunk = chunk(
                &json!({"content": format!("word{number}{end}")}),
                &Value::Null,
            );
            let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
            self.written.lock().unwrap().push(now.as_secs_f64() * 1e3);
            stream.write_all(chunk.as_bytes()).ok()?;
        }
        let usage = json!({"id": "x", "choices": [], "usage": {"prompt_tokens": 20, "completion_tokens": WORDS}});
        let end = chunk(&json!({}), &json!("stop"));
        let end = format!("{end}data: {usage}\n\ndata: [DONE]\n\n");
        stream.write_all(end.as_bytes()).ok()
    }
}

/// The request's first line.
fn read_request(reader: &mut impl BufRead) -> Option<String> {
    let mut asks = String::new();
    reader.read_line(&mut asks).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(bytes) = line.strip_prefix("content-length:") {
            length = bytes.trim().parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(asks)
}

fn chunk(delta: &Value, finish: &Value) -> String {
    let chunk = json!({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]});
    format!("data: {chunk}\n\n")
}
