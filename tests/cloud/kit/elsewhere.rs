//! Another service that people sign in with: GitHub and Google as a script.

use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Whom the service says that everybody is, and what it was asked.
#[derive(Debug, Clone)]
pub struct Told {
    pub subject: u64,
    pub email: String,
    pub verified: bool,
    pub claims: Value,
    pub asked: Vec<(String, String)>,
}

/// The service.
#[derive(Clone)]
pub struct Elsewhere {
    pub url: String,
    told: Arc<Mutex<Told>>,
}

impl Elsewhere {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let told = Told {
            subject: 1,
            email: "nobody@example.com".to_owned(),
            verified: true,
            claims: json!({}),
            asked: Vec::new(),
        };
        let told = Arc::new(Mutex::new(told));
        let router = Router::new()
            .route("/token", post(token))
            .route("/user", get(user))
            .route("/user/emails", get(emails))
            .with_state(Arc::clone(&told));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, told }
    }

    /// Changes what it says.
    pub fn tell(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.told.lock().expect("whole"));
    }

    /// What it was asked last.
    pub fn asked(&self) -> Vec<(String, String)> {
        self.told.lock().expect("whole").asked.clone()
    }
}

type Shared = State<Arc<Mutex<Told>>>;

async fn token(State(told): Shared, Form(asked): Form<Vec<(String, String)>>) -> Json<Value> {
    let mut told = told.lock().expect("whole");
    told.asked = asked;
    let claims = URL_SAFE_NO_PAD.encode(told.claims.to_string());
    Json(
        json!({"access_token": "elsewhere", "token_type": "bearer", "id_token": format!("e30.{claims}.c2ln")}),
    )
}

async fn user(State(told): Shared, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer elsewhere");
    Json(json!({"id": told.lock().expect("whole").subject, "login": "somebody", "name": null}))
}

async fn emails(State(told): Shared) -> Json<Value> {
    let told = told.lock().expect("whole");
    Json(
        json!([{"email": told.email, "primary": true, "verified": told.verified, "visibility": null}]),
    )
}
