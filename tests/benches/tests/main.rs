//! Suites beside their floors, in this process, by the use cases that the window and the command
//! line call: a thousand cases that are played, a thousand that ask a model, and the memory of
//! twenty thousand. `cargo bench -p slipway-tests --bench tests`; with a word behind `--`, only the
//! lines whose name holds it.
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
mod floor;
mod memory;
mod server;
mod world;

use std::time::{Duration, Instant};

use figures::{Line, median};
use server::Server;
use slipway_contract::test::Mode;
use world::World;

const REPLAY: &str = "cases replayed, results stored";
const LIVE: &str = "cases live, 32 at once";
const AT_ONCE: usize = 32;

/// How much work is measured: little when Cargo's test runs ask only whether it works.
#[derive(Clone, Copy)]
struct Size {
    rounds: usize,
    cases: usize,
    many: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if memory::is_child(&arguments) {
        return;
    }
    let size = match arguments.iter().any(|argument| argument == "--bench") {
        true => Size {
            rounds: 7,
            cases: 1_000,
            many: 20_000,
        },
        false => Size {
            rounds: 1,
            cases: 20,
            many: 50,
        },
    };
    let word = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"));
    let wanted = |name: &str| word.is_none_or(|word| name.contains(word.as_str()));
    println!(
        "Suites in this process, through slipway_app; its database is at synchronous = FULL, and so is the floor's\n"
    );
    Line::heading();
    let runtime = world::runtime();
    let server = Server::start();
    if wanted(REPLAY) || wanted(LIVE) {
        let world = runtime.block_on(World::recorded(&server, size.cases));
        if wanted(REPLAY) {
            runtime.block_on(replay(&world, size));
        }
        if wanted(LIVE) {
            runtime.block_on(live(&world, &server, size));
        }
    }
    if wanted(memory::NAME) {
        memory::measure(size.many);
    }
}

async fn replay(world: &World, size: Size) {
    let (mut measured, mut floor, mut planned) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        let begun = Instant::now();
        let tests = world.plan(Mode::Replay, None).await;
        planned.push(begun.elapsed());
        world.run(tests, size.cases).await;
        measured.push(begun.elapsed());
        let begun = Instant::now();
        floor::replay(&world.folder(), size.cases);
        floor.push(begun.elapsed());
    }
    let name = format!("{} {REPLAY}", size.cases);
    let plan = ms(median(&mut planned));
    Line {
        name: &name,
        measured: ms(median(&mut measured)),
        floor: ms(median(&mut floor)),
        unit: "ms",
        goal: format!("≤ 500 ms (of it planning, with reading the package: {plan:.0} ms)"),
    }
    .print();
}

async fn live(world: &World, server: &Server, size: Size) {
    let (mut measured, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        let begun = Instant::now();
        let tests = world.plan(Mode::Live, Some(AT_ONCE)).await;
        world.run(tests, size.cases).await;
        measured.push(begun.elapsed());
        let begun = Instant::now();
        floor::live(server, size.cases, AT_ONCE).await;
        floor.push(begun.elapsed());
    }
    let name = format!("{} {LIVE}", size.cases);
    Line {
        name: &name,
        measured: ms(median(&mut measured)),
        floor: ms(median(&mut floor)),
        unit: "ms",
        goal: "the floor is the bare calls".to_owned(),
    }
    .print();
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
