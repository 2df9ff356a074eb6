//! A provider that keeps its own books: what it was asked for, and what it billed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use serde_json::{Value, json};

/// Tokens that an honest answer has, if it may.
pub(crate) const ANSWER: u64 = 800;
/// Tokens that every request is billed with.
pub(crate) const REQUEST: u64 = 20;

/// How the provider bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bills {
    /// No more than the request allowed.
    Honestly,
    /// Three times what the request allowed.
    Greedily,
}

/// What the provider's books say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Books {
    /// The most requests that were here at once.
    pub(crate) at_once: usize,
    /// What was allowed and what was billed, in tokens of answer.
    pub(crate) answers: Vec<(u64, u64)>,
    here: usize,
    open: bool,
}

/// The provider, which answers nobody until so many have asked.
pub(crate) struct Provider {
    address: SocketAddr,
    desk: Arc<Desk>,
}

struct Desk {
    bills: Bills,
    opens_at: usize,
    books: Mutex<Books>,
    opened: Condvar,
}

impl Provider {
    pub(crate) fn start(bills: Bills, opens_at: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let desk = Arc::new(Desk {
            bills,
            opens_at,
            books: Mutex::default(),
            opened: Condvar::new(),
        });
        let serving = Arc::clone(&desk);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let desk = Arc::clone(&serving);
                // A client that goes away is no business of the provider's.
                thread::spawn(move || drop(desk.serve(client)));
            }
        });
        Self { address, desk }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn books(&self) -> Books {
        self.desk.books.lock().expect("the books").clone()
    }
}

impl Desk {
    fn serve(&self, client: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(client.try_clone()?);
        let mut client = client;
        loop {
            let mut length = 0;
            let mut line = String::new();
            loop {
                line.clear();
                if reader.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                let header = line.trim().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(bytes) = header.strip_prefix("content-length:") {
                    length = bytes.trim().parse().unwrap_or(0);
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body)?;
            let request: Value = serde_json::from_slice(&body).unwrap_or_default();
            let answer = self.answer(&request).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            client.write_all(head.as_bytes())?;
            client.write_all(answer.as_bytes())?;
        }
    }

    fn answer(&self, request: &Value) -> Value {
        let allowed = ["max_completion_tokens", "max_tokens", "max_output_tokens"]
            .iter()
            .find_map(|name| request[*name].as_u64())
            .expect("a call within a budget names a limit");
        let billed = match self.bills {
            Bills::Honestly => allowed.min(ANSWER),
            Bills::Greedily => allowed * 3,
        };
        let mut books = self.books.lock().expect("the books");
        books.here += 1;
        books.at_once = books.at_once.max(books.here);
        books.open |= books.here >= self.opens_at;
        self.opened.notify_all();
        let mut books = self
            .opened
            .wait_while(books, |books| !books.open)
            .expect("the books");
        books.here -= 1;
        books.answers.push((allowed, billed));
        json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "dear",
            "choices": [{
                "index": 0, "finish_reason": "stop",
                "message": {"role": "assistant", "content": "Done."},
            }],
            "usage": {
                "prompt_tokens": REQUEST, "completion_tokens": billed,
                "total_tokens": REQUEST + billed,
            },
        })
    }
}
