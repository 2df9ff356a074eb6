//! `slipway snapshots`.

use std::io;
use std::path::Path;

use slipway_app::snapshots::{self, Restored, Snapshot, Unreadable, Verified};
use slipway_app::{Home, Progress, data};

use crate::args::{SnapshotsArgs, SnapshotsCommand};
use crate::exit::{Exit, Failure};
use crate::output::style::{BAD, GOOD, styled};
use crate::output::{Screen, Table, amount, print_json, sanitize};

pub(super) async fn carry_out(args: SnapshotsArgs, json: bool) -> Result<Exit, Failure> {
    let home = Home::find()?;
    match args.command.unwrap_or(SnapshotsCommand::List) {
        SnapshotsCommand::List => list(&home, json).await,
        SnapshotsCommand::Create { to: None } => create(&home, json).await,
        SnapshotsCommand::Create { to: Some(to) } => back_up(&home, &to, json).await,
        SnapshotsCommand::Verify { name } => verify(&home, name, json).await,
        SnapshotsCommand::Restore { name } => restore(&home, name, json).await,
    }
}

async fn list(home: &Home, json: bool) -> Result<Exit, Failure> {
    let (found, unreadable) = snapshots::list(home).await?;
    if json {
        found.iter().try_for_each(print_json)?;
        unreadable.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if found.is_empty() && unreadable.is_empty() {
        screen.line("There are no snapshots yet. Take one: slipway snapshots create")?;
    } else {
        table(&found, &unreadable).print(&mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn table(found: &[Snapshot], unreadable: &[Unreadable]) -> Table<4> {
    let mut table = Table::new(["SNAPSHOT", "TAKEN", "SIZE", "STATE"]);
    for snapshot in found {
        let state = match (snapshot.sound, snapshot.lost.len()) {
            (false, _) => "damaged when it was put aside".to_owned(),
            (true, 0) => format!("verified, with {} contents", snapshot.contents),
            (true, lost) => format!("incomplete: {lost} contents were missing already"),
        };
        table.row([
            snapshot.name.clone(),
            snapshot.taken_at.to_string(),
            amount::size(snapshot.bytes),
            state,
        ]);
    }
    for other in unreadable {
        let cell = |text: &str| text.to_owned();
        table.row([
            other.name.clone(),
            cell("?"),
            cell("?"),
            other.message.clone(),
        ]);
    }
    table
}

async fn create(home: &Home, json: bool) -> Result<Exit, Failure> {
    let taken = snapshots::create(home).await?;
    if json {
        print_json(&taken)?;
    } else {
        told(&format!(
            "Took and verified {}. Go back to it: slipway snapshots restore {}",
            taken.name, taken.name
        ))?;
    }
    Ok(Exit::Succeeded)
}

async fn back_up(home: &Home, folder: &Path, json: bool) -> Result<Exit, Failure> {
    let done = data::back_up(home, folder, Progress::default()).await?;
    if json {
        print_json(&done)?;
    } else {
        told(&format!(
            "Took, verified and copied {} to {}. Go back to it: slipway snapshots restore {}",
            amount::size(done.bytes),
            done.folder,
            done.folder
        ))?;
    }
    Ok(Exit::Succeeded)
}

async fn verify(home: &Home, name: Option<String>, json: bool) -> Result<Exit, Failure> {
    let verified = snapshots::verify(home, name).await?;
    let exit = if verified.iter().all(|snapshot| snapshot.good) {
        Exit::Succeeded
    } else {
        Exit::Failed
    };
    if json {
        verified.iter().try_for_each(print_json)?;
        return Ok(exit);
    }
    let mut screen = Screen::stdout();
    if verified.is_empty() {
        screen.line("There are no snapshots yet. Take one: slipway snapshots create")?;
    }
    verified
        .iter()
        .try_for_each(|snapshot| verdict(&mut screen, snapshot))?;
    screen.flush()?;
    Ok(exit)
}

fn verdict(screen: &mut Screen, snapshot: &Verified) -> io::Result<()> {
    let mark = if snapshot.good {
        styled(GOOD, "✓")
    } else {
        styled(BAD, "✗")
    };
    screen.line(&format!("{mark} {}", sanitize::line(&snapshot.name)))?;
    snapshot
        .faults
        .iter()
        .try_for_each(|fault| screen.line(&format!("    {}", sanitize::line(fault))))
}

async fn restore(home: &Home, name: String, json: bool) -> Result<Exit, Failure> {
    let name = match is_folder(&name) {
        true => data::take_in(home, Path::new(&name), Progress::default()).await?,
        false => name,
    };
    let Restored { snapshot, replaced } = snapshots::restore(home, name).await?;
    if json {
        print_json(&serde_json::json!({"restored": snapshot, "replaced": replaced}))?;
        return Ok(Exit::Succeeded);
    }
    let kept = match replaced {
        Some(replaced) => format!(
            " What was there before is now the snapshot {}.",
            replaced.name
        ),
        None => String::new(),
    };
    told(&format!("Restored {}.{kept}", snapshot.name))?;
    Ok(Exit::Succeeded)
}

/// As elsewhere on the command line: a name has no separator.
fn is_folder(name: &str) -> bool {
    matches!(name, "." | "..") || name.contains(std::path::is_separator)
}

fn told(text: &str) -> io::Result<()> {
    let mut screen = Screen::stdout();
    screen.line(&sanitize::line(text))?;
    screen.flush()
}
