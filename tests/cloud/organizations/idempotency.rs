//! Requests that are sent twice, to every route that makes something.

use futures::future::join_all;
use serde_json::{Value, json};
use slipway_cloud::sweep::sweep;
use slipway_contract::cloud::{ProblemCode, Role};

use crate::kit::{Ask, Cloud, Organization, Person};

/// Every route that makes something: its path, a body for it and another one, and where what it made is listed.
fn makers(of: &Organization, key: &str) -> Vec<(String, Value, Value, String)> {
    let agents = || {
        (
            json!({"name": "counter", "title": "A"}),
            json!({"name": "other", "title": "A"}),
        )
    };
    let keys = || {
        (
            json!({"name": "Build", "scopes": ["agents:read"]}),
            json!({"name": "Other", "scopes": ["agents:read"]}),
        )
    };
    let mut makers = Vec::new();
    for list in ["/api/v1/agents".to_owned(), of.at("agents")] {
        let (one, other) = agents();
        makers.push((list.clone(), one, other, list));
    }
    for list in ["/api/v1/keys".to_owned(), of.at("keys")] {
        let (one, other) = keys();
        makers.push((list.clone(), one, other, list));
    }
    let rotate = format!("/api/v1/keys/{key}/rotate");
    makers.push((
        rotate,
        json!({"grace_hours": 1}),
        json!({"grace_hours": 2}),
        "/api/v1/keys".to_owned(),
    ));
    let invitation = |email: &str| json!({"email": email, "role": "viewer"});
    let list = of.at("invitations");
    makers.push((
        list.clone(),
        invitation("anna@example.com"),
        invitation("bert@example.com"),
        list,
    ));
    let list = "/api/v1/organizations".to_owned();
    makers.push((
        list.clone(),
        json!({"name": "One"}),
        json!({"name": "Two"}),
        list,
    ));
    makers
}

fn post(cloud: &Cloud, path: &str, by: &Person, body: &Value, key: &str) -> Ask {
    let ask = cloud.post(path).by(by).header("idempotency-key", key);
    ask.json(body)
}

on_both! {
    async fn at_once_and_again_it_is_made_once(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let key = cloud.post("/api/v1/keys").by(&owner).json(&json!({"name": "Old", "scopes": ["agents:read"]}));
        let key = key.send().await.is(201).read::<Value>()["key"]["id"].as_str().unwrap().to_owned();
        for (at, (path, body, other, list)) in makers(&harbour, &key).into_iter().enumerate() {
            let (before, name) = (cloud.items(&list, &owner).await.len(), format!("key-{at}"));
            let send = |body: &Value| post(cloud, &path, &owner, body, &name).send();
            let answers = join_all((0..10).map(|_| send(&body))).await;
            let first = answers[0].text();
            let mut made = 0;
            for answer in answers {
                assert_eq!((answer.status, answer.text()), (201, first.clone()), "{path}");
                made += u32::from(answer.header("idempotency-replayed").is_empty());
            }
            assert_eq!(made, 1, "{path}");
            assert_eq!(cloud.items(&list, &owner).await.len(), before + 1, "{path}");
            send(&other).await.refused(ProblemCode::IdempotencyKeyReused);
            cloud.clock.forward(1);
            let again = send(&body).await.is(201);
            assert_eq!((again.text(), &*again.header("idempotency-replayed")), (first, "true"), "{path}");
        }
        assert_eq!(cloud.letters().await.len(), 4, "one mail for one invitation, and for each of the owner's three keys");
    }

    async fn a_key_is_one_callers_for_one_request_for_a_day(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let (path, body) = ("/api/v1/organizations", json!({"name": "One"}));
        let id = async |by: &Person| post(cloud, path, by, &body, "one").send().await.is(201).read::<Value>()["id"].clone();
        let made = id(&anna).await;
        assert_ne!(id(&eve).await, made, "another's answer is not given out");
        let agent = json!({"name": "one", "title": "One"});
        post(cloud, "/api/v1/agents", &anna, &agent, "one").send().await.refused(ProblemCode::IdempotencyKeyReused);
        // What was refused may be tried again with the same key.
        post(cloud, path, &anna, &json!({"name": ""}), "two").send().await.refused(ProblemCode::Invalid);
        post(cloud, path, &anna, &body, "two").send().await.is(201);
        for odd in ["", " ", "a b", "a\tb", &"a".repeat(201)] {
            post(cloud, path, &anna, &body, odd).send().await.refused(ProblemCode::Invalid);
        }
        cloud.clock.forward(24 * 3600 + 1);
        sweep(&cloud.server).await.unwrap();
        assert_ne!(id(&anna.again(&cloud.server).await).await, made);
    }

    async fn an_answer_is_not_given_to_who_may_not_have_it_any_more(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let admin = cloud.member(&harbour, Role::Admin).await;
        let new = json!({"name": "Build", "scopes": ["agents:read"]});
        let send = || post(cloud, &harbour.at("keys"), &admin, &new, "one").send();
        send().await.is(201);
        let change = cloud.patch(&harbour.member(&admin)).by(&owner).header("if-match", "*");
        change.json(&json!({"role": "member"})).send().await.is(200);
        send().await.refused(ProblemCode::Forbidden);
        cloud.delete(&harbour.member(&admin)).by(&owner).send().await.is(204);
        send().await.refused(ProblemCode::NotFound);
    }
}
