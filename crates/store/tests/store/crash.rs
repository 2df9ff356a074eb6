//! A process is killed while it appends: what it was told is kept is there, whole and in order.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use slipway_agent::event::Recorded;
use slipway_agent::memory::contract::sample;
use slipway_agent::memory::random::SeededRandom;
use slipway_agent::ports::journal::{Append, Journal};
use slipway_agent::ports::lease::Leases;
use slipway_agent::ports::random::Random;
use slipway_contract::RunId;
use slipway_store::{Options, Store, StoreError};

use crate::place::{Place, append, continued};

const RUNS: u64 = 6;
const ROUNDS: u64 = 6;
const DATABASE: &str = "SLIPWAY_CRASH_TEST_DATABASE";

/// Each event can be told from its number; some lie beside the database.
fn expected(first: u64, count: u64) -> Vec<Recorded> {
    (first..first + count)
        .map(|seq| {
            let size = if seq.is_multiple_of(17) { 80_000 } else { 700 };
            sample::returned(seq, json!({"seq": seq, "text": "x".repeat(size)}))
        })
        .collect()
}

/// The half that is killed. It goes on with the runs that it finds, and says what was kept.
#[test]
#[ignore = "the child process of a_killed_process_loses_nothing_that_it_was_told_is_kept, which starts it"]
fn drives_until_it_is_killed() {
    let Ok(database) = std::env::var(DATABASE) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = Options::new(std::sync::Arc::new(Place::new().clock));
        let store = Store::open(Path::new(&database), options).await.unwrap();
        let drive = |number| tokio::spawn(drive(store.clone(), number));
        for run in futures::future::join_all((0..RUNS).map(drive)).await {
            run.unwrap();
        }
    });
}

async fn drive(store: Store, number: u64) {
    let run = sample::run_id(number);
    let (lease, mut last) = match store.acquire(run).await {
        Ok(lease) if store.run(run).await.unwrap().is_some() => {
            (lease, store.read(run).await.unwrap().len() as u64)
        }
        Ok(lease) => {
            store.release(&lease).await.unwrap();
            (continued(&store, number, None, expected(1, 1)).await, 1)
        }
        Err(error) => panic!("a dead process holds run {run}: {error}"),
    };
    loop {
        let count = 1 + (last + number) % 4;
        let events = expected(last + 1, count);
        let append = Append {
            events,
            ..append(lease, 1, 0)
        };
        store.append(append).await.unwrap();
        last += count;
        let line = format!("\nkept {run} {last}\n");
        std::io::stdout().write_all(line.as_bytes()).unwrap();
    }
}

/// Starts the other half, kills it after so many appends, and returns what it said was kept.
fn drive_and_kill(database: &Path, after: usize) -> BTreeMap<RunId, u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "crash::drives_until_it_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(DATABASE, database)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut kept = BTreeMap::new();
    let mut count = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Some(said) = line.unwrap().strip_prefix("kept ").map(str::to_owned) else {
            continue;
        };
        // The line that was being written when the process was killed may be cut.
        if let Some((run, last)) = said.split_once(' ')
            && let (Ok(run), Ok(last)) = (run.parse(), last.parse())
        {
            kept.insert(run, last);
        }
        count += 1;
        if count == after {
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert!(
        count >= after,
        "it ended by itself after {count} appends: {status}"
    );
    kept
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_it_was_told_is_kept() {
    let place = Place::new();
    let random = SeededRandom::new(42);
    let mut before: BTreeMap<RunId, u64> = BTreeMap::new();
    for round in 0..ROUNDS {
        let after = 1 + (random.fraction() * 150.0) as usize;
        let kept = drive_and_kill(&place.path(), after);
        let store: Result<Store, StoreError> = Store::open(&place.path(), place.options()).await;
        let store = store.unwrap();
        for number in 0..RUNS {
            let run = sample::run_id(number);
            let Some(row) = store.run(run).await.unwrap() else {
                assert!(!kept.contains_key(&run), "round {round}: run {run} is gone");
                continue;
            };
            let read = store.read(run).await.unwrap();
            let last = read.len() as u64;
            let least = kept.get(&run).or(before.get(&run)).copied().unwrap_or(0);
            assert!(
                last >= least,
                "round {round}: {last} of {least} events of {run} are there"
            );
            assert_eq!(read, expected(1, last), "round {round}: run {run}");
            assert!(!row.driven, "who drove it is dead");
            let lease = store
                .acquire(run)
                .await
                .expect("a dead owner's lease is free at once");
            store.release(&lease).await.unwrap();
            before.insert(run, last);
        }
        store.close().await;
        place.assert_intact();
    }
    assert!(
        before.values().sum::<u64>() > 100,
        "{before:?}: hardly anything was tried"
    );
}
