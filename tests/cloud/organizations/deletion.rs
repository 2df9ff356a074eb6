//! An organization that is deleted, and what goes with it.

use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use slipway_cloud::sweep::sweep;
use slipway_cloud::tables::{
    agent_versions, agents, api_keys, archive_parts, audit_events, invitations, memberships,
    organizations,
};
use slipway_contract::cloud::{ProblemCode, Role};

use crate::kit::{Archive, Cloud, Organization};

/// How many rows are left of an organization.
async fn left(cloud: &Cloud, of: &Organization) -> Vec<u64> {
    let (on, id) = (cloud.server.database.read(), of.id.0);
    let mut left = Vec::new();
    macro_rules! count {
        ($($table:ident.$column:ident),+) => {$(
            let of = $table::Entity::find().filter($table::Column::$column.eq(id));
            left.push(of.count(on).await.expect("a count"));
        )+};
    }
    count!(
        organizations.Id,
        memberships.OrganizationId,
        invitations.OrganizationId,
        api_keys.OrganizationId,
        agents.OrganizationId,
        agent_versions.Owner
    );
    left
}

on_both! {
    async fn all_of_it_goes_and_what_is_private_stays(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let (harbour, other) = (cloud.organization(&owner).await, cloud.organization(&owner).await);
        let member = cloud.member(&harbour, Role::Member).await;
        let list = harbour.at("agents");
        let archive = Archive::saying("Count.");
        for (name, visibility) in [("ours", "organization"), ("mine", "private"), ("once-ours", "organization")] {
            let new = json!({"name": name, "title": name, "visibility": visibility});
            let made = cloud.post(&list).by(&member).json(&new).send().await.is(201).read::<Value>();
            let version = format!("{list}/{}/versions/{}", made["id"].as_str().unwrap(), archive.hash);
            cloud.put(&version).by(&member).body("application/zip", archive.bytes.clone()).send().await.is(201);
            if name == "once-ours" {
                let path = format!("{list}/{}", made["id"].as_str().unwrap());
                let change = cloud.patch(&path).by(&owner).header("if-match", "*").json(&json!({"visibility": "private"}));
                change.send().await.is(200);
            }
        }
        let invite = cloud.post(&harbour.at("invitations")).by(&owner).json(&json!({"email": "anna@example.com", "role": "viewer"}));
        invite.send().await.is(201);
        let text = cloud.letter("anna@example.com").await.0.text;
        let key = cloud.post(&harbour.at("keys")).by(&owner).json(&json!({"name": "Build", "scopes": ["agents:read"]}));
        let key = key.send().await.is(201).read::<Value>()["secret"].as_str().unwrap().to_owned();
        cloud.get(&list).token(&key).send().await.is(200);
        assert!(left(cloud, &harbour).await.iter().all(|count| *count > 0));

        cloud.delete(&harbour.path).by(&member).send().await.refused(ProblemCode::Forbidden);
        cloud.delete(&harbour.path).by(&owner).send().await.is(204);
        for ask in [cloud.get(&harbour.path), cloud.get(&list), cloud.delete(&harbour.path), cloud.get(&harbour.at("audit-events"))] {
            ask.by(&owner).send().await.refused(ProblemCode::NotFound);
        }
        cloud.get(&list).token(&key).send().await.refused(ProblemCode::Unauthenticated);
        let (_, token) = text.split_once("/invitations/").expect("a link");
        let token = token.split_whitespace().next().expect("a link");
        assert_eq!(cloud.get(&format!("/invitations/{token}")).send().await.status, 404);
        for (person, name) in [(&member, "mine"), (&owner, "once-ours")] {
            let items = cloud.items("/api/v1/agents", person).await;
            assert_eq!(items.len(), 1, "{items:?}");
            assert_eq!((&items[0]["name"], items[0].get("organization")), (&json!(name), None));
            let version = format!("/api/v1/agents/{}/versions/{}", items[0]["id"].as_str().unwrap(), archive.hash);
            assert_eq!(cloud.get(&version).by(person).send().await.is(200).body, archive.bytes);
        }
        assert_eq!(left(cloud, &harbour).await, [0; 6]);
        cloud.get(&other.path).by(&owner).send().await.is(200);
        let events = cloud.items("/api/v1/account/audit-events?action=organization.deleted", &owner).await;
        assert_eq!(events[0]["target"], harbour.id.to_string());
    }

    async fn a_deleted_account_leaves_nothing_of_its_own(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let anna = cloud.member(&harbour, Role::Admin).await;
        let alone = cloud.organization(&anna).await;
        let archive = Archive::saying("Count.");
        for (name, list) in [("own", "/api/v1/agents".to_owned()), ("shared", alone.at("agents")), ("mine", harbour.at("agents"))] {
            let mut new = json!({"name": name, "title": name});
            if name == "mine" {
                new["visibility"] = json!("private");
            }
            let made = cloud.post(&list).by(&anna).json(&new).send().await.is(201).read::<Value>();
            let version = format!("{list}/{}/versions/{}", made["id"].as_str().unwrap(), archive.hash);
            cloud.put(&version).by(&anna).body("application/zip", archive.bytes.clone()).send().await.is(201);
        }
        let key = cloud.post(&harbour.at("keys")).by(&anna).json(&json!({"name": "Build", "scopes": ["agents:read"]}));
        let key = key.send().await.is(201).read::<Value>()["secret"].as_str().unwrap().to_owned();
        cloud.get(&harbour.at("agents")).token(&key).send().await.is(200);
        let yard = cloud.organization(&owner).await;
        let invite = async |email: &str| {
            let body = json!({"email": email, "role": "viewer"});
            let made = cloud.post(&yard.at("invitations")).by(&owner).json(&body).send().await.is(201).read::<Value>();
            yard.at(&format!("invitations/{}", made["id"].as_str().unwrap()))
        };
        for email in [&*anna.email, "bert@example.com"] {
            cloud.delete(&invite(email).await).by(&owner).send().await.is(204);
        }
        let invited = async || {
            let rows = invitations::Entity::find().all(cloud.server.database.read()).await.unwrap();
            rows.into_iter().map(|row| row.email).collect::<Vec<_>>()
        };
        let kept = async || archive_parts::Entity::find().count(cloud.server.database.read()).await.unwrap();
        assert_eq!(kept().await, 3, "each version has its own");

        let mut browser = cloud.browser_of(&anna).await;
        browser.open("/account/delete").await.is(200);
        browser.submit("/account/delete", &[("email", &anna.email)]).await.is(200);
        assert_eq!(kept().await, 0);
        assert_eq!(invited().await, ["bert@example.com"]);
        assert_eq!(left(cloud, &alone).await, [0; 6]);
        cloud.get(&harbour.at("agents")).token(&key).send().await.refused(ProblemCode::Unauthenticated);
        assert_eq!(cloud.items(&harbour.at("members"), &owner).await.len(), 1);
        assert!(cloud.log(&harbour, &owner).await.iter().any(|action| action == "member.left"));
        cloud.get("/api/v1/account").by(&anna).send().await.refused(ProblemCode::Unauthenticated);
        // What is over of others goes with time, and what is open stays.
        invite("bert@example.com").await;
        cloud.clock.forward(30 * 24 * 3600);
        sweep(&cloud.server).await.unwrap();
        assert_eq!(invited().await.len(), 2);
        cloud.clock.forward(1);
        sweep(&cloud.server).await.unwrap();
        assert_eq!(invited().await.len(), 1);
    }

    async fn an_invitation_that_nobody_answered_goes_with_its_mailbox_and_with_time(cloud: &Cloud) {
        let (owner, anna) = (cloud.person("owner").await, cloud.person("anna").await);
        let harbour = cloud.organization(&owner).await;
        for email in [&*anna.email, "bert@example.com"] {
            let body = json!({"email": email, "role": "viewer"});
            cloud.post(&harbour.at("invitations")).by(&owner).json(&body).send().await.is(201);
        }
        let invited = async || {
            let rows = invitations::Entity::find().all(cloud.server.database.read()).await.unwrap();
            rows.into_iter().map(|row| row.email).collect::<Vec<_>>()
        };
        cloud.clock.forward(7 * 24 * 3600 + 1);
        let mut browser = cloud.browser_of(&anna).await;
        browser.open("/account/delete").await.is(200);
        browser.submit("/account/delete", &[("email", &anna.email)]).await.is(200);
        assert_eq!(invited().await, ["bert@example.com"]);
        cloud.clock.forward(30 * 24 * 3600 - 1);
        sweep(&cloud.server).await.unwrap();
        assert_eq!(invited().await.len(), 1);
        cloud.clock.forward(1);
        sweep(&cloud.server).await.unwrap();
        assert!(invited().await.is_empty());
    }

    async fn of_a_deleted_account_no_address_is_left_in_any_log(cloud: &Cloud) {
        let (owner, bert) = (cloud.person("owner").await, cloud.person("bert").await);
        let harbour = cloud.organization(&owner).await;
        let anna = cloud.member(&harbour, Role::Admin).await;
        let new = json!({"name": "Build", "scopes": ["agents:read", "agents:write"]});
        let key = cloud.post("/api/v1/keys").by(&anna).json(&new).send().await.is(201).read::<Value>();
        let by_key = cloud.post(&harbour.at("agents")).token(key["secret"].as_str().unwrap());
        by_key.json(&json!({"name": "counter", "title": "counter"})).send().await.is(201);
        let invite = json!({"email": "somebody@example.org", "role": "viewer"});
        for by in [&anna, &owner] {
            let made = cloud.post(&harbour.at("invitations")).by(by).json(&invite).send().await.is(201).read::<Value>();
            cloud.delete(&harbour.at(&format!("invitations/{}", made["id"].as_str().unwrap()))).by(by).send().await.is(204);
        }
        cloud.post("/api/v1/keys").by(&bert).json(&new).send().await.is(201);
        let mut browser = cloud.browser_of(&anna).await;
        browser.open("/account/delete").await.is(200);
        browser.submit("/account/delete", &[("email", &anna.email)]).await.is(200);
        let rows = audit_events::Entity::find().all(cloud.server.database.read()).await.unwrap();
        let own = |row: &&audit_events::Model| row.account_id == Some(anna.id.0);
        assert!(rows.iter().filter(own).all(|row| row.organization_id.is_some() && row.address.is_empty()), "{rows:#?}");
        let log = cloud.items(&harbour.at("audit-events?limit=100"), &owner).await;
        let mut addresses: Vec<(&str, bool)> = log.iter().map(|event| (event["action"].as_str().unwrap(), event.get("address").is_some())).collect();
        addresses.sort_unstable();
        assert_eq!(addresses, [
            ("agent.created", false),
            ("invitation.revoked", false),
            ("invitation.revoked", true),
            ("invitation.sent", false),
            ("invitation.sent", true),
            ("member.left", false),
            ("organization.created", true),
        ]);
        let left = log.iter().find(|event| event["action"] == "member.left").unwrap();
        assert_eq!(left["actor"], format!("account:{}", anna.id));
        // What others did is theirs.
        let events = cloud.items("/api/v1/account/audit-events", &bert).await;
        assert!(events.iter().all(|event| event.get("address").is_some()) && !events.is_empty());
    }

    async fn who_signed_in_long_ago_deletes_and_gives_away_nothing(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let member = cloud.member(&harbour, Role::Member).await;
        cloud.clock.forward(15 * 60);
        let late = owner.renewed(&cloud.server).await;
        cloud.delete(&harbour.path).by(&late).send().await.refused(ProblemCode::ReauthenticationRequired);
        let transfer = cloud.post(&harbour.at("transfer")).by(&late).json(&json!({"to": member.id}));
        transfer.send().await.refused(ProblemCode::ReauthenticationRequired);
        cloud.delete(&harbour.path).by(&owner.again(&cloud.server).await).send().await.is(204);
    }
}
