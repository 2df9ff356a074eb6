//! Agents. Each query says for whom: an agent is seen by one person, or by its organization.

use sea_orm::entity::prelude::*;
use sea_orm::{
    Condition, ConnectionTrait, IntoActiveModel as _, PaginatorTrait, QueryOrder, QuerySelect,
    Select, Set,
};
use slipway_contract::cloud::agent::{Agent, Visibility};
use slipway_contract::cloud::{AccountId, AgentId, OrganizationId};

use crate::clock::Moment;
use crate::failure::Failure;

/// A row of `agents`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agents")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In which organization, if in one.
    pub organization_id: Option<Uuid>,
    /// Who alone sees it; nobody for one that its organization sees.
    pub private_to: Option<Uuid>,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it does; may be empty.
    pub description: String,
    /// Goes up by one with each change.
    pub revision: i64,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed, or a version was added.
    pub updated_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// As those see it who do.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn shown(&self) -> Result<Agent, Failure> {
        let broken = |error: String| Failure::Internal(format!("agent {}: {error}", self.id));
        Ok(Agent {
            id: AgentId(self.id),
            name: self.name.parse().map_err(|e| broken(format!("{e}")))?,
            title: self.title.parse().map_err(|e| broken(format!("{e}")))?,
            description: self.description.clone(),
            visibility: match self.private_to {
                Some(_) => Visibility::Private,
                None => Visibility::Organization,
            },
            organization: self.organization_id.map(OrganizationId),
            created_by: self.created_by.map(AccountId),
            created_at: self.created_at.into(),
            updated_at: self.updated_at.into(),
        })
    }
}

/// For whom agents are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Those that are a person's alone, in an organization or in none.
    Person(AccountId),
    /// Those of an organization that this member, or a key of the organization, sees.
    Organization(OrganizationId, Option<AccountId>),
}

fn of(shelf: Shelf) -> Select<Entity> {
    match shelf {
        Shelf::Person(account) => Entity::find().filter(Column::PrivateTo.eq(account.0)),
        Shelf::Organization(organization, None) => Entity::find()
            .filter(Column::OrganizationId.eq(organization.0))
            .filter(Column::PrivateTo.is_null()),
        Shelf::Organization(organization, Some(account)) => Entity::find()
            .filter(Column::OrganizationId.eq(organization.0))
            .filter(
                Condition::any()
                    .add(Column::PrivateTo.is_null())
                    .add(Column::PrivateTo.eq(account.0)),
            ),
    }
}

/// An agent, if it is there for them.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    shelf: Shelf,
    id: AgentId,
) -> Result<Option<Model>, DbErr> {
    of(shelf).filter(Column::Id.eq(id.0)).one(on).await
}

/// Their agents, newest first, older than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn list(
    on: &impl ConnectionTrait,
    shelf: Shelf,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = of(shelf);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    query.order_by_desc(Column::Id).limit(most).all(on).await
}

/// Whether another agent that the same ones see has this name.
///
/// # Errors
/// The database's.
pub async fn is_taken(on: &impl ConnectionTrait, agent: &Model) -> Result<bool, DbErr> {
    let seen_by = match (agent.private_to, agent.organization_id) {
        (Some(account), _) => Condition::all().add(Column::PrivateTo.eq(account)),
        (None, organization) => Condition::all()
            .add(Column::PrivateTo.is_null())
            .add(Column::OrganizationId.eq(organization)),
    };
    let same = Entity::find()
        .filter(seen_by)
        .filter(Column::Name.eq(agent.name.as_str()))
        .filter(Column::Id.ne(agent.id));
    Ok(same.count(on).await? > 0)
}

/// How many agents an organization has, those included that are private to a member.
///
/// # Errors
/// The database's.
pub async fn count_in(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.0))
        .count(on)
        .await
}

/// How many agents are private to a person.
///
/// # Errors
/// The database's.
pub async fn count_of(on: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    of(Shelf::Person(account)).count(on).await
}

/// Adds an agent.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, agent: Model) -> Result<(), DbErr> {
    Entity::insert(agent.into_active_model().reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Writes a changed agent.
///
/// # Errors
/// The database's.
pub async fn update(on: &impl ConnectionTrait, agent: Model) -> Result<(), DbErr> {
    let id = agent.id;
    Entity::update_many()
        .set(agent.into_active_model().reset_all())
        .filter(Column::Id.eq(id))
        .exec(on)
        .await?;
    Ok(())
}

/// Takes private agents out of an organization, one member's or everybody's: they stay their person's, for whom they and
/// their versions counted before.
///
/// # Errors
/// The database's.
pub async fn take_along(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    account: Option<AccountId>,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        organization_id: Set(None),
        ..Default::default()
    };
    let mut private = Entity::update_many()
        .set(change)
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(Column::PrivateTo.is_not_null());
    if let Some(account) = account {
        private = private.filter(Column::PrivateTo.eq(account.0));
    }
    private.exec(on).await?;
    Ok(())
}

/// Forgets an agent and its versions.
///
/// # Errors
/// The database's.
pub async fn delete(on: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(on).await?;
    Ok(())
}
