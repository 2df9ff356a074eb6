//! Whether Slipway can work on this machine.

use std::fs::OpenOptions;
use std::path::Path;

use serde::Serialize;
use slipway_agent::ports::secrets::Secrets as _;
use slipway_contract::Problem;
use slipway_runner::system::EnvironmentSecrets;

use crate::problem::from_store;
use crate::{App, Home};

const KEY: &str = "OPENAI_API_KEY";
const BASE_URL: &str = "OPENAI_BASE_URL";
/// The most models that one finding names.
const MOST_NAMED: usize = 5;

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
    match EnvironmentSecrets.get(KEY) {
        Ok(Some(_)) => Check::new(KEY, Health::Good, "is set"),
        Ok(None) => Check::new(KEY, Health::Absent, "is not set").help(
            "For openai/… models, set it to your key. Local models and recordings need none.",
        ),
        Err(error) => Check::new(KEY, Health::Broken, error.to_string()),
    }
}

/// What can be asked: OpenAI or what stands for it, where it is set up, and this machine's servers.
async fn models(app: &App) -> Vec<Check> {
    let models = app.list_models().await;
    let mut checks = Vec::new();
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if (is_set(KEY) || is_set(BASE_URL))
        && let Some(model) = models.iter().find(|model| model.model.provider == "openai")
    {
        let (health, found) = match (model.usable, model.note.as_str()) {
            (true, "") => (Health::Good, "can be asked"),
            (true, note) => (Health::Good, note),
            (false, note) => (Health::Broken, note),
        };
        checks.push(Check::new("openai models", health, found));
    }
    let local: Vec<String> = models
        .iter()
        .filter(|model| model.usable && model.model.provider == "local")
        .map(|model| model.model.to_string())
        .collect();
    checks.push(match local.as_slice() {
        [] => Check::new(
            "local models",
            Health::Absent,
            "no server on this machine has any",
        )
        .help("Start one that speaks OpenAI's protocol: Ollama, LM Studio, llama.cpp's server …"),
        some if some.len() > MOST_NAMED => {
            let (named, more) = (local[..MOST_NAMED].join(", "), local.len() - MOST_NAMED);
            Check::new(
                "local models",
                Health::Good,
                format!("{named} and {more} more"),
            )
        }
        some => Check::new("local models", Health::Good, some.join(", ")),
    });
    checks
}
