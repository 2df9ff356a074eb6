//! Test runs that are killed, told to end, and cancelled: what is over is not asked again.

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rustix::process::Signal;
use serde_json::json;

use super::{clerk_with, echo, numbered, outcomes, said};
use crate::kit::{Answer, Desk, Received, Reply, Running, ScriptedServer, clerk, until_asked};

const CASES: usize = 40;

/// Forty cases; each answer takes a moment, so that some are always under way.
fn slow() -> (ScriptedServer, Desk, &'static str) {
    let server = clerk(|asked| Reply::from(echo(asked)).after(Duration::from_millis(25)));
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(CASES));
    (server, desk, agent)
}

fn books(desk: &Desk, sql: &str) -> usize {
    let path = desk.home().join("slipway.db");
    // To be read alone: what a killed process left behind stays as it is.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).unwrap();
    let count: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
    usize::try_from(count).unwrap()
}

/// Model calls whose answer is in the journal.
fn answered(desk: &Desk) -> usize {
    books(
        desk,
        "SELECT count(*) FROM events WHERE body LIKE '%\"model_responded\"%' OR body LIKE '%\"model.responded\"%'",
    )
}

fn over(desk: &Desk) -> usize {
    books(desk, "SELECT count(*) FROM attempts")
}

fn times_asked(server: &ScriptedServer) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for asked in server.requests() {
        *times.entry(said(&asked)).or_default() += 1;
    }
    times
}

/// Goes on to the end; no call whose answer was journalled is made again.
#[track_caller]
fn goes_on(server: &ScriptedServer, desk: &Desk, agent: &str) {
    let (asked, kept, over) = (server.requests().len(), answered(desk), over(desk));
    let ran = desk
        .slipway(["test", agent, "--live", "--resume", "--json"])
        .exits(0);
    let told = outcomes(&ran);
    assert_eq!(told.len(), CASES);
    assert!(told.iter().all(|(_, told)| told == "passed"), "{told:?}");
    assert_eq!(
        server.requests().len() - asked,
        CASES - kept,
        "{kept} answers were kept, {over} cases were over"
    );
}

#[test]
fn killed_anywhere_it_goes_on_and_pays_nothing_twice() {
    for place in [1, 3, 9, 20, 33, 40] {
        let (server, desk, agent) = slow();
        let mut running = desk.start(["test", agent, "--live"]);
        until_asked(&server, place);
        running.kill();
        running.end();
        goes_on(&server, &desk, agent);
        let most = times_asked(&server).into_values().max();
        assert!(most <= Some(2), "a case that was over is asked again");
    }
}

#[test]
fn killed_again_and_again_it_comes_to_its_end() {
    let (server, desk, agent) = slow();
    let mut running = desk.start(["test", agent, "--live"]);
    for place in [4, 13, 22, 31] {
        until_asked(&server, place);
        running.kill();
        running.end();
        running = desk.start(["test", agent, "--live", "--resume"]);
    }
    running.end().exits(0).says("40 passed of 40 cases");
    let repeated = server.requests().len() - CASES;
    assert!(
        repeated <= 4 * 8,
        "at most what was under way at each kill: {repeated}"
    );
    desk.slipway(["test", agent, "--live", "--resume"])
        .exits(2)
        .complains("nothing to go on with");
}

/// Cases of two model calls and a tool that writes: what was done is not done again.
#[test]
fn killed_between_a_tool_and_its_answer_nothing_is_done_twice() {
    fn step(asked: &Received) -> Reply {
        let messages = asked.body["messages"].as_array().unwrap();
        let write = json!({"path": "out/b.txt", "content": "once"});
        match messages.iter().any(|one| one["role"] == "tool") {
            false => Answer::tool("c1", "write_file", &write).into(),
            true => Reply::from(Answer::text("Done.")).after(Duration::from_millis(40)),
        }
    }
    let case = |number| {
        format!(
            "[[case]]\nname = \"Case {number}\"\ninput = \"Write {number}.\"\napprovals = {{ write_file = \"allow\" }}\n\n[[case.expect]]\nfile = \"out/b.txt\"\nequals = \"once\"\n\n[[case.expect]]\ntool_called = \"write_file\"\ntimes = 1\n\n"
        )
    };
    let suite: String = (1..=10).map(case).collect();
    for place in [2, 7, 15] {
        let server = clerk(step);
        let desk = Desk::with_model(&server);
        let agent = clerk_with(&desk, &suite);
        let mut running = desk.start(["test", agent, "--live", "--jobs", "4"]);
        until_asked(&server, place);
        running.kill();
        running.end();
        let (asked, kept) = (server.requests().len(), answered(&desk));
        desk.slipway(["test", agent, "--live", "--resume"])
            .exits(0)
            .says("10 passed of 10 cases");
        assert_eq!(server.requests().len() - asked, 20 - kept);
    }
}

