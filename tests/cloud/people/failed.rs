//! What the audit log says of tries that failed.

use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::{Value, json};
use slipway_cloud::people::failed;
use slipway_cloud::sweep::sweep;
use slipway_cloud::tables::{accounts, audit_events, counts};
use slipway_contract::cloud::ProblemCode;

use super::PASSWORD;
use super::factors::{add_app, code};
use super::services::{anna_at_github, with_github};
use super::sign_in::suspend;
use crate::kit::{Cloud, Person};

const ANNA: &str = "anna@example.com";

/// What is told of tries that failed, oldest first.
async fn told(cloud: &Cloud) -> Vec<audit_events::Model> {
    audit_events::Entity::find()
        .filter(audit_events::Column::Action.is_in(failed::ACTIONS))
        .order_by_asc(audit_events::Column::CreatedAt)
        .order_by_asc(audit_events::Column::Id)
        .all(cloud.server.database.read())
        .await
        .expect("events")
}

/// What is told, and what with.
fn short(events: &[audit_events::Model]) -> Vec<String> {
    let short = |event: &audit_events::Model| {
        let detail: Value =
            serde_json::from_str(event.detail.as_deref().expect("more")).expect("JSON");
        let words = ["by", "because"].map(|name| detail[name].as_str().unwrap_or_default());
        [event.action.as_str(), words[0], words[1]]
            .join(" ")
            .trim_end()
            .to_owned()
    };
    events.iter().map(short).collect()
}

/// The log of a person, as they read it, newest first.
async fn log(cloud: &Cloud, of: &Person, action: &str) -> Vec<Value> {
    let path = format!("/api/v1/account/audit-events?action={action}");
    cloud.items(&path, of).await
}

