//! An agent with many cases, in a folder of its own, and the use cases of a home of its own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use slipway_app::{App, Control, Home, PlannedTests, Target, TestOptions};
use slipway_contract::test::{Mode, TestOrder};
use tempfile::TempDir;

use crate::server::{ANSWER, Server};

/// What the agent is, and where its model is.
const AGENT: &str = "format = 1\n\n[agent]\nname = \"bench\"\n\n[model]\nuse = \"lab/m\"\n";

pub(crate) struct World {
    pub(crate) app: App,
    folder: TempDir,
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
}

impl World {
    /// So many cases, each with a recording of its own.
    pub(crate) async fn recorded(server: &Server, cases: usize) -> Self {
        let mut suite = "format = 1\n\n".to_owned();
        for number in 0..cases {
            write!(
                suite,
                "[[case]]\nname = \"Case {number}\"\ninput = \"Say number {number}.\"\n\n[[case.expect]]\ncontains = [\"two\", \"four\"]\n\n"
            )
            .unwrap();
        }
        let world = Self::new(Some(server), &suite).await;
        let tests = world.plan(Mode::Record, Some(32)).await;
        world.run(tests, cases).await;
        world
    }

    /// A case for each row of a table, which all play one recording.
    pub(crate) async fn of_a_table(rows: usize) -> Self {
        const CASE: &str = "format = 1\n\n[[case]]\nname = \"Words\"\ninput = \"Say it.\"\n";
        let server = Server::start();
        let first = format!("{CASE}\n[[case.expect]]\ncontains = \"four\"\n");
        let world = Self::new(Some(&server), &first).await;
        let tests = world.plan(Mode::Record, None).await;
        world.run(tests, 1).await;
        let recordings = world.folder().join("recordings");
        let made = std::fs::read_dir(&recordings).unwrap().next().unwrap();
        std::fs::rename(made.unwrap().path(), recordings.join("words.jsonl")).unwrap();
        let words: Vec<&str> = ANSWER.split_whitespace().collect();
        let mut table = "word,number\n".to_owned();
        for row in 0..rows {
            writeln!(table, "{},{row}", words[row % words.len()]).unwrap();
        }
        let tests = world.folder().join("tests");
        std::fs::write(tests.join("words.csv"), table).unwrap();
        let suite = format!(
            "{CASE}recording = \"words\"\ntable = \"tests/words.csv\"\n\n[[case.expect]]\ncontains = \"{{{{word}}}}\"\n"
        );
        std::fs::write(tests.join("many.toml"), suite).unwrap();
        world
    }

    async fn new(server: Option<&Server>, suite: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (home, agent) = (folder.path().join("home"), folder.path().join("bench"));
        std::fs::create_dir_all(&home).unwrap();
        std::fs::create_dir_all(agent.join("tests")).unwrap();
        if let Some(server) = server {
            let base = server.base();
            let lab = format!("[[provider]]\nid = \"lab\"\nbase_url = \"{base}\"\nfree = true\n");
            std::fs::write(home.join("providers.toml"), lab).unwrap();
        }
        std::fs::write(agent.join("agent.toml"), AGENT).unwrap();
        std::fs::write(agent.join("instructions.md"), "Count.\n").unwrap();
        std::fs::write(agent.join("tests/many.toml"), suite).unwrap();
        let app = App::open(Home::at(&home)).await.unwrap();
        Self { app, folder }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().join("bench")
    }

    pub(crate) async fn plan(&self, mode: Mode, at_once: Option<usize>) -> PlannedTests {
        plan(&self.app, &self.folder(), mode, at_once).await
    }

    pub(crate) async fn run(&self, tests: PlannedTests, cases: usize) {
        let tested = self.app.run_tests(tests, |_| {}, Control::default()).await;
        let report = tested.unwrap().report;
        assert!(report.passed(), "{:?}", report.totals());
        assert_eq!(report.cases().count(), cases);
    }
}

async fn plan(app: &App, folder: &Path, mode: Mode, at_once: Option<usize>) -> PlannedTests {
    let options = TestOptions {
        at_once,
        ..TestOptions::of(TestOrder {
            mode,
            suites: Vec::new(),
            cases: Vec::new(),
            failed: false,
            budget_usd: None,
            resume: None,
        })
    };
    let target = Target::Folder(folder.to_owned());
    app.plan_tests(&target, options).await.unwrap()
}
