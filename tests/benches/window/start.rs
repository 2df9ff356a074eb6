//! From the start of the process to a page that is drawn and answers, and the memory that is held then.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::driver::Window;
use crate::figures::Line;
use crate::kit::Desk;
use crate::measure::{Programs, Wanted, middle};
use crate::memory;

const START: &str = "window, start to interactive";
const MEMORY: &str = "window, memory (PSS, all processes)";

/// The lines' names.
pub(crate) const NAMES: &[&str] = &[START, MEMORY];

/// How often each program is started, beside a first time that fills the caches.
const ROUNDS: usize = 7;

/// How long a page is left alone before its memory is looked at.
const SETTLES: Duration = Duration::from_secs(2);

/// When Slipway's first page was drawn, milliseconds since 1970; it notes so itself.
const HOME: &str = "const drawn = performance.getEntriesByName('home')[0]; \
     return drawn ? performance.timeOrigin + drawn.startTime : null";
/// When the empty window's page was drawn and loaded.
const LOADED: &str = "const drawn = performance.getEntriesByName('first-contentful-paint')[0]; \
     const loaded = performance.getEntriesByType('navigation')[0]; \
     return drawn && loaded && loaded.loadEventEnd > 0 \
       ? performance.timeOrigin + Math.max(drawn.startTime, loaded.loadEventEnd) : null";

/// One start.
struct Started {
    ms: f64,
    bytes: f64,
}

pub(crate) async fn measure(programs: &Programs, wanted: &Wanted) {
    let (mut slipway, mut empty) = (Vec::new(), Vec::new());
    let desk = Desk::new();
    desk.slipway(["agents", "add-examples"]).exits(0);
    let bare = Desk::new();
    for round in 0..=ROUNDS {
        let one = started(&desk, &programs.slipway, HOME).await;
        let other = started(&bare, &programs.empty, LOADED).await;
        if round > 0 {
            slipway.push(one);
            empty.push(other);
        }
    }
    for (name, of, unit) in [
        (START, (|one| one.ms) as fn(&Started) -> f64, "ms"),
        (MEMORY, |one| one.bytes / 1024.0 / 1024.0, "MiB"),
    ] {
        if wanted.has(name) {
            Line {
                name,
                measured: middle(slipway.iter().map(of)),
                floor: middle(empty.iter().map(of)),
                unit,
                goal: "≤ 1.3 × the floor".to_owned(),
            }
            .print();
        }
    }
}

/// Starts a program until its page is there.
async fn started(desk: &Desk, program: &Path, drawn: &str) -> Started {
    let begun = desk.path("begun");
    let window = Window::open_program(desk, &noting(desk, program, &begun), &[]).await;
    let at = loop {
        if let Some(at) = window.ask(drawn, &[]).await.as_f64() {
            break at;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let answers = window.ask("return document.querySelector('h1') !== null", &[]);
    assert_eq!(answers.await, json!(true), "the page has no head");
    tokio::time::sleep(SETTLES).await;
    let noted = fs::read_to_string(&begun).unwrap();
    let (process, nanos) = noted.trim().split_once(' ').unwrap();
    let bytes = memory::proportional_bytes(process.parse().unwrap());
    window.close().await;
    #[expect(clippy::cast_precision_loss, reason = "a figure for readers")]
    Started {
        ms: at - nanos.parse::<f64>().unwrap() / 1e6,
        bytes: bytes as f64,
    }
}

/// A program that notes its process and the time, and becomes the other.
fn noting(desk: &Desk, program: &Path, to: &Path) -> PathBuf {
    let path = desk.path("start");
    let script = format!(
        "#!/bin/sh\necho \"$$ $(date +%s%N)\" > '{}'\nexec '{}' \"$@\"\n",
        to.display(),
        program.display()
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}
