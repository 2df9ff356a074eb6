//! After a fault: what was said is there, the database is whole, and the run comes to its end.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use slipway_agent::event::Event;
use slipway_agent::machine::fold;
use slipway_agent::ports::journal::Journal as _;
use slipway_contract::RunId;
use slipway_runner::system::SystemClock;
use slipway_store::{Options, Store};

use crate::kit::{Answer, Desk, Ran, Running, model};

/// What a command left behind that met a fault.
pub(crate) struct Aftermath<'a> {
    pub(crate) desk: &'a Desk,
    /// The answers that the run's model gives, from its first on.
    pub(crate) script: &'a [Answer],
    /// What the run says at its end when nothing goes wrong.
    pub(crate) output: &'a str,
}

/// What came of the run that met the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// It never began.
    NotBegun,
    /// It had ended, and says so with a reason.
    Ended,
    /// It was taken up again and came to its end.
    Resumed,
}

impl Aftermath<'_> {
    /// Checks what is there, and goes on without the fault.
    #[track_caller]
    pub(crate) fn check(&self, ran: &Ran, what: &str) -> Met {
        assert!(!ran.stderr.contains("panicked"), "{what}:\n{}", ran.stderr);
        if ran.code != Some(0) {
            let is_end = |event: &Value| event["type"] == "run.finished";
            let told = ran.objects().iter().any(|event| {
                is_end(event) && event["message"].as_str().is_some_and(|why| !why.is_empty())
            });
            assert!(
                told || !ran.stderr.trim().is_empty(),
                "{what}: it failed and said nothing"
            );
        }
        let said: Vec<Value> = ran
            .objects()
            .into_iter()
            .filter(|event| event["seq"].is_u64())
            .collect();
        let home = self.desk.home();
        if !home.join("slipway.db").exists() {
            assert!(said.is_empty(), "{what}: what was said is gone");
            return Met::NotBegun;
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let runs = runtime.block_on(runs(&home));
        let Some((run, answers, ended)) = runs.first().copied() else {
            assert!(said.is_empty(), "{what}: what was said is gone");
            return Met::NotBegun;
        };
        let id = run.to_string();
        let exported = self
            .desk
            .slipway(["runs", "export", &id])
            .exits(0)
            .objects();
        for event in &said {
            assert!(
                exported.contains(event),
                "{what}: {event} was said and is not in the journal"
            );
        }
        if ended {
            return Met::Ended;
        }
        let finished = self.resumed(&id, answers, what);
        assert_eq!(finished["output"], self.output, "{what}: the same end");
        Met::Resumed
    }

    fn resumed(&self, id: &str, answers: usize, what: &str) -> Value {
        let server = model(self.script[answers..].to_vec());
        let slipway = |arguments: &[&str]| {
            let mut command = self.desk.command(arguments);
            command.env("OPENAI_BASE_URL", server.base_url().to_string());
            Running::start(command).end()
        };
        let mut ran = slipway(&["runs", "resume", id, "--json"]);
        if ran.code == Some(3) {
            ran = slipway(&["runs", "resolve", id, "--not-happened", "--json"]);
        }
        assert_eq!(ran.code, Some(0), "{what}:\n{}\n{}", ran.stdout, ran.stderr);
        assert_eq!(
            server.replies_left(),
            0,
            "{what}: every answer was asked for once"
        );
        ran.event("run.finished")
    }
}

/// The runs of this home: how many answers each has of its model, and whether it has ended.
async fn runs(home: &Path) -> Vec<(RunId, usize, bool)> {
    let options = Options::new(Arc::new(SystemClock::default()));
    let store = Store::open(&home.join("slipway.db"), options)
        .await
        .unwrap();
    store.check().await.unwrap();
    let mut found = Vec::new();
    for row in store
        .runs(&slipway_store::RunQuery::default())
        .await
        .unwrap()
    {
        let events = store.read(row.id).await.unwrap();
        let state = fold(&events).unwrap();
        assert_eq!(
            state.status(),
            row.status,
            "the row is what the journal says"
        );
        let answers = events
            .iter()
            .filter(|event| matches!(event.event, Event::ModelResponded { .. }));
        found.push((row.id, answers.count(), state.end().is_some()));
    }
    store.close().await;
    found
}
