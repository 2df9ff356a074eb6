//! The power fails, at any moment of runs that were recorded: what was acknowledged is there, the
//! database is whole, and the run goes on to the same end.
//!
//! `SLIPWAY_CUTS=1000` makes so many cuts; without it there are fifty.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use slipway_agent::event::{Event, Recorded};
use slipway_agent::machine::fold;
use slipway_agent::memory::random::SeededRandom;
use slipway_agent::ports::journal::Journal as _;
use slipway_contract::RunId;
use slipway_runner::system::SystemClock;
use slipway_store::{Options, Snapshots, Store};

use super::disk::{Disk, Unsynced, chosen};
use super::trace::{Change, Trace};
use crate::kit::{Agent, Answer, Desk, Running, ScriptedServer, model};

const CUTS: usize = 50;

fn script() -> Vec<Answer> {
    // Long enough for its event to lie beside the database.
    let write = json!({"path": "out/c.txt", "content": "copied line\n".repeat(6_000)});
    vec![
        Answer::tool("c1", "read_file", &json!({"path": "in/b.txt"})),
        Answer::tool("c2", "write_file", &write),
        Answer::tool("c3", "read_file", &json!({"path": "in/a.txt"})),
        Answer::text("All is copied."),
        Answer::tool("c4", "read_file", &json!({"path": "in/b.txt"})),
        Answer::text("That as well."),
    ]
}

/// Two runs, the second of which goes on with the first, while the day's snapshot is taken.
struct Story {
    desk: Desk,
    trace: Trace,
    journals: BTreeMap<RunId, Vec<Recorded>>,
    /// The answers that a run's model gives, from its first on.
    scripts: BTreeMap<RunId, Vec<Answer>>,
}

fn story(runtime: &tokio::runtime::Runtime) -> Story {
    let server = model(script());
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().allowing("write_file").at(&desk);
    let mut trace = Trace::default();
    let mut record = |arguments: &[&str]| {
        let record = desk.path("record");
        let recorded = Trace::recorded(&desk.command(arguments), &record);
        let ran = Running::start(recorded).end().exits(0);
        trace.add(&record);
        ran
    };
    let first = record(&["run", agent, "--json"]).run();
    let further = ["runs", "continue", &first, "--input", "And b?", "--json"];
    let second = record(&further).run();
    let runs: Vec<RunId> = [first, second].map(|run| run.parse().unwrap()).into();
    let journals = runtime.block_on(async {
        let store = open(&desk.home()).await;
        let mut journals = BTreeMap::new();
        for run in &runs {
            journals.insert(*run, store.read(*run).await.unwrap());
        }
        store.close().await;
        journals
    });
    let scripts = BTreeMap::from([(runs[0], script()[..4].to_vec()), (runs[1], script())]);
    Story {
        desk,
        trace,
        journals,
        scripts,
    }
}

async fn open(home: &Path) -> Store {
    let options = Options::new(Arc::new(SystemClock::default()));
    let store = Store::open(&home.join("slipway.db"), options).await;
    store.unwrap_or_else(|error| panic!("{}: {error}", home.display()))
}

/// The last number of each run that somebody was told of.
fn acknowledged(said: &str) -> BTreeMap<RunId, u64> {
    let mut last = BTreeMap::new();
    for line in said.lines() {
        // The last line may be half said.
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        if let Some(seq) = event["seq"].as_u64() {
            let run: RunId = event["run_id"].as_str().unwrap().parse().unwrap();
            last.insert(run, seq.max(last.get(&run).copied().unwrap_or(0)));
        }
    }
    last
}

#[derive(Default, Debug)]
struct Figures {
    cuts: usize,
    acknowledged: u64,
    survived_unasked: u64,
    snapshots: usize,
    resumed: usize,
    outcomes_asked: usize,
}

/// What the disk has is a home in which nothing that was acknowledged is missing. Returns the runs
/// that have not ended, and how many of their model's answers they have.
async fn look(
    story: &Story,
    home: &Path,
    told: &BTreeMap<RunId, u64>,
    figures: &mut Figures,
) -> Vec<(RunId, usize)> {
    let mut unfinished = Vec::new();
    if !home.join("slipway.db").exists() {
        assert!(
            told.is_empty(),
            "there is no database, and {told:?} was acknowledged"
        );
        return unfinished;
    }
    let store = open(home).await;
    store.check().await.unwrap();
    for (run, whole) in &story.journals {
        let least = told.get(run).copied().unwrap_or(0);
        let Some(row) = store.run(*run).await.unwrap() else {
            assert_eq!(least, 0, "run {run} was acknowledged and is gone");
            continue;
        };
        let read = store.read(*run).await.unwrap();
        let last = read.len() as u64;
        assert!(
            last >= least,
            "run {run}: {least} events were acknowledged, {last} are there"
        );
        assert_eq!(read, whole[..read.len()], "run {run}");
        let state = fold(&read).unwrap();
        assert_eq!(
            state.status(),
            row.status,
            "the row is what the journal says"
        );
        let version = store.version_contents(row.version).await.unwrap();
        assert!(
            version.is_some_and(|files| !files.is_empty()),
            "the version of {run} is there"
        );
        figures.acknowledged += least;
        figures.survived_unasked += last - least;
        if state.end().is_none() {
            let answers = |event: &&Recorded| matches!(event.event, Event::ModelResponded { .. });
            unfinished.push((*run, read.iter().filter(answers).count()));
        }
    }
    store.close().await;
    let snapshots = Snapshots::of(&home.join("slipway.db")).unwrap();
    for snapshot in snapshots.list().unwrap().0 {
        assert_eq!(
            snapshots.faults(&snapshot),
            Vec::<String>::new(),
            "what is listed is whole"
        );
        figures.snapshots += 1;
    }
    unfinished
}

