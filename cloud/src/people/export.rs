//! All that the server knows of a person, as one JSON document. Secrets and their hashes are not in it.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::failure::Failure;
use crate::server::Server;
use crate::tables::audit_events::{Log, Search};
use crate::tables::{
    accounts, audit_events, identities, memberships, organizations, passkeys, sessions,
};
use slipway_contract::Timestamp;
use slipway_contract::cloud::OrganizationId;

/// How many rows are read at once.
const PART: u64 = 500;
/// How a program knows what it reads.
const FORMAT: u32 = 1;

fn at(moment: Moment) -> Value {
    json!(Timestamp::from(moment))
}

/// The document.
///
/// # Errors
/// The database's.
pub async fn export(server: &Server, account: &accounts::Model) -> Result<Value, Failure> {
    let (on, id) = (server.database.read(), account.id());
    let mut member_of = Vec::new();
    for row in memberships::all_of_account(on, id).await? {
        let organization = organizations::find(on, OrganizationId(row.organization_id)).await?;
        member_of.push(json!({
            "organization": row.organization_id, "name": organization.map(|row| row.name),
            "role": row.role, "since": at(row.created_at),
        }));
    }
    let going = sessions::live_of(on, id, server.clock.now(), None, PART).await?;
    let going: Vec<Value> = going
        .into_iter()
        .map(|row| {
            json!({
                "id": row.id, "client": row.client, "device": row.device, "address": row.address,
                "signed_in_at": at(row.signed_in_at), "last_used_at": at(row.last_used_at),
            })
        })
        .collect();
    let keys = passkeys::of_account(on, id, None, PART).await?;
    let keys: Vec<Value> = keys.into_iter().map(|row| json!({
        "id": row.id, "name": row.name, "created_at": at(row.created_at), "last_used_at": row.last_used_at.map(at),
    })).collect();
    let elsewhere = identities::of_account(on, id).await?;
    let elsewhere: Vec<Value> = elsewhere.into_iter().map(|row| json!({
        "service": row.provider, "subject": row.subject, "email": row.email, "since": at(row.created_at),
    })).collect();
    let mut events = Vec::new();
    let mut after = None;
    loop {
        let part =
            audit_events::list(on, Log::Account(id), &Search::default(), after, PART).await?;
        let Some(last) = part.last() else { break };
        after = Some(last.id);
        events.extend(part.into_iter().map(|row| json!({
            "action": row.action, "target": row.target, "address": row.address, "at": at(row.created_at),
        })));
    }
    Ok(json!({
        "format": FORMAT,
        "account": {
            "id": id, "email": account.email, "name": account.name, "created_at": at(account.created_at),
            "has_password": account.password_hash.is_some(),
        },
        "organizations": member_of,
        "sessions": going,
        "passkeys": keys,
        "services": elsewhere,
        "events": events,
    }))
}
