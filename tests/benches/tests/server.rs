//! A model server as thin as a server can be: one answer, held ready.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use serde_json::json;

/// What the model says, whatever it is asked.
pub(crate) const ANSWER: &str = "Twice two is four.";

pub(crate) struct Server {
    address: SocketAddr,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || serve(stream));
            }
        });
        Self { address }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What a case would do if it were nothing but its request.
    pub(crate) async fn bare_call(&self, client: &reqwest::Client) {
        let message = |role: &str, text: &str| json!({"role": role, "content": text});
        let messages = [
            message("system", "Count."),
            message("user", "Say number 1."),
        ];
        let url = format!("{}/chat/completions", self.base());
        let request = client
            .post(url)
            .header("content-type", "application/json")
            .body(json!({"model": "m", "messages": messages}).to_string());
        let answer = request.send().await.unwrap().bytes().await.unwrap();
        assert!(!answer.is_empty());
    }
}

fn serve(mut stream: TcpStream) {
    stream.set_nodelay(true).unwrap();
    let answer = answer();
    let mut buffer = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let Some(length) = whole_request(&buffer) else {
            match stream.read(&mut chunk) {
                Ok(0) | Err(_) => return,
                Ok(read) => buffer.extend_from_slice(&chunk[..read]),
            }
            continue;
        };
        buffer.drain(..length);
        if stream.write_all(&answer).is_err() {
            return;
        }
    }
}

fn whole_request(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head])
        .ok()?
        .to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    (buffer.len() >= head + length).then_some(head + length)
}

fn answer() -> Vec<u8> {
    let message = json!({"role": "assistant", "content": ANSWER});
    let body = json!({
        "id": "x", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 20, "completion_tokens": 7, "total_tokens": 27},
    })
    .to_string();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
