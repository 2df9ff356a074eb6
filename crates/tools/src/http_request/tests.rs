use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request as Incoming;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use slipway_agent::policy::Grants;
use slipway_contract::permission::Permission;
use slipway_net::Lookup;

use super::*;
use crate::sample::with_grants;

struct Home;

impl Lookup for Home {
    fn lookup(&self, _: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async { Ok(vec![Ipv4Addr::LOCALHOST.into()]) })
    }
}

async fn serve() -> String {
    let router = Router::new()
        .route("/echo", any(echo))
        .route(
            "/json",
            get(|| async { axum::Json(json!({"a": [1, 2.5]})) }),
        )
        .route(
            "/latin",
            get(|| async {
                (
                    [(header::CONTENT_TYPE, "text/plain; charset=iso-8859-1")],
                    b"K\xf6ln".to_vec(),
                )
            }),
        )
        .route("/binary", get(|| async { vec![0_u8; 2_000] }))
        .route("/long", get(|| async { "word ".repeat(2_000_000) }))
        .route(
            "/missing",
            get(|| async {
                (
                    StatusCode::NOT_FOUND,
                    [("retry-after", "3"), ("x-secret", "s")],
                    "no",
                )
                    .into_response()
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    host
}

async fn echo(request: Incoming) -> String {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let mut out = format!("{} {}\n", parts.method, String::from_utf8_lossy(&body));
    for name in ["idempotency-key", "content-type", "x-own", "user-agent"] {
        if let Some(value) = parts.headers.get(name) {
            out += &format!("{name}: {}\n", value.to_str().unwrap());
        }
    }
    out
}

async fn call(hosts: &[&str], arguments: Value) -> Result<Value, ToolError> {
    let granted: Vec<Permission> = hosts
        .iter()
        .map(|host| Permission::Network {
            host: (*host).to_owned(),
        })
        .collect();
    let grants = Grants::new(std::path::Path::new("/nowhere"), &granted);
    let tool = HttpRequest::new(Guarded::new(Arc::new(Home)));
    tool.call(with_grants(arguments, grants)).await
}

#[tokio::test]
async fn answers_are_told_in_the_form_that_they_have() {
    let host = serve().await;
    let get = async |path: &str| {
        let url = format!("http://{host}/{path}");
        call(&[&host], json!({"url": url})).await.unwrap()
    };
    let answer = get("json").await;
    assert_eq!(
        (&answer["status"], &answer["json"]),
        (&json!(200), &json!({"a": [1, 2.5]}))
    );
    assert_eq!(get("latin").await["text"], "Köln");
    assert!(
        get("binary").await["note"]
            .as_str()
            .unwrap()
            .contains("2000 bytes")
    );
    let long = get("long").await;
    assert_eq!(
        long["text"].as_str().unwrap().chars().count(),
        MOST_CHARACTERS + 1
    );
    assert!(long["note"].as_str().unwrap().contains("only its first"));
    let missing = get("missing").await;
    assert_eq!(
        (&missing["status"], &missing["text"]),
        (&json!(404), &json!("no"))
    );
    assert_eq!(
        missing["headers"],
        json!({"content-type": "text/plain; charset=utf-8", "retry-after": "3"})
    );
}

#[tokio::test]
async fn what_changes_something_carries_the_calls_key() {
    let host = serve().await;
    let url = format!("http://{host}/echo");
    let text = async |arguments: Value| {
        let answer = call(&[&host], arguments).await.unwrap();
        answer["text"].as_str().unwrap_or_default().to_owned()
    };
    let post =
        text(json!({"url": url, "method": "POST", "json": {"a": 1}, "headers": {"X-Own": "yes"}}))
            .await;
    assert_eq!(
        post,
        format!(
            "POST {{\"a\":1}}\nidempotency-key: key-of-this-call\ncontent-type: application/json\nx-own: yes\nuser-agent: {}\n",
            slipway_net::USER_AGENT
        )
    );
    let own = text(json!({"url": url, "method": "PUT", "body": "b", "headers": {"Idempotency-Key": "mine", "Content-Type": "text/x"}})).await;
    assert!(
        own.starts_with("PUT b\nidempotency-key: mine\ncontent-type: text/x\n"),
        "{own}"
    );
    let read = text(json!({"url": url})).await;
    assert!(!read.contains("idempotency-key"), "{read}");
}

#[tokio::test]
async fn only_granted_hosts_are_asked() {
    let host = serve().await;
    let port = host.split_once(':').unwrap().1;
    let url = format!("http://{host}/json");
    let named = format!("api.example.com:{port}");
    for (hosts, url, expected) in [
        (vec![], url.as_str(), "granted literally with its port"),
        (
            vec!["127.0.0.1"],
            url.as_str(),
            "granted literally with its port",
        ),
        (
            vec!["other.example.com"],
            "https://api.example.com/",
            "not among the hosts",
        ),
        (
            vec![named.as_str()],
            &*format!("http://{named}/json"),
            "may not connect there through a name",
        ),
        (
            vec!["169.254.169.254:80"],
            "http://169.254.169.254/latest/",
            "no agent may connect",
        ),
        (
            vec![host.as_str()],
            "file:///etc/passwd",
            "only https and http",
        ),
        (vec![host.as_str()], "nonsense", "cannot be used"),
    ] {
        let error = call(&hosts, json!({ "url": url })).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{url}: {error}");
        assert!(matches!(error, ToolError::Model(_)));
    }
}

#[tokio::test]
async fn wrong_requests_are_told() {
    let host = serve().await;
    let url = format!("http://{host}/echo");
    for (arguments, expected) in [
        (json!({"url": url, "method": "get"}), "no method"),
        (json!({"url": url, "method": "TRACE"}), "no method"),
        (json!({"url": url, "body": "b"}), "has no body"),
        (
            json!({"url": url, "method": "POST", "body": "b", "json": 1}),
            "not both",
        ),
        (
            json!({"url": url, "headers": {"Host": "other"}}),
            "sets it by itself",
        ),
        (
            json!({"url": url, "headers": {"a": "b\r\nc: d"}}),
            "line break",
        ),
        (
            json!({"url": url, "verify": false}),
            "unknown field `verify`",
        ),
    ] {
        let error = call(&[&host], arguments.clone()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{arguments}: {error}");
    }
}

#[test]
fn the_effect_is_that_of_the_method() {
    let effect = definition().effect;
    for (arguments, expected) in [
        (json!({}), Effect::Read),
        (json!({"method": "GET"}), Effect::Read),
        (json!({"method": "PUT"}), Effect::Idempotent),
        (json!({"method": "POST"}), Effect::Write),
        (json!({"method": "get"}), Effect::Write),
        (json!({"method": "OTHER"}), Effect::Write),
    ] {
        assert_eq!(effect.of(&arguments), expected, "{arguments}");
    }
}
