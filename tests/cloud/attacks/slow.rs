//! Clients that take their time: each is hung up on, and holds nobody else up.

use std::time::Duration;

use slipway_contract::cloud::ProblemCode;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::kit::{Cloud, Engine};

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
    let cloud = Cloud::start(Engine::Sqlite).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_a_share_of_the_places_alone() {
    let mut config = Cloud::config();
    (config.concurrency, config.proxies) = (8, 1);
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let begun = "POST /oauth/revoke HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.1\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n";
    let mut waiting = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(cloud.address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        waiting.push(stream);
    }
    let ask = |address: &str| {
        cloud
            .get("/health")
            .header("x-forwarded-for", address)
            .send()
    };
    // The two that are let in come to wait for their bodies sooner or later.
    let full = loop {
        let answer = ask("10.0.0.1").await;
        if answer.status != 204 {
            break answer;
        }
    };
    assert_eq!(full.header("retry-after"), "1");
    full.refused(ProblemCode::RateLimited);
    for other in ["10.0.0.2", "2001:db8::1"] {
        ask(other).await.is(204);
    }
    drop(waiting);
    while ask("10.0.0.1").await.status != 204 {}
    cloud.stop().await;
}
