//! What the environment may and may not change, each in a process of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use reqwest::Method;
use slipway_net::{GrantedHosts, Guarded, Request, provider_client};
use tokio::net::TcpListener;
use tokio::process::Command;

/// In a child: who asks, a tool or a provider, and which server.
const ROLE: &str = "SLIPWAY_TEST_ROLE";
const SERVER: &str = "SLIPWAY_TEST_SERVER";

async fn server() -> String {
    let router = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/away", get(|| async { Redirect::to("/") }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    host
}

/// Runs the same test in a process with this environment, where it asks in this role.
async fn child(test: &str, role: &str, environment: &[(&str, &str)]) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(ROLE, role)
        .envs(environment.iter().copied())
        .output()
        .await
        .unwrap()
}

/// Whether this process is a child; then it has asked.
async fn asked() -> bool {
    let (Ok(role), Ok(host)) = (std::env::var(ROLE), std::env::var(SERVER)) else {
        return false;
    };
    let url = format!("http://{host}/");
    let answer = if role == "tool" {
        let granted = GrantedHosts::new(&[&host]);
        let request = Request::new(Method::GET, url);
        Guarded::default()
            .send(request, &granted)
            .await
            .unwrap()
            .body
    } else {
        let client = provider_client().unwrap();
        client.get(url).send().await.unwrap().bytes().await.unwrap()
    };
    assert_eq!(&answer[..], b"hello");
    true
}

#[tokio::test]
async fn a_proxy_is_for_providers_and_not_for_tools() {
    if asked().await {
        return;
    }
    let name = "a_proxy_is_for_providers_and_not_for_tools";
    let server = server().await;
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&connections);
    tokio::spawn(async move {
        while proxy.accept().await.is_ok() {
            seen.fetch_add(1, Ordering::SeqCst);
        }
    });
    let environment = [
        (SERVER, server.as_str()),
        ("HTTP_PROXY", &url),
        ("http_proxy", &url),
        ("ALL_PROXY", &url),
        ("NO_PROXY", ""),
        ("no_proxy", ""),
    ];
    let guarded = child(name, "tool", &environment).await;
    assert!(guarded.status.success(), "{guarded:?}");
    assert_eq!(
        connections.load(Ordering::SeqCst),
        0,
        "a proxy would resolve names past the check"
    );
    let provider = child(name, "provider", &environment).await;
    assert!(!provider.status.success(), "this proxy answers nothing");
    assert!(connections.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn without_ca_certificates_a_server_on_this_machine_still_answers() {
    if asked().await {
        return;
    }
    let name = "without_ca_certificates_a_server_on_this_machine_still_answers";
    let server = server().await;
    let nowhere = [
        (SERVER, server.as_str()),
        ("SSL_CERT_FILE", "/nonexistent/certificates.pem"),
        ("SSL_CERT_DIR", "/nonexistent"),
    ];
    for role in ["tool", "provider"] {
        let asked = child(name, role, &nowhere).await;
        assert!(asked.status.success(), "{role}: {asked:?}");
    }
}

#[tokio::test]
async fn a_provider_is_not_followed_elsewhere() {
    let server = server().await;
    let client = provider_client().unwrap();
    let answer = client
        .get(format!("http://{server}/away"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
}
