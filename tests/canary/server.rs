//! Servers that hold nothing back: providers that echo keys, and a web server with secrets in
//! all its headers.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use data_encoding::{BASE64, HEXLOWER, HEXUPPER};
use serde_json::json;

use super::forms::{percent_encoded, percent_encoded_in_lower_case};
use super::plants::Plants;
use crate::kit::{Answer, Reply};

/// How a provider gives a key back.
type Echo = fn(&str) -> Vec<Reply>;

pub(super) const ECHOES: [Echo; 17] = [
    |key| {
        vec![Reply::error(
            401,
            &json!({"error": {
                "message": format!("Incorrect API key provided: {key}."),
                "type": "invalid_request_error",
                "code": "invalid_api_key",
            }}),
        )]
    },
    |key| {
        let body = format!("bad request:\nAuthorization: Bearer {key}\nHost: here\n");
        vec![Reply::bytes(400, "text/plain", body)]
    },
    |key| {
        let encoded = BASE64.encode(format!("Bearer {key}").as_bytes());
        let other = BASE64.encode(format!("me:{key}:you").as_bytes());
        vec![Reply::bytes(
            403,
            "text/plain",
            format!("no {encoded} and no {other}"),
        )]
    },
    |key| {
        let (lower, upper) = (
            HEXLOWER.encode(key.as_bytes()),
            HEXUPPER.encode(key.as_bytes()),
        );
        vec![Reply::error(
            402,
            &json!({"error": {"message": format!("{lower} {upper}")}}),
        )]
    },
    |key| {
        let page = format!("<html><title>{key}</title><body>{key}</body></html>");
        vec![Reply::bytes(404, "text/html", page)]
    },
    |key| {
        let (upper, lower) = (percent_encoded(key), percent_encoded_in_lower_case(key));
        let message = format!("GET /?key={upper} and {lower}");
        vec![Reply::error(400, &json!({"error": message}))]
    },
    |key| {
        let event = json!({"error": {"message": format!("{key} has no credit"), "code": "insufficient_quota"}});
        vec![Reply::events(format!("data: {event}\n\n"))]
    },
    |key| {
        vec![
            Reply::events(format!("data: {{\"broken {key}\n\n")),
            Reply::bytes(401, "text/plain", key),
        ]
    },
    |key| {
        vec![Reply::bytes(
            200,
            "text/html",
            format!("<html><title>Log in, {key}</title></html>"),
        )]
    },
    |key| {
        let answer = Reply::from(Answer::text("Done."));
        vec![answer.header("x-request-id", key).header("set-cookie", key)]
    },
    |key| {
        let said = format!("{}{key}", "x".repeat(600 - key.len() / 2));
        vec![Reply::error(400, &json!({"error": {"message": said}})).header("x-request-id", key)]
    },
    |key| {
        let detail =
            json!([{"loc": ["header", "authorization"], "input": format!("Bearer {key}")}]);
        vec![Reply::error(422, &json!({"detail": detail}))]
    },
    |key| {
        let location = format!("http://me:{0}@127.0.0.1:1/?key={0}", percent_encoded(key));
        vec![Reply::bytes(302, "text/plain", "elsewhere").header("location", &location)]
    },
    // So long that what is kept of it is packed, and in pieces shorter than a key.
    |key| {
        let body = format!("{0}{1}{0}", "word ".repeat(1_000), all_forms(key));
        vec![Reply::bytes(400, "text/plain", body).in_pieces(7, Duration::ZERO)]
    },
    |key| {
        let event = json!({"error": {"message": "not now", "code": "insufficient_quota"}});
        let body = format!(": {}\n\ndata: {event}\n\n", all_forms(key));
        vec![Reply::events(body).in_pieces(3, Duration::ZERO)]
    },
    // Broken off in the middle of the key.
    |key| {
        let body = format!("data: {{\"said\":\"{key}\"}}\n\n");
        let cut = "data: {\"said\":\"".len() + key.len() * 2 / 3;
        vec![
            Reply::events(body).cut_after(cut),
            Reply::error(401, &json!({"error": {"message": "no"}})),
        ]
    },
    |key| {
        let headers = [
            ("x-raw", key.to_owned()),
            ("x-base64", BASE64.encode(key.as_bytes())),
            ("x-hex", HEXLOWER.encode(key.as_bytes())),
            ("x-url", percent_encoded(key)),
            ("set-cookie", format!("key={key}")),
            ("www-authenticate", format!("Bearer realm=\"{key}\"")),
        ];
        let reply = Reply::bytes(401, "text/plain", [&[0xff, 0xfe], key.as_bytes()].concat());
        let headers = headers.iter();
        vec![headers.fold(reply, |reply, (name, value)| reply.header(name, value))]
    },
];

