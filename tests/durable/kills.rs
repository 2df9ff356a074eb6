//! SIGKILL at every journal boundary, at every request, and at random times.
//!
//! `SLIPWAY_KILLS` says how many kills at random times, and `SLIPWAY_SEED` which; the rest are
//! always made.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::bureau::Moment;
use super::scene::{End, Scene, acknowledged};
use crate::kit::Ran;

/// Kills at random times when nothing else is said; with the others there are more than 200.
const RANDOM: usize = 120;

/// Scenes at once.
const AT_ONCE: usize = 3;

/// A run that nobody interrupts: its end, its lines, its requests and how long it took from its
/// first line.
pub(super) struct Uninterrupted {
    pub(super) end: End,
    lines: usize,
    requests: usize,
    took: Duration,
}

pub(super) fn uninterrupted() -> Uninterrupted {
    let mut scene = Scene::new();
    let mut running = scene.start();
    running.until("\"type\"");
    let begun = Instant::now();
    let ran = running.end().exits(0);
    let took = begun.elapsed();
    Uninterrupted {
        lines: ran.stdout.lines().count(),
        requests: scene.bureau.ledger().requests,
        end: scene.bring_to_its_end(),
        took,
    }
}

/// Plays all of these side by side, and checks that each ends as the uninterrupted run does.
pub(super) fn play<T: Send + Sync>(
    cases: &[T],
    expected: &End,
    kill: impl Fn(&mut Scene, &T) + Sync,
) -> Figures {
    let next = AtomicUsize::new(0);
    let figures = Mutex::new(Figures::default());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut scene = Scene::new();
                    kill(&mut scene, case);
                    let end = scene.bring_to_its_end();
                    assert_eq!(&end, expected);
                    let mut figures = figures.lock().unwrap();
                    figures.kills += scene.kills;
                    figures.model_calls_repeated += scene.bureau.ledger().repeated_model_calls();
                    figures.resumed_in.append(&mut scene.resumed_in);
                }
            });
        }
    });
    figures.into_inner().unwrap()
}

#[derive(Default)]
pub(super) struct Figures {
    pub(super) kills: usize,
    model_calls_repeated: usize,
    resumed_in: Vec<Duration>,
}

impl Figures {
    pub(super) fn print(mut self, what: &str) {
        self.resumed_in.sort_unstable();
        let median = self.resumed_in.get(self.resumed_in.len() / 2);
        println!(
            "{what}: {} kills, {} model calls made again, taken up in {median:?} (median of {}, from starting the command to its first event)",
            self.kills,
            self.model_calls_repeated,
            self.resumed_in.len()
        );
    }
}

/// What was shown before the kill is in the journal afterwards.
fn nothing_acknowledged_is_lost(scene: &Scene, killed: &Ran) {
    let shown = acknowledged(killed);
    let Some(first) = shown.first() else { return };
    let run = first["run_id"].as_str().unwrap();
    let exported = scene.desk.slipway(["runs", "export", run]).exits(0);
    let journal = exported.objects();
    for event in shown {
        assert!(journal.contains(&event), "lost: {event}\nin: {journal:?}");
    }
}

#[test]
fn killed_after_any_line_it_ends_as_if_nothing_had_happened() {
    let whole = uninterrupted();
    let cases: Vec<usize> = (1..=whole.lines).collect();
    let figures = play(&cases, &whole.end, |scene, lines| {
        let mut running = scene.start();
        for _ in 0..*lines {
            running.until("\"type\"");
        }
        let killed = scene.was_killed(running);
        nothing_acknowledged_is_lost(scene, &killed);
    });
    figures.print("after each line");
}

#[test]
fn killed_at_any_request_it_ends_as_if_nothing_had_happened() {
    let whole = uninterrupted();
    let cases: Vec<(usize, Moment)> = (1..=whole.requests)
        .flat_map(|number| {
            [Moment::Arrived, Moment::Done, Moment::Answered].map(|moment| (number, moment))
        })
        .collect();
    let figures = play(&cases, &whole.end, |scene, (number, moment)| {
        // The request may come before the process is known here.
        let (tell, told) = channel::<Pid>();
        let (done, killed) = channel();
        scene.bureau.interrupt(*number, *moment, move || {
            let pid = told.recv().unwrap();
            kill_process(pid, Signal::KILL).unwrap();
            done.send(()).unwrap();
        });
        let running = scene.start();
        tell.send(running.pid()).unwrap();
        killed
            .recv_timeout(Duration::from_secs(60))
            .expect("it comes to this request");
        let killed = scene.was_killed(running);
        nothing_acknowledged_is_lost(scene, &killed);
    });
    figures.print("at each request");
}

#[test]
fn killed_at_any_time_and_again_it_ends_as_if_nothing_had_happened() {
    let whole = uninterrupted();
    let count = std::env::var("SLIPWAY_KILLS").map_or(RANDOM, |count| count.parse().unwrap());
    let seed = std::env::var("SLIPWAY_SEED").map_or(0x5117_3A4D, |seed| seed.parse().unwrap());
    let chance = Arc::new(Mutex::new(Chance(seed)));
    let left = Arc::new(AtomicUsize::new(count));
    // A scene takes one kill or more, so there are never too few cases.
    let cases: Vec<usize> = (0..count).collect();
    let spread = whole.took.as_micros() as u64;
    let figures = play(&cases, &whole.end, |scene, _| {
        let mut first = true;
        loop {
            if left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_err()
            {
                return;
            }
            let (early, wait, again) = {
                let mut chance = chance.lock().unwrap();
                (
                    chance.below(8) == 0,
                    chance.below(spread),
                    chance.below(4) == 0,
                )
            };
            let mut running = if first {
                scene.start()
            } else {
                match scene.run() {
                    Some(run) => {
                        scene
                            .desk
                            .start(["runs", "resume", &run, "--json", "--approve", "allow"])
                    }
                    None => scene.start(),
                }
            };
            first = false;
            if !early {
                // A run that ended meanwhile says so and nothing else.
                running.until("");
            }
            std::thread::sleep(Duration::from_micros(wait));
            let killed = scene.was_killed(running);
            nothing_acknowledged_is_lost(scene, &killed);
            if !again {
                return;
            }
        }
    });
    figures.print("at random times");
}

/// Small and the same each time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit.max(1)
    }
}
