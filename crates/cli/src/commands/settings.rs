//! `slipway settings`.

use serde_json::{Value, json};
use slipway_app::App;
use slipway_contract::preferences::{Preference, Preferences};

use crate::args::{SettingsArgs, SettingsCommand};
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) async fn carry_out(app: &App, args: SettingsArgs, json: bool) -> Result<Exit, Failure> {
    match args.command.unwrap_or(SettingsCommand::List) {
        SettingsCommand::List => list(app, json).await,
        SettingsCommand::Set { name, value } => {
            let preferences = app.set_preference(name, &value).await?;
            if json {
                print_json(&shown(&preferences, name))?;
                return Ok(Exit::Succeeded);
            }
            let mut screen = Screen::stdout();
            screen.line(&format!("{name} is {}.", preferences.get(name)))?;
            screen.flush()?;
            Ok(Exit::Succeeded)
        }
    }
}

async fn list(app: &App, json: bool) -> Result<Exit, Failure> {
    let preferences = app.preferences().await?;
    if json {
        for preference in Preference::ALL {
            print_json(&shown(&preferences, *preference))?;
        }
        return Ok(Exit::Succeeded);
    }
    let mut table = Table::new(["SETTING", "VALUE", "CAN BE", "WHAT IT IS"]);
    for preference in Preference::ALL {
        table.row([
            preference.to_string(),
            preferences.get(*preference),
            preference.rule().to_owned(),
            preference.what().to_owned(),
        ]);
    }
    let mut screen = Screen::stdout();
    table.print(&mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn shown(preferences: &Preferences, preference: Preference) -> Value {
    json!({
        "setting": preference,
        "value": preferences.get(preference),
        "can_be": preference.rule(),
        "what": preference.what(),
    })
}
