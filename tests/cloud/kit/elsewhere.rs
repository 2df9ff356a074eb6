//! Another service that people sign in with: GitHub and Google as a script.

use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Whom the service says that everybody is, and what it was asked.
#[derive(Debug, Clone)]
pub struct Told {
    pub subject: u64,
    pub email: String,
    pub verified: bool,
    pub id_token: String,
    pub keys: JwkSet,
    pub asked: Vec<(String, String)>,
}

/// A key that tokens are signed with.
pub struct Signer {
    key: EncodingKey,
    id: &'static str,
}

impl Signer {
    /// A new one with this id.
    pub fn new(id: &'static str) -> Self {
        let made = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key");
        // Of PKCS #8, what is within: the key itself (RFC 8017, appendix A.1.2).
        let key = EncodingKey::from_rsa_der(&made.serialized_der()[26..]);
        Self { key, id }
    }

    /// What others check its signatures with.
    pub fn told(&self) -> JwkSet {
        let mut key = Jwk::from_encoding_key(&self.key, Algorithm::RS256).expect("a key");
        key.common.key_id = Some(self.id.to_owned());
        JwkSet { keys: vec![key] }
    }

    /// A token that says this.
    pub fn signed(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.id.to_owned());
        jsonwebtoken::encode(&header, claims, &self.key).expect("a token")
    }
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
            id_token: String::new(),
            keys: JwkSet { keys: Vec::new() },
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
            .route("/certs", get(certs))
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
    Json(json!({"access_token": "elsewhere", "token_type": "bearer", "id_token": told.id_token}))
}

async fn certs(State(this): Shared) -> Json<JwkSet> {
    Json(this.told.lock().expect("whole").keys.clone())
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
