//! SIGKILL at every write and every sync of the journal, as the kernel sees them.
#![cfg(target_os = "linux")]

use std::process::Command;

use super::kills::{Figures, play, uninterrupted};
use super::scene::Scene;
use crate::kit::Running;

/// A call that the journal is made of, and the most of them that one thread makes in a run.
const CALLS: [(&str, usize); 2] = [("pwrite64", 60), ("fsync", 16)];

#[test]
fn killed_at_any_write_or_sync_it_ends_as_if_nothing_had_happened() {
    let whole = uninterrupted();
    let cases: Vec<(&str, usize)> = CALLS
        .iter()
        .flat_map(|(call, most)| (1..=*most).map(|number| (*call, number)))
        .collect();
    let figures: Figures = play(&cases, &whole.end, |scene, (call, number)| {
        killed_at(scene, call, *number);
    });
    assert!(
        figures.kills > CALLS.len() * 10,
        "too few calls were met to mean something: {}",
        figures.kills
    );
    figures.print("at each write and sync");
}

/// Runs the agent under strace, which kills it as it enters this call for the n-th time. Where
/// there are not so many, the run ends by itself.
fn killed_at(scene: &mut Scene, call: &str, number: usize) {
    let inner = scene.command();
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qqq", "-o", "/dev/null", "-e"])
        .arg(format!("trace={call}"))
        .arg("-e")
        .arg(format!("inject={call}:signal=SIGKILL:when={number}"))
        .arg("--")
        .arg(inner.get_program())
        .args(inner.get_args());
    if let Some(folder) = inner.get_current_dir() {
        traced.current_dir(folder);
    }
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    let ran = Running::start(traced).end();
    match ran.code {
        Some(0) => {}
        _ => scene.kills += 1,
    }
}
