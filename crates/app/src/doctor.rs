//! Whether Slipway can work on this machine.

use std::fs::OpenOptions;
use std::path::Path;

use serde::Serialize;
use slipway_agent::ports::secrets::Secrets as _;
use slipway_contract::Problem;
use slipway_runner::system::EnvironmentSecrets;

use crate::problem::from_store;
use crate::{App, Home};

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
    match App::open(home).await {
        Err(problem) => {
            checks.push(broken("database", problem));
            checks.push(key());
        }
        Ok(app) => {
            checks.push(database(&app).await);
            checks.push(key());
            checks.extend(models(&app).await);
        }
    }
    checks
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
    match app.store().check().await {
        Ok(()) => Check::new(
            "database",
            Health::Good,
            format!("{} is whole", place.display()),
        ),
        Err(error) => broken("database", from_store(&error)),
    }
}

fn key() -> Check {
    const NAME: &str = "OPENAI_API_KEY";
    match EnvironmentSecrets.get(NAME) {
        Ok(Some(_)) => Check::new(NAME, Health::Good, "is set"),
        Ok(None) => Check::new(NAME, Health::Absent, "is not set").help(
            "For openai/… models, set it to your key. Local models and recordings need none.",
        ),
        Err(error) => Check::new(NAME, Health::Broken, error.to_string()),
    }
}

/// One line for each provider that has a model, and one for local servers if there are none.
async fn models(app: &App) -> Vec<Check> {
    let models = app.list_models().await;
    let usable = |provider: &str| {
        models
            .iter()
            .filter(|model| model.usable && model.model.provider == provider)
            .collect::<Vec<_>>()
    };
    let local = usable("local");
    let found = match local.as_slice() {
        [] => Check::new("local models", Health::Absent, "no server with models answers on this machine").help(
            "Start one that speaks OpenAI's protocol, such as Ollama, LM Studio or llama.cpp's server.",
        ),
        some => {
            let names: Vec<String> = some.iter().take(5).map(|model| model.model.to_string()).collect();
            let more = if some.len() > names.len() { " …" } else { "" };
            Check::new("local models", Health::Good, format!("{}{more}", names.join(", ")))
        }
    };
    vec![found]
}
