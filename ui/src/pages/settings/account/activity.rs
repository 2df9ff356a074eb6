//! What happened that matters to security: to the person's account, or in an organization.

use std::rc::Rc;

use slipway_contract::cloud::audit::{Actor, AuditEvent};
use slipway_contract::cloud::key::ApiKey;
use slipway_contract::cloud::member::Member;
use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::{AccountId, ApiKeyId, Cursor, OrganizationId, Page};
use slipway_contract::command::cloud::{
    ListApiKeys, ListAuditEvents, ListMembers, ListOrganizations,
};
use yew::prelude::*;

use super::{Trouble, moment};
use crate::bridge::{use_action, use_query};
use crate::components::{Button, async_value, skeleton};
use crate::text;

/// How many are shown at first, and how many more at a time.
const FIRST: u32 = 5;
const MORE: u32 = 50;

/// Whose.
#[derive(Properties, PartialEq)]
struct Props {
    /// The organization; without it, the person's own account.
    #[prop_or_default]
    of: Option<OrganizationId>,
    /// The person's own account.
    own: AccountId,
    /// Who else may have done something.
    #[prop_or_default]
    members: Option<Rc<Vec<Member>>>,
    /// In which organizations it may have happened, where it is not plain in which.
    #[prop_or_default]
    organizations: Option<Rc<Vec<Organization>>>,
    /// Changes when all is to be asked for again.
    asked: u32,
}

/// The newest events, and older ones as long as the person wants them.
#[component]
fn Activity(props: &Props) -> Html {
    let organization = props.of;
    let first = ListAuditEvents {
        organization,
        after: None,
        most: FIRST,
    };
    let events = use_query(first, props.asked);
    let older = use_state(|| None::<Page<AuditEvent>>);
    {
        // Other newest ones have others after them.
        let older = older.clone();
        use_effect_with(events.state.ready().cloned(), move |_| older.set(None));
    }
    let more = {
        let older = older.clone();
        use_action::<ListAuditEvents>(Callback::from(move |page: Page<AuditEvent>| {
            let before = older.as_ref().map(|older| older.items.clone());
            let mut items = before.unwrap_or_default();
            items.extend(page.items);
            older.set(Some(Page {
                items,
                next: page.next,
            }));
        }))
    };
    let title = match organization {
        None => text::RECENT_ACTIVITY,
        Some(_) => text::AUDIT_LOG,
    };
    let keys = use_query(ListApiKeys { organization }, props.asked);
    let keys = keys.state.ready();
    let names = Names {
        own: props.own,
        members: props.members.as_deref().map_or(&[][..], Vec::as_slice),
        keys: keys.map_or(&[][..], |keys| keys),
        organizations: props
            .organizations
            .as_deref()
            .map_or(&[][..], Vec::as_slice),
    };
    let shown = |page: &Page<AuditEvent>| {
        let rest = older.as_ref();
        let rest_items = rest.map_or(&[][..], |rest| &rest.items);
        let next: Option<Cursor> = rest.map_or(&page.next, |rest| &rest.next).clone();
        let row = |event: &AuditEvent| line(event, &names);
        let onclick = more.send.reform(move |()| ListAuditEvents {
            organization,
            after: next.clone(),
            most: MORE,
        });
        let has_more = rest.map_or(&page.next, |rest| &rest.next).is_some();
        html! {
            <>
                <ul class="rows account__rows account__log">{ for page.items.iter().chain(rest_items).map(row) }</ul>
                if has_more { <Button label={text::SHOW_OLDER} small=true busy={more.busy} {onclick} /> }
            </>
        }
    };
    html! {
        <section class="account__part" aria-label={title}>
            <h2 class="section">{ title }</h2>
            { async_value(&events, skeleton::lines(&["w-320", "w-240"]), |page| shown(page)) }
            if let Some(problem) = &more.problem { <Trouble problem={Rc::clone(problem)} /> }
        </section>
    }
}

fn line(event: &AuditEvent, names: &Names<'_>) -> Html {
    let target = event.target.as_deref().unwrap_or_default();
    let what = event.told(
        names.member(target).or_else(|| names.key(target)),
        names.organization(event),
    );
    let who = names.who(event);
    let by = match &event.address {
        Some(address) => text::by_from(&who, address),
        None => who,
    };
    html! {
        <li key={event.id.to_string()} class="account__row">
            <div class="account__what">
                <div class="account__told" dir="auto">{ what }</div>
                <div class="small t3 clip">{ by }</div>
            </div>
            <span class="small t2">{ moment(event.at) }</span>
        </li>
    }
}