on_both! {
    started by behind_a_proxy;

    async fn a_wrong_password_is_told_and_as_much_of_who_is_unknown(cloud: &Cloud) {
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
        let rows = async || {
            let on = cloud.server.database.read();
            let events = audit_events::Entity::find().count(on).await.unwrap();
            events + counts::Entity::find().count(on).await.unwrap()
        };
        let mut written = Vec::new();
        for (count, email) in [ANNA, "nobody@example.com"].into_iter().enumerate() {
            let before = rows().await;
            let mut stranger = cloud.browser_at(&format!("192.0.2.{count}"));
            stranger.sign_in(email, "a wrong password").await.is(422);
            written.push(rows().await - before);
            cloud.clock.forward(1);
        }
        assert_eq!(written[0], written[1]);
        let events = told(cloud).await;
        assert_eq!(short(&events), ["sign-in.failed password the password was wrong"; 2]);
        let seen = |event: &audit_events::Model| (event.account_id.is_some(), event.address.clone(), event.actor.clone());
        assert_eq!(seen(&events[0]), (true, "192.0.2.0".to_owned(), "unknown".to_owned()));
        assert_eq!(seen(&events[1]), (false, "192.0.2.1".to_owned(), "unknown".to_owned()));
        // What was typed is in none: people type passwords into the wrong field.
        assert!(events.iter().all(|event| !format!("{event:?}").contains("nobody@")));
        // Who was right is told of as ever.
        cloud.browser().sign_in(ANNA, PASSWORD).await.is(200);
        assert_eq!(told(cloud).await.len(), 2);
    }

    async fn tries_that_wait_are_told_once(cloud: &Cloud) {
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
        let mut eve = cloud.browser_at("192.0.2.1");
        for count in 0..13 {
            cloud.clock.forward(1);
            let answer = eve.sign_in(ANNA, "a wrong password").await;
            answer.is(if count < 10 { 422 } else { 429 });
        }
        let seen = short(&told(cloud).await);
        assert_eq!(seen.len(), 11);
        assert_eq!(seen[10], "tries.held-back password");
        // In the next quarter of an hour it is told anew.
        cloud.clock.forward(15 * 60);
        for _ in 0..12 {
            eve.sign_in(ANNA, "a wrong password").await;
            cloud.clock.forward(1);
        }
        let seen = short(&told(cloud).await);
        assert_eq!((seen.len(), seen[21].as_str()), (22, "tries.held-back password"));
    }

    async fn strangers_cannot_fill_the_log(cloud: &Cloud) {
        cloud.browser_at("198.51.100.1").register("Anna", ANNA, PASSWORD).await;
        let guess = async |email: &str, from: String| {
            let mut eve = cloud.browser_at(&from);
            for _ in 0..10 {
                eve.sign_in(email, "a wrong password").await;
            }
        };
        for count in 0..12 {
            cloud.clock.forward(1);
            guess(ANNA, format!("192.0.2.{count}")).await;
        }
        let failed = async || {
            let told = told(cloud).await;
            told.iter().filter(|event| event.action == "sign-in.failed").count()
        };
        assert_eq!(failed().await, 100);
        // What is of more weight is told all the same: that the rest is not looked at.
        assert_eq!(short(&told(cloud).await).last().unwrap(), "tries.held-back password");
        // Of who has no account, so many from one network.
        for count in 0..12 {
            guess(&format!("nobody{count}@example.com"), "203.0.113.1".to_owned()).await;
            cloud.clock.forward(4 * 60);
        }
        assert_eq!(failed().await, 200);
    }

    async fn who_fills_their_own_log_is_seen_at_others(cloud: &Cloud) {
        let own = async |name: &str, email: &str| {
            let mut browser = cloud.browser_at("198.51.100.1");
            browser.register(name, email, PASSWORD).await;
            add_app(cloud, &mut browser).await;
        };
        own("Mallory", "mallory@example.com").await;
        own("Anna", ANNA).await;
        let guess = async |email: &str, from: &str, count: usize| {
            let mut browser = cloud.browser_at(from);
            browser.sign_in(email, PASSWORD).await.is(200);
            let ticket = browser.hidden("ticket");
            for _ in 0..count {
                browser.post("/sign-in/second", &[("ticket", &ticket), ("recovery", "0000-0000")]).await.is(422);
            }
        };
        let told_of = async |email: &str| {
            let on = cloud.server.database.read();
            let account = accounts::find_by_email(on, &email.parse().unwrap()).await.unwrap().unwrap();
            told(cloud).await.iter().filter(|event| event.account_id == Some(account.id)).count()
        };
        // More than is told of one account from one network, and then all that is told of it.
        guess("mallory@example.com", "192.0.2.1", 60).await;
        assert_eq!(told_of("mallory@example.com").await, 50);
        guess("mallory@example.com", "192.0.2.2", 60).await;
        guess("mallory@example.com", "192.0.2.3", 10).await;
        assert_eq!(told_of("mallory@example.com").await, 100);
        guess(ANNA, "192.0.2.1", 3).await;
        assert_eq!(told_of(ANNA).await, 3);
    }

    async fn who_waits_for_what_others_tried_is_not_told_that_it_was_tried_at_them(cloud: &Cloud) {
        cloud.browser_at("198.51.100.1").register("Anna", ANNA, PASSWORD).await;
        for count in 0..100 {
            let mut eve = cloud.browser_at("192.0.2.1");
            eve.sign_in(&format!("nobody{count}@example.com"), "a wrong password").await.is(422);
        }
        cloud.browser_at("192.0.2.1").sign_in(ANNA, PASSWORD).await.is(429);
        let events = told(cloud).await;
        let held: Vec<_> = events.iter().filter(|event| event.action == "tries.held-back").collect();
        assert_eq!(held.len(), 1);
        assert!(events.iter().all(|event| event.account_id.is_none()), "{events:?}");
    }

    async fn a_wrong_second_factor_is_told(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let (secret, _) = add_app(cloud, &mut browser).await;
        cloud.clock.forward(30);
        let mut eve = cloud.browser_at("192.0.2.1");
        eve.sign_in(ANNA, PASSWORD).await.is(200);
        let (ticket, path) = (eve.hidden("ticket"), eve.path.clone());
        let wrong = if code(cloud, &secret) == "000000" { "000001" } else { "000000" };
        for (field, shown) in [("code", wrong), ("recovery", "0000-0000")] {
            eve.post("/sign-in/second", &[("ticket", &ticket), (field, shown)]).await.is(422);
            cloud.clock.forward(1);
        }
        let events = told(cloud).await;
        assert_eq!(short(&events), ["second-factor.failed code", "second-factor.failed recovery code"]);
        assert!(events.iter().all(|event| event.account_id.is_some() && event.actor == "unknown" && event.address == "192.0.2.1"));
        for count in 0..12 {
            eve.open(&path).await.is(200);
            let answer = eve.post("/sign-in/second", &[("ticket", &ticket), ("code", wrong)]).await;
            answer.is(if count < 9 { 422 } else { 429 });
            cloud.clock.forward(1);
        }
        let seen = short(&told(cloud).await);
        assert_eq!(seen.len(), 12, "{seen:?}");
        assert_eq!(seen[11], "tries.held-back code");
    }

    async fn a_wrong_present_password_is_told(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        browser.open("/account/password").await.is(200);
        let fields = [("present", "a wrong password"), ("password", "a slope under a hull")];
        browser.submit("/account/password", &fields).await.is(422);
        let events = told(cloud).await;
        assert_eq!(short(&events), ["password.refused"]);
        assert_eq!(events[0].actor, format!("account:{}", events[0].account_id.expect("an account")));
    }

    async fn a_suspended_account_tells_who_knocked(cloud: &Cloud) {
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
        suspend(cloud, ANNA).await;
        // Who has not the password learns nothing of it.
        cloud.browser().sign_in(ANNA, "a wrong password").await.is(422);
        cloud.clock.forward(1);
        cloud.browser().sign_in(ANNA, PASSWORD).await.is(403);
        let seen = short(&told(cloud).await);
        assert_eq!(seen[1], "sign-in.failed password the account is suspended");
    }

    async fn a_service_that_is_not_connected_is_told(cloud: &Cloud) {
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
        anna_at_github(cloud);
        with_github(&mut cloud.browser()).await.is(409);
        let events = told(cloud).await;
        assert_eq!(short(&events), ["sign-in.failed github it is not connected"]);
        assert!(events[0].account_id.is_some());
    }

    async fn a_void_key_is_told_once_an_hour_where_it_belongs(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        for list in ["/api/v1/keys".to_owned(), harbour.at("keys")] {
            let anna = anna.again(&cloud.server).await;
            let body = json!({"name": "Build", "scopes": ["agents:read"]});
            let made = cloud.post(&list).by(&anna).json(&body).send().await.is(201).read::<Value>();
            let (id, secret) = (made["key"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
            cloud.delete(&format!("{list}/{id}")).by(&anna).send().await.is(204);
            let log = async || {
                let path = match list.as_str() {
                    "/api/v1/keys" => "/api/v1/account/audit-events".to_owned(),
                    _ => harbour.at("audit-events"),
                };
                cloud.items(&format!("{path}?action=key.refused"), &anna).await
            };
            for _ in 0..3 {
                cloud.get("/api/v1/agents").token(secret).send().await.refused(ProblemCode::Unauthenticated);
            }
            let seen = log().await;
            assert_eq!(seen.len(), 1, "{list}");
            assert_eq!((&seen[0]["target"], &seen[0]["detail"]["because"]), (&json!(id), &json!("it is revoked")));
            cloud.clock.forward(3600);
            cloud.get("/api/v1/agents").token(secret).send().await.refused(ProblemCode::Unauthenticated);
            let all = audit_events::Entity::find().filter(audit_events::Column::Target.eq(id));
            let all = all.filter(audit_events::Column::Action.eq("key.refused"));
            assert_eq!(all.count(cloud.server.database.read()).await.unwrap(), 2, "{list}");
        }
    }

    async fn what_failed_goes_after_90_days_and_the_rest_stays(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        cloud.browser().sign_in(&anna.email, "a wrong password").await.is(422);
        assert_eq!(log(cloud, &anna, "sign-in.failed").await.len(), 1);
        let body = json!({"name": "Build", "scopes": ["agents:read"]});
        let made = cloud.post("/api/v1/keys").by(&anna).json(&body).send().await.is(201).read::<Value>();
        cloud.delete(&format!("/api/v1/keys/{}", made["key"]["id"].as_str().unwrap())).by(&anna).send().await.is(204);
        let used = cloud.get("/api/v1/agents").token(made["secret"].as_str().unwrap());
        used.send().await.refused(ProblemCode::Unauthenticated);
        assert_eq!(log(cloud, &anna, "key.refused").await.len(), 1);
        let all = async || audit_events::Entity::find().count(cloud.server.database.read()).await.unwrap();
        let before = all().await;
        cloud.clock.forward(failed::KEPT_SECONDS);
        sweep(&cloud.server).await.unwrap();
        assert_eq!(all().await, before);
        cloud.clock.forward(1);
        sweep(&cloud.server).await.unwrap();
        assert_eq!(all().await, before - 2);
        assert!(told(cloud).await.is_empty());
    }
}
