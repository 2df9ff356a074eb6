//! Clients that take their time: each is hung up on, and holds nobody else up.

use std::time::Duration;

use slipway_contract::cloud::ProblemCode;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::kit::{Answer, Cloud, Engine};

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_or_not_enough_is_hung_up_on() {
    let mut config = Cloud::config();
    config.request_timeout = Duration::from_secs(2);
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    // Nothing, half a line, half of the headers; and nothing more after an answer.
    for sent in ["", "GET /hea", "GET /health HTTP/1.1\r\nHost: a\r\nA: "] {
        let back = cloud.raw(sent).await;
        assert!(back.statuses().is_empty(), "{sent:?}: {back:?}");
    }
    let kept = cloud.raw("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(kept.status(), 204);
    // A body that does not come.
    for headers in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        let sent = format!(
            "POST /oauth/revoke HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n{headers}\r\n\r\n"
        );
        let back = cloud.raw(sent).await;
        assert_eq!(back.status(), 408, "{back:?}");
    }
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_wait_hold_nobody_up() {
    let mut config = Cloud::config();
    // A quarter of the connections is one network's, of as few as a process may have descriptors.
    (config.concurrency, config.open_connections) = (32, Some(200));
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let mut waiting = Vec::new();
    for _ in 0..cloud.server.config.concurrency + 10 {
        let mut stream = TcpStream::connect(cloud.address).await.unwrap();
        stream.write_all(b"GET /health HTTP/1.1\r\n").await.unwrap();
        waiting.push(stream);
    }
    cloud.get("/health").send().await.is(204);
    drop(waiting);
    cloud.stop().await;
}

/// A server with eight places of each kind, behind a proxy that says whose request it is.
async fn small() -> Cloud {
    let mut config = Cloud::config();
    (config.concurrency, config.proxies) = (8, 1);
    Cloud::start_with(Engine::Sqlite, config).await
}

/// Begins a request with a body from this address, and never ends it.
async fn begin(cloud: &Cloud, address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(cloud.address).await.unwrap();
    let begun = format!(
        "POST /oauth/revoke HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {address}\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n"
    );
    stream.write_all(begun.as_bytes()).await.unwrap();
    stream
}

/// A whole request with a body, from this address.
async fn send(cloud: &Cloud, address: &str) -> Answer {
    let fields = [("client_id", "slipway-cli"), ("token", "a")];
    let ask = cloud.post("/oauth/revoke").form(&fields);
    ask.header("x-forwarded-for", address).send().await
}

/// A request without a body, from this address.
async fn read(cloud: &Cloud, address: &str) -> u16 {
    let ask = cloud.get("/.well-known/jwks.json");
    ask.header("x-forwarded-for", address).send().await.status
}

/// What comes back as soon as it is not this: what was begun comes to its place sooner or later.
async fn once_not(status: u16, ask: impl AsyncFn() -> Answer) -> Answer {
    for _ in 0..2_000 {
        let answer = ask().await;
        if answer.status != status {
            return answer;
        }
    }
    panic!("it is {status} for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_a_share_of_the_places_alone() {
    let cloud = small().await;
    let mut waiting = Vec::new();
    for _ in 0..20 {
        waiting.push(begin(&cloud, "10.0.0.1").await);
    }
    let full = once_not(200, async || send(&cloud, "10.0.0.1").await).await;
    assert_eq!(full.header("retry-after"), "1");
    full.refused(ProblemCode::RateLimited);
    for other in ["10.0.0.2", "2001:db8::1"] {
        send(&cloud, other).await.is(200);
    }
    assert_eq!(read(&cloud, "10.0.0.1").await, 200);
    drop(waiting);
    once_not(429, async || send(&cloud, "10.0.0.1").await)
        .await
        .is(200);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_slowly_holds_up_nobody_who_sends_nothing() {
    let cloud = small().await;
    let mut waiting = Vec::new();
    for at in 0..20 {
        waiting.push(begin(&cloud, &format!("10.0.1.{at}")).await);
    }
    once_not(200, async || send(&cloud, "10.0.0.1").await)
        .await
        .refused(ProblemCode::Unavailable);
    assert_eq!(read(&cloud, "10.0.0.1").await, 200);
    for probe in ["/health", "/ready"] {
        cloud.get(probe).send().await.is(204);
    }
    drop(waiting);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_are_answered_when_there_is_no_place_at_all() {
    let mut config = Cloud::config();
    config.concurrency = 0;
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let full = cloud.get("/.well-known/jwks.json").send().await;
    full.refused(ProblemCode::Unavailable);
    for probe in ["/health", "/ready"] {
        cloud.get(probe).send().await.is(204);
    }
    cloud.stop().await;
}