fn all_forms(key: &str) -> String {
    let bytes = key.as_bytes();
    let json = serde_json::Value::from(key);
    let (upper, lower) = (percent_encoded(key), percent_encoded_in_lower_case(key));
    format!(
        "{key} {json} {upper} {lower} {} {} {} {}",
        BASE64.encode(bytes),
        data_encoding::BASE64URL.encode(format!("Bearer {key}").as_bytes()),
        HEXLOWER.encode(bytes),
        HEXUPPER.encode(bytes)
    )
}

/// Answers whose bodies are harmless, and redirects that are not followed.
pub(super) fn replies(plants: &mut Plants) -> Vec<Vec<u8>> {
    let mut replies = Vec::new();
    let ok = |headers: &[String]| {
        let headers = headers.join("\r\n");
        format!("HTTP/1.1 200 OK\r\n{headers}\r\ncontent-type: text/plain\r\ncontent-length: 5\r\nconnection: close\r\n\r\nplain").into_bytes()
    };
    let mut token = || plants.plant_for_url("a header of an answer");
    replies.push(ok(&[
        format!("set-cookie: session={}; HttpOnly", token()),
        format!("x-api-key: {}", token()),
        format!("authorization: Bearer {}", token()),
        format!("x-amz-security-token: {}", token()),
    ]));
    replies.push(ok(&[
        format!("www-authenticate: Negotiate {}", token()),
        format!("proxy-authenticate: Bearer {}", token()),
        format!("authentication-info: nextnonce=\"{}\"", token()),
    ]));
    replies.push(ok(&[
        format!(
            "location: https://me:{}@elsewhere.example/a?access_token={}",
            token(),
            token()
        ),
        format!(
            "link: <https://me:x@elsewhere.example/?X-Amz-Signature={}>; rel=\"next\"",
            token()
        ),
    ]));
    let mut redirect = |location: &str| {
        replies.push(format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes());
    };
    redirect(&format!("https://me:{}@elsewhere.example/", token()));
    redirect(&format!("https://elsewhere.example/?token={}", token()));
    redirect(&format!("http://[{}", token()));
    redirect(&format!("ftp://elsewhere.example/{}", token()));
    replies
}

/// A web server on this machine that answers `/N` with the Nth of its replies.
pub(super) struct Server {
    address: SocketAddr,
    replies: usize,
    asked: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn start(replies: Vec<Vec<u8>>) -> Self {
        let count = replies.len();
        Self::answering(count, move |number| replies[number.min(count - 1)].clone())
    }

    /// The same, whose replies may take their time.
    pub(super) fn answering(
        replies: usize,
        reply: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(AtomicUsize::new(0));
        let (counted, reply) = (Arc::clone(&asked), Arc::new(reply));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let (counted, reply) = (Arc::clone(&counted), Arc::clone(&reply));
                thread::spawn(move || {
                    // A client that goes away has its answer already, or wants none.
                    let _ = serve(stream, &counted, &*reply);
                });
            }
        });
        Self {
            address,
            replies,
            asked,
        }
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) const fn replies(&self) -> usize {
        self.replies
    }

    pub(super) fn url(&self, reply: usize) -> String {
        format!("http://{}/{reply}", self.address)
    }

    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn serve(
    mut stream: TcpStream,
    asked: &AtomicUsize,
    reply: &(dyn Fn(usize) -> Vec<u8> + Send + Sync),
) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        request.push(byte[0]);
    }
    asked.fetch_add(1, Ordering::SeqCst);
    let text = String::from_utf8_lossy(&request);
    let path = text.split(' ').nth(1).unwrap_or_default();
    let number = path.trim_start_matches('/').parse().unwrap_or(0);
    stream.write_all(&reply(number))
}
