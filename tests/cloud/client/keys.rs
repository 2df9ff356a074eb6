//! The secret of a key, which is told once: at a server that goes away right after, and where it cannot be written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::block_in_place;

use super::machine::{Machine, Running};

const KEY: &str = "01890000-0000-7000-8000-000000000001";
const NEXT: &str = "01890000-0000-7000-8000-000000000002";
const SECRET: &str = "slk_the-only-time-that-it-is-told";

fn key(id: &str, start: &str) -> Value {
    json!({
        "id": id, "name": "Build", "start": start, "scopes": ["account:read"],
        "created_at": "2026-11-22T12:00:00Z",
    })
}

/// Everybody is let in there, and one key can be made or rotated once: the next request finds nobody.
pub async fn server() -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let metadata = json!({
        "issuer": url, "authorization_endpoint": format!("{url}/oauth/authorize"),
        "token_endpoint": format!("{url}/oauth/token"),
        "device_authorization_endpoint": format!("{url}/oauth/device-authorization"),
        "revocation_endpoint": format!("{url}/oauth/revoke"),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    let code = json!({
        "device_code": "secret", "user_code": "BCDF-GHJK", "expires_in": 600, "interval": 0,
        "verification_uri": format!("{url}/device"),
    });
    let tokens = json!({
        "access_token": "access", "token_type": "Bearer", "expires_in": 900, "refresh_token": "refresh",
    });
    let account = json!({
        "id": KEY, "email": "anna@example.com", "email_verified": true, "name": "Anna",
        "created_at": "2026-11-22T12:00:00Z",
    });
    let says = |said: Value| move || std::future::ready(Json(said));
    let router = Router::new()
        .route(
            "/.well-known/oauth-authorization-server",
            get(says(metadata)),
        )
        .route("/oauth/device-authorization", post(says(code)))
        .route("/oauth/token", post(says(tokens)))
        .route("/api/v1/account", get(says(account)))
        .route("/api/v1/keys", get(list).post(made))
        .route("/api/v1/keys/{key}/rotate", post(made))
        .with_state(Arc::default());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, serving)
}

async fn list(State(is_away): State<Arc<AtomicBool>>) -> Result<Json<Value>, StatusCode> {
    if is_away.load(Ordering::SeqCst) {
        return Err(StatusCode::BAD_GATEWAY);
    }
    Ok(Json(json!({"items": [key(KEY, "slk_old")]})))
}

async fn made(State(is_away): State<Arc<AtomicBool>>) -> (StatusCode, Json<Value>) {
    is_away.store(true, Ordering::SeqCst);
    let made = json!({"key": key(NEXT, "slk_the"), "secret": SECRET});
    (StatusCode::CREATED, Json(made))
}

async fn signed_in() -> (Machine, tokio::task::JoinHandle<()>) {
    let (url, serving) = server().await;
    let machine = Machine::new();
    let mut login = machine.command(&["cloud", "login", "--server", &url]);
    login.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
    block_in_place(|| Running::start(login).end()).exits(0);
    (machine, serving)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_of_a_rotated_key_is_shown_though_the_server_goes_away() {
    for (hours, says) in [("0", "is void"), ("1", "can be used until")] {
        let (machine, serving) = signed_in().await;
        let rotate = [
            "cloud",
            "keys",
            "rotate",
            "Build",
            "--yes",
            "--grace-hours",
            hours,
        ];
        let ran = machine.slipway(&rotate).exits(0).complains(says);
        assert_eq!(ran.stdout.trim_end(), SECRET);
        serving.abort();
    }
}

/// The command, whose standard output goes where the shell sends it.
#[cfg(unix)]
fn sent(plain: &std::process::Command, to: &str) -> std::process::Command {
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .env_clear()
        .envs(
            plain
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .args(["-c", &format!("exec \"$0\" \"$@\" {to}")])
        .arg(plain.get_program())
        .args(plain.get_args());
    shell
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_cannot_be_written_is_told_with_the_key_to_revoke() {
    let create = ["cloud", "keys", "create", "Build", "--scope=account:read"];
    let rotate = ["cloud", "keys", "rotate", "Build", "--json"];
    let mut places = vec![">&-", ">/dev/null", "1</dev/null"];
    if cfg!(target_os = "linux") {
        places.push(">/dev/full");
    }
    for asked in [&create[..], &rotate] {
        for to in &places {
            let (machine, serving) = signed_in().await;
            let command = sent(&machine.command(asked), to);
            let ran = block_in_place(|| Running::start(command).end()).exits(1);
            let ran = ran
                .complains("the key Build (slk_the…) was made")
                .complains(&format!("slipway cloud keys revoke {NEXT}\n"));
            assert!(!ran.stderr.contains(SECRET), "{}", ran.stderr);
            serving.abort();
        }
    }
}
