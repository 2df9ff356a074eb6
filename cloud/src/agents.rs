//! Agents and their versions: a person's own, and those of an organization.

use sea_orm::ConnectionTrait;
use serde_json::json;
use slipway_contract::ContentHash;
use slipway_contract::cloud::agent::{
    Agent, AgentVersion, EditSharedAgent, NewSharedAgent, Visibility,
};
use slipway_contract::cloud::{AccountId, AgentId, OrganizationId, Permission, ProblemCode, Role};
use uuid::Uuid;

use crate::failure::Failure;
use crate::http::acting::{About, Acting};
use crate::package::Received;
use crate::quotas;
use crate::tables::agents::{self, Model, Shelf};
use crate::tables::{agent_versions, archive_parts};

/// An agent that is there for them.
///
/// # Errors
/// When there is none.
pub async fn find(on: &impl ConnectionTrait, shelf: Shelf, id: AgentId) -> Result<Model, Failure> {
    let found = agents::find(on, shelf, id).await?;
    found.ok_or_else(|| Failure::not_found("agent"))
}

fn about(agent: &Model) -> About {
    // What is private to a member is nothing for the organization's log.
    let organization = agent.organization_id.filter(|_| agent.private_to.is_none());
    About {
        organization: organization.map(OrganizationId),
        target: Some(agent.id.to_string()),
        ..About::default()
    }
}

/// For whom the versions of an agent count: its person, or else its organization.
fn owner(agent: &Model) -> Result<Uuid, Failure> {
    let owner = agent.private_to.or(agent.organization_id);
    owner.ok_or_else(|| Failure::Internal(format!("agent {} is nobody's", agent.id)))
}

/// Lets the versions of an agent count for whom it belongs to now, if there is room for it there.
async fn hand_over(on: &impl ConnectionTrait, agent: &Model) -> Result<(), Failure> {
    if let Some(account) = agent.private_to {
        let present = agents::count_of(on, AccountId(account)).await?;
        quotas::AGENTS_OF_A_PERSON.room(present)?;
    }
    let owner = owner(agent)?;
    let more = agent_versions::bytes_in(on, agent.id).await?;
    quotas::BYTES.room_for_bytes(agent_versions::bytes_of(on, owner).await?, more)?;
    Ok(agent_versions::set_owner(on, agent.id, owner).await?)
}

async fn must_be_free(on: &impl ConnectionTrait, agent: &Model) -> Result<(), Failure> {
    if agents::is_taken(on, agent).await? {
        let detail = format!("There is an agent named {} already.", agent.name);
        return Err(Failure::new(ProblemCode::Conflict, detail));
    }
    Ok(())
}

/// Adds an agent.
///
/// # Errors
/// When its name is taken, or there are too many.
pub async fn create(
    acting: &Acting,
    on: &impl ConnectionTrait,
    shelf: Shelf,
    new: &NewSharedAgent,
) -> Result<Agent, Failure> {
    let now = acting.now();
    let (organization, private_to) = match shelf {
        Shelf::Person(account) => {
            quotas::AGENTS_OF_A_PERSON.room(agents::count_of(on, account).await?)?;
            (None, Some(account))
        }
        Shelf::Organization(organization, _) => {
            quotas::AGENTS_OF_AN_ORGANIZATION.room(agents::count_in(on, organization).await?)?;
            let private_to = match new.visibility {
                Some(Visibility::Private) => Some(acting.account()?),
                Some(Visibility::Organization) | None => None,
            };
            if let Some(account) = private_to {
                quotas::AGENTS_OF_A_PERSON.room(agents::count_of(on, account).await?)?;
            }
            (Some(organization), private_to)
        }
    };
    let account = acting.caller.account().map(|account| account.id);
    let agent = Model {
        id: acting.server.chance.id(now)?,
        organization_id: organization.map(|id| id.0),
        private_to: private_to.map(|id| id.0),
        created_by: account,
        name: new.name.as_str().to_owned(),
        title: new.title.as_str().to_owned(),
        description: new
            .description
            .as_ref()
            .map(|text| text.as_str().to_owned())
            .unwrap_or_default(),
        revision: 1,
        created_at: now,
        updated_at: now,
    };
    must_be_free(on, &agent).await?;
    agents::insert(on, agent.clone()).await?;
    acting.record(on, "agent.created", about(&agent)).await?;
    agent.shown()
}

