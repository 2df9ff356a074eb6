//! `slipway cloud invitations`.

use serde_json::json;
use slipway_app::{Cloud, local_time};
use slipway_contract::cloud::{Email, OrganizationId};
use slipway_contract::{ErrorCode, Problem};

use super::done;
use crate::args::InvitationsCommand;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) async fn carry_out(
    cloud: &Cloud,
    command: InvitationsCommand,
    json: bool,
) -> Result<Exit, Failure> {
    match command {
        InvitationsCommand::List { organization } => list(cloud, &organization, json).await,
        InvitationsCommand::Send {
            organization,
            email,
            role,
        } => {
            let of = cloud.organization_named(&organization).await?.id;
            let sent = match cloud.send_invitation(of, email.clone(), role).await {
                Ok(sent) => sent,
                Err(refused) => return Err(advised(cloud, of, &email, refused).await.into()),
            };
            let until = local_time(sent.expires_at);
            let sentence = format!("{} is invited as {}, until {until}.", sent.email, sent.role);
            done(json, &sent, &sentence)
        }
        InvitationsCommand::Resend {
            organization,
            invitation,
        } => {
            let of = cloud.organization_named(&organization).await?.id;
            let found = cloud.invitation_named(of, &invitation).await?;
            let sent = cloud.resend_invitation(of, found.id).await?;
            let until = local_time(sent.expires_at);
            done(
                json,
                &sent,
                &format!("{} was sent another link, until {until}.", sent.email),
            )
        }
        InvitationsCommand::Revoke {
            organization,
            invitation,
        } => {
            let of = cloud.organization_named(&organization).await?.id;
            let found = cloud.invitation_named(of, &invitation).await?;
            cloud.revoke_invitation(of, found.id).await?;
            let sentence = format!("The invitation of {} is taken back.", found.email);
            done(json, &json!({"revoked": found.id}), &sentence)
        }
        InvitationsCommand::Accept { link } => {
            let joined = cloud.accept_invitation(&link).await?;
            done(
                json,
                &joined,
                &format!("You belong to {} now.", joined.name.as_str()),
            )
        }
        InvitationsCommand::Decline { link } => {
            let offer = cloud.show_offer(&link).await?;
            cloud.decline_invitation(&link).await?;
            let name = offer.organization_name.as_str();
            let object = json!({"declined": offer.organization});
            done(
                json,
                &object,
                &format!("The invitation to {name} is declined."),
            )
        }
    }
}

/// The refusal of another invitation, with what there is to do about the one that is there.
async fn advised(cloud: &Cloud, of: OrganizationId, to: &Email, refused: Problem) -> Problem {
    let is_there = refused.code == ErrorCode::Conflict
        && cloud.invitation_named(of, to.as_str()).await.is_ok();
    if !is_there {
        return refused;
    }
    refused.help(
        "To send it again: slipway cloud invitations resend ORGANIZATION EMAIL. To take it back: slipway cloud invitations revoke ORGANIZATION EMAIL",
    )
}

async fn list(cloud: &Cloud, organization: &str, json: bool) -> Result<Exit, Failure> {
    let of = cloud.organization_named(organization).await?.id;
    let open = cloud.list_invitations(of).await?;
    if json {
        open.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if open.is_empty() {
        screen.line("There are no open invitations.")?;
    } else {
        let mut table = Table::new(["E-MAIL", "ROLE", "UNTIL", "ID"]);
        for each in &open {
            table.row([
                each.email.to_string(),
                each.role.to_string(),
                local_time(each.expires_at),
                each.id.to_string(),
            ]);
        }
        table.print(&mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
