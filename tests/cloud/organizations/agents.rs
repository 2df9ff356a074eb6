//! Agents of an organization: who sees them, their names, and changes that meet.

use serde_json::{Value, json};
use slipway_contract::cloud::{ProblemCode, Role};

use crate::kit::{Ask, Cloud, Person};

fn make(cloud: &Cloud, list: &str, by: &Person, name: &str, visibility: &str) -> Ask {
    let mut new = json!({"name": name, "title": "Counter"});
    if !visibility.is_empty() {
        new["visibility"] = json!(visibility);
    }
    cloud.post(list).by(by).json(&new)
}

async fn made(cloud: &Cloud, list: &str, by: &Person, name: &str, visibility: &str) -> String {
    let made = make(cloud, list, by, name, visibility).send().await.is(201);
    format!(
        "{list}/{}",
        made.read::<Value>()["id"].as_str().expect("an id")
    )
}

fn see(cloud: &Cloud, path: &str, by: &Person, visibility: &str) -> Ask {
    let ask = cloud.patch(path).by(by).header("if-match", "*");
    ask.json(&json!({"visibility": visibility}))
}

on_both! {
    async fn a_private_agent_is_there_for_its_person_alone(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let (list, member) = (harbour.at("agents"), cloud.member(&harbour, Role::Member).await);
        let private = made(cloud, &list, &member, "counter", "private").await;
        for ask in [cloud.get(&private), cloud.delete(&private), cloud.get(&format!("{private}/versions"))] {
            ask.by(&owner).send().await.refused(ProblemCode::NotFound);
        }
        see(cloud, &private, &owner, "organization").send().await.refused(ProblemCode::NotFound);
        assert!(cloud.items(&list, &owner).await.is_empty());
        assert!(!cloud.log(&harbour, &owner).await.contains(&"agent.created".to_owned()));
        assert_eq!(cloud.items(&list, &member).await.len(), 1);
        see(cloud, &private, &member, "organization").send().await.is(200);
        assert_eq!(cloud.items(&list, &owner).await.len(), 1);
        // What all see is taken from them by who may delete it.
        see(cloud, &private, &member, "private").send().await.refused(ProblemCode::Forbidden);
        see(cloud, &private, &owner, "private").send().await.is(200);
        cloud.get(&private).by(&member).send().await.refused(ProblemCode::NotFound);
    }

    async fn names_are_unique_among_those_who_see_them(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let (list, member) = (harbour.at("agents"), cloud.member(&harbour, Role::Member).await);
        made(cloud, &list, &owner, "counter", "").await;
        make(cloud, &list, &member, "counter", "organization").send().await.refused(ProblemCode::Conflict);
        // A private one tells nobody that it is there, and stands in nobody's way until it is shown.
        let private = made(cloud, &list, &member, "counter", "private").await;
        made(cloud, &list, &owner, "counter", "private").await;
        see(cloud, &private, &member, "organization").send().await.refused(ProblemCode::Conflict);
        assert_eq!(cloud.get(&private).by(&member).send().await.is(200).read::<Value>()["visibility"], "private");
        made(cloud, "/api/v1/agents", &cloud.person("eve").await, "counter", "").await;
        for wrong in ["Counter", "a b", "-a", "a--b", "../a", "", "a\u{301}", &"a".repeat(65)] {
            make(cloud, &list, &owner, wrong, "").send().await.refused(ProblemCode::Invalid);
        }
    }

    async fn a_change_is_of_what_was_seen(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let own = made(cloud, "/api/v1/agents", &owner, "counter", "").await;
        let shared = made(cloud, &harbour.at("agents"), &owner, "counter", "").await;
        for path in [own, shared, harbour.path.clone()] {
            let field = if path == harbour.path { "name" } else { "title" };
            let seen = cloud.get(&path).by(&owner).send().await.is(200).header("etag");
            let change = |to: &str| cloud.patch(&path).by(&owner).json(&json!({field: to}));
            change("One").send().await.refused(ProblemCode::PreconditionRequired);
            // Of many who change the same state at once, one does.
            let all = (0..8).map(|at| change(&format!("To {at}")).header("if-match", &seen).send());
            let mut statuses: Vec<u16> = futures::future::join_all(all).await.iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412], "{path}");
            let now = cloud.get(&path).by(&owner).send().await.is(200);
            assert!(now.header("etag") != seen && now.read::<Value>()[field].as_str().unwrap().starts_with("To "));
            for wrong in ["\"\"", "nonsense", &seen, &format!("W/{}", now.header("etag"))] {
                change("Never").header("if-match", wrong).send().await.refused(ProblemCode::Changed);
            }
            change("Two").header("if-match", &format!("{seen}, {}", now.header("etag"))).send().await.is(200);
        }
    }

    async fn a_private_agent_goes_with_its_person(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let (list, member) = (harbour.at("agents"), cloud.member(&harbour, Role::Member).await);
        let private = made(cloud, &list, &member, "mine", "private").await;
        made(cloud, &list, &member, "ours", "").await;
        cloud.post(&harbour.at("leave")).by(&member).send().await.is(204);
        cloud.get(&private).by(&member).send().await.refused(ProblemCode::NotFound);
        let names = |items: Vec<Value>| items.iter().map(|agent| agent["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(cloud.items("/api/v1/agents", &member).await), ["mine"]);
        assert_eq!(names(cloud.items(&list, &owner).await), ["ours"]);
    }
}
