//! The log of an organization: it tells of each event, and those alone read it who may.

use serde_json::{Value, json};
use slipway_contract::cloud::audit::AuditEvent;
use slipway_contract::cloud::{ProblemCode, Role};

use crate::kit::{Archive, Cloud};

/// The path of what a request made in this list.
async fn made(ask: crate::kit::Ask, list: &str) -> String {
    let made = ask.send().await.is(201).read::<Value>();
    let id = made["id"].as_str().or(made["key"]["id"].as_str());
    format!("{list}/{}", id.expect("an id"))
}

async fn token(cloud: &Cloud, email: &str) -> String {
    let text = cloud.letter(email).await.0.text;
    let (_, token) = text.split_once("/invitations/").expect("a link");
    token.split_whitespace().next().expect("a link").to_owned()
}

on_both! {
    async fn it_tells_of_each_event(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
        cloud.patch(&harbour.path).by(&owner).header("if-match", "*").json(&json!({"name": "Shipyard"})).send().await.is(200);
        let list = harbour.at("invitations");
        let invite = |email: &str| cloud.post(&list).by(&owner).json(&json!({"email": email, "role": "viewer"}));
        let invitation = made(invite(&anna.email), &list).await;
        cloud.letters().await;
        cloud.post(&format!("{invitation}/resend")).by(&owner).send().await.is(200);
        let text = token(cloud, &anna.email).await;
        cloud.post(&format!("/api/v1/invitations/{text}/accept")).by(&anna).send().await.is(200);
        let invitation = made(invite(&bert.email), &list).await;
        cloud.delete(&invitation).by(&owner).send().await.is(204);
        cloud.letters().await;
        made(invite(&bert.email), &list).await;
        let text = token(cloud, &bert.email).await;
        cloud.post(&format!("/api/v1/invitations/{text}/decline")).by(&bert).send().await.is(204);
        cloud.patch(&harbour.member(&anna)).by(&owner).header("if-match", "*").json(&json!({"role": "admin"})).send().await.is(200);
        let list = harbour.at("keys");
        let key = made(cloud.post(&list).by(&anna).json(&json!({"name": "Build", "scopes": ["agents:read"]})), &list).await;
        let next = made(cloud.post(&format!("{key}/rotate")).by(&anna).json(&json!({})), &list).await;
        cloud.delete(&next).by(&owner).send().await.is(204);
        let list = harbour.at("agents");
        let agent = made(cloud.post(&list).by(&anna).json(&json!({"name": "counter", "title": "Counter"})), &list).await;
        let archive = Archive::saying("Count.");
        cloud.put(&format!("{agent}/versions/{}", archive.hash)).by(&anna).body("application/zip", archive.bytes).send().await.is(201);
        cloud.patch(&agent).by(&anna).header("if-match", "*").json(&json!({"title": "Other"})).send().await.is(200);
        cloud.delete(&agent).by(&anna).send().await.is(204);
        cloud.post(&harbour.at("transfer")).by(&owner).json(&json!({"to": anna.id})).send().await.is(200);
        let cora = cloud.member(&harbour, Role::Viewer).await;
        cloud.delete(&harbour.member(&cora)).by(&anna).send().await.is(204);
        cloud.post(&harbour.at("leave")).by(&owner).send().await.is(204);
        let mut told = cloud.log(&harbour, &anna).await;
        told.sort_unstable();
        let mut happened = [
            "organization.created",
            "organization.changed",
            "invitation.sent",
            "invitation.sent-again",
            "invitation.accepted",
            "invitation.sent",
            "invitation.revoked",
            "invitation.sent",
            "invitation.declined",
            "member.role-changed",
            "key.created",
            "key.rotated",
            "key.revoked",
            "agent.created",
            "agent.version-added",
            "agent.changed",
            "agent.deleted",
            "organization.transferred",
            "member.removed",
            "member.left",
        ];
        happened.sort_unstable();
        assert_eq!(told, happened);
        let page = cloud.get(&harbour.at("audit-events?limit=100")).by(&anna).send().await.is(200);
        assert!(!page.text().contains("slk_") && !page.text().contains("sli_"), "{}", page.text());
        for event in page.read::<Value>()["items"].as_array().unwrap() {
            for field in ["id", "actor", "address", "request", "at", "target"] {
                assert!(event[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {event}");
            }
            assert!(event["actor"].as_str().unwrap().starts_with("account:"), "{event}");
        }
    }

    async fn it_says_who_was_invited_what_was_renamed_and_nothing_that_did_not_happen(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let cora = cloud.member(&harbour, Role::Viewer).await;
        for name in ["Shipyard", "Shipyard"] {
            let rename = cloud.patch(&harbour.path).by(&owner).header("if-match", "*");
            rename.json(&json!({"name": name})).send().await.is(200);
        }
        let role = cloud.patch(&harbour.member(&cora)).by(&owner).header("if-match", "*");
        role.json(&json!({"role": "viewer"})).send().await.is(200);
        let list = harbour.at("invitations");
        let invite = cloud.post(&list).by(&owner).json(&json!({"email": "bert@example.com", "role": "admin"}));
        let invitation = made(invite, &list).await;
        cloud.post(&format!("{invitation}/resend")).by(&owner).send().await.is(200);
        cloud.delete(&invitation).by(&owner).send().await.is(204);
        let list = harbour.at("keys");
        let key = json!({"name": "Build", "scopes": ["agents:read"]});
        made(cloud.post(&list).by(&owner).json(&key), &list).await;
        let events = cloud.items(&harbour.at("audit-events"), &owner).await;
        let events: Vec<AuditEvent> = events.into_iter().map(|event| serde_json::from_value(event).unwrap()).collect();
        let mut told: Vec<String> = events.iter().map(|event| event.told(None, None)).collect();
        told.sort_unstable();
        let expected = [
            "An API key was made: Build",
            "An invitation was sent again: b…@example.com, as admin",
            "An invitation was sent: b…@example.com, as admin",
            "An invitation was taken back: b…@example.com",
            "The organization was made",
            "The organization was renamed, from Harbour to Shipyard",
        ];
        assert_eq!(told, expected);
    }

    async fn those_alone_read_it_who_may(cloud: &Cloud) {
        let (owner, eve) = (cloud.person("owner").await, cloud.person("eve").await);
        let (harbour, elsewhere) = (cloud.organization(&owner).await, cloud.organization(&eve).await);
        let path = harbour.at("audit-events");
        for role in Role::ALL {
            let answer = cloud.get(&path).by(&cloud.member(&harbour, *role).await).send().await;
            assert_eq!(answer.status, if *role >= Role::Admin { 200 } else { 403 }, "{role}");
        }
        cloud.get(&path).by(&eve).send().await.refused(ProblemCode::NotFound);
        let key = cloud.post(&elsewhere.at("keys")).by(&eve).json(&json!({"name": "Audit", "scopes": ["audit:read"]}));
        let key = key.send().await.is(201).read::<Value>()["secret"].as_str().unwrap().to_owned();
        cloud.get(&path).token(&key).send().await.refused(ProblemCode::NotFound);
        assert!(cloud.log(&elsewhere, &eve).await.contains(&"key.created".to_owned()));
        // Nobody writes or wipes it.
        for ask in [cloud.post(&path), cloud.delete(&path), cloud.patch(&path), cloud.put(&path)] {
            ask.by(&owner).send().await.refused(ProblemCode::MethodNotAllowed);
        }
    }

    async fn it_is_searched_by_what_and_when(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let at = |cloud: &Cloud| slipway_contract::Timestamp::from(cloud.server.clock.now()).to_string();
        let began = at(cloud);
        cloud.clock.forward(60);
        let later = at(cloud);
        cloud.patch(&harbour.path).by(&owner).header("if-match", "*").json(&json!({"name": "Shipyard"})).send().await.is(200);
        let found = async |query: &str| {
            let items = cloud.items(&harbour.at(&format!("audit-events?{query}")), &owner).await;
            items.iter().map(|event| event["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("").await, ["organization.changed", "organization.created"]);
        assert_eq!(found("action=organization.created").await, ["organization.created"]);
        assert_eq!(found(&format!("from={later}")).await, ["organization.changed"]);
        assert_eq!(found(&format!("from={began}&until={later}")).await, ["organization.created"]);
        assert!(found("action=organization").await.is_empty() && found(&format!("until={began}")).await.is_empty());
    }
}
