//! Metrics, as Prometheus reads them.

use super::data;
use crate::kit::get_plain;
use crate::kit::process::Process;

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_what_is_refused_and_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let metrics = free.local_addr().unwrap().to_string();
    drop(free);
    let server = Process::serve(&[
        ("SLIPWAY_CLOUD_DATA", &data(folder.path())),
        ("SLIPWAY_CLOUD_METRICS_LISTEN", &metrics),
        ("REDIS_URL", "redis://127.0.0.1:1"),
    ]);
    let account = format!("{}/api/v1/account", server.url());
    assert_eq!(get_plain(&account).await.0, 401);
    let (status, told) = get_plain(&format!("http://{metrics}/metrics")).await;
    assert_eq!(status, 200);
    let value = |name: &str| -> f64 {
        let line = told.lines().find_map(|line| line.strip_prefix(name));
        let line = line.unwrap_or_else(|| panic!("{name} is not in {told}"));
        line.trim().parse().expect("a number")
    };
    assert!(value("http_requests_refused_total{code=\"unauthenticated\"}") > 0.5);
    assert!(value("database_connections_used ") + value("database_connections_idle ") > 0.5);
    assert!(value("letters_waiting ").abs() < 0.5);
    assert!(value("password_hashes_waiting ").abs() < 0.5);
    assert!(value("rate_limits_apart ") > 0.5, "Redis is away");
}
