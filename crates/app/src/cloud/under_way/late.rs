//! What goes wrong once the person is back from the browser, while the sign-in is being kept.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, mpsc as threads};
use std::time::Duration;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use slipway_cloud_client::{Client, SECRET, Session};
use slipway_contract::Secret;
use slipway_runner::system::SystemClock;
use slipway_vault::{AskPassphrase, NoKeychain, PassphraseQuestion, Vault};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::super::kept::KeptFile;
use super::*;
use crate::Home;

/// A server whose people have typed their code already.
struct Server {
    url: String,
    /// The refresh tokens that are given back to it.
    given_back: mpsc::UnboundedReceiver<String>,
    serving: AbortHandle,
}

#[derive(Clone)]
struct Serves {
    url: String,
    given: Arc<AtomicU32>,
    given_back: mpsc::UnboundedSender<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, given_back) = mpsc::unbounded_channel();
        let serves = Serves {
            url: url.clone(),
            given: Arc::default(),
            given_back: tell,
        };
        let router = Router::new()
            .route("/.well-known/oauth-authorization-server", get(metadata))
            .route("/oauth/device-authorization", post(code))
            .route("/oauth/token", post(tokens))
            .route("/oauth/revoke", post(revoke))
            .route("/api/v1/account", get(account))
            .with_state(serves);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            given_back,
            serving: serving.abort_handle(),
        }
    }

    /// The next token that is given back.
    async fn given_back(&mut self) -> String {
        let coming = tokio::time::timeout(Duration::from_secs(30), self.given_back.recv());
        let token = coming.await.expect("the sign-in is given back");
        token.unwrap()
    }
}

async fn metadata(State(serves): State<Serves>) -> Json<Value> {
    let url = serves.url;
    Json(json!({
        "issuer": url, "authorization_endpoint": format!("{url}/oauth/authorize"),
        "token_endpoint": format!("{url}/oauth/token"),
        "device_authorization_endpoint": format!("{url}/oauth/device-authorization"),
        "revocation_endpoint": format!("{url}/oauth/revoke"),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn code(State(serves): State<Serves>) -> Json<Value> {
    Json(json!({
        "device_code": "secret", "user_code": "BCDF-GHJK", "expires_in": 600, "interval": 0,
        "verification_uri": format!("{}/device", serves.url),
    }))
}

async fn tokens(State(serves): State<Serves>) -> Json<Value> {
    let number = serves.given.fetch_add(1, Ordering::SeqCst) + 1;
    Json(json!({
        "access_token": "access", "token_type": "Bearer", "expires_in": 900,
        "refresh_token": format!("refresh-{number}"),
    }))
}

async fn revoke(State(serves): State<Serves>, form: String) {
    let mut fields = url::form_urlencoded::parse(form.as_bytes());
    let token = fields.find(|(name, _)| name == "token").unwrap().1;
    serves.given_back.send(token.into_owned()).unwrap();
}

async fn account() -> Json<Value> {
    Json(json!({
        "id": "01890000-0000-7000-8000-000000000001", "email": "anna@example.com",
        "email_verified": true, "name": "Anna", "created_at": "2026-11-22T12:00:00Z",
    }))
}

/// A person who is asked for their passphrase, and takes their time.
struct Slow {
    asked: mpsc::UnboundedSender<()>,
    answers: Mutex<threads::Receiver<()>>,
}

impl AskPassphrase for Slow {
    fn ask(&self, _: PassphraseQuestion) -> Option<Secret> {
        // A second question finds nobody who looks.
        let _ = self.asked.send(());
        self.answers.lock().unwrap().recv().unwrap();
        Some(Secret::new("open".to_owned()))
    }
}

fn vault(folder: &std::path::Path, passphrase: Option<&str>) -> Arc<Vault> {
    let passphrase = passphrase.map(|passphrase| Secret::new(passphrase.to_owned()));
    let secrets = Home::at(folder).secrets();
    Arc::new(Vault::new(&secrets, Box::new(NoKeychain), passphrase))
}

/// The cloud of another process of this home.
fn cloud(folder: &std::path::Path, vault: Arc<Vault>) -> Cloud {
    let folder = Home::at(folder).cloud();
    let session = Session::new(vault, folder.join("lock"));
    Cloud {
        client: Client::new(Arc::new(session)),
        kept: Arc::new(KeptFile::new(folder.join("account.json"))),
        clock: Arc::new(SystemClock::default()),
        under_way: UnderWay::default(),
    }
}

async fn signs_in(cloud: &Cloud, server: &Server) -> Result<Who, Problem> {
    let begun = cloud.begin_sign_in(Some(&server.url), true).await;
    begun.unwrap();
    cloud.await_sign_in().await
}

fn in_vault(folder: &std::path::Path) -> Option<String> {
    let kept = vault(folder, Some("open")).get(&SECRET.parse().unwrap());
    kept.unwrap().map(|kept| kept.expose().clone())
}

/// Begins a sign-in, and gives it up once it is being kept.
async fn gives_up(folder: &std::path::Path, server: &Server) {
    let ((asked, mut is_asked), (answer, answers)) =
        (mpsc::unbounded_channel(), threads::channel());
    let vault = vault(folder, None);
    vault.ask(Arc::new(Slow {
        asked,
        answers: Mutex::new(answers),
    }));
    let cloud = cloud(folder, vault);
    let begun = cloud.begin_sign_in(Some(&server.url), true).await;
    begun.unwrap();
    is_asked.recv().await.unwrap();
    cloud.stop_sign_in();
    assert_eq!(cloud.begun_sign_in(), None);
    // A new file's passphrase is asked for twice.
    for _ in 0..2 {
        answer.send(()).unwrap();
    }
}

#[tokio::test]
async fn who_gives_up_while_it_is_kept_is_not_signed_in() {
    let (mut server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    gives_up(folder.path(), &server).await;
    assert_eq!(server.given_back().await, "refresh-1");
    let cloud = cloud(folder.path(), vault(folder.path(), Some("open")));
    assert_eq!(cloud.who().person, None);
    assert_eq!(in_vault(folder.path()), None);
}

#[tokio::test]
async fn who_gives_another_sign_in_up_stays_signed_in_as_before() {
    let (mut server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let before = cloud(folder.path(), vault(folder.path(), Some("open")));
    let who = signs_in(&before, &server).await.unwrap();
    gives_up(folder.path(), &server).await;
    assert_eq!(server.given_back().await, "refresh-2");
    assert_eq!(before.who().person, who.person);
    assert!(in_vault(folder.path()).unwrap().contains("refresh-1"));
    before.show_account().await.unwrap();
}

#[tokio::test]
async fn a_sign_in_that_nobody_would_see_is_not_kept() {
    let (mut server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    // In its place nothing can be written.
    std::fs::create_dir_all(Home::at(folder.path()).cloud().join("account.json")).unwrap();
    let cloud = cloud(folder.path(), vault(folder.path(), Some("open")));
    let problem = signs_in(&cloud, &server).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Storage);
    assert_eq!(server.given_back().await, "refresh-1");
    assert_eq!(in_vault(folder.path()), None);
}
