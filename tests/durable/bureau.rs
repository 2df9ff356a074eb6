//! The world of the reference agent, in another process than the agent: its model and what its
//! tools change, each with a ledger of its own.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use serde_json::{Value, json};

/// What was asked of the bureau, and when it does something out of the way. It closes when dropped:
/// ten thousand of them are opened.
pub(super) struct Bureau {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    ledger: Mutex<Ledger>,
    /// Before answering the request of this number (from 1), calls this.
    interrupt: Mutex<Option<Interruption>>,
    /// Answers of the model from this turn on are held back, if any.
    held_from: Mutex<Option<usize>>,
    let_go: Condvar,
    closed: AtomicBool,
}

impl Drop for Bureau {
    fn drop(&mut self) {
        self.hold_from(None);
        self.shared.closed.store(true, Ordering::Relaxed);
        // Wakes the one who waits for callers.
        drop(TcpStream::connect(self.address));
    }
}

type Interruption = (usize, Moment, Box<dyn FnOnce() + Send>);

/// When a request is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// When it arrived and nothing came of it yet.
    Arrived,
    /// When what it asks for is done, before its answer.
    Done,
    /// When its answer is written.
    Answered,
}

/// What was asked, in the bureau's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    /// Requests to the model, by how far the conversation was.
    pub(super) model: BTreeMap<usize, usize>,
    /// Calls by method, path and idempotency key.
    pub(super) effects: BTreeMap<(String, String, String), usize>,
    /// All requests.
    pub(super) requests: usize,
}

impl Ledger {
    /// How often this was done, whatever its key.
    pub(super) fn times(&self, method: &str, path: &str) -> usize {
        let of = |key: &(String, String, String)| key.0 == method && key.1 == path;
        self.effects
            .iter()
            .filter(|(key, _)| of(key))
            .map(|(_, times)| times)
            .sum()
    }

    /// With how many keys this was asked for.
    pub(super) fn keys(&self, method: &str, path: &str) -> usize {
        self.effects
            .keys()
            .filter(|key| key.0 == method && key.1 == path)
            .count()
    }

    /// Model calls that were made more than once, counted.
    pub(super) fn repeated_model_calls(&self) -> usize {
        self.model.values().map(|times| times - 1).sum()
    }
}

impl Bureau {
    pub(super) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port of this machine");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if served.closed.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&served);
                thread::spawn(move || serve(stream, address, &shared));
            }
        });
        Self { address, shared }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn ledger(&self) -> Ledger {
        self.shared.ledger.lock().unwrap().clone()
    }

    /// Calls this at that moment of the request of this number, from 1.
    pub(super) fn interrupt(
        &self,
        number: usize,
        moment: Moment,
        by: impl FnOnce() + Send + 'static,
    ) {
        *self.shared.interrupt.lock().unwrap() = Some((number, moment, Box::new(by)));
    }

    /// Holds the model's answers back from this turn on, or lets all of them go.
    pub(super) fn hold_from(&self, turn: Option<usize>) {
        *self.shared.held_from.lock().unwrap() = turn;
        self.shared.let_go.notify_all();
    }
}

impl Shared {
    fn reached(&self, number: usize, moment: Moment) {
        let mut waiting = self.interrupt.lock().unwrap();
        if waiting
            .as_ref()
            .is_some_and(|(n, when, _)| *n == number && *when == moment)
            && let Some((_, _, by)) = waiting.take()
        {
            drop(waiting);
            by();
        }
    }
}

/// Where servers of models on this machine tell what they are.
const LOOKS: [&str; 5] = [
    "/v1/models",
    "/props",
    "/api/v1/models",
    "/api/v0/models",
    "/api/tags",
];
const NOT_HERE: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";

