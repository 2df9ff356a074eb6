//! A desk at which much goes on: agents, and runs in every state.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_providers::scripted::Trouble;

use crate::kit::{Agent, Answer, Desk, Reply, Running, ScriptedServer, model, until_asked};

/// How the run that is not over goes on, longer than any test.
const PACE: Duration = Duration::from_millis(250);

/// Whether the page is drawn as far as these words.
pub(super) const IS_THERE: &str = "return document.body.innerText.includes(arguments[0]) \
     && document.querySelector('h1') !== null && document.querySelector('.app--undecided') === null \
     && document.querySelector('.skeleton') === null";
/// The same of the page that shows skeletons as specimens.
pub(super) const SHOWS: &str = "return document.body.innerText.includes(arguments[0])";

pub(super) struct Scene {
    pub(super) desk: Desk,
    /// The run that is not over; it ends with the scene.
    running: Running,
    _server: ScriptedServer,
    /// The runs by what became of them.
    pub(super) running_run: String,
    pub(super) parked: String,
    pub(super) failed: String,
    /// Two of them, of one agent.
    pub(super) succeeded: [String; 2],
    /// Of the example that waits for a grant.
    pub(super) granting: String,
    /// A case of an example's suite that its draft breaks.
    pub(super) case: String,
    /// A version of the agent with two, the older first.
    pub(super) versions: [String; 2],
}

impl Scene {
    pub(super) fn new() -> Self {
        let story =
            "The files in `in/` are being read one after the other, and compared.\n\n".repeat(400);
        let server = model([Reply::from(Answer::text(story)).in_pieces(90, PACE)]);
        let desk = Desk::with_model(&server);
        desk.slipway(["agents", "add-examples"]).exits(0);
        let clerk = Agent::clerk().at(&desk);
        let mut running = desk.start(["run", clerk, "--input", "Compare all files.", "--json"]);
        until_asked(&server, 1);
        let began = running.until("\"type\"");
        let began: Value = serde_json::from_str(&began).expect("JSON");
        let running_run = began["run_id"].as_str().expect("a run").to_owned();

        let read = |name: &str| json!({"path": format!("in/{name}")});
        server.then(Answer::tool("r1", "read_file", &read("a.txt")).and_tool(
            "r2",
            "read_file",
            &read("b.txt"),
        ));
        let table = "# Done\n\nBoth files were read.\n\n| file | lines |\n|---|---:|\n| `in/a.txt` | 2 |\n| `in/b.txt` | 1 |\n\n> Nothing was written. See [the notes](https://example.com/notes).\n";
        server.then(Answer::text(table));
        let input = [
            "run",
            clerk,
            "--input",
            "How many lines are there?",
            "--json",
        ];
        let first = desk.slipway(input).exits(0).run();
        desk.write(
            "clerk/instructions.md",
            "Copy what you are told to copy.\n\nNever write over a file.\n",
        );
        desk.slipway(["agents", "save", "clerk", "--note", "careful"])
            .exits(0);
        server.then(Answer::tool("r1", "read_file", &read("nothing.txt")));
        server.then(Answer::text(
            "There is no such file; **one** file was read.",
        ));
        let second = desk.slipway(input).exits(0).run();

        server.then(Reply::trouble(Trouble::Authentication));
        let failed = desk
            .slipway(["run", clerk, "--input", "Try again.", "--json"])
            .exits(1)
            .run();
        let content = "the first line\nthe second line\n";
        server.then(Answer::tool(
            "w1",
            "write_file",
            &json!({"path": "out/copy.txt", "content": content}),
        ));
        let parked = desk
            .slipway([
                "run",
                clerk,
                "--input",
                "Copy in/a.txt to out/copy.txt.",
                "--json",
            ])
            .exits(3)
            .run();
        for example in ["expense-report", "expense-report", "changelog-writer"] {
            desk.slipway(["run", example]).exits(0);
        }
        let granting = desk
            .slipway(["run", "link-checker", "--json"])
            .exits(3)
            .run();
        let case = tested(&desk);
        // What a person changed and made no version of yet.
        desk.write(
            "clerk/instructions.md",
            "Copy what you are told to copy.\n\nNever write over a file. Say what you copied.\n",
        );
        let versions = desk
            .slipway(["agents", "versions", "clerk", "--json"])
            .exits(0)
            .objects();
        let version = |place: usize| {
            versions[place]["version"]
                .as_str()
                .expect("a version")
                .to_owned()
        };
        Self {
            versions: [version(1), version(0)],
            desk,
            running,
            _server: server,
            running_run,
            parked,
            failed,
            succeeded: [first, second],
            granting,
            case,
        }
    }

