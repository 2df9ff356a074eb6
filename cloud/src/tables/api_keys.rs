//! API keys, by their fingerprints.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, PaginatorTrait, QueryOrder, QuerySelect, Select, Set};
use slipway_contract::cloud::key::ApiKey;
use slipway_contract::cloud::permission::UnknownWord;
use slipway_contract::cloud::{AccountId, ApiKeyId, OrganizationId, Scope};

use crate::clock::Moment;
use crate::failure::Failure;

/// A row of `api_keys`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose, if it is a person's.
    pub account_id: Option<Uuid>,
    /// Of which organization, if it is one's.
    pub organization_id: Option<Uuid>,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// What for.
    pub name: String,
    /// How the key begins, so that people know it again.
    pub start: String,
    /// SHA-256 of the key.
    #[sea_orm(unique)]
    pub hash: Vec<u8>,
    /// What it may be used for: scopes with spaces between them.
    pub scopes: String,
    /// Until when.
    pub expires_at: Option<Moment>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Moment>,
    /// Since when it is void.
    pub revoked_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it may be used now.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// What it may be used for.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn scopes(&self) -> Result<Vec<Scope>, Failure> {
        let words = self.scopes.split(' ').filter(|each| !each.is_empty());
        let scopes: Result<_, UnknownWord> = words.map(str::parse).collect();
        scopes.map_err(|error| Failure::Internal(format!("key {}: {error}", self.id)))
    }

    /// Without its secret.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn shown(&self) -> Result<ApiKey, Failure> {
        let broken = |error| Failure::Internal(format!("key {}: {error}", self.id));
        Ok(ApiKey {
            id: ApiKeyId(self.id),
            name: self.name.parse().map_err(broken)?,
            start: self.start.clone(),
            scopes: self.scopes()?,
            expires_at: self.expires_at.map(Into::into),
            last_used_at: self.last_used_at.map(Into::into),
            revoked_at: self.revoked_at.map(Into::into),
            created_at: self.created_at.into(),
        })
    }
}

/// Whose keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A person's.
    Person(AccountId),
    /// An organization's.
    Organization(OrganizationId),
}

fn is_of(holder: Holder) -> Condition {
    Condition::all().add(match holder {
        Holder::Person(account) => Column::AccountId.eq(account.0),
        Holder::Organization(organization) => Column::OrganizationId.eq(organization.0),
    })
}

fn of(holder: Holder) -> Select<Entity> {
    Entity::find().filter(is_of(holder))
}

/// One of somebody's keys.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    holder: Holder,
    id: ApiKeyId,
) -> Result<Option<Model>, DbErr> {
    of(holder).filter(Column::Id.eq(id.0)).one(on).await
}

/// Somebody's keys, newest first, older than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn list(
    on: &impl ConnectionTrait,
    holder: Holder,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = of(holder);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    query.order_by_desc(Column::Id).limit(most).all(on).await
}

fn usable(now: Moment) -> Select<Entity> {
    Entity::find().filter(Column::RevokedAt.is_null()).filter(
        Condition::any()
            .add(Column::ExpiresAt.is_null())
            .add(Column::ExpiresAt.gt(now)),
    )
}

fn live(holder: Holder, now: Moment) -> Select<Entity> {
    usable(now).filter(is_of(holder))
}

/// Somebody's keys that can be used now, newest first. There is a quota of them.
///
/// # Errors
/// The database's.
pub async fn live_of(
    on: &impl ConnectionTrait,
    holder: Holder,
    now: Moment,
) -> Result<Vec<Model>, DbErr> {
    live(holder, now).order_by_desc(Column::Id).all(on).await
}

/// The keys that somebody made since then, for themselves or for organizations, and that can be used now.
///
/// # Errors
/// The database's.
pub async fn made_since(
    on: &impl ConnectionTrait,
    maker: AccountId,
    since: Moment,
    now: Moment,
) -> Result<Vec<Model>, DbErr> {
    usable(now)
        .filter(Column::CreatedBy.eq(maker.0))
        .filter(Column::CreatedAt.gte(since))
        .order_by_desc(Column::Id)
        .all(on)
        .await
}

/// The ids of all keys that a person has or had.
///
/// # Errors
/// The database's.
pub async fn ids_of(on: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Uuid>, DbErr> {
    of(Holder::Person(account))
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .all(on)
        .await
}

/// How many of somebody's keys can be used now.
///
/// # Errors
/// The database's.
pub async fn count_live(
    on: &impl ConnectionTrait,
    holder: Holder,
    now: Moment,
) -> Result<u64, DbErr> {
    live(holder, now).count(on).await
}

/// The keys of an organization that this member made and that were not revoked.
///
/// # Errors
/// The database's.
pub async fn made_by(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    maker: AccountId,
) -> Result<Vec<Model>, DbErr> {
    of(Holder::Organization(organization))
        .filter(Column::CreatedBy.eq(maker.0))
        .filter(Column::RevokedAt.is_null())
        .all(on)
        .await
}

/// Makes a key void from now on.
///
/// # Errors
/// The database's.
pub async fn revoke(on: &impl ConnectionTrait, id: Uuid, now: Moment) -> Result<(), DbErr> {
    let change = ActiveModel {
        revoked_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(on)
        .await?;
    Ok(())
}

/// Ends a key at this moment.
///
/// # Errors
/// The database's.
pub async fn end_at(on: &impl ConnectionTrait, id: Uuid, at: Moment) -> Result<(), DbErr> {
    let change = ActiveModel {
        expires_at: Set(Some(at)),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .exec(on)
        .await?;
    Ok(())
}

/// The key with this fingerprint.
///
/// # Errors
/// The database's.
pub async fn find_by_hash(on: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Hash.eq(hash)).one(on).await
}

/// Adds a key.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, key: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(key).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Notes that it was used.
///
/// # Errors
/// The database's.
pub async fn touch(on: &impl ConnectionTrait, id: ApiKeyId, now: Moment) -> Result<(), DbErr> {
    let change = ActiveModel {
        last_used_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id.0))
        .exec(on)
        .await?;
    Ok(())
}
