//! `slipway data`.

use slipway_app::{Home, data};

use crate::args::{DataArgs, DataCommand};
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, amount, print_json, sanitize};

pub(super) async fn carry_out(args: DataArgs, json: bool) -> Result<Exit, Failure> {
    let home = Home::find()?;
    match args.command.unwrap_or(DataCommand::Show) {
        DataCommand::Show => show(&home, json),
        DataCommand::Delete { confirm, keys } => delete(&home, &confirm, keys, json).await,
    }
}

fn show(home: &Home, json: bool) -> Result<Exit, Failure> {
    let place = data::place(home);
    if json {
        print_json(&place)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let folder = sanitize::line(&place.folder).into_owned();
    screen.line(&format!("{folder}: {}", amount::size(place.bytes)))?;
    if !place.parts.is_empty() {
        screen.line("")?;
        let mut table = Table::new(["KIND", "FILES", "SIZE"]);
        for part in &place.parts {
            table.row([
                part.kind.as_str().to_owned(),
                amount::count(part.files),
                amount::size(part.bytes),
            ]);
        }
        table.print(&mut screen)?;
    }
    if place.unread > 0 {
        screen.line("")?;
        screen.line(&format!(
            "{} could not be looked at.",
            amount::of(place.unread, "file")
        ))?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

async fn delete(home: &Home, confirm: &str, keys: bool, json: bool) -> Result<Exit, Failure> {
    let deleted = data::delete(home, confirm, keys).await?;
    if json {
        print_json(&deleted)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line(&format!(
        "Deleted {} in {}.",
        amount::size(deleted.bytes),
        sanitize::line(&deleted.folder)
    ))?;
    if deleted.keys > 0 {
        screen.line(&format!("Deleted {}.", amount::of(deleted.keys, "key")))?;
    }
    if !deleted.stayed.is_empty() {
        let names = deleted.stayed.join(", ");
        screen.line(&format!("Left there: {}.", sanitize::line(&names)))?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
