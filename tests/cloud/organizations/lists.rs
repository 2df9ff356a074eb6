//! Every list, a page at a time: each item once, the newest first, and no end of it in between.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use slipway_cloud::endpoints;
use slipway_contract::cloud::{ProblemCode, Role};

use crate::kit::{Answer, Archive, Cloud, Organization, Person};

/// How many there are of everything at least.
const COUNT: usize = 5;

async fn made(cloud: &Cloud, path: &str, by: &Person, body: &Value) -> String {
    let made = cloud.post(path).by(by).json(body).send().await.is(201);
    made.read::<Value>()["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Fills every list, and gives their paths.
async fn fill(cloud: &Cloud, owner: &Person, of: &Organization) -> Vec<String> {
    let own = "/api/v1".to_owned();
    for at in 1..COUNT {
        cloud.organization(owner).await;
        owner.again(&cloud.server).await;
        cloud.member(of, Role::Viewer).await;
        let invitation = json!({"email": format!("number{at}@example.com"), "role": "viewer"});
        made(cloud, &of.at("invitations"), owner, &invitation).await;
    }
    made(
        cloud,
        &of.at("invitations"),
        owner,
        &json!({"email": "one@example.com", "role": "viewer"}),
    )
    .await;
    let mut lists = ["account/sessions", "account/audit-events", "organizations"]
        .map(|list| format!("{own}/{list}"))
        .to_vec();
    lists.extend(["members", "invitations", "audit-events"].map(|list| of.at(list)));
    for path in [&own, &of.path] {
        let mut agent = String::new();
        for at in 0..COUNT {
            // So that one is newer than the other.
            cloud.clock.forward(1);
            made(
                cloud,
                &format!("{path}/keys"),
                owner,
                &json!({"name": "Build", "scopes": ["agents:read"]}),
            )
            .await;
            agent = made(
                cloud,
                &format!("{path}/agents"),
                owner,
                &json!({"name": format!("number-{at}"), "title": "A"}),
            )
            .await;
        }
        let versions = format!("{path}/agents/{agent}/versions");
        for at in 0..COUNT {
            let archive = Archive::saying(&format!("Number {at}."));
            let ask = cloud.put(&format!("{versions}/{}", archive.hash)).by(owner);
            ask.body("application/zip", archive.bytes)
                .send()
                .await
                .is(201);
        }
        lists.extend([format!("{path}/keys"), format!("{path}/agents"), versions]);
    }
    lists
}

async fn page(cloud: &Cloud, by: &Person, list: &str, query: &str) -> Answer {
    cloud.get(&format!("{list}?{query}")).by(by).send().await
}

/// All items by their pages of so many.
async fn walked(cloud: &Cloud, by: &Person, list: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = page(cloud, by, list, &format!("limit={limit}{after}")).await;
        let page = page.is(200).read::<Value>();
        let items = page["items"].as_array().expect("items");
        all.extend(items.iter().cloned());
        let Some(next) = page.get("next").and_then(Value::as_str) else {
            return all;
        };
        assert_eq!(
            items.len(),
            limit,
            "{list}: a page that is not full has no next one"
        );
        after = format!("&after={next}");
    }
}

on_both! {
    async fn pages_hold_each_item_once(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let lists = fill(cloud, &owner, &harbour).await;
        for list in &lists {
            let all = walked(cloud, &owner, list, 100).await;
            let once: BTreeSet<String> = all.iter().map(Value::to_string).collect();
            assert!(all.len() >= COUNT && once.len() == all.len(), "{list}: {all:?}");
            for limit in [1, 2, COUNT] {
                assert_eq!(walked(cloud, &owner, list, limit).await, all, "{list} by {limit}");
            }
            for query in ["limit=0", "limit=101", "limit=-1", "limit=a", "limit=", "after=", "after=nonsense", "after=AAAA", "offset=1"] {
                page(cloud, &owner, list, query).await.refused(ProblemCode::Invalid);
            }
            // A place that nobody gave out is one, and shows no more than the list.
            let end = page(cloud, &owner, list, "after=AAAAAAAAAAAAAAAAAAAAAA").await.is(200).read::<Value>();
            let begin = page(cloud, &owner, list, "limit=100&after=_____________________w").await.is(200).read::<Value>();
            let counts = [&end, &begin].map(|page| page["items"].as_array().unwrap().len());
            assert!(counts == [0, all.len()] || counts == [all.len(), 0], "{list}: {counts:?}");
        }
        // Of what is made while somebody turns pages, nothing is shown twice.
        let list = harbour.at("agents");
        let first = page(cloud, &owner, &list, "limit=3").await.is(200).read::<Value>();
        made(cloud, &list, &owner, &json!({"name": "in-between", "title": "A"})).await;
        let rest = page(cloud, &owner, &list, &format!("after={}", first["next"].as_str().unwrap())).await.is(200).read::<Value>();
        let names = [&first, &rest].map(|page| page["items"].as_array().unwrap().iter().map(|agent| agent["name"].clone()).collect::<Vec<_>>());
        assert_eq!(names.concat(), ["number-4", "number-3", "number-2", "number-1", "number-0"]);
    }
}

#[test]
fn every_list_is_walked() {
    let description = serde_json::to_value(endpoints::description()).expect("JSON");
    let paths = description["paths"].as_object().expect("paths").iter();
    let lists = paths.filter(|(_, item)| {
        let given = item["get"]["parameters"].as_array();
        given.is_some_and(|given| given.iter().any(|each| each["name"] == "after"))
    });
    let lists: Vec<&str> = lists.map(|(path, _)| path.as_str()).collect();
    // Passkeys need a device to be made with; there are few of them.
    let walked = 12;
    assert_eq!(lists.len(), walked + 1, "{lists:#?}");
    assert!(lists.contains(&"/api/v1/account/passkeys"));
}