/// Changes an agent. `role` is what who asks is in the organization at whose path it is changed.
///
/// # Errors
/// When who asks may not, or its name is taken or there is no room where it would go.
pub async fn edit(
    acting: &Acting,
    on: &impl ConnectionTrait,
    shelf: Shelf,
    role: Option<Role>,
    mut agent: Model,
    change: &EditSharedAgent,
) -> Result<Model, Failure> {
    let before = agent.private_to;
    if let Some(title) = &change.title {
        title.as_str().clone_into(&mut agent.title);
    }
    if let Some(text) = &change.description {
        text.as_str().clone_into(&mut agent.description);
    }
    match (change.visibility, shelf) {
        (Some(Visibility::Organization), Shelf::Organization(..)) => agent.private_to = None,
        (Some(Visibility::Private), Shelf::Organization(..)) if before.is_none() => {
            // It takes the agent from everybody else, and so takes what deleting it takes.
            let account = acting.account()?;
            let permission = Permission::DeleteAgents;
            let may = role.is_some_and(|role| role.may(permission));
            if !may || !acting.caller.has(permission.scope()) {
                let detail = "An agent of the organization becomes private by who may delete it.";
                return Err(Failure::new(ProblemCode::Forbidden, detail));
            }
            agent.private_to = Some(account.0);
        }
        _ => {}
    }
    if agent.private_to != before {
        must_be_free(on, &agent).await?;
        hand_over(on, &agent).await?;
    }
    agent.revision += 1;
    agent.updated_at = acting.now();
    agents::update(on, agent.clone()).await?;
    let mut told = about(&agent);
    if agent.private_to != before {
        // The organization's log tells of what came and what went.
        told.organization = agent.organization_id.map(OrganizationId);
        told.detail = Some(json!({"visibility": agent.shown()?.visibility}));
    }
    acting.record(on, "agent.changed", told).await?;
    Ok(agent)
}

/// Deletes an agent and its versions.
///
/// # Errors
/// The database's.
pub async fn delete(
    acting: &Acting,
    on: &impl ConnectionTrait,
    agent: &Model,
) -> Result<(), Failure> {
    agents::delete(on, agent.id).await?;
    acting.record(on, "agent.deleted", about(agent)).await
}

/// Adds a version; the second value says whether it was not there.
///
/// # Errors
/// When there are too many, or too much.
pub async fn add_version(
    acting: &Acting,
    on: &impl ConnectionTrait,
    mut agent: Model,
    received: &Received,
    id: Uuid,
) -> Result<(AgentVersion, bool), Failure> {
    if let Some(there) = agent_versions::find(on, agent.id, received.hash).await? {
        return Ok((there.shown()?, false));
    }
    let owner = owner(&agent)?;
    let now = acting.now();
    quotas::VERSIONS.room(agent_versions::count(on, agent.id).await?)?;
    let bytes = received.archive.len() as u64;
    quotas::BYTES.room_for_bytes(agent_versions::bytes_of(on, owner).await?, bytes)?;
    let version = agent_versions::Model {
        id,
        agent_id: agent.id,
        hash: received.hash.as_bytes().to_vec(),
        owner,
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        files: i64::try_from(received.files).unwrap_or(i64::MAX),
        created_by: acting.caller.account().map(|account| account.id),
        created_at: now,
    };
    let shown = version.shown()?;
    agent_versions::insert(on, version).await?;
    archive_parts::keep(on, id, &received.archive).await?;
    agent.revision += 1;
    agent.updated_at = now;
    let told = About {
        detail: Some(json!({"content_hash": received.hash})),
        ..about(&agent)
    };
    agents::update(on, agent).await?;
    acting.record(on, "agent.version-added", told).await?;
    Ok((shown, true))
}

/// A version of an agent.
///
/// # Errors
/// When there is none.
pub async fn version(
    on: &impl ConnectionTrait,
    agent: &Model,
    hash: ContentHash,
) -> Result<agent_versions::Model, Failure> {
    let version = agent_versions::find(on, agent.id, hash).await?;
    version.ok_or_else(|| Failure::not_found("version"))
}
