//! `slipway cloud sessions`.

use serde_json::json;
use slipway_app::{Cloud, local_time};
use slipway_contract::cloud::factor::Session;
use slipway_contract::cloud::session as names;

use super::{agree, done};
use crate::args::SessionsCommand;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) async fn carry_out(
    cloud: &Cloud,
    command: Option<SessionsCommand>,
    json: bool,
) -> Result<Exit, Failure> {
    match command.unwrap_or(SessionsCommand::List) {
        SessionsCommand::List => list(cloud, json).await,
        SessionsCommand::End { id } => {
            cloud.end_session(id).await?;
            done(json, &json!({"ended": id}), "That sign-in is over.")
        }
        SessionsCommand::EndOthers { yes } => {
            if agree("Sign out everywhere but here?", yes, json)? {
                cloud.end_other_sessions().await?;
                let sentence = "You are signed out everywhere but here.";
                return done(json, &json!({"ended": "others"}), sentence);
            }
            Ok(Exit::Succeeded)
        }
    }
}

async fn list(cloud: &Cloud, json: bool) -> Result<Exit, Failure> {
    let sessions = cloud.list_sessions().await?;
    if json {
        sessions.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    table(&sessions).print(&mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn table(sessions: &[Session]) -> Table<5> {
    let mut table = Table::new(["DEVICE", "PROGRAM", "ADDRESS", "LAST USED", "ID"]);
    for session in sessions {
        let device = names::device(&session.client, &session.device);
        let device = match session.current {
            true => format!("{device} (this one)"),
            false => device,
        };
        table.row([
            device,
            names::program(&session.client).to_owned(),
            session.address.clone(),
            local_time(session.last_used_at),
            session.id.to_string(),
        ]);
    }
    table
}
