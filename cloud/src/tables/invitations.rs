//! Invitations into organizations, by the fingerprints of what their mails carry.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, PaginatorTrait, QueryOrder, QuerySelect, Set};
use slipway_contract::cloud::invitation::Invitation;
use slipway_contract::cloud::{AccountId, Email, InvitationId, OrganizationId, Role};

use super::delete_some;
use crate::clock::Moment;
use crate::failure::Failure;

/// A row of `invitations`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Into which organization.
    pub organization_id: Uuid,
    /// Who is invited, as it was written.
    pub email: String,
    /// By which mailboxes are told apart.
    pub email_key: String,
    /// As what, as [`Role`] is written.
    pub role: String,
    /// SHA-256 of what the mail carries.
    #[sea_orm(unique)]
    pub hash: Vec<u8>,
    /// Who sent it last.
    pub invited_by: Option<Uuid>,
    /// How often it was sent.
    pub sent: i64,
    /// Until when it can be accepted.
    pub expires_at: Moment,
    /// Since when it is over.
    pub closed_at: Option<Moment>,
    /// How: `accepted`, `declined` or `revoked`.
    pub outcome: Option<String>,
    /// When it was made.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    fn broken(&self, error: impl std::fmt::Display) -> Failure {
        Failure::Internal(format!("invitation {}: {error}", self.id))
    }

    /// As what.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn role(&self) -> Result<Role, Failure> {
        self.role.parse().map_err(|error| self.broken(error))
    }

    /// Who is invited.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn email(&self) -> Result<Email, Failure> {
        self.email.parse().map_err(|error| self.broken(error))
    }

    /// How it ended, if it did.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn outcome(&self) -> Result<Option<Outcome>, Failure> {
        let Some(text) = &self.outcome else {
            return Ok(None);
        };
        let found = Outcome::ALL.into_iter().find(|each| each.as_str() == text);
        let found = found.ok_or_else(|| self.broken("an outcome that there is not"))?;
        Ok(Some(found))
    }

    /// As the organization sees it.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn shown(&self) -> Result<Invitation, Failure> {
        Ok(Invitation {
            id: InvitationId(self.id),
            email: self.email()?,
            role: self.role()?,
            invited_by: self.invited_by.map(AccountId),
            expires_at: self.expires_at.into(),
            created_at: self.created_at.into(),
        })
    }
}

/// How an invitation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its person joined.
    Accepted,
    /// Its person did not want to.
    Declined,
    /// The organization took it back.
    Revoked,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Accepted, Self::Declined, Self::Revoked];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
        }
    }
}

/// The invitation whose mail carries what has this fingerprint, open or not.
///
/// # Errors
/// The database's.
pub async fn find_by_hash(on: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Hash.eq(hash)).one(on).await
}

/// An open invitation of an organization.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0)
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(Column::ClosedAt.is_null())
        .one(on)
        .await
}

/// The open invitation of an organization to this address.
///
/// # Errors
/// The database's.
pub async fn find_to(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    email: &Email,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(Column::EmailKey.eq(email.key()))
        .filter(Column::ClosedAt.is_null())
        .one(on)
        .await
}

/// The open invitations of an organization, newest first, older than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn of_organization(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find()
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(Column::ClosedAt.is_null());
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    query.order_by_desc(Column::Id).limit(most).all(on).await
}

/// The invitations to a mailbox and those that an account sent last, open or not, newest first, older than
/// this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn about(
    on: &impl ConnectionTrait,
    email_key: &str,
    account: AccountId,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let theirs = Condition::any()
        .add(Column::EmailKey.eq(email_key))
        .add(Column::InvitedBy.eq(account.0));
    let mut query = Entity::find().filter(theirs);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    query.order_by_desc(Column::Id).limit(most).all(on).await
}

/// How many invitations an organization made since then, open or not.
///
/// # Errors
/// The database's.
pub async fn count_since(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    since: Moment,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(Column::CreatedAt.gt(since))
        .count(on)
        .await
}

/// Adds an invitation.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, invitation: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(invitation).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Notes that it was sent again, with another secret.
///
/// # Errors
/// The database's.
pub async fn renew(
    on: &impl ConnectionTrait,
    invitation: &Model,
    hash: &[u8],
    by: AccountId,
    expires_at: Moment,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        hash: Set(hash.to_vec()),
        invited_by: Set(Some(by.0)),
        sent: Set(invitation.sent + 1),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(invitation.id))
        .exec(on)
        .await?;
    Ok(())
}

/// What was over before this: answered, taken back, or too old.
fn over_before(moment: Moment) -> Condition {
    Condition::any()
        .add(Column::ClosedAt.lt(moment))
        .add(Column::ExpiresAt.lt(moment))
}

/// Takes away what is over of the invitations to a mailbox.
///
/// # Errors
/// The database's.
pub async fn delete_over_to(
    on: &impl ConnectionTrait,
    email_key: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let over = over_before(now).add(Column::ClosedAt.is_not_null());
    Entity::delete_many()
        .filter(Column::EmailKey.eq(email_key))
        .filter(over)
        .exec(on)
        .await?;
    Ok(())
}

/// Takes away what was over before this, at most so many; how many.
///
/// # Errors
/// The database's.
pub async fn delete_before(
    on: &impl ConnectionTrait,
    kept_since: Moment,
    most: u64,
) -> Result<u64, DbErr> {
    delete_some::<Entity>(on, [Column::Id], over_before(kept_since), most).await
}

/// Ends an invitation.
///
/// # Errors
/// The database's.
pub async fn close(
    on: &impl ConnectionTrait,
    id: Uuid,
    outcome: Outcome,
    now: Moment,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        closed_at: Set(Some(now)),
        outcome: Set(Some(outcome.as_str().to_owned())),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .exec(on)
        .await?;
    Ok(())
}
