//! Invitations: a mail with a link that the invited person alone can use, once, for a week.

mod answer;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait;
use serde_json::json;
use slipway_contract::cloud::invitation::{Invitation, NewInvitation};
use slipway_contract::cloud::{Email, OrganizationId, ProblemCode, Role};
use uuid::Uuid;

use crate::failure::Failure;
use crate::http::acting::{About, Acting};
use crate::mail::{self, Letter, Subject};
use crate::people::throttle;
use crate::quotas;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::{accounts, invitations, memberships, organizations};

pub use self::answer::{Offered, State, accept, answerable, decline, joined, look};

/// For how long one can be accepted, in seconds: 7 days.
pub const LIFETIME_SECONDS: i64 = 7 * 24 * 3600;
/// How the text begins that a mail carries.
pub const START: &str = "sli_";

/// A new text for a mail to carry.
///
/// # Errors
/// When the system gives no random bytes.
pub fn token(server: &Server) -> Result<String, Failure> {
    let bytes: [u8; 32] = server.chance.bytes()?;
    Ok(format!("{START}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// Goes on if somebody who is this may invite as that.
///
/// # Errors
/// When it is more than they are.
pub fn check_role(own: Role, invited: Role) -> Result<(), Failure> {
    if invited <= own {
        return Ok(());
    }
    let detail = format!("{invited} is more than you are in this organization: {own}");
    Err(Failure::field("role", detail))
}

/// Invites somebody by mail.
///
/// # Errors
/// When they are invited or a member already, or there are too many; the database's.
pub async fn create(
    acting: &Acting,
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    new: &NewInvitation,
    id: Uuid,
    token: &str,
) -> Result<Invitation, Failure> {
    let now = acting.now();
    must_be_new(on, organization, &new.email).await?;
    let since = now.plus_seconds(-24 * 3600);
    let today = invitations::count_since(on, organization, since).await?;
    quotas::INVITATIONS_A_DAY.room(today)?;
    quotas::MEMBERS.room(memberships::count(on, organization).await?)?;
    let row = invitations::Model {
        id,
        organization_id: organization.0,
        email: new.email.as_str().to_owned(),
        email_key: new.email.key(),
        role: new.role.as_str().to_owned(),
        hash: fingerprint(token).to_vec(),
        invited_by: Some(acting.account()?.0),
        sent: 1,
        expires_at: now.plus_seconds(LIFETIME_SECONDS),
        closed_at: None,
        outcome: None,
        created_at: now,
    };
    let shown = row.shown()?;
    invitations::insert(on, row).await?;
    let into = organizations::find(on, organization).await?;
    let into = into.ok_or_else(|| Failure::not_found("organization"))?;
    post(acting, on, &into, &new.email, new.role, token).await?;
    let about = About {
        organization: Some(organization),
        target: Some(id.to_string()),
        detail: Some(json!({"role": new.role, "invited": new.email.masked()})),
        ..About::default()
    };
    acting.record(on, "invitation.sent", about).await?;
    Ok(shown)
}

async fn must_be_new(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    email: &Email,
) -> Result<(), Failure> {
    let conflict = |detail: &str| Failure::new(ProblemCode::Conflict, detail);
    if invitations::find_to(on, organization, email)
        .await?
        .is_some()
    {
        return Err(conflict(
            "There is an invitation to this address: send it again, or take it back first.",
        ));
    }
    // Members see each other's addresses, so this tells nothing new.
    if let Some(account) = accounts::find_by_email(on, email).await?
        && memberships::role(on, organization, account.id())
            .await?
            .is_some()
    {
        return Err(conflict("Somebody with this address is a member."));
    }
    Ok(())
}

/// Writes the mail, if not too many were written: this count outlives the invitation and its organization.
///
/// # Errors
/// When too many were written to this mailbox, by this account or from this network; the database's.
pub async fn post(
    acting: &Acting,
    on: &impl ConnectionTrait,
    organization: &organizations::Model,
    to: &Email,
    role: Role,
    token: &str,
) -> Result<(), Failure> {
    let account = acting.account()?;
    let mut limits = vec![
        (
            throttle::key(&["invitations to", &to.key()]),
            throttle::INVITATIONS_TO_MAILBOX,
        ),
        (
            throttle::key(&["invitations by", &account.to_string(), &to.key()]),
            throttle::INVITATIONS_BY_ONE_TO_MAILBOX,
        ),
        (
            throttle::key(&["invitations by", &account.to_string()]),
            throttle::INVITATIONS_BY_ACCOUNT,
        ),
    ];
    limits.extend(throttle::by_place(
        "invitations",
        &acting.origin.address,
        throttle::INVITATIONS_FROM_NETWORK,
    ));
    throttle::take_on(on, &limits, acting.now()).await?;
    let inviter = acting
        .caller
        .account()
        .map(|account| mail::quoted(&account.name));
    let inviter = inviter.unwrap_or_else(|| "A member".to_owned());
    let name = mail::quoted(&organization.name);
    let (role, url) = (role.with_article(), &acting.server.config.public_url);
    let letter = Letter {
        to: to.clone(),
        subject: Subject::new(&format!("Join {name} on Slipway")),
        text: format!(
            "{inviter} invites you to the organization {name} on Slipway, as {role}.\n\n\
             To accept or decline, open this link within 7 days and sign in with this address:\n\
             {url}/invitations/{token}\n\n\
             If you do not know what this is about, do nothing.\n"
        ),
    };
    mail::post(&acting.server, on, &letter).await
}
