//! What has had its time goes, and nothing else.

use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::json;
use slipway_cloud::sweep::sweep;
use slipway_cloud::tables::{
    browser_cookies, device_requests, idempotency_keys, refresh_tokens, sessions, tickets,
};

use crate::kit::{Cloud, Tokens};

const DAY: i64 = 24 * 3600;

/// How many rows there are of each.
async fn rows(cloud: &Cloud) -> [u64; 6] {
    let on = cloud.server.database.read();
    [
        tickets::Entity::find().count(on).await.unwrap(),
        device_requests::Entity::find().count(on).await.unwrap(),
        idempotency_keys::Entity::find().count(on).await.unwrap(),
        refresh_tokens::Entity::find().count(on).await.unwrap(),
        sessions::Entity::find().count(on).await.unwrap(),
        browser_cookies::Entity::find().count(on).await.unwrap(),
    ]
}

on_both! {
    async fn what_has_had_its_time_goes(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut tokens = cloud.sign_in(&anna).await;
        let ended = cloud.sign_in(&anna).await;
        cloud.browser_of(&anna).await.code(&[]).await;
        let begin = || cloud.post("/oauth/device-authorization").form(&[("client_id", "slipway-cli")]).send();
        begin().await.is(200);
        let make = |key: &'static str, token: String| async move {
            let body = json!({"name": "Harbour"});
            cloud.post("/api/v1/organizations").token(&token).header("idempotency-key", key).json(&body).send().await.is(201)
        };
        make("one", tokens.access.clone()).await;
        // Three sessions of programs, three of browsers.
        assert_eq!(rows(cloud).await, [1, 1, 1, 3, 6, 3]);
        assert_eq!(sweep(&cloud.server).await.unwrap(), 0, "nothing has had its time");
        cloud.revoke(&ended.refresh).await.is(200);
        assert_eq!(sweep(&cloud.server).await.unwrap(), 1, "the token of a session that was ended");
        cloud.clock.forward(60);
        assert_eq!(sweep(&cloud.server).await.unwrap(), 1, "a code");
        cloud.clock.forward(600 + 3600);
        assert_eq!(sweep(&cloud.server).await.unwrap(), 1, "a device that nobody let in");
        tokens = Tokens::of(&cloud.refresh(&tokens.refresh).await);
        assert_eq!(make("one", tokens.access.clone()).await.header("idempotency-replayed"), "true");
        cloud.clock.forward(DAY);
        assert_eq!(sweep(&cloud.server).await.unwrap(), 1, "an answer that was kept");
        assert_eq!(rows(cloud).await, [0, 0, 0, 3, 6, 3]);
        // A week after that, all but the tokens of one session are over; the others' rows are kept for a month.
        cloud.clock.forward(5 * DAY);
        tokens = Tokens::of(&cloud.refresh(&tokens.refresh).await);
        cloud.clock.forward(2 * DAY);
        assert_eq!(sweep(&cloud.server).await.unwrap(), 3, "tokens that were used, or not for a week");
        assert_eq!(rows(cloud).await, [0, 0, 0, 1, 6, 3]);
        tokens = Tokens::of(&cloud.refresh(&tokens.refresh).await);
        for _ in 0..5 {
            cloud.clock.forward(6 * DAY);
            tokens = Tokens::of(&cloud.refresh(&tokens.refresh).await);
        }
        sweep(&cloud.server).await.unwrap();
        assert_eq!(rows(cloud).await[4..], [1, 0]);
        assert!(cloud.takes(&tokens.access).await);
    }

    async fn more_than_a_batch_goes_at_once_by_several_copies(cloud: &Cloud) {
        let on = cloud.server.database.read();
        let now = cloud.server.clock.now();
        for at in 0..1200_u32 {
            let row = tickets::Model { hash: at.to_be_bytes().to_vec(), purpose: "a test".to_owned(), account_id: None, session_id: None, sealed: Vec::new(), expires_at: now };
            tickets::insert(on, row).await.unwrap();
        }
        let (one, two) = tokio::join!(sweep(&cloud.server), sweep(&cloud.server));
        assert_eq!(one.unwrap() + two.unwrap(), 1200);
        assert_eq!(rows(cloud).await[0], 0);
    }
}