/// Goes on with a run, answering for the person where a call's outcome is unknown, to its end.
fn resume(story: &Story, home: &Path, run: RunId, answers: usize, figures: &mut Figures) {
    let server = model(story.scripts[&run][answers..].to_vec());
    let slipway = |arguments: &[&str], server: &ScriptedServer| {
        let mut command = story.desk.command(arguments);
        command
            .env("SLIPWAY_HOME", home)
            .env("OPENAI_BASE_URL", server.base_url().to_string());
        Running::start(command).end()
    };
    let id = run.to_string();
    let mut ran = slipway(&["runs", "resume", &id, "--json"], &server);
    if ran.code == Some(3) {
        figures.outcomes_asked += 1;
        ran = slipway(
            &["runs", "resolve", &id, "--not-happened", "--json"],
            &server,
        );
    }
    let ran = ran.exits(0);
    let Some(Event::Finished(end)) = story.journals[&run].last().map(|last| last.event.clone())
    else {
        panic!("the recorded run ended");
    };
    let finished = ran.event("run.finished");
    assert_eq!(
        Some(&finished["output"]),
        end.output.as_ref(),
        "the same end"
    );
    assert_eq!(server.replies_left(), 0, "every answer was asked for once");
    figures.resumed += 1;
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_fails() {
    let cuts = match std::env::var("SLIPWAY_CUTS") {
        Ok(cuts) => cuts.parse().expect("SLIPWAY_CUTS is a number"),
        Err(_) => CUTS,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let story = story(&runtime);
    let home = story.desk.home();
    let mut moments = story.trace.moments_below(&home);
    moments.push(story.trace.end());
    let random = SeededRandom::new(7);
    let mut figures = Figures::default();
    for cut in 0..cuts {
        // Every part of the story has its share, and within it chance.
        let moment =
            moments[(cut * moments.len() + chosen(&random, moments.len())) / cuts % moments.len()];
        let moment = moment + chosen(&random, 2);
        let unsynced = match chosen(&random, 4) {
            0 => Unsynced::Lost,
            1 => Unsynced::Kept,
            _ => Unsynced::ByChance(&random),
        };
        let place = tempfile::tempdir().unwrap();
        let after = place.path().join("home");
        Disk::at(&home, &story.trace, moment).write(&unsynced, &after);
        let told = acknowledged(&story.trace.said_before(moment));
        let unfinished = runtime.block_on(look(&story, &after, &told, &mut figures));
        for (run, answers) in unfinished {
            resume(&story, &after, run, answers, &mut figures);
        }
        figures.cuts += 1;
    }
    println!("power loss, of {} moments: {figures:?}", moments.len());
    assert_eq!(figures.cuts, cuts);
    assert!(
        figures.acknowledged > 0 && figures.resumed > 0,
        "{figures:?}: hardly anything was tried"
    );
}

/// A disk that syncs nothing loses what was acknowledged, and that is seen.
#[test]
fn the_cuts_would_show_a_sync_that_is_missing() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut story = story(&runtime);
    let of_log = |path: &Path| path.ends_with("slipway.db-wal");
    story
        .trace
        .ops
        .retain(|op| !matches!(&op.change, Change::Sync { path } if of_log(path)));
    let moments = story.trace.moments_below(&story.desk.home());
    // In the middle of the first run: its end folds the log into the database.
    let moment = moments[moments.len() / 2];
    let place = tempfile::tempdir().unwrap();
    let after = place.path().join("home");
    Disk::at(&story.desk.home(), &story.trace, moment).write(&Unsynced::Lost, &after);
    let told = acknowledged(&story.trace.said_before(moment));
    assert!(!told.is_empty(), "something was acknowledged");
    let lost = runtime.block_on(async {
        let store = open(&after).await;
        let mut lost = 0;
        for (run, last) in told {
            let there = store.run(run).await.unwrap();
            let there = match there {
                Some(_) => store.read(run).await.unwrap().len() as u64,
                None => 0,
            };
            lost += last.saturating_sub(there);
        }
        lost
    });
    assert!(lost > 0, "the log was never synced, and nothing is missing");
}

/// The model of the disk is no fantasy: without a loss of power it has what the real one has.
#[test]
fn the_model_of_the_disk_has_what_the_disk_has() {
    let server = model(script());
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().allowing("write_file").at(&desk);
    let record = desk.path("record");
    let recorded = Trace::recorded(&desk.command(["run", agent, "--json"]), &record);
    Running::start(recorded).end().exits(0);
    let mut trace = Trace::default();
    trace.add(&record);
    let place = tempfile::tempdir().unwrap();
    let model = place.path().join("home");
    Disk::at(&desk.home(), &trace, trace.end()).write(&Unsynced::Kept, &model);
    let (real, model) = (files(&desk.home()), files(&model));
    assert_eq!(
        real.keys().collect::<Vec<_>>(),
        model.keys().collect::<Vec<_>>()
    );
    for (name, content) in real {
        assert!(model[&name] == content, "{name} differs");
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let inner = self::files(&path).into_iter();
            files.extend(inner.map(|(inner, content)| (format!("{name}/{inner}"), content)));
        } else if !name.ends_with("-shm") {
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
    files
}
