//! The rows of a tenant, as they are written.

use slipway_cloud::clock::Moment;
use slipway_cloud::database::Transaction;
use slipway_cloud::failure::Failure;
use slipway_cloud::seal::fingerprint;
use slipway_cloud::tables::{
    agent_versions, agents, api_keys, archive_parts, organizations, sessions,
};
use slipway_contract::cloud::{AccountId, OrganizationId, Scope, SessionId};
use uuid::Uuid;

use super::tenant::{Archive, Key};
use crate::kit::rand_bytes;

pub(super) fn session(id: SessionId, account: AccountId, now: Moment) -> sessions::Model {
    sessions::Model {
        id: id.0,
        account_id: account.0,
        client: "slipway-desktop".to_owned(),
        device: "a test".to_owned(),
        address: "127.0.0.1".to_owned(),
        signed_in_at: now,
        last_used_at: now,
        expires_at: now.plus_seconds(3600),
        revoked_at: None,
        revoked_because: None,
    }
}

/// Whose a key is: a person's or an organization's.
pub(super) type Whose = (Option<Uuid>, Option<Uuid>);

pub(super) fn key_row(
    key: &Key,
    whose: Whose,
    maker: AccountId,
    scopes: &[Scope],
    now: Moment,
) -> api_keys::Model {
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    api_keys::Model {
        id: key.id,
        account_id: whose.0,
        organization_id: whose.1,
        created_by: Some(maker.0),
        name: "a test".to_owned(),
        start: key.secret.chars().take(10).collect(),
        hash: fingerprint(&key.secret).to_vec(),
        scopes: scopes.join(" "),
        expires_at: None,
        // So that a use changes nothing.
        last_used_at: Some(now),
        revoked_at: None,
        created_at: now,
    }
}

pub(super) async fn insert_key(
    on: &Transaction,
    key: &Key,
    whose: Whose,
    maker: AccountId,
    scopes: &[Scope],
    now: Moment,
) -> Result<(), Failure> {
    Ok(api_keys::insert(on, key_row(key, whose, maker, scopes, now)).await?)
}

pub(super) async fn insert_less(
    on: &Transaction,
    keys: &[(Scope, Key)],
    whose: Whose,
    maker: AccountId,
    now: Moment,
) -> Result<(), Failure> {
    for (without, key) in keys {
        let scopes = Scope::ALL.iter().copied();
        let scopes: Vec<Scope> = scopes.filter(|scope| scope != without).collect();
        insert_key(on, key, whose, maker, &scopes, now).await?;
    }
    Ok(())
}

pub(super) async fn insert_agent(
    on: &Transaction,
    agent: Uuid,
    organization: Option<Uuid>,
    private_to: Option<Uuid>,
    archive: &Archive,
    now: Moment,
) -> Result<(), Failure> {
    let row = agents::Model {
        id: agent,
        organization_id: organization,
        private_to,
        created_by: None,
        name: "counter".to_owned(),
        title: "Counter".to_owned(),
        description: String::new(),
        revision: 1,
        created_at: now,
        updated_at: now,
    };
    agents::insert(on, row).await?;
    let owner = private_to.or(organization).expect("somebody's");
    // Any id will do, as long as it is another one.
    let id = Uuid::from_bytes(rand_bytes());
    let version = agent_versions::Model {
        id,
        agent_id: agent,
        hash: archive.hash.as_bytes().to_vec(),
        owner,
        bytes: i64::try_from(archive.bytes.len()).expect("a number of bytes"),
        files: 2,
        created_by: None,
        created_at: now,
    };
    agent_versions::insert(on, version).await?;
    Ok(archive_parts::keep(on, id, &archive.bytes).await?)
}

pub(super) async fn insert_organization(
    on: &Transaction,
    id: OrganizationId,
    now: Moment,
) -> Result<(), Failure> {
    let row = organizations::Model {
        id: id.0,
        name: "Harbour".to_owned(),
        revision: 1,
        created_at: now,
    };
    Ok(organizations::insert(on, row).await?)
}
