//! `slipway cloud orgs`.

use serde_json::json;
use slipway_app::{Cloud, local_time};
use slipway_contract::cloud::Role;
use slipway_contract::cloud::organization::Organization;

use super::{agree, agree_by_name, done};
use crate::args::OrgsCommand;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json, sanitize};

pub(super) async fn carry_out(
    cloud: &Cloud,
    command: Option<OrgsCommand>,
    json: bool,
) -> Result<Exit, Failure> {
    match command.unwrap_or(OrgsCommand::List) {
        OrgsCommand::List => list(cloud, json).await,
        OrgsCommand::Create { name } => {
            let made = cloud.create_organization(name).await?;
            let sentence = format!(
                "{} is there, and you own it. Its id: {}",
                made.name.as_str(),
                made.id
            );
            done(json, &made, &sentence)
        }
        OrgsCommand::Show { organization } => {
            show(&cloud.organization_named(&organization).await?, json)
        }
        OrgsCommand::Rename { organization, name } => {
            let found = cloud.organization_named(&organization).await?;
            let now = cloud.rename_organization(found.id, name).await?;
            let sentence = format!(
                "{} is called {} now.",
                found.name.as_str(),
                now.name.as_str()
            );
            done(json, &now, &sentence)
        }
        OrgsCommand::Delete { organization, yes } => {
            let found = cloud.organization_named(&organization).await?;
            let name = found.name.as_str();
            let question =
                format!("Delete {name} with its agents, keys and invitations, for good?");
            if agree_by_name(&question, name, yes, json)? {
                cloud.delete_organization(found.id).await?;
                return done(
                    json,
                    &json!({"deleted": found.id}),
                    &format!("{name} is deleted."),
                );
            }
            Ok(Exit::Succeeded)
        }
        OrgsCommand::Leave { organization, yes } => {
            let found = cloud.organization_named(&organization).await?;
            let name = found.name.as_str();
            if agree(&format!("Leave {name}?"), yes, json)? {
                cloud.leave_organization(found.id).await?;
                let sentence = format!("You do not belong to {name} any more.");
                return done(json, &json!({"left": found.id}), &sentence);
            }
            Ok(Exit::Succeeded)
        }
        OrgsCommand::Transfer {
            organization,
            member,
            yes,
        } => transfer(cloud, &organization, &member, yes, json).await,
    }
}

async fn list(cloud: &Cloud, json: bool) -> Result<Exit, Failure> {
    let all = cloud.list_organizations().await?;
    if json {
        all.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if all.is_empty() {
        screen
            .line("You belong to no organization. To make one: slipway cloud orgs create NAME")?;
    } else {
        let mut table = Table::new(["NAME", "YOU ARE", "ID"]);
        for each in &all {
            let name = each.name.as_str().to_owned();
            table.row([name, role(each), each.id.to_string()]);
        }
        table.print(&mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn role(organization: &Organization) -> String {
    organization
        .role
        .map(Role::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn show(organization: &Organization, json: bool) -> Result<Exit, Failure> {
    if json {
        print_json(organization)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line(&sanitize::line(organization.name.as_str()))?;
    screen.line(&format!("  id       {}", organization.id))?;
    screen.line(&format!("  you are  {}", role(organization)))?;
    screen.line(&format!(
        "  since    {}",
        local_time(organization.created_at)
    ))?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

async fn transfer(
    cloud: &Cloud,
    organization: &str,
    member: &str,
    yes: bool,
    json: bool,
) -> Result<Exit, Failure> {
    let found = cloud.organization_named(organization).await?;
    let to = cloud.member_named(found.id, member).await?;
    let (name, email) = (found.name.as_str(), &to.email);
    let question = format!("Make {email} the owner of {name}?");
    if agree_by_name(&question, name, yes, json)? {
        let now = cloud.transfer_organization(found.id, to.account).await?;
        let sentence = format!("{email} owns {name} now, and you are {}.", role(&now));
        return done(json, &now, &sentence);
    }
    Ok(Exit::Succeeded)
}
