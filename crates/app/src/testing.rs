//! A home of one's own with a scripted model, for tests.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_agent::memory::secrets::MemorySecrets;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::run::RunStatus;
use slipway_contract::{Problem, RunId};
use slipway_runner::testing::{Answer, Environment, Providers, ScriptedServer};
use slipway_runner::{Runner, World};
use tempfile::TempDir;
use tokio::sync::broadcast::Receiver;

use crate::{App, Control, Home, RunOptions, RunReport, Target};

/// How the models are reached.
pub(crate) enum Reach {
    /// `openai/…` is the scripted server of this machine.
    Scripted,
    /// `openai/…` is elsewhere on the network.
    Elsewhere,
    /// There is no key.
    Nowhere,
}

pub(crate) struct Desk {
    folder: TempDir,
    pub(crate) server: ScriptedServer,
}

impl Desk {
    pub(crate) fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            server: ScriptedServer::start(script).unwrap(),
        }
    }

    pub(crate) async fn app(&self) -> App {
        self.reaching(Reach::Scripted).await
    }

    /// Slipway over this desk's data, as a process that reaches models in this way has it.
    pub(crate) async fn reaching(&self, reach: Reach) -> App {
        let app = App::open(Home::at(&self.path("home"))).await.unwrap();
        let (base, key) = match reach {
            Reach::Scripted => (Some(self.server.base_url().to_string()), true),
            Reach::Elsewhere => (Some("https://models.example.com/v1".to_owned()), true),
            Reach::Nowhere => (None, false),
        };
        let environment = Environment::from_variables(|name| {
            (name == "OPENAI_BASE_URL").then(|| base.clone()).flatten()
        });
        let keys = key.then_some(("OPENAI_API_KEY", "sk-scripted"));
        let secrets = Arc::new(MemorySecrets::new(keys));
        let world = app.runner().world().clone();
        app.making(move |own| {
            let providers = Providers::new(secrets.clone(), environment.clone())
                .with_own_prices(own.prices)
                .with_own_providers(own.providers);
            Runner::new(World {
                pace: None,
                providers: Arc::new(providers),
                ..world.clone()
            })
        })
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    /// Writes a package of the agent `clerk` to this folder.
    pub(crate) fn clerk(&self, folder: &str, rest: &str) -> PathBuf {
        let place = self.path(folder);
        std::fs::create_dir_all(&place).unwrap();
        let toml = format!(
            "format = 1\n\n[agent]\nname = \"clerk\"\ntitle = \"The clerk\"\n\n\
             [model]\nuse = \"openai/gpt-5-mini\"\n\n{rest}"
        );
        std::fs::write(place.join("agent.toml"), toml).unwrap();
        let instructions = format!("Do what {folder} needs.\n");
        std::fs::write(place.join("instructions.md"), instructions).unwrap();
        place
    }
}

/// A package that asks for one host.
pub(crate) const ASKING: &str =
    "[[tools]]\nuse = \"http_request\"\n\n[permissions]\nnetwork = [\"api.example.com\"]\n";

/// Plans and drives a run without anybody to ask.
pub(crate) async fn run(
    app: &App,
    target: &Target,
    options: RunOptions,
) -> Result<RunReport, Problem> {
    let planned = Box::pin(app.plan(target, options)).await?;
    Box::pin(app.run(planned, None, Arc::new(()), Control::default())).await
}

/// Continues a run without anybody to ask.
pub(crate) async fn further(
    app: &App,
    parent: RunId,
    options: RunOptions,
) -> Result<RunReport, Problem> {
    let input = "And now?".to_owned();
    let control = Control::default();
    Box::pin(app.converse(parent, input, options, None, Arc::new(()), control)).await
}

/// How a background run ends, from its events and until nobody drives it.
pub(crate) async fn ended(app: &App, events: &mut Receiver<RunEvent>, run: RunId) -> RunStatus {
    loop {
        let event = events.recv().await.unwrap();
        if let EventKind::RunFinished { status, .. } = event.kind
            && event.run_id == run
        {
            while app.live().control(run).is_some() {
                tokio::task::yield_now().await;
            }
            return status;
        }
    }
}
