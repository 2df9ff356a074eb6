//! Keys: made, shown once, used, rotated, revoked; and never more than who made them.

use serde_json::{Value, json};
use slipway_contract::cloud::{ProblemCode, Role, Scope};

use crate::kit::{Cloud, Person};

const DAY: i64 = 24 * 3600;

struct Key {
    path: String,
    secret: String,
}

async fn make(cloud: &Cloud, list: &str, by: &Person, new: Value) -> Key {
    let made = cloud
        .post(list)
        .by(by)
        .json(&new)
        .send()
        .await
        .is(201)
        .read::<Value>();
    key(list, &made)
}

fn key(list: &str, made: &Value) -> Key {
    Key {
        path: format!("{list}/{}", made["key"]["id"].as_str().expect("an id")),
        secret: made["secret"].as_str().expect("a secret").to_owned(),
    }
}

async fn works(cloud: &Cloud, path: &str, secret: &str) -> bool {
    cloud.get(path).token(secret).send().await.status == 200
}

on_both! {
    async fn a_secret_is_shown_once(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        for list in ["/api/v1/keys", &harbour.at("keys")] {
            let key = make(cloud, list, &anna, json!({"name": "Build", "scopes": ["agents:read", "agents:read"]})).await;
            assert!(key.secret.starts_with("slk_") && key.secret.len() == 47, "{}", key.secret);
            let listed = cloud.get(list).by(&anna).send().await.is(200);
            assert!(!listed.text().contains(&key.secret));
            let row = &listed.read::<Value>()["items"][0];
            assert!(key.secret.starts_with(row["start"].as_str().unwrap()) && row["start"].as_str().unwrap().len() == 10);
            assert_eq!((&row["name"], &row["scopes"]), (&json!("Build"), &json!(["agents:read"])));
            assert!(row.get("last_used_at").is_none() && row.get("expires_at").is_none());
        }
    }

    async fn a_key_is_what_it_was_made_for(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        for list in ["/api/v1/keys", &harbour.at("keys")] {
            for wrong in [
                json!({"name": "Build", "scopes": []}),
                json!({"name": "Build", "scopes": ["*"]}),
                json!({"name": "Build", "scopes": ["agents"]}),
                json!({"name": "Build", "scopes": ["agents:read"], "days": 0}),
                json!({"name": "Build", "scopes": ["agents:read"], "days": 366}),
                json!({"name": " ", "scopes": ["agents:read"]}),
                json!({"name": "a".repeat(101), "scopes": ["agents:read"]}),
                json!({"scopes": ["agents:read"]}),
            ] {
                cloud.post(list).by(&anna).json(&wrong).send().await.refused(ProblemCode::Invalid);
            }
            let reads = make(cloud, list, &anna, json!({"name": "Reads", "scopes": ["agents:read"]})).await;
            let agents = harbour.at("agents");
            cloud.get(&agents).token(&reads.secret).send().await.is(200);
            let new = json!({"name": "counter", "title": "Counter"});
            cloud.post(&agents).token(&reads.secret).json(&new).send().await.refused(ProblemCode::Forbidden);
            cloud.get(&harbour.at("members")).token(&reads.secret).send().await.refused(ProblemCode::Forbidden);
            // No key makes, sees or ends keys.
            cloud.get(list).token(&reads.secret).send().await.refused(ProblemCode::Forbidden);
            cloud.post(&format!("{}/rotate", reads.path)).token(&reads.secret).json(&json!({})).send().await.refused(ProblemCode::Forbidden);
            cloud.delete(&reads.path).token(&reads.secret).send().await.refused(ProblemCode::Forbidden);
        }
    }

    async fn a_key_is_void_when_its_time_is_over(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let key = make(cloud, "/api/v1/keys", &anna, json!({"name": "Build", "scopes": ["agents:read"], "days": 1})).await;
        cloud.clock.forward(DAY - 1);
        assert!(works(cloud, "/api/v1/agents", &key.secret).await);
        cloud.clock.forward(1);
        assert!(!works(cloud, "/api/v1/agents", &key.secret).await);
        let anna = anna.again(&cloud.server).await;
        cloud.post(&format!("{}/rotate", key.path)).by(&anna).json(&json!({})).send().await.refused(ProblemCode::NotFound);
    }

    async fn the_last_use_is_told_to_the_minute(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let key = make(cloud, "/api/v1/keys", &anna, json!({"name": "Build", "scopes": ["agents:read"]})).await;
        let last = async || cloud.items("/api/v1/keys", &anna).await[0]["last_used_at"].clone();
        assert_eq!(last().await, Value::Null);
        assert!(works(cloud, "/api/v1/agents", &key.secret).await);
        let first = last().await;
        assert!(first.is_string());
        cloud.clock.forward(59);
        assert!(works(cloud, "/api/v1/agents", &key.secret).await);
        assert_eq!(last().await, first);
        cloud.clock.forward(1);
        assert!(works(cloud, "/api/v1/agents", &key.secret).await);
        assert_ne!(last().await, first);
    }

    async fn a_key_is_rotated_with_a_grace_or_without(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let agents = harbour.at("agents");
        for list in ["/api/v1/keys", &harbour.at("keys")] {
            let anna = anna.again(&cloud.server).await;
            let old = make(cloud, list, &anna, json!({"name": "Build", "scopes": ["agents:read"], "days": 30})).await;
            let rotate = |key: &Key, hours: u8| cloud.post(&format!("{}/rotate", key.path)).by(&anna).json(&json!({"grace_hours": hours}));
            rotate(&old, 25).send().await.refused(ProblemCode::Invalid);
            let made = rotate(&old, 2).send().await.is(201).read::<Value>();
            let next = key(list, &made);
            assert_eq!((&made["key"]["name"], &made["key"]["scopes"]), (&json!("Build"), &json!(["agents:read"])));
            assert!(works(cloud, &agents, &old.secret).await && works(cloud, &agents, &next.secret).await);
            let last = key(list, &rotate(&next, 0).send().await.is(201).read());
            assert!(!works(cloud, &agents, &next.secret).await && works(cloud, &agents, &last.secret).await);
            rotate(&next, 0).send().await.refused(ProblemCode::NotFound);
            cloud.clock.forward(2 * 3600);
            assert!(!works(cloud, &agents, &old.secret).await && works(cloud, &agents, &last.secret).await);
            // The time of a key does not grow by rotating it.
            cloud.clock.forward(30 * DAY);
            assert!(!works(cloud, &agents, &last.secret).await);
        }
    }

    async fn a_revoked_key_is_void_at_once(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let harbour = cloud.organization(&anna).await;
        for list in ["/api/v1/keys", &harbour.at("keys")] {
            let key = make(cloud, list, &anna, json!({"name": "Build", "scopes": ["agents:read"]})).await;
            assert!(works(cloud, &harbour.at("agents"), &key.secret).await);
            cloud.delete(&key.path).by(&eve).send().await.refused(ProblemCode::NotFound);
            cloud.delete(&key.path).by(&anna).send().await.is(204);
            cloud.get(&harbour.at("agents")).token(&key.secret).send().await.refused(ProblemCode::Unauthenticated);
            cloud.delete(&key.path).by(&anna).send().await.refused(ProblemCode::NotFound);
            assert!(cloud.items(list, &anna).await[0]["revoked_at"].is_string());
        }
    }

    async fn a_key_has_never_more_than_its_maker_has_now(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let admin = cloud.member(&harbour, Role::Admin).await;
        let all: Vec<Scope> = Scope::ALL.iter().copied().filter(|scope| *scope != Scope::ReadAccount).collect();
        let of_organization = make(cloud, &harbour.at("keys"), &admin, json!({"name": "All", "scopes": all})).await;
        let small = make(cloud, &harbour.at("keys"), &admin, json!({"name": "Small", "scopes": ["agents:read"]})).await;
        let own = make(cloud, "/api/v1/keys", &admin, json!({"name": "All", "scopes": Scope::ALL})).await;
        let log = harbour.at("audit-events");
        for key in [&of_organization, &own] {
            assert!(works(cloud, &log, &key.secret).await);
        }
        let change = cloud.patch(&harbour.member(&admin)).by(&owner).header("if-match", "*");
        change.json(&json!({"role": "viewer"})).send().await.is(200);
        // What has more than its maker is void; a person's own key goes on with what the person may.
        cloud.get(&log).token(&of_organization.secret).send().await.refused(ProblemCode::Unauthenticated);
        cloud.get(&log).token(&own.secret).send().await.refused(ProblemCode::Forbidden);
        assert!(works(cloud, &harbour.at("agents"), &small.secret).await);
        let new = json!({"name": "counter", "title": "Counter"});
        cloud.post(&harbour.at("agents")).token(&own.secret).json(&new).send().await.refused(ProblemCode::Forbidden);
        // Nor does it come back with a higher role.
        let change = cloud.patch(&harbour.member(&admin)).by(&owner).header("if-match", "*");
        change.json(&json!({"role": "owner"})).send().await.is(200);
        assert!(!works(cloud, &log, &of_organization.secret).await);
        assert!(works(cloud, &log, &own.secret).await);
    }

    async fn keys_are_made_by_who_signed_in_a_short_while_ago(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let key = make(cloud, "/api/v1/keys", &anna, json!({"name": "Build", "scopes": ["agents:read"]})).await;
        cloud.clock.forward(14 * 60 + 59);
        make(cloud, "/api/v1/keys", &anna, json!({"name": "Build", "scopes": ["agents:read"]})).await;
        cloud.clock.forward(1);
        let late = anna.renewed(&cloud.server).await;
        let new = json!({"name": "Build", "scopes": ["agents:read"]});
        for path in ["/api/v1/keys".to_owned(), harbour.at("keys"), format!("{}/rotate", key.path)] {
            let body = if path.ends_with("rotate") { json!({}) } else { new.clone() };
            cloud.post(&path).by(&late).json(&body).send().await.refused(ProblemCode::ReauthenticationRequired);
        }
        // To end one is never too late.
        cloud.delete(&key.path).by(&late).send().await.is(204);
    }
}
