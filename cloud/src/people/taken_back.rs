//! Taking back what somebody added to an account who should not have been in it: whatever gets in besides the
//! password, and was added around the time of what its person undoes. Who got in would come back with it, or ask its
//! person for a second factor that the person does not have.

use sea_orm::ConnectionTrait;
use slipway_contract::cloud::{OrganizationId, PasskeyId};

use super::providers::Provider;
use super::{events, recovery};
use crate::audit::{self, Event};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail::quoted;
use crate::server::Server;
use crate::tables::{accounts, api_keys, identities, organizations, passkeys, totp_secrets};

/// For how long before, in seconds: a day. Whoever got in may have added something first.
const BEFORE: i64 = 24 * 3600;

/// Takes away what was added to an account since the day before this moment; what that was, in words.
///
/// # Errors
/// The database's.
pub(super) async fn since(
    server: &Server,
    on: &impl ConnectionTrait,
    account: &accounts::Model,
    moment: Moment,
    origin: &Origin,
) -> Result<Vec<String>, Failure> {
    let (id, now) = (account.id(), server.clock.now());
    let since = moment.plus_seconds(-BEFORE);
    let mut taken = Vec::new();
    let told = async |action: &str, target: Option<String>| {
        events::record(server, on, origin, account, action, target, None).await
    };
    if let Some(app) = totp_secrets::find(on, id).await?
        && since <= app.confirmed_at.unwrap_or(app.created_at)
    {
        totp_secrets::delete(on, id).await?;
        told("totp.removed", None).await?;
        taken.push("an authenticator app".to_owned());
    }
    for passkey in passkeys::of_account(on, id, None, u64::MAX >> 1).await? {
        if since <= passkey.created_at {
            passkeys::delete(on, id, PasskeyId(passkey.id)).await?;
            told("passkey.removed", Some(passkey.id.to_string())).await?;
            taken.push(format!("the passkey {}", quoted(&passkey.name)));
        }
    }
    for identity in identities::of_account(on, id).await? {
        if since <= identity.created_at {
            identities::delete(on, id, &identity.provider).await?;
            told("identity.disconnected", Some(identity.provider.clone())).await?;
            let title = Provider::named(&identity.provider).map(Provider::title);
            taken.push(format!("signing in with {}", title.unwrap_or("a service")));
        }
    }
    for key in api_keys::made_since(on, id, since, now).await? {
        api_keys::revoke(on, key.id, now).await?;
        let organization = key.organization_id.map(OrganizationId);
        let event = Event {
            action: "key.revoked",
            actor: &format!("account:{id}"),
            account: Some(id),
            organization,
            target: Some(key.id.to_string()),
            detail: None,
        };
        audit::record(server, on, origin, event).await?;
        let of = match organization {
            Some(organization) => organizations::find(on, organization).await?,
            None => None,
        };
        let of = of.map_or_else(String::new, |of| format!(" of {}", quoted(&of.name)));
        taken.push(format!("the API key {}{of}", quoted(&key.name)));
    }
    recovery::drop_if_useless(on, id).await?;
    Ok(taken)
}
