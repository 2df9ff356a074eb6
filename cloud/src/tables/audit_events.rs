//! What happened that matters to security.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait as _, QueryOrder, QuerySelect, Set};
use slipway_contract::cloud::audit::AuditEvent;
use slipway_contract::cloud::{AccountId, AuditId, OrganizationId};

use super::delete_some;
use crate::clock::Moment;

/// A row of `audit_events`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In which organization.
    pub organization_id: Option<Uuid>,
    /// To whose account.
    pub account_id: Option<Uuid>,
    /// Who did it: `account:ID`, `key:ID`, `operator`, `unknown`, or `nobody`.
    pub actor: String,
    /// What, such as `member.removed`.
    pub action: String,
    /// To what, by its id.
    pub target: Option<String>,
    /// More of it, as a JSON object.
    pub detail: Option<String>,
    /// From which address; empty for what was done on the server's own machine, or by whose account is deleted.
    pub address: String,
    /// In which request.
    pub request: String,
    /// When.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// As it is read.
    #[must_use]
    pub fn shown(self) -> AuditEvent {
        AuditEvent {
            id: AuditId(self.id),
            action: self.action,
            actor: self.actor,
            account: self.account_id.map(AccountId),
            organization: self.organization_id.map(OrganizationId),
            target: self.target,
            detail: self
                .detail
                .and_then(|detail| serde_json::from_str(&detail).ok()),
            address: Some(self.address).filter(|address| !address.is_empty()),
            request: self.request,
            at: self.created_at.into(),
        }
    }
}

/// Adds an event.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, event: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(event).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Which events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Those of an organization.
    Organization(OrganizationId),
    /// Those that concern an account.
    Account(AccountId),
}

/// What a reader looks for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// What happened.
    pub action: Option<String>,
    /// Not before this.
    pub from: Option<Moment>,
    /// Before this.
    pub until: Option<Moment>,
}

/// Events, newest first, older than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn list(
    on: &impl ConnectionTrait,
    log: Log,
    search: &Search,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(match log {
        Log::Organization(id) => Column::OrganizationId.eq(id.0),
        Log::Account(id) => Column::AccountId.eq(id.0),
    });
    if let Some(action) = &search.action {
        query = query.filter(Column::Action.eq(action.as_str()));
    }
    if let Some(from) = search.from {
        query = query.filter(Column::CreatedAt.gte(from));
    }
    if let Some(until) = search.until {
        query = query.filter(Column::CreatedAt.lt(until));
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    query.order_by_desc(Column::Id).limit(most).all(on).await
}

/// Forgets what was written before this of these actions, at most so many; how many.
///
/// # Errors
/// The database's.
pub async fn delete_before(
    on: &impl ConnectionTrait,
    actions: &[&str],
    kept_since: Moment,
    most: u64,
) -> Result<u64, DbErr> {
    let old = Column::Action.is_in(actions.iter().copied());
    let old = old.and(Column::CreatedAt.lt(kept_since));
    delete_some::<Entity>(on, [Column::Id], old, most).await
}

/// Forgets what is of an account alone, and from which addresses these actors, which are the account and
/// its keys, did what is in organizations' logs.
///
/// # Errors
/// The database's.
pub async fn forget(
    on: &impl ConnectionTrait,
    account: AccountId,
    actors: Vec<String>,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::OrganizationId.is_null())
        .exec(on)
        .await?;
    let blank = ActiveModel {
        address: Set(String::new()),
        ..Default::default()
    };
    Entity::update_many()
        .set(blank)
        .filter(Column::Actor.is_in(actors))
        .exec(on)
        .await?;
    Ok(())
}
