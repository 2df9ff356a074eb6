//! Clients that take their time: each is hung up on, and holds nobody else up.

use std::time::Duration;

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
        let mut stream = tokio::net::TcpStream::connect(cloud.address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"GET /health HTTP/1.1\r\n")
            .await
            .unwrap();
        waiting.push(stream);
    }
    cloud.get("/health").send().await.is(204);
    drop(waiting);
    cloud.stop().await;
}
