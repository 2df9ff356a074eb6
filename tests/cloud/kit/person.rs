//! Somebody with an account, who is signed in.

use slipway_cloud::server::Server;
use slipway_cloud::tables::accounts;
use slipway_cloud::tokens::{access, refresh};
use slipway_contract::cloud::{AccountId, SessionId};

/// Somebody with an account, who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: AccountId,
    pub email: String,
    pub access: String,
    pub refresh: String,
    pub session: SessionId,
}

/// The program that the tests' people use.
pub const CLIENT: &str = "slipway-desktop";

impl Person {
    pub async fn new(server: &Server, name: &str, count: u64) -> Self {
        let now = server.clock.now();
        let id = AccountId(server.chance.id(now).expect("an id"));
        let email = format!("{name}{count}@example.com");
        let row = accounts::Model {
            id: id.0,
            email: email.clone(),
            email_key: email.clone(),
            email_verified_at: Some(now),
            name: name.to_owned(),
            password_hash: None,
            is_operator: false,
            suspended_at: None,
            revision: 1,
            created_at: now,
        };
        accounts::insert(server.database.read(), row)
            .await
            .expect("an account");
        let device = refresh::Device {
            client: CLIENT.to_owned(),
            name: "a test".to_owned(),
            address: "127.0.0.1".to_owned(),
        };
        let (session, token) = refresh::begin(server, server.database.read(), id, &device)
            .await
            .expect("a session");
        let access = access::sign(server, id, session, CLIENT)
            .await
            .expect("a token");
        Self {
            id,
            email,
            access,
            refresh: token.expose().clone(),
            session,
        }
    }
}
