//! Deleting an account, for good.

use slipway_contract::cloud::{OrganizationId, ProblemCode, Role};

use super::{events, letters};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::server::Server;
use crate::tables::{accounts, memberships, organizations};

/// Deletes an account and the organizations that nobody else belongs to. Others need another owner first.
///
/// # Errors
/// When somebody is the last owner of an organization with other members; the database's.
pub async fn delete(
    server: &Server,
    account: &accounts::Model,
    origin: &Origin,
) -> Result<(), Failure> {
    server
        .database
        .write(|on| async move {
            let id = account.id();
            for row in memberships::all_of_account(&on, id).await? {
                let organization = OrganizationId(row.organization_id);
                let others = memberships::others(&on, organization, id).await?;
                if others.is_empty() {
                    organizations::delete(&on, organization).await?;
                    continue;
                }
                let has_owner = others.iter().any(|other| other.role().is_ok_and(|role| role == Role::Owner));
                if row.role()? == Role::Owner && !has_owner {
                    let name = organizations::find(&on, organization).await?.map(|row| row.name);
                    let name = name.unwrap_or_default();
                    let detail = format!("You are the last owner of “{name}”, which has other members. Make one of them its owner, or delete it, first.");
                    return Err(Failure::new(ProblemCode::LastOwner, detail));
                }
            }
            events::record(server, &on, origin, account, "account.deleted", None, None).await?;
            mail::post(server, &on, &letters::deleted(server, account)?).await?;
            Ok(accounts::delete(&on, id).await?)
        })
        .await
}
