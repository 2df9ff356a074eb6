//! All that the server knows of a person, as one JSON document. Secrets and their hashes are not in it.
//!
//! It is written while it is read, a few rows at a time, so that it may be of any size.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use slipway_contract::Timestamp;
use slipway_contract::cloud::{AccountId, OrganizationId, ProblemCode};
use tokio::sync::mpsc::{self, Receiver, Sender};
use uuid::Uuid;

use crate::clock::Moment;
use crate::failure::Failure;
use crate::server::Server;
use crate::tables::agents::Shelf;
use crate::tables::api_keys::Holder;
use crate::tables::audit_events::{Log, Search};
use crate::tables::{
    accounts, agent_versions, agents, api_keys, audit_events, identities, invitations, memberships,
    organizations, passkeys, recovery_codes, sessions, totp_secrets,
};

/// How many rows are read at once.
const PART: u64 = 500;
/// How many agents are, each with all its versions.
const AGENTS: u64 = 10;
/// How many parts wait for who reads slowly.
const AHEAD: usize = 2;
/// How a program knows what it reads.
const FORMAT: u32 = 1;

/// Whose documents are being written: of each person one at a time.
#[derive(Debug, Default)]
pub struct Exports(Mutex<HashSet<AccountId>>);

/// The turn of one person, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    of: Arc<Exports>,
    account: AccountId,
}

impl Exports {
    /// A turn for one person.
    ///
    /// # Errors
    /// When they have one already.
    pub fn begin(self: &Arc<Self>, account: AccountId) -> Result<Turn, Failure> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !taken.insert(account) {
            let detail = "Your data is being downloaded already. Let that end first.";
            return Err(Failure::later(ProblemCode::RateLimited, detail, 5));
        }
        let of = Arc::clone(self);
        Ok(Turn { of, account })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut taken = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.remove(&self.account);
    }
}

/// The document, part by part.
///
/// # Errors
/// When one is being written for this person already.
pub fn export(
    server: &Server,
    account: &accounts::Model,
) -> Result<Receiver<Result<Bytes, Failure>>, Failure> {
    let turn = server.people.exports.begin(account.id())?;
    let (to, parts) = mpsc::channel(AHEAD);
    let (server, account) = (server.clone(), account.clone());
    tokio::spawn(async move {
        let document = Document { to };
        if let Err(failure) = write(&document, &server, &account).await {
            tracing::warn!(%failure, "an export was not finished");
            let _ = document.to.send(Err(failure)).await;
        }
        drop(turn);
    });
    Ok(parts)
}

/// What is written so far is on its way.
struct Document {
    to: Sender<Result<Bytes, Failure>>,
}

impl Document {
    async fn say(&self, text: String) -> Result<(), Failure> {
        let sent = self.to.send(Ok(text.into())).await;
        sent.map_err(|_| Failure::Internal("nobody reads it any more".to_owned()))
    }

    /// A list, of which each part goes on after the last row of the one before.
    async fn list<F>(&self, name: &str, part: impl Fn(Option<Uuid>) -> F) -> Result<(), Failure>
    where
        F: Future<Output = Result<Vec<(Uuid, Value)>, Failure>> + Send,
    {
        self.say(format!(",\n\"{name}\": [")).await?;
        let (mut after, mut between) = (None, "\n");
        loop {
            let rows = part(after).await?;
            let Some((last, _)) = rows.last() else { break };
            after = Some(*last);
            let mut text = String::new();
            for (_, row) in &rows {
                text.push_str(between);
                text.push_str(&row.to_string());
                between = ",\n";
            }
            self.say(text).await?;
        }
        self.say("\n]".to_owned()).await
    }
}

fn at(moment: Moment) -> Value {
    json!(Timestamp::from(moment))
}

/// A row as its person reads it elsewhere.
fn shown(row: impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(row).map_err(|error| Failure::Internal(format!("an export: {error}")))
}

