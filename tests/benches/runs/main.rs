//! Whole runs beside their floor, in one process and on one machine: two model calls and one
//! tool against a server on the loopback, the journal in a real file. `cargo bench -p slipway-tests`;
//! with a word behind `--`, only the lines whose name holds it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program that prints figures"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]

#[path = "../figures.rs"]
mod figures;
mod memory;
mod server;
mod start;
mod world;

use std::time::{Duration, Instant};

use figures::{Line, median};
use server::Server;
use slipway_store::Synchronous;
use world::World;

const TOGETHER: &str = "runs a second, 32 at once, NORMAL";
const PARKED: &str = "memory of a parked run";

/// How much work is measured: little when Cargo's test runs ask only whether it works.
#[derive(Clone, Copy)]
struct Size {
    rounds: usize,
    runs: usize,
    parked: usize,
    starts: usize,
}

fn main() {
    let measure = std::env::args().any(|argument| argument == "--bench");
    let size = if measure {
        Size {
            rounds: 10,
            runs: 200,
            parked: 10_000,
            starts: 15,
        }
    } else {
        Size {
            rounds: 1,
            runs: 5,
            parked: 20,
            starts: 1,
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let server = Server::start();
    println!(
        "Runs of two model calls and one tool; the floor is two bare HTTP calls of the same bytes\n"
    );
    Line::heading();
    let word = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"));
    let wanted = |name: &str| word.as_ref().is_none_or(|word| name.contains(word));
    for (synchronous, name, goal) in [
        (Synchronous::Normal, "a run, journal at NORMAL", 0.3),
        (Synchronous::Full, "a run, journal at FULL", 1.0),
    ] {
        if wanted(name) {
            // As the window and the command line drive theirs: as a task.
            let task = alone(server.clone(), synchronous, name, goal, size);
            runtime.block_on(runtime.spawn(task)).unwrap();
        }
    }
    if wanted(TOGETHER) {
        runtime.block_on(together(&server, size));
    }
    if wanted(PARKED) {
        runtime.block_on(parked(&server, size));
    }
    if wanted(start::NAME) {
        start::measure(&server, size.starts);
    }
}

async fn alone(
    server: Server,
    synchronous: Synchronous,
    name: &'static str,
    goal_ms: f64,
    size: Size,
) {
    let world = World::new(&server, synchronous).await;
    let client = slipway_net::provider_client().unwrap();
    let (mut measured, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        for _ in 0..size.runs {
            let begun = Instant::now();
            world.run().await;
            measured.push(begun.elapsed());
        }
        for _ in 0..size.runs {
            let begun = Instant::now();
            server.two_bare_calls(&client).await;
            floor.push(begun.elapsed());
        }
    }
    let (measured, floor) = (median(&mut measured), median(&mut floor));
    Line {
        name,
        measured: ms(measured),
        floor: ms(floor),
        unit: "ms",
        goal: format!("≤ {goal_ms} ms"),
    }
    .print();
}

/// 32 runs at once; the floor is as many bare calls at once.
async fn together(server: &Server, size: Size) {
    const AT_ONCE: usize = 32;
    let world = World::new(server, Synchronous::Normal).await;
    let client = slipway_net::provider_client().unwrap();
    let count = size.runs * size.rounds;
    let begun = Instant::now();
    let lanes = (0..AT_ONCE).map(|_| {
        let world = world.clone();
        tokio::spawn(async move {
            for _ in 0..count / AT_ONCE {
                world.run().await;
            }
        })
    });
    futures::future::join_all(lanes).await;
    let measured = per_second(count / AT_ONCE * AT_ONCE, begun.elapsed());
    let begun = Instant::now();
    let lanes = (0..AT_ONCE).map(|_| {
        let (server, client) = (server.clone(), client.clone());
        tokio::spawn(async move {
            for _ in 0..count / AT_ONCE {
                server.two_bare_calls(&client).await;
            }
        })
    });
    futures::future::join_all(lanes).await;
    let floor = per_second(count / AT_ONCE * AT_ONCE, begun.elapsed());
    Line {
        name: TOGETHER,
        measured,
        floor,
        unit: "/s",
        goal: "≥ 6000 /s".into(),
    }
    .print();
}

/// What a parked run holds of this process's memory; the floor is nothing.
async fn parked(server: &Server, size: Size) {
    let world = World::new(server, Synchronous::Normal).await;
    for _ in 0..size.parked / 10 {
        world.park().await;
    }
    let before = memory::resident_bytes();
    for _ in 0..size.parked {
        world.park().await;
    }
    let grown = memory::resident_bytes().saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "a figure for readers")]
    let each = grown as f64 / size.parked as f64 / 1024.0;
    Line {
        name: PARKED,
        measured: each,
        floor: 0.0,
        unit: "KiB",
        goal: "≤ 15 KiB".into(),
    }
    .print();
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a figure for readers")]
fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}