#[test]
fn told_to_end_it_lets_go_and_goes_on_at_once() {
    let (server, desk, agent) = slow();
    let running = desk.start(["test", agent, "--live"]);
    until_asked(&server, 12);
    running.signal(Signal::TERM);
    running
        .end()
        .exits(143)
        .complains("not all was run: Slipway had to end")
        .complains("slipway test ./clerk --resume");
    assert!(server.requests().len() < CASES);
    goes_on(&server, &desk, agent);
}

#[test]
fn cancelled_it_says_what_it_has_and_can_go_on() {
    let (server, desk, agent) = slow();
    let running = desk.start(["test", agent, "--live", "--json"]);
    until_asked(&server, 12);
    running.signal(Signal::INT);
    let ran = running
        .end()
        .exits(130)
        .complains("Stopping. Ctrl-C again stops at once.")
        .complains("not all was run: it was stopped");
    assert_eq!(ran.event("test.finished")["stopped"], "it was stopped");
    let over = over(&desk);
    assert!(over < CASES);
    let asked = server.requests().len();
    let ran = desk
        .slipway(["test", agent, "--live", "--resume", "--json"])
        .exits(0);
    let told = outcomes(&ran);
    assert!(told.iter().all(|(_, told)| told == "passed"), "{told:?}");
    assert_eq!(told.len(), CASES);
    assert_eq!(
        server.requests().len() - asked,
        CASES - over,
        "what was over is not asked again"
    );
    let listed = desk.slipway(["runs", "list", "--json"]).exits(0);
    assert!(
        listed.objects().is_empty(),
        "runs of tests are in no list: {}",
        listed.stdout
    );
}

#[test]
fn the_second_ctrl_c_does_not_wait() {
    let hangs = |_: &Received| Reply::from(Answer::text("x")).after(Duration::from_secs(300));
    let server = clerk(hangs);
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(3));
    let running = desk.start(["test", agent, "--live"]);
    until_asked(&server, 3);
    running.signal(Signal::INT);
    // Both may arrive before the first is heard; it ends either way.
    let _ = rustix::process::kill_process(running.pid(), Signal::INT);
    running.end().exits(130);
}

/// Recordings cost nothing: they are played again from the start.
#[test]
fn what_only_plays_is_not_gone_on_with() {
    let desk = Desk::new();
    let agent = super::unpack(&desk, "expense-report");
    let left = || std::fs::read_dir(desk.home().join("tests")).map_or(0, Iterator::count);
    let mut running: Running = desk.start(["test", &agent]);
    for attempt in 0.. {
        if left() > 1 {
            break;
        }
        assert!(attempt < 6_000, "it makes no folder");
        std::thread::sleep(Duration::from_millis(1));
    }
    running.kill();
    running.end();
    assert!(left() > 0, "a process that is killed tidies nothing");
    desk.slipway(["test", &agent, "--resume"])
        .exits(2)
        .complains("nothing to go on with");
    desk.slipway(["test", &agent]).exits(0);
    assert_eq!(left(), 0, "the next one does");
}

#[test]
fn what_is_being_made_is_not_gone_on_with_by_another() {
    let (server, desk, agent) = slow();
    let running = desk.start(["test", agent, "--live"]);
    until_asked(&server, 5);
    let refused = desk.slipway(["test", agent, "--live", "--resume"]);
    if server.requests().len() < CASES {
        assert_ne!(refused.code, Some(0));
        refused.complains("is being made at this moment");
    }
    running.end().exits(0).says("40 passed of 40 cases");
    assert_eq!(server.requests().len(), CASES);
}
