//! The journal's speed beside its floor: the same bytes through bare SQLite, on the same disk, in
//! the same run. `cargo bench -p slipway-store`, and with `-- step`, `-- group` or `-- run` only those
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints figures"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use rusqlite::Connection;
use serde_json::json;
use slipway_agent::event::Recorded;
use slipway_agent::memory::clock::ManualClock;
use slipway_agent::memory::contract::sample;
use slipway_agent::memory::random::SeededRandom;
use slipway_agent::ports::journal::{Append, Journal};
use slipway_agent::ports::lease::Lease;
use slipway_agent::ports::random::Random;
use slipway_contract::RunId;
use slipway_store::{Options, Store, Synchronous};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Alternations of floor and journal, so that both see the same machine.
const ROUNDS: u64 = 10;
/// Appends of one alternation.
const STEPS: u64 = 300;
/// Runs at once under group commit.
const RUNS: u64 = 32;
/// Runs that the database holds already.
const OTHERS: u64 = 2_000;

fn main() {
    // Cargo's test runs start benchmarks too, to see whether they work.
    let (rounds, steps) = match std::env::args().any(|argument| argument == "--bench") {
        true => (ROUNDS, STEPS),
        false => (1, 20),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    println!("Journal, 1 KiB events; the floor is bare SQLite on the same disk\n");
    println!("                                        median     floor  ratio      goal");
    if asked_for("step") {
        alone(&runtime, Synchronous::Normal, 30.0, rounds, steps);
        alone(&runtime, Synchronous::Full, 250.0, rounds, steps);
    }
    if asked_for("group") {
        together(&runtime, rounds, steps);
    }
    if asked_for("run") {
        whole_runs(&runtime, Synchronous::Normal, 300.0, rounds, steps / 3);
        whole_runs(&runtime, Synchronous::Full, 1_000.0, rounds, steps / 3);
    }
}

fn asked_for(name: &str) -> bool {
    let mut names = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .peekable();
    names.peek().is_none() || names.any(|argument| argument == name)
}

struct Bench {
    store: Store,
    random: SeededRandom,
    floor: Connection,
    _folder: TempDir,
}

fn open(runtime: &Runtime, synchronous: Synchronous) -> Bench {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let options = Options {
        synchronous,
        ..Options::new(Arc::new(ManualClock::new()))
    };
    let path = folder.path().join("slipway.db");
    let store = runtime.block_on(Store::open(&path, options)).unwrap();
    let random = SeededRandom::new(1);
    // Nobody's database is empty.
    runtime.block_on(join_all((0..OTHERS).map(|_| create(&store, &random))));
    Bench {
        store,
        random,
        floor: bare(&folder.path().join("floor.db"), synchronous),
        _folder: folder,
    }
}

fn bare(path: &Path, synchronous: Synchronous) -> Connection {
    let floor = Connection::open(path).unwrap();
    floor.pragma_update(None, "journal_mode", "WAL").unwrap();
    let level = format!("{synchronous:?}");
    floor.pragma_update(None, "synchronous", level).unwrap();
    floor
        .execute_batch("CREATE TABLE events (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
        .unwrap();
    floor
}

fn insert(floor: &Connection, body: &str) {
    floor
        .prepare_cached("INSERT INTO events (body) VALUES (?1)")
        .unwrap()
        .execute([body])
        .unwrap();
}

/// An event whose JSON has 1 KiB.
fn event(seq: u64) -> Recorded {
    let event = sample::returned(seq, json!(""));
    let frame = serde_json::to_string(&event.event).unwrap().len();
    sample::returned(seq, json!("x".repeat(1024 - frame)))
}

fn append(lease: Lease, events: Vec<Recorded>) -> Append {
    Append {
        run: lease.run,
        token: lease.token,
        events,
        head: sample::running(),
        settled: Vec::new(),
        announced: None,
        release: false,
    }
}

async fn create(store: &Store, random: &SeededRandom) -> Lease {
    let new = sample::new_run(run_id(random), None, Vec::new());
    store.create(new).await.unwrap()
}

/// Ids lie apart in the database's trees, as real ones do.
fn run_id(random: &SeededRandom) -> RunId {
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    RunId::from_random(bytes)
}

fn alone(runtime: &Runtime, synchronous: Synchronous, goal: f64, rounds: u64, steps: u64) {
    let bench = open(runtime, synchronous);
    let body = serde_json::to_string(&event(1).event).unwrap();
    let lease = runtime.block_on(create(&bench.store, &bench.random));
    let (mut floors, mut times) = (Vec::new(), Vec::new());
    let mut seq = 0;
    for _ in 0..rounds {
        for _ in 0..steps {
            let start = Instant::now();
            insert(&bench.floor, &body);
            floors.push(start.elapsed());
        }
        for _ in 0..steps {
            seq += 1;
            let append = append(lease, vec![event(seq)]);
            let start = Instant::now();
            runtime.block_on(bench.store.append(append)).unwrap();
            times.push(start.elapsed());
        }
    }
    let name = format!("step, one at a time, {}", mode(synchronous));
    row(&name, micros(median(times)), micros(median(floors)), goal);
}

fn together(runtime: &Runtime, rounds: u64, steps: u64) {
    let bench = open(runtime, Synchronous::Full);
    let body = serde_json::to_string(&event(1).event).unwrap();
    let leases: Vec<_> = (0..RUNS)
        .map(|_| runtime.block_on(create(&bench.store, &bench.random)))
        .collect();
    let (mut floors, mut times) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let start = Instant::now();
        for _ in 0..steps {
            bench.floor.execute_batch("BEGIN IMMEDIATE").unwrap();
            for _ in 0..RUNS {
                insert(&bench.floor, &body);
            }
            bench.floor.execute_batch("COMMIT").unwrap();
        }
        floors.push(start.elapsed());
        let first = round * steps + 1;
        let drive = |lease: &Lease| {
            let (store, lease) = (bench.store.clone(), *lease);
            runtime.spawn(async move {
                for seq in first..first + steps {
                    let append = append(lease, vec![event(seq)]);
                    store.append(append).await.unwrap();
                }
            })
        };
        let start = Instant::now();
        let runs: Vec<_> = leases.iter().map(drive).collect();
        for run in runs {
            runtime.block_on(run).unwrap();
        }
        times.push(start.elapsed());
    }
    let a_second = |time: Duration| (RUNS * steps) as f64 / time.as_secs_f64();
    let (rate, floor) = (a_second(median(times)), a_second(median(floors)));
    println!(
        "{:<36} {:>7.0}/s {:>7.0}/s {:>6.2} {:>9}",
        format!("steps, {RUNS} runs at once, FULL"),
        rate,
        floor,
        floor / rate,
        if rate >= 20_000.0 {
            "≥ 20000/s"
        } else {
            "MISSED ≥ 20000/s"
        }
    );
}

/// What a run of two model calls and one tool asks of the journal: four commits. The goal is for
/// all of the run, so the journal must stay well below it.
fn whole_runs(runtime: &Runtime, synchronous: Synchronous, goal: f64, rounds: u64, runs: u64) {
    let bench = open(runtime, synchronous);
    let body = serde_json::to_string(&event(1).event).unwrap();
    let (mut floors, mut times) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        for _ in 0..runs {
            let start = Instant::now();
            for _ in 0..4 {
                insert(&bench.floor, &body);
            }
            floors.push(start.elapsed());
        }
        for _ in 0..runs {
            let run = run_id(&bench.random);
            let start = Instant::now();
            runtime.block_on(async {
                let first = vec![event(1), event(2)];
                let new = sample::new_run(run, None, first);
                let lease = bench.store.create(new).await.unwrap();
                for seq in [3, 5] {
                    let events = vec![event(seq), event(seq + 1)];
                    bench.store.append(append(lease, events)).await.unwrap();
                }
                let last = Append {
                    head: sample::succeeded(json!("done")),
                    release: true,
                    ..append(lease, vec![event(7), event(8)])
                };
                bench.store.append(last).await.unwrap();
            });
            times.push(start.elapsed());
        }
    }
    let name = format!("a run's four appends, {}", mode(synchronous));
    row(&name, micros(median(times)), micros(median(floors)), goal);
}

fn row(name: &str, value: f64, floor: f64, goal: f64) {
    let met = if value <= goal { "≤" } else { "MISSED ≤" };
    println!(
        "{name:<36} {value:>6.1} µs {floor:>6.1} µs {:>6.2} {:>9}",
        value / floor,
        format!("{met} {goal} µs")
    );
}

const fn mode(synchronous: Synchronous) -> &'static str {
    match synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
