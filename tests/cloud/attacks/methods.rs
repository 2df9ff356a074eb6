//! Methods that nobody knows: they fill neither logs nor metrics.

use std::net::TcpListener;

use crate::kit::process::Process;
use crate::kit::{Cloud, Engine, get_plain};

#[tokio::test(flavor = "multi_thread")]
async fn headers_have_an_end() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    let long = "A".repeat(70_000);
    for (what, sent) in [
        (
            "method",
            format!("{long} /health HTTP/1.1\r\nHost: a\r\n\r\n"),
        ),
        (
            "header",
            format!("GET /health HTTP/1.1\r\nHost: a\r\nB: {long}\r\n\r\n"),
        ),
    ] {
        assert_eq!(cloud.raw(sent).await.status(), 431, "{what}");
    }
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_of_somebodys_own_is_counted_as_other() {
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let metrics = free.local_addr().unwrap().to_string();
    drop(free);
    let data = folder.path().join("data").display().to_string();
    let settings = [
        ("SLIPWAY_CLOUD_DATA", &*data),
        ("SLIPWAY_CLOUD_METRICS_LISTEN", &*metrics),
    ];
    let server = Process::serve(&settings);
    let client = crate::kit::client();
    for method in ["MINE", "Get", "PATCH"] {
        let method = method.parse().unwrap();
        let asked = client.request(method, format!("{}/health", server.url()));
        assert_eq!(asked.send().await.unwrap().status(), 405);
    }
    let told = get_plain(&format!("http://{metrics}/metrics")).await.1;
    for (words, there) in [
        ("method=\"other\"", true),
        ("method=\"PATCH\"", true),
        ("MINE", false),
        ("Get", false),
    ] {
        assert_eq!(told.contains(words), there, "{words}: {told}");
    }
}