async fn write(
    document: &Document,
    server: &Server,
    account: &accounts::Model,
) -> Result<(), Failure> {
    let (on, id) = (server.database.read(), account.id());
    document.say(head(server, account).await?).await?;
    document
        .list("sessions", |after| async move {
            let rows = sessions::all_of(on, id, after, PART).await?;
            Ok(rows.into_iter().map(|row| (row.id, json!({
                "id": row.id, "client": row.client, "device": row.device, "address": row.address,
                "signed_in_at": at(row.signed_in_at), "last_used_at": at(row.last_used_at),
                "ended_at": row.revoked_at.map(at), "ended_because": row.revoked_because,
            }))).collect())
        })
        .await?;
    document
        .list("keys", |after| async move {
            let rows = api_keys::list(on, Holder::Person(id), after, PART).await?;
            rows.into_iter()
                .map(|row| Ok((row.id, shown(row.shown()?)?)))
                .collect()
        })
        .await?;
    document
        .list("agents", |after| async move {
            let mut part = Vec::new();
            for row in agents::list(on, Shelf::Person(id), after, AGENTS).await? {
                part.push((row.id, agent(server, &row).await?));
            }
            Ok(part)
        })
        .await?;
    document
        .list("invitations", |after| async move {
            let rows = invitations::about(on, &account.email_key, id, after, PART).await?;
            Ok(rows.into_iter().map(|row| (row.id, json!({
                "id": row.id, "organization": row.organization_id, "email": row.email, "role": row.role,
                "invited_by": row.invited_by, "outcome": row.outcome,
                "created_at": at(row.created_at), "expires_at": at(row.expires_at),
            }))).collect())
        })
        .await?;
    document
        .list("events", |after| async move {
            let rows =
                audit_events::list(on, Log::Account(id), &Search::default(), after, PART).await?;
            rows.into_iter()
                .map(|row| Ok((row.id, shown(row.shown())?)))
                .collect()
        })
        .await?;
    document.say("\n}\n".to_owned()).await
}

/// What there is little of. The document is open at its end.
async fn head(server: &Server, account: &accounts::Model) -> Result<String, Failure> {
    let (on, id) = (server.database.read(), account.id());
    let mut member_of = Vec::new();
    for row in memberships::all_of_account(on, id).await? {
        let organization = organizations::find(on, OrganizationId(row.organization_id)).await?;
        member_of.push(json!({
            "organization": row.organization_id, "name": organization.map(|row| row.name),
            "role": row.role, "since": at(row.created_at),
        }));
    }
    let keys = passkeys::of_account(on, id, None, PART).await?;
    let keys: Vec<Value> = keys.into_iter().map(|row| json!({
        "id": row.id, "name": row.name, "created_at": at(row.created_at), "last_used_at": row.last_used_at.map(at),
    })).collect();
    let elsewhere = identities::of_account(on, id).await?;
    let elsewhere: Vec<Value> = elsewhere.into_iter().map(|row| json!({
        "service": row.provider, "subject": row.subject, "email": row.email, "since": at(row.created_at),
    })).collect();
    let app = totp_secrets::find(on, id).await?;
    let app = app.and_then(|row| row.confirmed_at);
    let head = json!({
        "format": FORMAT,
        "account": {
            "id": id, "email": account.email, "email_verified_at": account.email_verified_at.map(at),
            "name": account.name, "created_at": at(account.created_at),
            "has_password": account.password_hash.is_some(), "is_operator": account.is_operator,
        },
        "organizations": member_of,
        "second_factor": {
            "authenticator_app_since": app.map(at), "recovery_codes_left": recovery_codes::left(on, id).await?,
        },
        "passkeys": keys,
        "services": elsewhere,
    });
    let mut text = head.to_string();
    // Lists follow.
    text.pop();
    Ok(text)
}

/// An agent with its versions, and where each archive is fetched.
async fn agent(server: &Server, row: &agents::Model) -> Result<Value, Failure> {
    let (mut versions, mut after) = (Vec::new(), None);
    loop {
        let part = agent_versions::list(server.database.read(), row.id, after, PART).await?;
        let Some(last) = part.last() else { break };
        after = Some(last.id);
        for version in part {
            let version = version.shown()?;
            let (url, hash) = (&server.config.public_url, version.content_hash);
            let archive = format!("{url}/api/v1/agents/{}/versions/{hash}", row.id);
            let mut version = shown(version)?;
            version["archive"] = archive.into();
            versions.push(version);
        }
    }
    let mut agent = shown(row.shown()?)?;
    agent["versions"] = versions.into();
    Ok(agent)
}