/// How those are called who did something, or to whom it was done.
struct Names<'a> {
    own: AccountId,
    members: &'a [Member],
    keys: &'a [ApiKey],
    organizations: &'a [Organization],
}

impl Names<'_> {
    fn member(&self, account: &str) -> Option<&str> {
        let account: AccountId = account.parse().ok()?;
        let found = self.members.iter().find(|member| member.account == account);
        found.map(|member| member.name.as_str())
    }

    fn key(&self, key: &str) -> Option<&str> {
        let key: ApiKeyId = key.parse().ok()?;
        let found = self.keys.iter().find(|each| each.id == key);
        found.map(|key| key.name.as_str())
    }

    fn organization(&self, event: &AuditEvent) -> Option<&str> {
        let id = event.organization?;
        let found = self.organizations.iter().find(|each| each.id == id);
        found.map(|each| each.name.as_str())
    }

    /// Who did it, as the person knows them.
    fn who(&self, event: &AuditEvent) -> String {
        match event.actor() {
            Actor::Account(id) if id == self.own => text::YOU_DID.to_owned(),
            Actor::Account(id) => self
                .member(&id.to_string())
                .unwrap_or(text::SOMEBODY_ELSE)
                .to_owned(),
            Actor::Key(id) => self
                .key(&id.to_string())
                .map_or_else(|| text::AN_API_KEY.to_owned(), text::the_key),
            Actor::Operator => text::THE_OPERATOR.to_owned(),
            Actor::Unknown => text::SOMEBODY_UNKNOWN.to_owned(),
            Actor::Nobody => text::THE_SERVER.to_owned(),
            Actor::Other(other) => other.to_owned(),
        }
    }
}

/// Of which person.
#[derive(Properties, PartialEq)]
pub(super) struct OwnProps {
    /// The person's own account.
    pub(super) own: AccountId,
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
}

/// The log of a person, with their organizations by their names.
#[component]
pub(super) fn PersonActivity(props: &OwnProps) -> Html {
    let organizations = use_query(ListOrganizations {}, props.asked);
    let organizations = organizations.state.ready().cloned();
    html! { <Activity own={props.own} {organizations} asked={props.asked} /> }
}

/// Of which organization.
#[derive(Properties, PartialEq)]
pub(super) struct OfProps {
    /// The organization.
    pub(super) organization: OrganizationId,
    /// The person's own account.
    pub(super) own: AccountId,
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
}

/// The log of an organization, with its members by their names.
#[component]
pub(super) fn OrganizationActivity(props: &OfProps) -> Html {
    let organization = props.organization;
    let members = use_query(ListMembers { organization }, props.asked);
    let members = members.state.ready().cloned();
    html! { <Activity of={Some(organization)} own={props.own} {members} asked={props.asked} /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "01890000-0000-7000-8000-000000000001";
    const BERT: &str = "01890000-0000-7000-8000-000000000002";

    fn event(actor: &str) -> AuditEvent {
        serde_json::from_value(serde_json::json!({
            "id": "01890000-0000-7000-8000-000000000009", "action": "member.removed", "actor": actor,
            "request": "r", "at": "2026-11-22T12:00:00Z",
        }))
        .unwrap()
    }

    #[test]
    fn who_did_it_has_a_name() {
        let bert = Member {
            account: BERT.parse().unwrap(),
            name: "Bert".parse().unwrap(),
            email: "bert@example.com".parse().unwrap(),
            role: slipway_contract::cloud::Role::Member,
            joined_at: slipway_contract::Timestamp::from_second(0).unwrap(),
        };
        let build = ApiKey {
            id: BERT.parse().unwrap(),
            name: "Build".parse().unwrap(),
            start: "slk_abcdef".to_owned(),
            scopes: Vec::new(),
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
            created_at: slipway_contract::Timestamp::from_second(0).unwrap(),
        };
        let names = Names {
            own: ANNA.parse().unwrap(),
            members: &[bert],
            keys: &[build],
            organizations: &[],
        };
        let who = |actor: &str| names.who(&event(actor));
        assert_eq!(who(&format!("account:{ANNA}")), "You");
        assert_eq!(who(&format!("account:{BERT}")), "Bert");
        let gone = "account:01890000-0000-7000-8000-000000000003";
        assert_eq!(who(gone), text::SOMEBODY_ELSE);
        assert_eq!(who(&format!("key:{BERT}")), "The key Build");
        assert_eq!(who(&format!("key:{ANNA}")), text::AN_API_KEY);
        assert_eq!(who("operator"), text::THE_OPERATOR);
    }
}
