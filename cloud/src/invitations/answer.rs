//! The answer to an invitation: by who is invited, once.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::{AccountId, OrganizationId, Permission, ProblemCode, Role};

use crate::audit::{self, Event};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::quotas;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::invitations::Outcome;
use crate::tables::{accounts, invitations, memberships, organizations};

/// The longest text that is looked at.
const LONGEST: usize = 100;

/// An invitation that can be answered now.
#[derive(Debug)]
pub struct Offered {
    /// The invitation.
    pub invitation: invitations::Model,
    /// Into which organization.
    pub organization: organizations::Model,
    /// Who sent it.
    pub inviter: accounts::Model,
    /// As what.
    pub role: Role,
}

/// What the text of a mail leads to.
#[derive(Debug)]
pub enum State {
    /// It can be answered.
    Open(Box<Offered>),
    /// It ended so.
    Over(Outcome),
    /// Its time is over.
    Expired,
    /// There is none; or another mail for it was sent since.
    Unknown,
}

async fn find(
    on: &impl ConnectionTrait,
    token: &str,
) -> Result<Option<invitations::Model>, Failure> {
    if token.len() > LONGEST {
        return Ok(None);
    }
    Ok(invitations::find_by_hash(on, &fingerprint(token)).await?)
}

/// What this text leads to, whoever asks. An invitation is as good as taken back when who sent it could not
/// send it any more.
///
/// # Errors
/// The database's.
pub async fn look(
    server: &Server,
    on: &impl ConnectionTrait,
    token: &str,
) -> Result<State, Failure> {
    let Some(invitation) = find(on, token).await? else {
        return Ok(State::Unknown);
    };
    if let Some(outcome) = invitation.outcome()? {
        return Ok(State::Over(outcome));
    }
    if invitation.expires_at <= server.clock.now() {
        return Ok(State::Expired);
    }
    let offered = offered(on, invitation).await?;
    Ok(offered.map_or(State::Over(Outcome::Revoked), |offered| {
        State::Open(Box::new(offered))
    }))
}

async fn offered(
    on: &impl ConnectionTrait,
    invitation: invitations::Model,
) -> Result<Option<Offered>, Failure> {
    let role = invitation.role()?;
    let Some(inviter) = invitation.invited_by.map(AccountId) else {
        return Ok(None);
    };
    let organization = OrganizationId(invitation.organization_id);
    let own = memberships::role(on, organization, inviter).await?;
    let inviter = accounts::find(on, inviter).await?;
    let organization = organizations::find(on, organization).await?;
    let may = own.is_some_and(|own| own.may(Permission::Invite) && role <= own);
    Ok(match (inviter, organization) {
        (Some(inviter), Some(organization)) if may && inviter.suspended_at.is_none() => {
            Some(Offered {
                invitation,
                organization,
                inviter,
                role,
            })
        }
        _ => None,
    })
}

/// The invitation that this text is for, if this person can answer it.
///
/// # Errors
/// When there is none for them; or they have not shown that mail to their address reaches them.
pub async fn answerable(
    server: &Server,
    on: &impl ConnectionTrait,
    account: &accounts::Model,
    token: &str,
) -> Result<Offered, Failure> {
    let offered = match look(server, on, token).await? {
        State::Open(offered) if offered.invitation.email_key == account.email_key => offered,
        _ => return Err(Failure::not_found("invitation")),
    };
    if account.email_verified_at.is_none() {
        let detail = "Show first that mail to your address reaches you: open the link in the mail that you got when you registered.";
        return Err(Failure::new(ProblemCode::Forbidden, detail));
    }
    Ok(*offered)
}

/// The organization that this person joined by this very invitation, if they still belong to it.
///
/// # Errors
/// The database's.
pub async fn joined(
    on: &impl ConnectionTrait,
    account: &accounts::Model,
    token: &str,
) -> Result<Option<Organization>, Failure> {
    let Some(invitation) = find(on, token).await? else {
        return Ok(None);
    };
    let is_theirs = invitation.email_key == account.email_key;
    if !is_theirs || invitation.outcome()? != Some(Outcome::Accepted) {
        return Ok(None);
    }
    let organization = OrganizationId(invitation.organization_id);
    let role = memberships::role(on, organization, account.id()).await?;
    let organization = organizations::find(on, organization).await?;
    match (organization, role) {
        (Some(organization), Some(role)) => organization.shown(Some(role)).map(Some),
        _ => Ok(None),
    }
}

/// Makes a person a member of the organization that invites them. Asked again, it gives the same.
///
/// # Errors
/// When there is no such invitation for them, they are a member already, or there are too many; the database's.
pub async fn accept(
    server: &Server,
    account: &accounts::Model,
    origin: &Origin,
    token: &str,
) -> Result<Organization, Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            if let Some(organization) = joined(&on, account, token).await? {
                return Ok(organization);
            }
            let found = answerable(server, &on, account, token).await?;
            let into = found.organization.id();
            invitations::close(&on, found.invitation.id, Outcome::Accepted, now).await?;
            let there = memberships::role(&on, into, account.id()).await?;
            if there.is_some() {
                let detail = "You are a member of this organization already.";
                return Err(Failure::new(ProblemCode::Conflict, detail));
            }
            quotas::MEMBERS.room(memberships::count(&on, into).await?)?;
            memberships::insert(&on, into, account.id(), found.role, now).await?;
            let detail = Some(json!({"role": found.role}));
            record(
                server,
                &on,
                origin,
                account,
                &found,
                "invitation.accepted",
                detail,
            )
            .await?;
            found.organization.shown(Some(found.role))
        })
        .await
}

/// Ends an invitation that its person does not want.
///
/// # Errors
/// When there is no such invitation for them; the database's.
pub async fn decline(
    server: &Server,
    account: &accounts::Model,
    origin: &Origin,
    token: &str,
) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            let found = answerable(server, &on, account, token).await?;
            invitations::close(&on, found.invitation.id, Outcome::Declined, now).await?;
            record(
                server,
                &on,
                origin,
                account,
                &found,
                "invitation.declined",
                None,
            )
            .await
        })
        .await
}

async fn record(
    server: &Server,
    on: &impl ConnectionTrait,
    origin: &Origin,
    account: &accounts::Model,
    found: &Offered,
    action: &str,
    detail: Option<Value>,
) -> Result<(), Failure> {
    let event = Event {
        action,
        actor: &format!("account:{}", account.id),
        account: Some(account.id()),
        organization: Some(found.organization.id()),
        target: Some(found.invitation.id.to_string()),
        detail,
    };
    audit::record(server, on, origin, event).await
}
