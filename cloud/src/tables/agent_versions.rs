//! Versions of agents: which contents they name, and who added them.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait as _, PaginatorTrait, QueryOrder, QuerySelect, Set};
use slipway_contract::ContentHash;
use slipway_contract::cloud::AccountId;
use slipway_contract::cloud::agent::AgentVersion;

use crate::clock::Moment;
use crate::failure::Failure;

/// A row of `agent_versions`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agent_versions")]
pub struct Model {
    /// Its id, which is its place in the list.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which agent.
    pub agent_id: Uuid,
    /// The content hash.
    pub hash: Vec<u8>,
    /// For whom its bytes count: the id of the account or organization that its agent belongs to.
    pub owner: Uuid,
    /// The bytes of the archive.
    pub bytes: i64,
    /// How many files it has.
    pub files: i64,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// As those see it who see the agent.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn shown(&self) -> Result<AgentVersion, Failure> {
        let hash = <[u8; 32]>::try_from(self.hash.as_slice());
        let broken = |_| Failure::Internal(format!("version {}: its hash is none", self.id));
        Ok(AgentVersion {
            content_hash: ContentHash::from_bytes(hash.map_err(broken)?),
            bytes: u64::try_from(self.bytes).unwrap_or_default(),
            files: u64::try_from(self.files).unwrap_or_default(),
            created_by: self.created_by.map(AccountId),
            created_at: self.created_at.into(),
        })
    }
}

/// A version of an agent.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    agent: Uuid,
    hash: ContentHash,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::AgentId.eq(agent))
        .filter(Column::Hash.eq(hash.as_bytes().as_slice()))
        .one(on)
        .await
}

/// The versions of an agent, newest first, older than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn list(
    on: &impl ConnectionTrait,
    agent: Uuid,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::AgentId.eq(agent));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    query.order_by_desc(Column::Id).limit(most).all(on).await
}

/// How many versions an agent has.
///
/// # Errors
/// The database's.
pub async fn count(on: &impl ConnectionTrait, agent: Uuid) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::AgentId.eq(agent))
        .count(on)
        .await
}

/// The bytes of all versions that count for somebody.
///
/// # Errors
/// The database's.
pub async fn bytes_of(on: &impl ConnectionTrait, owner: Uuid) -> Result<u64, DbErr> {
    bytes(on, Column::Owner.eq(owner)).await
}

/// The bytes of all versions of an agent.
///
/// # Errors
/// The database's.
pub async fn bytes_in(on: &impl ConnectionTrait, agent: Uuid) -> Result<u64, DbErr> {
    bytes(on, Column::AgentId.eq(agent)).await
}

async fn bytes(on: &impl ConnectionTrait, these: Expr) -> Result<u64, DbErr> {
    let sum: Option<Option<i64>> = Entity::find()
        .select_only()
        // PostgreSQL adds such numbers to one of another kind.
        .expr(Column::Bytes.sum().cast_as("bigint"))
        .filter(these)
        .into_tuple()
        .one(on)
        .await?;
    let sum = sum.flatten().unwrap_or_default();
    Ok(u64::try_from(sum).unwrap_or_default())
}

/// Lets the versions of an agent count for somebody else.
///
/// # Errors
/// The database's.
pub async fn set_owner(on: &impl ConnectionTrait, agent: Uuid, owner: Uuid) -> Result<(), DbErr> {
    let change = ActiveModel {
        owner: Set(owner),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::AgentId.eq(agent))
        .exec(on)
        .await?;
    Ok(())
}

/// Adds a version.
///
/// # Errors
/// The database's; [`is_duplicate`](crate::database::is_duplicate) when the agent has it.
pub async fn insert(on: &impl ConnectionTrait, version: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(version).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}
