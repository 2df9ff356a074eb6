//! Long lists: how soon they are painted, and how they scroll beside an empty scroller of the same size.

use serde_json::{Value, json};

use crate::data::Data;
use crate::driver::Window;
use crate::figures::Line;
use crate::frames::{Frames, prepare};
use crate::kit::Desk;
use crate::measure::{Programs, Wanted, middle};

const STEPS_OPENED: &str = "window, 10,000 steps: asked and painted";
const STEPS_PAINTED: &str = "window, 10,000 steps: painted";
const STEPS_SCROLLED: &str = "window, 10,000 steps: frames dropped";
const AGENTS_PAINTED: &str = "window, 10,000 agents: painted";
const AGENTS_SCROLLED: &str = "window, 10,000 agents: frames dropped";

/// The lines' names.
pub(crate) const NAMES: &[&str] = &[
    STEPS_OPENED,
    STEPS_PAINTED,
    STEPS_SCROLLED,
    AGENTS_PAINTED,
    AGENTS_SCROLLED,
];

/// How often a list is opened.
const ROUNDS: usize = 7;
/// In how many frames a list is scrolled from its top to its end.
const SCROLLED_IN: u32 = 300;
/// Rows that are in view at least.
const ROWS: u32 = 8;

const HOME: &str = "//div[contains(@class, 'home-page')]//h1";

/// Where a list is, and what its parts are.
struct List {
    address: String,
    pane: &'static str,
    row: &'static str,
}

pub(crate) async fn measure(programs: &Programs, wanted: &Wanted) {
    let data = Data::write().await;
    let steps = List {
        address: format!("#/runs/{}", data.run),
        pane: ".steps.scroll",
        row: ".trace .step",
    };
    let agents = List {
        address: "#/agents".to_owned(),
        pane: ".page.scroll",
        row: "table.agents tbody tr",
    };
    let window = Window::open_program(&data.desk, &programs.slipway, &[]).await;
    window.until_there(HOME).await;
    prepare(&window).await;
    window.ask("bench.listen()", &[]).await;
    let opened_agents = opened(&window, &agents).await;
    let opened_steps = opened(&window, &steps).await;
    let scrolled_agents = scrolled(&window, &agents).await;
    let scrolled_steps = scrolled(&window, &steps).await;
    window.close().await;
    drop(data);

    let floor = Floor::measure(programs, [&scrolled_steps, &scrolled_agents]).await;
    for (name, all, goal) in [
        (
            STEPS_OPENED,
            figure(&opened_steps, "all"),
            "from the press to the rows",
        ),
        (
            STEPS_PAINTED,
            figure(&opened_steps, "since"),
            "≤ 50 ms, from the host's answer to the rows",
        ),
        (
            AGENTS_PAINTED,
            figure(&opened_agents, "all"),
            "≤ 50 ms, from the press to the rows",
        ),
    ] {
        if wanted.has(name) {
            Line {
                name,
                measured: all,
                floor: floor.appended_ms,
                unit: "ms",
                goal: goal.to_owned(),
            }
            .print();
        }
    }
    for (name, scrolled, floor) in [
        (STEPS_SCROLLED, &scrolled_steps, floor.scrolled[0]),
        (AGENTS_SCROLLED, &scrolled_agents, floor.scrolled[1]),
    ] {
        if wanted.has(name) {
            assert_eq!(scrolled["reached"], true, "the end was not reached");
            let note = format!("; without a row in the middle: {}", scrolled["blank"]);
            Frames::of(scrolled).print(name, floor, &note);
        }
    }
}

/// Opens a list from Home, several times.
async fn opened(window: &Window, list: &List) -> Vec<Value> {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        all.push(open(window, list).await);
    }
    all
}

async fn open(window: &Window, list: &List) -> Value {
    window.go("#/").await;
    window.until_there(HOME).await;
    let arguments = [json!(list.address), json!(list.row), json!(ROWS)];
    window
        .ask_later("bench.open(...arguments)", &arguments)
        .await
}

/// Scrolls through a list that was just opened.
async fn scrolled(window: &Window, list: &List) -> Value {
    open(window, list).await;
    let arguments = [json!(list.pane), json!(list.row), json!(SCROLLED_IN)];
    window
        .ask_later("bench.scroll(...arguments)", &arguments)
        .await
}

fn figure(answers: &[Value], name: &str) -> f64 {
    middle(
        answers
            .iter()
            .map(|answer| answer[name].as_f64().expect("milliseconds")),
    )
}

/// The same in the empty window: one element more, and a scroller with nothing in it.
struct Floor {
    appended_ms: f64,
    scrolled: [Frames; 2],
}

impl Floor {
    async fn measure(programs: &Programs, like: [&Value; 2]) -> Self {
        let desk = Desk::new();
        let window = Window::open_program(&desk, &programs.empty, &[]).await;
        window.until("Empty").await;
        prepare(&window).await;
        let mut appended = Vec::new();
        for _ in 0..ROUNDS {
            appended.push(window.ask_later("bench.append(...arguments)", &[]).await);
        }
        let mut frames = [Frames::default(); 2];
        for (frames, like) in frames.iter_mut().zip(like) {
            let size = ["width", "height", "all"].map(|side| like[side].clone());
            window.ask("bench.scroller(...arguments)", &size).await;
            let arguments = [json!("#scroller"), json!("#scroller"), json!(SCROLLED_IN)];
            let answer = window
                .ask_later("bench.scroll(...arguments)", &arguments)
                .await;
            *frames = Frames::of(&answer);
        }
        window.close().await;
        Self {
            appended_ms: figure(&appended, "all"),
            scrolled: frames,
        }
    }
}
