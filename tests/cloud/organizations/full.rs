//! What is nearly full when a request comes: rows are put into the tables, and requests meet the end of the room.

use serde_json::{Value, json};
use slipway_cloud::failure::Failure;
use slipway_cloud::quotas;
use slipway_cloud::tables::{accounts, agent_versions, agents, memberships};
use slipway_contract::cloud::{AccountId, ProblemCode, Role};
use uuid::Uuid;

use crate::kit::{Archive, Ask, Cloud, Organization, Person, rand_bytes};

/// Any id that is not there yet.
fn id() -> Uuid {
    Uuid::from_bytes(rand_bytes())
}

/// An agent that is nobody's yet.
fn agent(cloud: &Cloud, name: &str) -> agents::Model {
    let now = cloud.server.clock.now();
    agents::Model {
        id: id(),
        organization_id: None,
        private_to: None,
        created_by: None,
        name: name.to_owned(),
        title: name.to_owned(),
        description: String::new(),
        revision: 1,
        created_at: now,
        updated_at: now,
    }
}

/// A version of an agent, of so many bytes that are not there.
fn version(cloud: &Cloud, agent: Uuid, owner: Uuid, bytes: u64) -> agent_versions::Model {
    agent_versions::Model {
        id: id(),
        agent_id: agent,
        hash: rand_bytes::<32>().to_vec(),
        owner,
        bytes: i64::try_from(bytes).expect("a number of bytes"),
        files: 2,
        created_by: None,
        created_at: cloud.server.clock.now(),
    }
}

/// Puts these there at once.
async fn put(cloud: &Cloud, rows: &[agents::Model], versions: &[agent_versions::Model]) {
    let written = cloud.server.database.write(|on| async move {
        for row in rows {
            agents::insert(&on, row.clone()).await?;
        }
        for row in versions {
            agent_versions::insert(&on, row.clone()).await?;
        }
        Ok::<_, Failure>(())
    });
    written.await.expect("rows");
}

fn make(cloud: &Cloud, list: &str, by: &Person, name: &str) -> Ask {
    let new = json!({"name": name, "title": name});
    cloud.post(list).by(by).json(&new)
}

fn upload(cloud: &Cloud, agent: Uuid, by: &Person, archive: &Archive) -> Ask {
    let path = format!("/api/v1/agents/{agent}/versions/{}", archive.hash);
    let body = archive.bytes.clone();
    cloud.put(&path).by(by).body("application/zip", body)
}

/// Members to this many in all.
async fn crowd(cloud: &Cloud, of: &Organization, present: u64, most: u64) {
    let now = cloud.server.clock.now();
    let written = cloud.server.database.write(|on| async move {
        for at in present..most {
            let (id, email) = (AccountId(id()), format!("crowd{at}@example.com"));
            let row = accounts::Model {
                id: id.0,
                email_key: email.clone(),
                email,
                email_verified_at: Some(now),
                name: "Somebody".to_owned(),
                password_hash: None,
                is_operator: false,
                suspended_at: None,
                revision: 1,
                browser_marks: 1,
                created_at: now,
            };
            accounts::insert(&on, row).await?;
            memberships::insert(&on, of.id, id, Role::Viewer, now).await?;
        }
        Ok::<_, Failure>(())
    });
    written.await.expect("rows");
}

on_both! {
    async fn a_person_and_an_organization_have_so_many_agents(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let own = "/api/v1/agents".to_owned();
        let places = [
            (own, Some(anna.id.0), None, quotas::AGENTS_OF_A_PERSON.0),
            (harbour.at("agents"), None, Some(harbour.id.0), quotas::AGENTS_OF_AN_ORGANIZATION.0),
        ];
        for (list, private_to, organization_id, most) in places {
            let row = |at| agents::Model { private_to, organization_id, ..agent(cloud, &format!("agent-{at}")) };
            put(cloud, &(1..most).map(row).collect::<Vec<_>>(), &[]).await;
            let last = make(cloud, &list, &anna, "last").send().await.is(201).read::<Value>();
            make(cloud, &list, &anna, "more").send().await.refused(ProblemCode::QuotaExceeded);
            let last = format!("{list}/{}", last["id"].as_str().unwrap());
            cloud.delete(&last).by(&anna).send().await.is(204);
            make(cloud, &list, &anna, "more").send().await.is(201);
        }
    }

    async fn an_agent_has_so_many_versions(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let row = agents::Model { private_to: Some(anna.id.0), ..agent(cloud, "counter") };
        let there = row.id;
        let versions = (1..quotas::VERSIONS.0).map(|_| version(cloud, there, anna.id.0, 1));
        put(cloud, &[row], &versions.collect::<Vec<_>>()).await;
        let (last, more) = (Archive::saying("Last."), Archive::saying("More."));
        upload(cloud, there, &anna, &last).send().await.is(201);
        upload(cloud, there, &anna, &more).send().await.refused(ProblemCode::QuotaExceeded);
        // What is there already takes no room.
        upload(cloud, there, &anna, &last).send().await.is(200);
    }

    async fn all_versions_together_have_so_many_bytes(cloud: &Cloud) {
        let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
        let [full, empty] = [&anna, &bert].map(|person| agents::Model { private_to: Some(person.id.0), ..agent(cloud, "counter") });
        let archive = Archive::saying("Count.");
        let most = version(cloud, full.id, anna.id.0, quotas::BYTES.0);
        put(cloud, &[full.clone(), empty.clone()], &[most]).await;
        let refused = upload(cloud, full.id, &anna, &archive).send().await.refused(ProblemCode::QuotaExceeded);
        assert!(refused.detail.contains("of 2048.0 MiB"), "{refused:?}");
        // What one has used up is nothing to another.
        upload(cloud, empty.id, &bert, &archive).send().await.is(201);
    }

    async fn an_organization_has_so_many_members(cloud: &Cloud) {
        let (owner, anna, bert) = (cloud.person("owner").await, cloud.person("anna").await, cloud.person("bert").await);
        let harbour = cloud.organization(&owner).await;
        let most = quotas::MEMBERS.0;
        crowd(cloud, &harbour, 1, most - 1).await;
        let mut accepts = Vec::new();
        for person in [&anna, &bert] {
            let new = json!({"email": person.email, "role": "viewer"});
            cloud.post(&harbour.at("invitations")).by(&owner).json(&new).send().await.is(201);
            let text = cloud.letter(&person.email).await.0.text;
            let (_, token) = text.split_once("/invitations/").expect("a link");
            let token = token.split_whitespace().next().expect("a link");
            accepts.push(format!("/api/v1/invitations/{token}/accept"));
        }
        // Both were invited while there was room for one.
        cloud.post(&accepts[0]).by(&anna).send().await.is(200);
        cloud.post(&accepts[1]).by(&bert).send().await.refused(ProblemCode::QuotaExceeded);
        let new = json!({"email": "more@example.com", "role": "viewer"});
        cloud.post(&harbour.at("invitations")).by(&owner).json(&new).send().await.refused(ProblemCode::QuotaExceeded);
        // The invitation is good as soon as there is room.
        cloud.delete(&harbour.member(&anna)).by(&owner).send().await.is(204);
        cloud.post(&accepts[1]).by(&bert).send().await.is(200);
    }
}
