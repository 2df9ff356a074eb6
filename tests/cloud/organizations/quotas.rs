//! How much of everything there may be.

use serde_json::{Value, json};
use slipway_cloud::quotas;
use slipway_contract::cloud::{ProblemCode, Role};

use crate::kit::{Cloud, Person};

/// Makes as many as there may be, and one more.
async fn fill(cloud: &Cloud, path: &str, by: &Person, most: u64, body: impl Fn(u64) -> Value) {
    for at in 0..most {
        cloud.post(path).by(by).json(&body(at)).send().await.is(201);
    }
    let more = cloud.post(path).by(by).json(&body(most)).send().await;
    more.refused(ProblemCode::QuotaExceeded);
}

on_both! {
    async fn a_person_owns_so_many_organizations(cloud: &Cloud) {
        let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
        let harbour = cloud.organization(&bert).await;
        let list = "/api/v1/organizations";
        fill(cloud, list, &anna, quotas::ORGANIZATIONS.0, |at| json!({"name": format!("Number {at}")})).await;
        let admin = cloud.member(&harbour, Role::Admin).await;
        cloud.post(list).by(&admin).json(&json!({"name": "Own"})).send().await.is(201);
        let first = cloud.items(list, &anna).await[0]["id"].as_str().unwrap().to_owned();
        cloud.delete(&format!("{list}/{first}")).by(&anna).send().await.is(204);
        cloud.post(list).by(&anna).json(&json!({"name": "Room again"})).send().await.is(201);
    }

    async fn so_many_keys_can_be_used_and_rotating_makes_no_more(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        for list in ["/api/v1/keys".to_owned(), harbour.at("keys")] {
            fill(cloud, &list, &anna, quotas::KEYS.0, |at| json!({"name": format!("Number {at}"), "scopes": ["agents:read"]})).await;
            let key = cloud.items(&list, &anna).await[0]["id"].as_str().unwrap().to_owned();
            let rotate = |hours: u8| cloud.post(&format!("{list}/{key}/rotate")).by(&anna).json(&json!({"grace_hours": hours}));
            rotate(24).send().await.refused(ProblemCode::QuotaExceeded);
            rotate(0).send().await.is(201);
            let other = cloud.items(&list, &anna).await[5]["id"].as_str().unwrap().to_owned();
            cloud.delete(&format!("{list}/{other}")).by(&anna).send().await.is(204);
            let new = json!({"name": "Room again", "scopes": ["agents:read"]});
            cloud.post(&list).by(&anna).json(&new).send().await.is(201);
        }
    }

    async fn so_many_mails_are_sent(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let list = harbour.at("invitations");
        let new = |at| json!({"email": format!("number{at}@example.com"), "role": "viewer"});
        fill(cloud, &list, &anna, quotas::INVITATIONS_A_DAY.0, new).await;
        // To take them back makes no room, or strangers' mailboxes would be filled.
        let first = format!("{list}/{}", cloud.items(&list, &anna).await[0]["id"].as_str().unwrap());
        let resend = || cloud.post(&format!("{first}/resend")).by(&anna).send();
        for _ in 1..quotas::SENDINGS.0 {
            resend().await.is(200);
        }
        resend().await.refused(ProblemCode::QuotaExceeded);
        cloud.delete(&first).by(&anna).send().await.is(204);
        cloud.post(&list).by(&anna).json(&new(1000)).send().await.refused(ProblemCode::QuotaExceeded);
        cloud.clock.forward(24 * 3600);
        let anna = anna.again(&cloud.server).await;
        cloud.post(&list).by(&anna).json(&new(1000)).send().await.is(201);
    }
}
