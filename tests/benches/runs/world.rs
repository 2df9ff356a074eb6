//! A runner's world over a real store and the thin server.

use std::sync::Arc;

use serde_json::json;
use slipway_agent::driver::{self, Control, Outcome, Ports};
use slipway_agent::memory::approvals::NoApprovals;
use slipway_agent::memory::tool::{ScriptedTool, definition};
use slipway_agent::ports::tool::Tool;
use slipway_agent::ports::wire::WireLog;
use slipway_agent::spec::{Limits, RunSpec, ToolSpec};
use slipway_contract::tool::Effect;
use slipway_contract::{ContentHash, RunId};
use slipway_providers::{Environment, Estimate, Providers, Settings};
use slipway_runner::system::{EnvironmentSecrets, SystemClock, SystemRandom};
use slipway_store::{Options, Store, Synchronous, WireFiles, WireLimits};
use tempfile::TempDir;

use crate::server::Server;

#[derive(Clone)]
pub(crate) struct World {
    ports: Ports,
    spec: RunSpec,
    asking: RunSpec,
    _folder: Arc<TempDir>,
}

impl World {
    pub(crate) async fn new(server: &Server, synchronous: Synchronous) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let clock = Arc::new(SystemClock::default());
        let options = Options {
            synchronous,
            ..Options::new(clock.clone())
        };
        let store = Arc::new(
            Store::open(&folder.path().join("slipway.db"), options)
                .await
                .unwrap(),
        );
        // As the product does, and as it does not with SLIPWAY_WIRE=off: so both can be measured.
        let wire: Arc<dyn WireLog> = match std::env::var_os("SLIPWAY_WIRE") {
            Some(value) if value == "off" => Arc::new(()),
            _ => {
                let place = folder.path().join("wire");
                Arc::new(WireFiles::new(place, clock.clone(), WireLimits::default()))
            }
        };
        let base = server.base();
        let environment =
            Environment::from_variables(|name| (name == "OPENAI_BASE_URL").then(|| base.clone()));
        let settings = Settings {
            stream: false,
            ..Settings::default()
        };
        let providers = Arc::new(
            Providers::new(Arc::new(EnvironmentSecrets), environment).with_settings(settings),
        );
        let model = "openai/m".parse().unwrap();
        let double = ScriptedTool::new(definition("double", Effect::Read), |invocation| {
            Ok(json!(invocation.arguments["n"].as_i64().unwrap_or(0) * 2))
        });
        let tools: [Arc<dyn Tool>; 1] = [Arc::new(double)];
        let ports = Ports {
            model: providers.resolve(&model, &[], "/").await.unwrap(),
            tools: tools.into(),
            approvals: Arc::new(NoApprovals),
            journal: store.clone(),
            leases: store.clone(),
            ledger: store,
            prices: providers,
            tokens: Arc::new(Estimate),
            clock,
            random: Arc::new(SystemRandom),
            observer: Arc::new(()),
            wire,
        };
        let spec = RunSpec {
            agent: "bench".parse().unwrap(),
            title: "Bench".into(),
            version: ContentHash::from_bytes([1; 32]),
            behaviour: ContentHash::from_bytes([2; 32]),
            model,
            temperature: None,
            context_tokens: None,
            max_output_tokens: None,
            instructions: "Do it.".into(),
            tools: vec![ToolSpec {
                definition: definition("double", Effect::Read),
                approval: None,
                reconciles: false,
            }],
            limits: Limits::default(),
            output_schema: None,
            granted: vec![],
            missing: vec![],
            folder: None,
            package_files: None,
            network: true,
            workdir: "/".into(),
            input: "Go.".into(),
            attachments: Vec::new(),
            reasoning: None,
            tool_choice: None,
            fallback: Vec::new(),
        };
        let mut asking = spec.clone();
        asking.missing = vec![slipway_contract::permission::Permission::Network {
            host: "example.com".into(),
        }];
        Self {
            ports,
            spec,
            asking,
            _folder: Arc::new(folder),
        }
    }

    pub(crate) async fn run(&self) {
        match self.drive(self.spec.clone()).await {
            Outcome::Ended(end) => assert_eq!(end.output, Some(json!("Twice two is four."))),
            other => panic!("the run must end: {other:?}"),
        }
    }

    pub(crate) async fn park(&self) {
        assert!(matches!(
            self.drive(self.asking.clone()).await,
            Outcome::Parked(_)
        ));
    }

    async fn drive(&self, spec: RunSpec) -> Outcome {
        let mut id = [0; 10];
        self.ports.random.fill(&mut id);
        driver::start(
            &self.ports,
            RunId::from_random(id),
            spec,
            &Control::default(),
        )
        .await
        .unwrap()
    }
}
