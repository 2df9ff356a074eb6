//! Clients that ask for much and read nothing of it, and clients that hold connections: each has an end.

use std::time::Duration;

use slipway_cloud::config::Config;
use slipway_contract::cloud::ProblemCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use crate::kit::{Ask, Cloud, Engine};

/// How long a test waits for what never comes.
const TOO_LONG: Duration = Duration::from_secs(120);
/// An answer that is too long for the buffers on its way, when it is asked for some times.
const LONG: &str = "/api/docs/swagger-ui-bundle.js";

/// A server behind a proxy, on which all connections are the proxy's.
fn behind_a_proxy() -> Config {
    Config {
        proxies: 1,
        ..Cloud::config()
    }
}

/// Asks for a long answer often, and reads the first byte of it alone.
async fn ask_and_not_read(cloud: &Cloud, address: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(cloud.address).await.unwrap();
    let ask = format!("GET {LONG} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {address}\r\n\r\n");
    stream.write_all(ask.repeat(40).as_bytes()).await.unwrap();
    stream.read_u8().await.unwrap();
    stream
}

/// Whether a request on a connection of its own is answered, or is turned away.
async fn is_answered(cloud: &Cloud) -> bool {
    let ask = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let mut back = Vec::new();
    // Who is turned away may not come to read why.
    if let Ok(mut stream) = TcpStream::connect(cloud.address).await {
        let _ = stream.write_all(ask.as_bytes()).await;
        let _ = stream.read_to_end(&mut back).await;
    }
    back.starts_with(b"HTTP/1.1 204")
}

async fn until_answered(cloud: &Cloud) {
    let answered = async {
        while !is_answered(cloud).await {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(TOO_LONG, answered).await.expect("a place again");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_hung_up_on() {
    let config = Config {
        open_connections: Some(1),
        request_timeout: Duration::from_secs(1),
        ..behind_a_proxy()
    };
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let unread = ask_and_not_read(&cloud, "10.0.0.1").await;
    until_answered(&cloud).await;
    drop(unread);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_slowly_gets_all_of_it() {
    const MANY: usize = 10;
    let config = Config {
        request_timeout: Duration::from_secs(4),
        ..Cloud::config()
    };
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let length = cloud.get(LONG).send().await.is(200).body.len();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    let mut stream = socket.connect(cloud.address).await.unwrap();
    for at in 1..=MANY {
        let last = if at == MANY {
            "Connection: close\r\n"
        } else {
            ""
        };
        let ask = format!("GET {LONG} HTTP/1.1\r\nHost: a\r\n{last}\r\n");
        stream.write_all(ask.as_bytes()).await.unwrap();
    }
    // More than an eighth of a megabyte in each of these times, and less than the system would like to keep for it.
    let mut part = vec![0; 16 * 1024];
    for _ in 0..100 {
        stream.read_exact(&mut part).await.unwrap();
        sleep(Duration::from_millis(100)).await;
    }
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.expect("the rest");
    assert!(100 * part.len() + rest.len() > MANY * length, "all of it");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_the_server_from_its_end() {
    let config = Config {
        request_timeout: Duration::from_secs(300),
        stop_timeout: Duration::from_secs(1),
        ..behind_a_proxy()
    };
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let unread = ask_and_not_read(&cloud, "10.0.0.1").await;
    timeout(TOO_LONG, cloud.stop()).await.expect("its end");
    drop(unread);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_network_has_a_share_of_the_connections() {
    for (proxies, share) in [(0, 2), (1, 8)] {
        let config = Config {
            open_connections: Some(8),
            proxies,
            ..Cloud::config()
        };
        let cloud = Cloud::start_with(Engine::Sqlite, config).await;
        let mut held = Vec::new();
        for _ in 0..share {
            let mut stream = TcpStream::connect(cloud.address).await.unwrap();
            let ask = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
            stream.write_all(ask.as_bytes()).await.unwrap();
            stream.read_u8().await.expect("a place");
            held.push(stream);
        }
        assert!(!is_answered(&cloud).await, "{share} are the most");
        drop(held);
        until_answered(&cloud).await;
        cloud.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_answers_have_places_of_their_own() {
    let config = Config {
        concurrency: 4,
        ..behind_a_proxy()
    };
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let unread = ask_and_not_read(&cloud, "10.0.0.1").await;
    let ask =
        |path: &str, address: &str| -> Ask { cloud.get(path).header("x-forwarded-for", address) };
    // Some of what it asked for may be on its way altogether, and then comes one that never is.
    let full = async {
        loop {
            let answer = ask(LONG, "10.0.0.1").send().await;
            if answer.status != 200 {
                break answer;
            }
        }
    };
    let full = timeout(TOO_LONG, full).await.expect("an end of room");
    full.refused(ProblemCode::RateLimited);
    ask("/.well-known/jwks.json", "10.0.0.1")
        .send()
        .await
        .is(200);
    let whole = ask(LONG, "10.0.0.2").send().await.is(200);
    assert_eq!(whole.header("content-length"), whole.body.len().to_string());
    drop(unread);
    cloud.stop().await;
}
