//! An organization, and what its people do in it.

use serde_json::{Value, json};
use slipway_cloud::tables::memberships;
use slipway_contract::cloud::{OrganizationId, Role};

use super::{Cloud, Person};

/// An organization.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: OrganizationId,
    /// Where its routes begin.
    pub path: String,
}

impl Organization {
    /// Where a part of it is.
    pub fn at(&self, rest: &str) -> String {
        format!("{}/{rest}", self.path)
    }

    /// Where a member of it is.
    pub fn member(&self, person: &Person) -> String {
        self.at(&format!("members/{}", person.id))
    }
}

impl Cloud {
    /// An organization that this person owns.
    pub async fn organization(&self, owner: &Person) -> Organization {
        let ask = self.post("/api/v1/organizations").by(owner);
        let made = ask.json(&json!({"name": "Harbour"})).send().await.is(201);
        let id = made.read::<Value>()["id"].as_str().expect("an id").parse();
        let id = id.expect("an id");
        let path = format!("/api/v1/organizations/{id}");
        Organization { id, path }
    }

    /// Somebody new who belongs to it.
    pub async fn member(&self, of: &Organization, role: Role) -> Person {
        let person = self.person(role.as_str()).await;
        let (on, now) = (self.server.database.read(), self.server.clock.now());
        let made = memberships::insert(on, of.id, person.id, role, now).await;
        made.expect("a membership");
        person
    }

    /// The items of a list's first page.
    pub async fn items(&self, path: &str, by: &Person) -> Vec<Value> {
        let page = self.get(path).by(by).send().await.is(200).read::<Value>();
        page["items"].as_array().expect("items").clone()
    }

    /// What its log tells of, the newest first.
    pub async fn log(&self, of: &Organization, by: &Person) -> Vec<String> {
        let events = self.items(&of.at("audit-events?limit=100"), by).await;
        let actions = events.iter().map(|event| event["action"].as_str());
        actions
            .map(|action| action.expect("an action").to_owned())
            .collect()
    }
}
