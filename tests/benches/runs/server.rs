//! A model server as thin as a server can be: it reads a request and writes one of two answers
//! that it holds ready, so that the figures are of the client.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<AtomicUsize>,
    first_body: Arc<str>,
    second_body: Arc<str>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counted = counted.clone();
                std::thread::spawn(move || serve(stream, &counted));
            }
        });
        let message = |role: &str, text: &str| json!({"role": role, "content": text});
        let first = json!({"model": "m", "messages": [message("system", "Do it."), message("user", "Go.")]});
        let second = json!({"model": "m", "messages": [message("system", "Do it."), message("user", "Go."), message("tool", "4")]});
        Self {
            address,
            requests,
            first_body: first.to_string().into(),
            second_body: second.to_string().into(),
        }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// What a run would do if it were nothing but its two requests.
    pub(crate) async fn two_bare_calls(&self, client: &reqwest::Client) {
        for body in [&self.first_body, &self.second_body] {
            let url = format!("{}/chat/completions", self.base());
            let request = client
                .post(url)
                .header("content-type", "application/json")
                .body(body.to_string());
            let answer = request.send().await.unwrap().bytes().await.unwrap();
            assert!(!answer.is_empty());
        }
    }
}

fn serve(mut stream: TcpStream, requests: &AtomicUsize) {
    stream.set_nodelay(true).unwrap();
    let (calls, done) = (answer(true), answer(false));
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
        requests.fetch_add(1, Ordering::SeqCst);
        let has_result = buffer[..length]
            .windows(13)
            .any(|bytes| bytes == b"\"role\":\"tool\"");
        buffer.drain(..length);
        if stream
            .write_all(if has_result { &done } else { &calls })
            .is_err()
        {
            return;
        }
    }
}

fn whole_request(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head])
        .ok()?
        .to_ascii_lowercase();
    let body: usize = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    (buffer.len() >= head + body).then_some(head + body)
}

fn answer(calls_tool: bool) -> Vec<u8> {
    let message = if calls_tool {
        json!({"role": "assistant", "content": null, "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "double", "arguments": "{\"n\":2}"}}
        ]})
    } else {
        json!({"role": "assistant", "content": "Twice two is four."})
    };
    let body = json!({
        "id": "x", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": if calls_tool { "tool_calls" } else { "stop" }}],
        "usage": {"prompt_tokens": 20, "completion_tokens": 7, "total_tokens": 27}
    })
    .to_string();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
