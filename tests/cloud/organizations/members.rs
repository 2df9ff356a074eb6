//! Members: what they are, how they go, and that an owner is left.

use std::sync::Arc;

use futures::future::join_all;
use serde_json::{Value, json};
use slipway_contract::cloud::{ProblemCode, Role};
use tokio::sync::Barrier;

use crate::kit::{Answer, Ask, Cloud, Organization, Person};

fn role_of(cloud: &Cloud, of: &Organization, by: &Person, who: &Person, role: &str) -> Ask {
    let ask = cloud.patch(&of.member(who)).by(by).header("if-match", "*");
    ask.json(&json!({"role": role}))
}

/// The roles of all members, the highest first.
async fn roles(cloud: &Cloud, of: &Organization, by: &Person) -> Vec<Role> {
    let members = cloud.items(&of.at("members"), by).await;
    let roles = members.iter().map(|member| member["role"].as_str());
    let roles = roles.map(|role| role.expect("a role").parse().expect("a role"));
    let mut roles: Vec<Role> = roles.collect();
    roles.sort();
    roles.reverse();
    roles
}

/// Sends all of these at the same moment.
async fn at_once(asks: Vec<Ask>) -> Vec<Answer> {
    let barrier = Arc::new(Barrier::new(asks.len()));
    let sent = asks.into_iter().map(|ask| {
        let barrier = Arc::clone(&barrier);
        tokio::spawn(async move {
            barrier.wait().await;
            ask.send().await
        })
    });
    let answers = join_all(sent).await.into_iter();
    answers.map(|answer| answer.expect("an answer")).collect()
}

