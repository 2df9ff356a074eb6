//! One run of the reference agent, and what must be true of it in the end.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::bureau::{Bureau, Ledger};
use crate::kit::{Desk, Ran, Running};

/// Model calls of a run that nobody interrupts.
const MODEL_CALLS: usize = 6;

/// What a run left behind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct End {
    output: Value,
    written: String,
    charges: usize,
    letters: usize,
    shelves: usize,
}

pub(super) struct Scene {
    pub(super) bureau: Bureau,
    pub(super) desk: Desk,
    /// How often a process was killed.
    pub(super) kills: usize,
    /// From starting `runs resume` to its first line.
    pub(super) resumed_in: Vec<Duration>,
}

impl Scene {
    pub(super) fn new() -> Self {
        let bureau = Bureau::open();
        let base = format!("http://{}/v1", bureau.address());
        let desk = Desk::new()
            .variable("OPENAI_BASE_URL", base)
            .variable("OPENAI_API_KEY", "sk-scripted-key-of-a-test");
        let host = bureau.address();
        desk.write(
            "teller/agent.toml",
            format!(
                r#"format = 1

[agent]
name = "teller"

[model]
use = "openai/m"

[[tools]]
use = "read_file"

[[tools]]
use = "write_file"
approval = "allow"

[[tools]]
use = "http_request"
approval = "allow"

[permissions]
network = ["{host}"]
files = ["read:./in", "write:./out"]

[output]
type = "object"
required = ["charged"]
"#
            ),
        );
        desk.write("teller/instructions.md", "Charge once.\n");
        desk.write("teller/in/a.txt", "the order\n");
        Self {
            bureau,
            desk,
            kills: 0,
            resumed_in: Vec::new(),
        }
    }

    /// Starts the run.
    pub(super) fn start(&self) -> Running {
        Running::start(self.command())
    }

    /// The command that starts the run.
    pub(super) fn command(&self) -> Command {
        self.desk
            .command(["run", "./teller", "--json", "--approve", "allow"])
    }

    /// The process was killed: what it said is all that is known of it.
    pub(super) fn was_killed(&mut self, mut running: Running) -> Ran {
        running.kill();
        self.kills += 1;
        running.end()
    }

    /// The run's id, if it was made.
    pub(super) fn run(&self) -> Option<String> {
        let listed = self.desk.slipway(["runs", "list", "--json"]).exits(0);
        let runs = listed.objects();
        assert!(runs.len() <= 1, "one run was started: {}", listed.stdout);
        runs.first()
            .map(|run| run["id"].as_str().unwrap().to_owned())
    }

    /// Takes the run up until it has ended, telling the truth where it asks what happened.
    pub(super) fn bring_to_its_end(&mut self) -> End {
        let Some(run) = self.run() else {
            // Killed before there was a run: nothing was asked of anybody.
            assert_eq!(self.bureau.ledger(), Ledger::default());
            self.start().end().exits(0);
            let run = self.run().expect("it ran");
            return self.end_of(&run);
        };
        for _ in 0..20 {
            let shown = self.show(&run);
            if shown["summary"]["status"] == "succeeded" {
                return self.end_of(&run);
            }
            let answers = self.truths(&run);
            let begun = Instant::now();
            let mut resumed = match answers {
                None => self
                    .desk
                    .start(["runs", "resume", &run, "--json", "--approve", "allow"]),
                Some(arguments) => self.desk.start(arguments),
            };
            resumed.until("\"type\"");
            self.resumed_in.push(begun.elapsed());
            let ran = resumed.end();
            assert!(
                ran.code == Some(0) || ran.code == Some(3),
                "{:?}: {}{}",
                ran.code,
                ran.stdout,
                ran.stderr
            );
        }
        panic!(
            "the run {run} does not come to its end: {}",
            self.show(&run)["summary"]
        );
    }

    fn show(&self, run: &str) -> Value {
        let shown = self.desk.slipway(["runs", "show", run, "--json"]).exits(0);
        shown.objects().remove(0)
    }

    /// The command that answers what the run asks, by the bureau's ledger.
    fn truths(&self, run: &str) -> Option<Vec<String>> {
        let shown = self.show(run);
        let asked = shown["approvals"].as_array()?.first()?.clone();
        let url = asked["arguments"]["url"].as_str()?;
        let path = url.rsplit_once('/').map(|(_, path)| format!("/{path}"))?;
        let mut command: Vec<String> = [
            "runs",
            "resolve",
            run,
            "--json",
            "--approve",
            "allow",
            "--step",
        ]
        .map(str::to_owned)
        .to_vec();
        command.push(asked["step"].to_string());
        if self.bureau.ledger().times("POST", &path) > 0 {
            command.extend(["--happened".to_owned(), "it did".to_owned()]);
        } else {
            command.push("--not-happened".to_owned());
        }
        Some(command)
    }

    /// What the run left behind, after what must hold of every run was checked.
    fn end_of(&self, run: &str) -> End {
        let ledger = self.bureau.ledger();
        assert_eq!(ledger.model.len(), MODEL_CALLS, "{ledger:?}");
        assert!(
            ledger.repeated_model_calls() <= self.kills,
            "only a model call that was under way is made again, once for each kill ({}): {ledger:?}",
            self.kills
        );
        assert_eq!(ledger.keys("PUT", "/shelf"), 1, "one key: {ledger:?}");
        assert!(
            ledger.times("PUT", "/shelf") <= 1 + self.kills,
            "{ledger:?}"
        );
        let events = self.desk.slipway(["runs", "export", run]).exits(0);
        let mut steps: Vec<_> = events
            .events("model.responded")
            .iter()
            .map(|event| event["step"].to_string())
            .collect();
        let answered = steps.len();
        steps.dedup();
        assert_eq!(
            (answered, steps.len()),
            (MODEL_CALLS, MODEL_CALLS),
            "each call has one answer"
        );
        let finished = events.event("run.finished");
        assert_eq!(finished["status"], "succeeded");
        End {
            output: finished["output"].clone(),
            written: self.desk.read("teller/out/b.txt"),
            charges: ledger.times("POST", "/charge"),
            letters: ledger.times("POST", "/letter"),
            shelves: ledger.keys("PUT", "/shelf"),
        }
    }

    pub(super) fn home(&self) -> PathBuf {
        self.desk.home()
    }
}

/// What was acknowledged must be in the journal.
pub(super) fn acknowledged(ran: &Ran) -> Vec<Value> {
    ran.stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|event| event["seq"].is_u64())
        .collect()
}
