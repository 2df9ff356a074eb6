//! `slipway cloud audit`.

use std::collections::HashMap;

use slipway_app::{Cloud, local_time};
use slipway_contract::cloud::audit::{Actor, AuditEvent};
use slipway_contract::cloud::{AccountId, ApiKeyId, OrganizationId};

use crate::args::AuditArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) async fn audit(cloud: &Cloud, args: &AuditArgs, json: bool) -> Result<Exit, Failure> {
    let of = match &args.org {
        Some(named) => Some(cloud.organization_named(named).await?.id),
        None => None,
    };
    let events = cloud.newest_audit_events(of, args.limit).await?;
    if json {
        events.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if events.is_empty() {
        screen.line("Nothing happened yet.")?;
    } else {
        let names = Names::of(cloud, of).await?;
        let mut table = Table::new(["WHEN", "WHAT", "WHO", "FROM"]);
        for event in &events {
            table.row([
                local_time(event.at),
                names.what(event),
                names.who(event),
                event.address.clone().unwrap_or_default(),
            ]);
        }
        table.print(&mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

/// How those are called who did something.
#[derive(Default)]
struct Names {
    own: Option<AccountId>,
    members: HashMap<AccountId, String>,
    keys: HashMap<ApiKeyId, String>,
    /// Those that it may have happened in, where it is not plain which.
    organizations: HashMap<OrganizationId, String>,
}

impl Names {
    async fn of(cloud: &Cloud, of: Option<OrganizationId>) -> Result<Self, Failure> {
        let members = match of {
            Some(of) => cloud.list_members(of).await?,
            None => Vec::new(),
        };
        let organizations = match of {
            Some(_) => Vec::new(),
            None => cloud.list_organizations().await?,
        };
        let keys = cloud.list_keys(of).await?;
        Ok(Self {
            own: cloud.who().person.map(|person| person.account),
            members: members
                .into_iter()
                .map(|member| (member.account, member.name.into_string()))
                .collect(),
            keys: keys
                .into_iter()
                .map(|key| (key.id, key.name.into_string()))
                .collect(),
            organizations: organizations
                .into_iter()
                .map(|each| (each.id, each.name.into_string()))
                .collect(),
        })
    }

    fn what(&self, event: &AuditEvent) -> String {
        let target = event.target.as_deref().unwrap_or_default();
        let member = target.parse().ok().and_then(|id| self.members.get(&id));
        let key = target.parse().ok().and_then(|id| self.keys.get(&id));
        let within = event
            .organization
            .and_then(|id| self.organizations.get(&id));
        event.told(
            member.or(key).map(String::as_str),
            within.map(String::as_str),
        )
    }

    fn who(&self, event: &AuditEvent) -> String {
        match event.actor() {
            Actor::Account(id) if self.own == Some(id) => "you".to_owned(),
            Actor::Account(id) => match self.members.get(&id) {
                Some(name) => name.clone(),
                None if self.members.is_empty() => "somebody else".to_owned(),
                None => "somebody who left".to_owned(),
            },
            Actor::Key(id) => match self.keys.get(&id) {
                Some(name) => format!("the key {name}"),
                None => "a key".to_owned(),
            },
            Actor::Operator => "who runs the server".to_owned(),
            Actor::Unknown => "somebody unknown".to_owned(),
            Actor::Nobody => "the server".to_owned(),
            Actor::Other(other) => other.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(actor: &str, target: Option<&str>) -> AuditEvent {
        serde_json::from_value(serde_json::json!({
            "id": "01890000-0000-7000-8000-000000000009", "action": "member.removed", "actor": actor,
            "target": target, "request": "r", "at": "2026-11-22T12:00:00Z",
        }))
        .unwrap()
    }

    #[test]
    fn who_did_it_has_a_name() {
        let (anna, ben) = (
            "01890000-0000-7000-8000-000000000001",
            "01890000-0000-7000-8000-000000000002",
        );
        let names = Names {
            own: anna.parse().ok(),
            members: HashMap::from([(ben.parse().unwrap(), "Ben".to_owned())]),
            keys: HashMap::from([(anna.parse().unwrap(), "Build".to_owned())]),
            organizations: HashMap::from([(ben.parse().unwrap(), "Harbour".to_owned())]),
        };
        let who = |actor: &str| names.who(&event(actor, None));
        assert_eq!(who(&format!("account:{anna}")), "you");
        assert_eq!(who(&format!("account:{ben}")), "Ben");
        assert_eq!(who(&format!("key:{anna}")), "the key Build");
        assert_eq!(who("nobody"), "the server");
        assert_eq!(who("something:new"), "something:new");
        let removed = event("nobody", Some(ben));
        assert_eq!(names.what(&removed), "A member was removed: Ben");
        let mut raised = event("nobody", Some(ben));
        raised.action = "member.role-changed".to_owned();
        raised.detail = Some(serde_json::json!({"from": "member", "to": "owner"}));
        let told = "A member's role was changed: Ben, from member to owner";
        assert_eq!(names.what(&raised), told);
        raised.organization = ben.parse().ok();
        assert_eq!(names.what(&raised), format!("{told}, in Harbour"));
    }
}
