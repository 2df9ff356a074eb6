//! An answer that streams into the conversation at 500 words a second.

use serde_json::{Value, json};

use crate::driver::Window;
use crate::figures::Line;
use crate::frames::{Frames, prepare};
use crate::kit::Desk;
use crate::measure::{Programs, Wanted, at};
use crate::provider::{PACE, PARAGRAPH, Provider, WORDS};

const DROPPED: &str = "window, 500 words a second: dropped";
const HALF: &str = "window, bytes to page, p50";
const MOST: &str = "window, bytes to page, p99";

/// The lines' names.
pub(crate) const NAMES: &[&str] = &[DROPPED, HALF, MOST];

/// Words before which nothing is measured: the page is being opened while they come.
const AHEAD: usize = 250;
/// How long the words may take to be there, in milliseconds.
const PATIENCE: u32 = 40_000;
const RUN: &str =
    "//div[contains(@class, 'composer')]//button[starts-with(normalize-space(), 'Run')]";

pub(crate) async fn measure(programs: &Programs, wanted: &Wanted) {
    let provider = Provider::start();
    let desk = Desk::new()
        .variable("OPENAI_BASE_URL", provider.base())
        .variable("OPENAI_API_KEY", "sk-of-a-benchmark");
    desk.slipway(["agents", "new", "talker"]).exits(0);
    let window = Window::open_program(&desk, &programs.slipway, &[]).await;
    window.go("#/agents/talker/run").await;
    window.until_there(RUN).await;
    prepare(&window).await;
    let arguments = [json!(RUN), json!(AHEAD), json!(WORDS - 1), json!(PATIENCE)];
    let answer = window
        .ask_later("bench.stream(...arguments)", &arguments)
        .await;
    window.close().await;
    let delays = delays(&answer, &provider.written());
    assert!(!delays.is_empty(), "no word came: {answer}");

    let empty = Desk::new();
    let window = Window::open_program(&empty, &programs.empty, &[]).await;
    window.until("Empty").await;
    prepare(&window).await;
    // The same words in a page that does nothing but write them.
    let arguments = [json!(WORDS), json!(PACE.as_millis()), json!(PARAGRAPH)];
    let bare = window
        .ask_later("bench.write(...arguments)", &arguments)
        .await;
    window.close().await;
    if wanted.has(DROPPED) {
        Frames::of(&answer).print(DROPPED, Frames::of(&bare), "");
    }
    for (name, part, goal) in [
        (
            HALF,
            0.5,
            "≤ 16 ms, from the provider's bytes to the word in the page",
        ),
        (MOST, 0.99, "≤ 16 ms"),
    ] {
        if wanted.has(name) {
            Line {
                name,
                measured: at(delays.iter().copied(), part),
                floor: 0.0,
                unit: "ms",
                goal: goal.to_owned(),
            }
            .print();
        }
    }
}

/// Milliseconds from handing a word over to seeing it in the page, for each. Both clocks are this machine's; the
/// page's is exact to a millisecond.
fn delays(answer: &Value, written: &[f64]) -> Vec<f64> {
    let seen = answer["seen"].as_array().expect("the words that were seen");
    let mut delays = Vec::new();
    let mut next = AHEAD;
    for each in seen {
        let newest = each[0].as_u64().and_then(|word| usize::try_from(word).ok());
        let (Some(newest), Some(at)) = (newest, each[1].as_f64()) else {
            continue;
        };
        let came = written.get(next..=newest).unwrap_or_default();
        delays.extend(came.iter().map(|written| at - written));
        next = next.max(newest + 1);
    }
    delays
}
