//! Makes the fixtures of this version: a home with agents, versions, grants and runs in every
//! state, and the journals of these runs.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use slipway_agent::ports::journal::Journal as _;
use slipway_contract::RunId;
use slipway_runner::system::SystemClock;
use slipway_store::{Options, Store};

use super::{copy, fixtures, journals, newest_migration};
use crate::kit::{Agent, Answer, Desk, Ran, Reply, model, until_asked};
use crate::upgrades::manifest::Manifest;

#[test]
#[ignore = "writes into tests/fixtures: run by hand for each new migration, as every_schema_has_a_fixture demands"]
fn writes_the_fixture_of_this_version() {
    let place = fixtures()
        .join("homes")
        .join(format!("{:04}", newest_migration()));
    assert!(
        !place.exists(),
        "{} is there: fixtures are never made again",
        place.display()
    );
    let (desk, runs) = home();
    let database = desk.home().join("slipway.db");
    copy(&desk.home(), &place.join("home"));
    for beside in [
        "slipway.db-shm",
        "slipway.db.lock",
        "slipway.db.open",
        "snapshots",
        "work",
    ] {
        let path = place.join("home").join(beside);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else if path.exists() {
            fs::remove_file(path).unwrap();
        }
    }
    Manifest::of(&database, runs.clone()).write(&place.join("manifest.json"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = Options::new(Arc::new(SystemClock::default()));
        let store = Store::open(&database, options).await.unwrap();
        for (name, run) in &runs {
            let run: RunId = run.parse().unwrap();
            let name = format!("{name}-{:04}", newest_migration());
            journals::keep(&name, &store.read(run).await.unwrap());
        }
        store.close().await;
    });
}

/// A call that writes, which asks.
fn write(lines: usize) -> Answer {
    let content = "copied line\n".repeat(lines);
    Answer::tool(
        "w1",
        "write_file",
        &json!({"path": "out/b.txt", "content": content}),
    )
}

/// Runs a command with a script, and keeps the run under a name.
type Ranner<'a> = dyn FnMut(&str, Vec<Reply>, &[&str], i32) -> Ran + 'a;

