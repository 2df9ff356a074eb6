//! `slipway cloud members`.

use serde_json::json;
use slipway_app::{Cloud, local_time};

use super::{agree, done};
use crate::args::MembersCommand;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) async fn carry_out(
    cloud: &Cloud,
    command: MembersCommand,
    json: bool,
) -> Result<Exit, Failure> {
    match command {
        MembersCommand::List { organization } => list(cloud, &organization, json).await,
        MembersCommand::Role {
            organization,
            member,
            role,
        } => {
            let of = cloud.organization_named(&organization).await?.id;
            let found = cloud.member_named(of, &member).await?;
            let now = cloud.set_role(of, found.account, role).await?;
            done(json, &now, &format!("{} is {} now.", now.email, now.role))
        }
        MembersCommand::Remove {
            organization,
            member,
            yes,
        } => {
            let of = cloud.organization_named(&organization).await?;
            let found = cloud.member_named(of.id, &member).await?;
            let (email, name) = (&found.email, of.name.as_str());
            if agree(&format!("Remove {email} from {name}?"), yes, json)? {
                cloud.remove_member(of.id, found.account).await?;
                let sentence = format!("{email} does not belong to {name} any more.");
                return done(json, &json!({"removed": found.account}), &sentence);
            }
            Ok(Exit::Succeeded)
        }
    }
}

async fn list(cloud: &Cloud, organization: &str, json: bool) -> Result<Exit, Failure> {
    let of = cloud.organization_named(organization).await?.id;
    let members = cloud.list_members(of).await?;
    if json {
        members.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut table = Table::new(["NAME", "E-MAIL", "ROLE", "SINCE"]);
    for member in &members {
        table.row([
            member.name.as_str().to_owned(),
            member.email.to_string(),
            member.role.to_string(),
            local_time(member.joined_at),
        ]);
    }
    let mut screen = Screen::stdout();
    table.print(&mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}
