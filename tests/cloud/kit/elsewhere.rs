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
use tokio::sync::watch;

/// Whom the service says that everybody is, and what it was asked.
#[derive(Debug, Clone)]
pub struct Told {
    pub subject: u64,
    pub email: String,
    pub verified: bool,
    pub claims: Value,
    pub asked: Vec<(String, String)>,
}

/// Whether it answers at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    AtOnce,
    /// The next one who asks waits.
    Waits,
    /// Somebody waits.
    IsAsked,
}

/// The service.
#[derive(Clone)]
pub struct Elsewhere {
    pub url: String,
    told: Arc<Mutex<Told>>,
    turn: watch::Sender<Turn>,
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
        let service = Self {
            url,
            told: Arc::new(Mutex::new(told)),
            turn: watch::Sender::new(Turn::AtOnce),
        };
        let router = Router::new()
            .route("/token", post(token))
            .route("/user", get(user))
            .route("/user/emails", get(emails))
            .with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        service
    }

    /// Changes what it says.
    pub fn tell(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.told.lock().expect("whole"));
    }

    /// Does the one, and the other while the service is asked for it; what the one gives.
    pub async fn amid<T>(
        &self,
        one: impl Future<Output = T>,
        other: impl Future<Output = ()>,
    ) -> T {
        let mut turn = self.turn.subscribe();
        self.turn.send_replace(Turn::Waits);
        let other = async {
            let _ = turn.wait_for(|turn| *turn == Turn::IsAsked).await;
            other.await;
            self.turn.send_replace(Turn::AtOnce);
        };
        tokio::join!(one, other).0
    }

    /// What it was asked last.
    pub fn asked(&self) -> Vec<(String, String)> {
        self.told.lock().expect("whole").asked.clone()
    }
}

type Shared = State<Elsewhere>;

async fn token(State(this): Shared, Form(asked): Form<Vec<(String, String)>>) -> Json<Value> {
    let waits = this.turn.send_if_modified(|turn| {
        let waits = *turn == Turn::Waits;
        if waits {
            *turn = Turn::IsAsked;
        }
        waits
    });
    if waits {
        let mut turn = this.turn.subscribe();
        let _ = turn.wait_for(|turn| *turn == Turn::AtOnce).await;
    }
    let mut told = this.told.lock().expect("whole");
    told.asked = asked;
    let claims = URL_SAFE_NO_PAD.encode(told.claims.to_string());
    Json(
        json!({"access_token": "elsewhere", "token_type": "bearer", "id_token": format!("e30.{claims}.c2ln")}),
    )
}

async fn user(State(this): Shared, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer elsewhere");
    Json(json!({"id": this.told.lock().expect("whole").subject, "login": "somebody", "name": null}))
}

async fn emails(State(this): Shared) -> Json<Value> {
    let told = this.told.lock().expect("whole");
    Json(
        json!([{"email": told.email, "primary": true, "verified": told.verified, "visibility": null}]),
    )
}