    /// The window's pages: a name, an address, and words that it shows when it is there.
    pub(super) fn pages(&self) -> Vec<(&'static str, String, &'static str)> {
        let run = |id: &String| format!("#/runs/{id}");
        let [one, other] = &self.succeeded;
        let [older, newer] = &self.versions;
        let at = |address: &str| address.to_owned();
        vec![
            ("home", at("#/"), "Changelog writer"),
            ("agents", at("#/agents"), "Link checker"),
            ("new-agent", at("#/new"), "Blank"),
            ("build", at("#/agents/clerk"), "Budget a run"),
            ("ask", at("#/agents/clerk/run"), "What should it do?"),
            (
                "ask-recorded",
                at("#/agents/expense-report/run"),
                "This model is a recording.",
            ),
            ("versions", at("#/agents/clerk/versions"), "careful"),
            (
                "versions-compared",
                format!("#/agents/clerk/versions/{older}/{newer}"),
                "Never write over",
            ),
            (
                "tests",
                at("#/agents/changelog-writer/tests"),
                "Leaves out what no user notices",
            ),
            (
                "tests-case",
                format!(
                    "#/agents/changelog-writer/tests/section/newest/{}",
                    self.case
                ),
                "Accept the new behaviour",
            ),
            (
                "tests-suite",
                at("#/agents/changelog-writer/tests/section/edit/1"),
                "What is expected",
            ),
            ("tests-none", at("#/agents/clerk/tests"), "No tests yet"),
            ("runs", at("#/runs"), "Link checker"),
            ("run", run(one), "Both files were read."),
            ("run-running", run(&self.running_run), "Compare all files."),
            ("run-asking", run(&self.parked), "the second line"),
            ("run-failed", run(&self.failed), "Failed"),
            ("run-grant", run(&self.granting), "Link checker"),
            (
                "runs-compared",
                format!("#/runs/{one}/compare/{other}"),
                "read_file",
            ),
            ("models", at("#/settings/models"), "Models and keys"),
            (
                "add-key",
                at("#/settings/models/anthropic"),
                "Save and test",
            ),
            ("budgets", at("#/settings/budgets"), "Budgets"),
            ("appearance", at("#/settings/appearance"), "Dark"),
            (
                "notifications",
                at("#/settings/notifications"),
                "Notifications",
            ),
            ("privacy", at("#/settings/privacy"), "Privacy"),
            (
                "account",
                at("#/settings/account"),
                "Run a server of your own",
            ),
            ("data", at("#/settings/data"), "Data"),
            ("shortcuts", at("#/settings/shortcuts"), "Ctrl"),
            ("about", at("#/settings/about"), "Slipway"),
            (
                "welcome",
                at("#/welcome"),
                "What should answer your agents?",
            ),
            ("developer", at("#/developer"), "All states"),
            ("not-found", at("#/nowhere"), "There is no such page"),
        ]
    }
}

/// Tests an example in its version and in a draft that breaks it; answers with a case of it.
fn tested(desk: &Desk) -> String {
    let agent = "changelog-writer";
    desk.slipway(["test", agent]).exits(0);
    let instructions = desk
        .home()
        .join("examples/changelog-writer/instructions.md");
    let before = std::fs::read_to_string(&instructions).expect("the instructions");
    let after = before.replace("leave it out and ask in", "list it, and ask in");
    assert_ne!(before, after);
    std::fs::write(instructions, after).expect("the instructions");
    desk.slipway(["test", agent]).exits(1);
    let listed = desk
        .slipway(["test", agent, "--list", "--json"])
        .exits(0)
        .objects();
    listed[3]["case"]["id"].as_str().expect("a case").to_owned()
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.running.kill();
    }
}
