//! Whether Slipway can work on this machine.

mod contents;
mod models;

use std::fs::OpenOptions;
use std::path::Path;

use serde::Serialize;
use slipway_contract::Problem;

use crate::secrets::Keys;
use crate::{App, Home, snapshots, wire};

/// Whether something works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It works.
    Good,
    /// It is not there, and not everything needs it.
    Absent,
    /// It does not work, and nothing goes on without it.
    Broken,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, in a word or two.
    pub name: String,
    /// Whether it works.
    pub health: Health,
    /// What was found.
    pub found: String,
    /// What the person can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Check {
    /// A finding.
    pub fn new(name: impl Into<String>, health: Health, found: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            health,
            found: found.into(),
            help: None,
        }
    }

    /// The same, with what the person can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Looks at the data's folder, the database, keys and models. Keys are looked for and never shown.
pub async fn doctor() -> Vec<Check> {
    let home = match Home::find() {
        Ok(home) => home,
        Err(problem) => return vec![broken("data folder", problem)],
    };
    let mut checks = vec![folder(home.folder())];
    if checks.iter().any(|check| check.health == Health::Broken) {
        return checks;
    }
    let opened = App::open(home.clone()).await;
    if let Ok(app) = &opened {
        app.snapshot_looked_after().await;
    }
    let snapshots = taken(&home).await;
    match opened {
        Err(problem) => {
            checks.push(broken("database", problem));
            checks.push(snapshots);
            match Keys::of(&home) {
                Ok(found) => checks.extend(models::keys(&found, &home).await),
                Err(problem) => checks.push(broken("keys", problem)),
            }
        }
        Ok(app) => {
            checks.push(database(&app).await);
            checks.extend(contents::contents(&app).await);
            checks.push(snapshots);
            checks.push(wire(&app).await);
            checks.extend(models::keys(app.keys(), &home).await);
            checks.extend(settings(&app));
            checks.extend(models::models(&app).await);
        }
    }
    checks
}

/// What is wrong in the files that the person writes.
fn settings(app: &App) -> Vec<Check> {
    let wrong = |(name, read): (&str, Result<(), Problem>)| {
        let problem = read.err()?;
        let found = problem.findings.iter().map(ToString::to_string);
        let lines: Vec<String> = std::iter::once(problem.message).chain(found).collect();
        Some(Check {
            help: problem.help,
            ..Check::new(name, Health::Broken, lines.join("; "))
        })
    };
    let files = [
        ("prices.toml", app.check_prices()),
        ("providers.toml", app.check_providers()),
    ];
    files.into_iter().filter_map(wrong).collect()
}

fn broken(name: &str, problem: Problem) -> Check {
    Check {
        help: problem.help,
        ..Check::new(name, Health::Broken, problem.message)
    }
}

fn folder(folder: &Path) -> Check {
    const NAME: &str = "data folder";
    let shown = folder.display();
    if folder.exists() && !folder.is_dir() {
        let found = format!("{shown} is a file, and a folder is needed there");
        return Check::new(NAME, Health::Broken, found)
            .help("Move the file away, or set SLIPWAY_HOME to a folder.");
    }
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| OpenOptions::new().write(true).create_new(true).open(&probe))
        .and_then(|_| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Check::new(NAME, Health::Good, format!("{shown} can be written")),
        Err(error) => Check::new(
            NAME,
            Health::Broken,
            format!("{shown} cannot be written: {error}"),
        )
        .help("Give yourself the right to write there, or set SLIPWAY_HOME to another folder."),
    }
}

async fn database(app: &App) -> Check {
    let place = app.home().database();
    match app.check_whole().await {
        Ok(()) => Check::new(
            "database",
            Health::Good,
            format!("{} is whole", place.display()),
        ),
        Err(problem) => broken("database", problem),
    }
}

/// Whether there is a way back.
async fn taken(home: &Home) -> Check {
    const NAME: &str = "snapshots";
    let verified = match snapshots::verify(home, None).await {
        Ok(verified) => verified,
        Err(problem) => return broken(NAME, problem),
    };
    let bad: Vec<&str> = verified
        .iter()
        .filter(|snapshot| !snapshot.good)
        .map(|snapshot| snapshot.name.as_str())
        .collect();
    let good = verified.iter().find(|snapshot| snapshot.good);
    let Some(newest) = good else {
        let found = if bad.is_empty() {
            "none yet: one is taken each day, once there is something to keep".to_owned()
        } else {
            format!("none is whole: {}", bad.join(", "))
        };
        return Check::new(NAME, Health::Absent, found)
            .help("Take one now: slipway snapshots create");
    };
    let whole = verified.len() - bad.len();
    let found = format!("{whole} whole, the newest is {}", newest.name);
    if bad.is_empty() {
        return Check::new(NAME, Health::Good, found);
    }
    let found = format!("{found}; not whole: {}", bad.join(", "));
    Check::new(NAME, Health::Good, found).help("What is wrong with them: slipway snapshots verify")
}

/// How much there is of what went over the wire.
async fn wire(app: &App) -> Check {
    const NAME: &str = "wire log";
    let size = app.wire_size().await;
    let kept = if wire::is_wanted() {
        "kept for 30 days and up to 256 MiB; SLIPWAY_WIRE=off keeps nothing"
    } else {
        "SLIPWAY_WIRE=off: nothing more is kept"
    };
    let folder = app.home().wire();
    let found = match size.segments {
        0 => format!("nothing yet; {kept}"),
        files => format!(
            "{} KiB in {files} file{} in {}, which may be removed at any time; {kept}",
            size.bytes.div_ceil(1024),
            if files == 1 { "" } else { "s" },
            folder.display()
        ),
    };
    Check::new(NAME, Health::Good, found)
}