fn serve(mut stream: TcpStream, address: SocketAddr, shared: &Shared) {
    let mut buffer = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let Some(request) = Request::take(&mut buffer) else {
            match stream.read(&mut chunk) {
                Ok(read) if read > 0 => buffer.extend_from_slice(&chunk[..read]),
                _ => return,
            }
            continue;
        };
        // Whether a server of this machine is here is asked before there is a run.
        if request.method == "GET" && LOOKS.contains(&request.path.as_str()) {
            if stream.write_all(NOT_HERE).is_err() {
                return;
            }
            continue;
        }
        let number = {
            let mut ledger = shared.ledger.lock().unwrap();
            ledger.requests += 1;
            ledger.requests
        };
        shared.reached(number, Moment::Arrived);
        let body = if request.path == "/v1/chat/completions" {
            let turn = turn_of(&request.body);
            *shared.ledger.lock().unwrap().model.entry(turn).or_default() += 1;
            let held = shared.held_from.lock().unwrap();
            let waits = |held: &mut Option<usize>| held.is_some_and(|from| turn >= from);
            drop(shared.let_go.wait_while(held, waits).unwrap());
            completion(turn, address)
        } else {
            let key = (request.method, request.path.clone(), request.key);
            *shared
                .ledger
                .lock()
                .unwrap()
                .effects
                .entry(key)
                .or_default() += 1;
            json!({"done": request.path})
        };
        shared.reached(number, Moment::Done);
        let body = body.to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
        shared.reached(number, Moment::Answered);
    }
}

struct Request {
    method: String,
    path: String,
    key: String,
    body: Value,
}

impl Request {
    /// Takes a whole request out of the buffer, if there is one.
    fn take(buffer: &mut Vec<u8>) -> Option<Self> {
        let head = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
        let text = String::from_utf8_lossy(&buffer[..head]).into_owned();
        let field = |name: &str| {
            text.lines().find_map(|line| {
                let (field, value) = line.split_once(':')?;
                field
                    .eq_ignore_ascii_case(name)
                    .then(|| value.trim().to_owned())
            })
        };
        let length: usize = field("content-length").map_or(0, |length| length.parse().unwrap());
        if buffer.len() < head + length {
            return None;
        }
        let body = serde_json::from_slice(&buffer[head..head + length]).unwrap_or(Value::Null);
        buffer.drain(..head + length);
        let mut words = text.split(' ').map(str::to_owned);
        Some(Self {
            method: words.next()?,
            path: words.next()?,
            key: field("idempotency-key").unwrap_or_default(),
            body,
        })
    }
}

/// How far a conversation is: the results that it holds, and one more after the repair.
fn turn_of(request: &Value) -> usize {
    let messages = request["messages"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let results = messages
        .iter()
        .filter(|message| message["role"] == "tool")
        .count();
    let last = messages.last().map(|message| &message["role"]);
    results + usize::from(results == 5 && last == Some(&json!("user")))
}

/// Six model calls and five tool calls: one reads, one is idempotent, one writes, two go side by
/// side, and the first final answer does not fit the schema.
fn completion(turn: usize, address: SocketAddr) -> Value {
    let call = |id: &str, tool: &str, arguments: Value| json!({"id": id, "type": "function", "function": {"name": tool, "arguments": arguments.to_string()}});
    let http = |id: &str, method: &str, path: &str| {
        let url = format!("http://{address}{path}");
        call(id, "http_request", json!({"method": method, "url": url}))
    };
    let calls = |calls: Vec<Value>| {
        (
            json!({"role": "assistant", "content": null, "tool_calls": calls}),
            "tool_calls",
        )
    };
    let says = |text: &str| (json!({"role": "assistant", "content": text}), "stop");
    let (message, finish) = match turn {
        0 => calls(vec![call("c0", "read_file", json!({"path": "in/a.txt"}))]),
        1 => calls(vec![http("c1", "PUT", "/shelf")]),
        2 => calls(vec![http("c2", "POST", "/charge")]),
        3 => calls(vec![
            http("c3", "POST", "/letter"),
            call(
                "c4",
                "write_file",
                json!({"path": "out/b.txt", "content": "written once"}),
            ),
        ]),
        5 => says("not what was asked for"),
        _ => says(r#"{"charged": true}"#),
    };
    json!({
        "id": format!("answer-{turn}"), "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 20, "completion_tokens": 7, "total_tokens": 27}
    })
}