fn home() -> (Desk, BTreeMap<String, String>) {
    let server = model(Vec::<Answer>::new());
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.write("clerk/in/long.txt", "one line of many\n".repeat(6_000));
    let mut runs = BTreeMap::new();
    let scripted = |script: Vec<Reply>| script.into_iter().for_each(|reply| server.then(reply));
    let mut ran = |name: &str, script: Vec<Reply>, arguments: &[&str], code: i32| -> Ran {
        scripted(script);
        let ran = desk
            .slipway(arguments.iter().chain(&["--json"]))
            .exits(code);
        assert_eq!(server.replies_left(), 0, "{name}");
        runs.insert(name.to_owned(), ran.run());
        ran
    };

    let read = |id: &str, path: &str| Answer::tool(id, "read_file", &json!({"path": path}));
    let long = read("r1", "in/long.txt").and_tool("r2", "read_file", &json!({"path": "in/a.txt"}));
    let done = || Reply::from(Answer::text("Done.").reasoning("It is all there.", Some("opaque")));
    let ended = ran("succeeded", vec![long.into(), done()], &["run", agent], 0).run();
    let further = ["runs", "continue", &ended, "--input", "And further?"];
    ran(
        "continued",
        vec![Answer::text("Further.").into()],
        &further,
        0,
    );

    let refused = read("x1", "in/a.txt")
        .and_tool("x1", "read_file", &json!({"path": "in/b.txt"}))
        .and_tool("x2", "no_such_tool", &json!({}))
        .and_tool("x3", "read_file", &json!({"path": 5, "strange": true}))
        .and_raw_tool("x4", "read_file", "{\"path\": ");
    ran(
        "refused-calls",
        vec![refused.into(), done()],
        &["run", agent],
        0,
    );

    let busy = Reply::error(
        503,
        &json!({"error": {"message": "busy", "type": "server_error"}}),
    );
    ran(
        "retried",
        vec![busy.header("retry-after", "0"), done()],
        &["run", agent],
        0,
    );
    let wrong = Reply::error(
        400,
        &json!({"error": {"message": "no", "type": "invalid_request_error"}}),
    );
    ran("failed", vec![wrong], &["run", agent], 1);
    ran(
        "empty-answers",
        vec![Answer::nothing().into(), Answer::nothing().into()],
        &["run", agent],
        1,
    );
    ran(
        "cut-answer",
        vec![Answer::text("and so").finish("length").into()],
        &["run", agent],
        1,
    );
    ran(
        "over-budget",
        vec![],
        &["run", agent, "--budget", "0.000001"],
        4,
    );
    let again = || Reply::from(read("n1", "in/none.txt"));
    ran(
        "repeated-failure",
        vec![again(), again(), again()],
        &["run", agent],
        1,
    );

    let full = || {
        Reply::error(
            400,
            &json!({"error": {"message": "too long", "code": "context_length_exceeded"}}),
        )
    };
    let script = vec![
        read("c1", "in/long.txt").into(),
        read("c2", "in/a.txt").into(),
        full(),
        done(),
    ];
    ran("compacted", script, &["run", agent], 0);

    let parks = |name: &str, lines: usize, ran: &mut Ranner<'_>| {
        ran(
            name,
            vec![write(lines).into()],
            &["run", agent, "--approve", "never"],
            3,
        )
        .run()
    };
    parks("parked", 1, &mut ran);
    // Long enough for its events to lie beside the database.
    let run = parks("approved", 6_000, &mut ran);
    ran("approved", vec![done()], &["runs", "approve", &run], 0);
    let run = parks("denied", 1, &mut ran);
    ran(
        "denied",
        vec![done()],
        &["runs", "deny", &run, "--reason", "Not there."],
        0,
    );
    let run = parks("cancelled", 1, &mut ran);
    desk.slipway(["runs", "cancel", &run]).exits(0);

    // A package of its own, with an output, what it asks for, and a folder that is not its own.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let schema = "[output]\ntype = \"object\"\nrequired = [\"total\"]\n[output.properties.total]\ntype = \"integer\"\n";
    Agent::clerk()
        .allowing("http_request")
        .permissions(&format!("network = [\"{address}\"]"))
        .and(schema)
        .at(&desk);
    let wrong = || Reply::from(Answer::text("{\"total\": \"three\"}"));
    let right = || Reply::from(Answer::text("```json\n{\"total\": 3}\n```"));
    ran(
        "grant-wanted",
        vec![],
        &["run", agent, "--approve", "never"],
        3,
    );
    let allowed = ["run", agent, "--approve", "allow"];
    ran("repaired", vec![wrong(), right()], &allowed, 0);
    ran("not-repaired", vec![wrong(), wrong()], &allowed, 1);
    let post = || {
        let arguments =
            json!({"method": "POST", "url": format!("http://{address}/orders"), "body": "1"});
        Reply::from(Answer::tool("p1", "http_request", &arguments))
    };
    for name in ["outcome-unknown", "outcome-told"] {
        let run = cut_off_in_a_call(&desk, &scripted, post(), &silent, agent);
        ran(name, vec![], &["runs", "resume", &run], 3);
        if name == "outcome-told" {
            ran(
                name,
                vec![right()],
                &["runs", "resolve", &run, "--happened", "created"],
                0,
            );
        }
    }
    // Tests: played, and asked of a model; a verdict was labelled, and a case called a regression.
    let suite = "format = 1\n[[case]]\nname = \"Says so\"\ninput = \"Say so.\"\n[[case.expect]]\ncontains = \"Done\"\n\
        [[case]]\nname = \"Is kind\"\ninput = \"Be kind.\"\n[[case.expect]]\nrubric = \"It is kind.\"\n";
    Agent::clerk().at(&desk);
    desk.write("clerk/tests/a.toml", suite);
    let verdict = Answer::text("{\"score\": 0.9, \"reasoning\": \"It is.\"}");
    scripted(vec![done(), done(), verdict.into()]);
    desk.slipway(["test", agent, "--record", "--jobs", "1"]);
    desk.slipway(["test", agent]);
    said_of_tests(&desk);
    desk.slipway(["new", "newcomer"]).exits(0);
    desk.slipway(["import", "newcomer"]).exits(0);

    let hangs = Reply::from(Answer::text("too late")).after(Duration::from_secs(300));
    let before = server.requests().len();
    scripted(vec![hangs]);
    let mut running = desk.start(["run", agent, "--json", "--approve", "allow"]);
    running.until("\"model.requested\"");
    until_asked(&server, before + 1);
    running.kill();
    runs.insert("cut-off".to_owned(), running.end().run());
    (desk, runs)
}

/// What a person says of tests in the window.
fn said_of_tests(desk: &Desk) {
    let sql = rusqlite::Connection::open(desk.home().join("slipway.db")).unwrap();
    let attempt = "SELECT report, case_id, number FROM attempts ORDER BY rowid LIMIT 1";
    for statement in [
        format!("INSERT INTO verdict_labels SELECT *, 'it is kind', 1, 1 FROM ({attempt})"),
        format!("INSERT INTO regressions SELECT report, case_id, 1 FROM ({attempt})"),
    ] {
        sql.execute(&statement, []).unwrap();
    }
}

fn cut_off_in_a_call(
    desk: &Desk,
    scripted: &dyn Fn(Vec<Reply>),
    call: Reply,
    silent: &TcpListener,
    agent: &str,
) -> String {
    scripted(vec![call]);
    let mut running = desk.start(["run", agent, "--json", "--approve", "allow"]);
    let line = running.until("\"tool.requested\"");
    let event: Value = serde_json::from_str(&line).unwrap();
    let _taken = silent.accept().unwrap();
    running.kill();
    running.end();
    event["run_id"].as_str().unwrap().to_owned()
}