on_both! {
    async fn nobody_acts_on_more_than_they_are(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let admin = cloud.member(&harbour, Role::Admin).await;
        let other = cloud.member(&harbour, Role::Admin).await;
        let member = cloud.member(&harbour, Role::Member).await;
        let set = |by: &Person, who: &Person, role: &str| role_of(cloud, &harbour, by, who, role).send();
        set(&admin, &owner, "viewer").await.refused(ProblemCode::Forbidden);
        set(&admin, &member, "owner").await.refused(ProblemCode::Forbidden);
        set(&admin, &admin, "owner").await.refused(ProblemCode::Forbidden);
        cloud.delete(&harbour.member(&owner)).by(&admin).send().await.refused(ProblemCode::Forbidden);
        set(&member, &member, "admin").await.refused(ProblemCode::Forbidden);
        assert_eq!(set(&admin, &member, "admin").await.is(200).read::<Value>()["role"], "admin");
        set(&member, &other, "viewer").await.is(200);
        set(&other, &member, "viewer").await.refused(ProblemCode::Forbidden);
        set(&owner, &admin, "owner").await.is(200);
        set(&admin, &owner, "member").await.is(200);
        for wrong in ["root", "Owner", "", " owner"] {
            set(&admin, &member, wrong).await.refused(ProblemCode::Invalid);
        }
        assert_eq!(roles(cloud, &harbour, &admin).await, [Role::Owner, Role::Admin, Role::Member, Role::Viewer]);
    }

    async fn an_owner_is_made_by_who_signed_in_a_short_while_ago(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let member = cloud.member(&harbour, Role::Member).await;
        cloud.clock.forward(15 * 60);
        let late = owner.renewed(&cloud.server).await;
        role_of(cloud, &harbour, &late, &member, "owner").send().await.refused(ProblemCode::ReauthenticationRequired);
        let invite = |by: &Person| {
            let new = json!({"email": "bert@example.com", "role": "owner"});
            cloud.post(&harbour.at("invitations")).by(by).json(&new)
        };
        invite(&late).send().await.refused(ProblemCode::ReauthenticationRequired);
        // Other roles are given without.
        role_of(cloud, &harbour, &late, &member, "admin").send().await.is(200);
        let again = owner.again(&cloud.server).await;
        role_of(cloud, &harbour, &again, &member, "owner").send().await.is(200);
        invite(&again).send().await.is(201);
    }

    async fn a_role_is_changed_from_what_was_seen(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let member = cloud.member(&harbour, Role::Member).await;
        let path = harbour.member(&member);
        let seen = cloud.get(&path).by(&owner).send().await.is(200).header("etag");
        let set = |role: &str| cloud.patch(&path).by(&owner).json(&json!({"role": role}));
        set("viewer").send().await.refused(ProblemCode::PreconditionRequired);
        set("viewer").header("if-match", &seen).send().await.is(200);
        set("admin").header("if-match", &seen).send().await.refused(ProblemCode::Changed);
        set("admin").header("if-match", &format!("W/{seen}")).send().await.refused(ProblemCode::Changed);
        assert_eq!(roles(cloud, &harbour, &owner).await, [Role::Owner, Role::Viewer]);
    }

    async fn who_is_removed_is_out_at_once(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let admin = cloud.member(&harbour, Role::Admin).await;
        let new = json!({"name": "Build", "scopes": ["agents:read"]});
        let mut keys = Vec::new();
        for path in ["/api/v1/keys".to_owned(), harbour.at("keys")] {
            let made = cloud.post(&path).by(&admin).json(&new).send().await.is(201);
            keys.push(made.read::<Value>()["secret"].as_str().unwrap().to_owned());
        }
        let agents = harbour.at("agents");
        for key in &keys {
            cloud.get(&agents).token(key).send().await.is(200);
        }
        cloud.get(&agents).by(&admin).send().await.is(200);
        cloud.delete(&harbour.member(&admin)).by(&owner).send().await.is(204);
        cloud.get(&agents).by(&admin).send().await.refused(ProblemCode::NotFound);
        cloud.get(&agents).token(&keys[0]).send().await.refused(ProblemCode::NotFound);
        cloud.get(&agents).token(&keys[1]).send().await.refused(ProblemCode::Unauthenticated);
        // They are still somebody, elsewhere.
        cloud.get("/api/v1/account").by(&admin).send().await.is(200);
        assert_eq!(cloud.items("/api/v1/organizations", &admin).await.len(), 0);
        cloud.delete(&harbour.member(&admin)).by(&owner).send().await.refused(ProblemCode::NotFound);
    }

    async fn an_organization_is_given_to_another_member(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let member = cloud.member(&harbour, Role::Viewer).await;
        let stranger = cloud.person("eve").await;
        let to = |whom: &Person| cloud.post(&harbour.at("transfer")).by(&owner).json(&json!({"to": whom.id}));
        to(&owner).send().await.refused(ProblemCode::Conflict);
        to(&stranger).send().await.refused(ProblemCode::Conflict);
        assert_eq!(to(&member).send().await.is(200).read::<Value>()["role"], "admin");
        to(&member).send().await.refused(ProblemCode::Forbidden);
        assert_eq!(roles(cloud, &harbour, &member).await, [Role::Owner, Role::Admin]);
        cloud.post(&harbour.at("leave")).by(&member).send().await.refused(ProblemCode::LastOwner);
        cloud.post(&harbour.at("leave")).by(&owner).send().await.is(204);
        cloud.get(&harbour.path).by(&owner).send().await.refused(ProblemCode::NotFound);
    }

    async fn the_last_owner_cannot_go(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        cloud.member(&harbour, Role::Admin).await;
        cloud.post(&harbour.at("leave")).by(&owner).send().await.refused(ProblemCode::LastOwner);
        cloud.delete(&harbour.member(&owner)).by(&owner).send().await.refused(ProblemCode::LastOwner);
        role_of(cloud, &harbour, &owner, &owner, "admin").send().await.refused(ProblemCode::LastOwner);
        role_of(cloud, &harbour, &owner, &owner, "owner").send().await.is(200);
        assert_eq!(roles(cloud, &harbour, &owner).await, [Role::Owner, Role::Admin]);
    }

    async fn owners_who_go_at_once_leave_one(cloud: &Cloud) {
        for round in 0..4 {
            let first = cloud.person("first").await;
            let harbour = cloud.organization(&first).await;
            let admin = cloud.member(&harbour, Role::Admin).await;
            let mut owners = vec![first];
            for _ in 0..3 {
                owners.push(cloud.member(&harbour, Role::Owner).await);
            }
            let goes = |(at, owner): (usize, &Person)| {
                let next = &owners[(at + 1) % owners.len()];
                match (round + at) % 4 {
                    0 => cloud.post(&harbour.at("leave")).by(owner),
                    1 => cloud.delete(&harbour.member(owner)).by(owner),
                    2 => cloud.delete(&harbour.member(next)).by(owner),
                    _ => role_of(cloud, &harbour, owner, owner, "viewer"),
                }
            };
            let answers = at_once(owners.iter().enumerate().map(goes).collect()).await;
            for answer in &answers {
                assert!(answer.status < 500, "{answer:?}");
            }
            let left = roles(cloud, &harbour, &admin).await;
            assert!(left[0] == Role::Owner, "{left:?} after {answers:?}");
        }
    }

    async fn two_owners_who_leave_at_once_do_not_both_go(cloud: &Cloud) {
        for _ in 0..8 {
            let one = cloud.person("one").await;
            let harbour = cloud.organization(&one).await;
            let two = cloud.member(&harbour, Role::Owner).await;
            let leave = [&one, &two].map(|owner| cloud.post(&harbour.at("leave")).by(owner));
            let mut statuses: Vec<u16> = at_once(leave.into()).await.iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 409]);
        }
    }
}
