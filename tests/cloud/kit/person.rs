//! Somebody with an account, who is signed in.

use slipway_cloud::server::Server;
use slipway_cloud::tables::accounts;
use slipway_cloud::tokens::{access, refresh};
use slipway_contract::Secret;
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
            browser_marks: 1,
            created_at: now,
        };
        accounts::insert(server.database.read(), row)
            .await
            .expect("an account");
        Self::signed_in(server, id, email).await
    }

    /// The same person in a session that begins now.
    pub async fn again(&self, server: &Server) -> Self {
        Self::signed_in(server, self.id, self.email.clone()).await
    }

    /// The same person in the same session, with a new token.
    pub async fn renewed(&self, server: &Server) -> Self {
        let access = access::sign(server, self.id, self.session, CLIENT).await;
        Self {
            access: access.expect("a token"),
            ..self.clone()
        }
    }

    async fn signed_in(server: &Server, id: AccountId, email: String) -> Self {
        let now = server.clock.now();
        let sign_in = refresh::SignIn {
            account: id,
            client: CLIENT,
            device: "a test",
            address: "127.0.0.1",
            signed_in_at: now,
        };
        let code = Secret::new(server.chance.id(now).expect("an id").to_string());
        let granted = refresh::begin(server, server.database.read(), &sign_in, &code)
            .await
            .expect("a session");
        let access = access::sign(server, id, granted.session, CLIENT)
            .await
            .expect("a token");
        Self {
            id,
            email,
            access,
            refresh: granted.refresh.expose().clone(),
            session: granted.session,
        }
    }
}
