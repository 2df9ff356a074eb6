//! A run of 10,000 steps and 10,000 agents, made as a person's come about: the run by running, the agents by the
//! store that keeps them.

use std::sync::Arc;

use futures::stream::{self, StreamExt as _};
use serde_json::json;
use slipway_agent::package::{Files, Package};
use slipway_contract::Timestamp;
use slipway_contract::version::VersionReason;
use slipway_store::{AgentRecord, AgentSource, Made, Options, Store, Synchronous, VersionRecord};

use crate::kit::{Answer, Desk, Reply, Running, model};

/// Steps of the long run.
pub(crate) const STEPS: usize = 10_000;
/// Agents in the list.
pub(crate) const AGENTS: usize = 10_000;

/// Calls of one answer, so that the run has few answers and many steps.
const CALLS: usize = 100;

/// Agents that are written at once: each waits for the disk.
const AT_ONCE: usize = 64;

/// A desk with all of it.
pub(crate) struct Data {
    pub(crate) desk: Desk,
    /// The long run.
    pub(crate) run: String,
}

impl Data {
    pub(crate) async fn write() -> Self {
        let desk = Desk::new();
        let run = long_run(&desk);
        agents(&desk).await;
        // Whoever lists them first looks into each package; what it saw is kept.
        let listed = desk.slipway(["agents", "list", "--json"]).exits(0);
        assert_eq!(listed.objects().len(), AGENTS);
        Self { desk, run }
    }
}

/// Answers with calls, each a step as its calls are, and one without.
fn long_run(desk: &Desk) -> String {
    desk.write(
        "counter/agent.toml",
        format!(
            "format = 1\n\n[agent]\nname = \"counter\"\ntitle = \"The counter\"\n\n\
             [model]\nuse = \"openai/gpt-5-mini\"\n\n[[tools]]\nuse = \"calculator\"\n\n\
             [limits]\nmax_steps = {STEPS}\n"
        ),
    );
    desk.write("counter/instructions.md", "Count as far as you are told.\n");
    let answers = (STEPS - 1) / (CALLS + 1);
    let script = (0..answers).map(|answer| {
        let call = |call: usize| {
            let number = answer * CALLS + call;
            (
                format!("c{number}"),
                json!({"expression": format!("{number} + 1")}),
            )
        };
        let (id, arguments) = call(0);
        let first = Answer::tool(&id, "calculator", &arguments);
        (1..CALLS).map(call).fold(first, |answer, (id, arguments)| {
            answer.and_tool(&id, "calculator", &arguments)
        })
    });
    let last = Answer::text("Counted.");
    let server = model(script.chain([last]).map(Reply::from));
    let mut command = desk.command(["run", "./counter", "--input", "Count.", "--json"]);
    command
        .env("OPENAI_BASE_URL", server.base_url().to_string())
        .env("OPENAI_API_KEY", "sk-of-a-benchmark");
    let ran = Running::start(command).end().exits(0);
    let usage = ran.event("run.finished")["usage"].clone();
    let steps = usage["model_calls"].as_u64().unwrap() + usage["tool_calls"].as_u64().unwrap();
    assert_eq!(steps, STEPS as u64, "the run has other steps");
    ran.run()
}

/// Those beside the one that ran.
async fn agents(desk: &Desk) {
    let clock = Arc::new(slipway_runner::system::SystemClock::default());
    let options = Options {
        synchronous: Synchronous::Normal,
        ..Options::new(clock)
    };
    let database = desk.home().join("slipway.db");
    let store = Store::open(&database, options).await.unwrap();
    stream::iter(1..AGENTS)
        .for_each_concurrent(AT_ONCE, |number| add_agent(&store, number))
        .await;
    store.close().await;
}

async fn add_agent(store: &Store, number: usize) {
    let manifest = format!(
        "format = 1\n\n[agent]\nname = \"agent-{number:05}\"\ntitle = \"Agent {number}\"\n\
         description = \"Does what agent {number} does.\"\ntags = [\"team-{}\"]\n\n\
         [model]\nuse = \"openai/gpt-5-mini\"\n",
        number % 20
    );
    let files = vec![
        ("agent.toml".to_owned(), manifest.into_bytes()),
        ("instructions.md".to_owned(), b"Do it.\n".to_vec()),
    ];
    let parsed = files
        .iter()
        .map(|(path, bytes)| (path.parse().unwrap(), bytes.clone()));
    let package = Package::from_files(Files::from_entries(parsed).unwrap(), &[]).unwrap();
    let version = VersionRecord {
        hash: package.content_hash(),
        behaviour: package.behaviour_hash(),
        created_at: Timestamp::UNIX_EPOCH,
    };
    store.put_version(version, files).await.unwrap();
    let agent = AgentRecord {
        name: package.manifest().agent.name.clone(),
        source: AgentSource::Imported,
        version: version.hash,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    let made = Made::by(VersionReason::Imported);
    store.put_agent(&agent, &made).await.unwrap();
}
