//! The real window: from its first start to a finished run, by what it shows.

mod accessible;
mod build;
mod conversation;
mod cut_off;
mod driver;
mod history;
mod hostile;
mod keyboard;
mod models;
mod needs_chromium;
mod needs_keychain;
mod palette;
mod presses;
mod scene;
mod shell;
mod shots;
mod suites;
mod welcome;
mod wire;

use crate::kit::Desk;
use driver::Window;

const ADD_EXAMPLES: &str = "//button[normalize-space()='Add the examples']";
const START_EMPTY: &str = "//button[normalize-space()='Start empty']";
const AGENT_TITLES: &str = "//table//a[contains(@class, 'row-link')]";
const EXPENSE_REPORT: &str =
    "//table//a[contains(@class, 'row-link')][normalize-space()='Expense report']";
/// The page on which an agent is asked.
pub(crate) const RUN_TAB: &str =
    "//nav[@aria-label='Pages of the agent']//a[normalize-space()='Run']";
const RUN: &str =
    "//div[contains(@class, 'composer')]//button[starts-with(normalize-space(), 'Run')]";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_leads_to_a_finished_run() {
    let desk = Desk::new();
    let report = desk.home().join("examples/expense-report/out/report.md");
    let window = Window::open(&desk).await;

    window.until("What should answer your agents?").await;
    window.click_away(START_EMPTY).await;
    window.until("No agent yet").await;
    assert_eq!(window.texts(AGENT_TITLES).await, [""; 0]);
    window.click(ADD_EXAMPLES).await;

    window.until("3 agents").await;
    let mut titles = window.texts(AGENT_TITLES).await;
    titles.sort();
    assert_eq!(
        titles,
        ["Changelog writer", "Expense report", "Link checker"]
    );
    window.click(EXPENSE_REPORT).await;
    window.click(RUN_TAB).await;

    let agent = window.until("This model is a recording.").await;
    assert!(
        agent.contains("Steps appear here as they happen"),
        "{agent}"
    );
    assert!(!report.exists(), "there is a report before the run");
    window.click(RUN).await;

    window.until("This run plays a recording:").await;
    let run = window.until("Succeeded").await;
    assert!(run.contains("This run plays a recording:"), "{run}");
    let written = std::fs::read_to_string(&report).expect("the report that the run wrote");
    assert!(!written.trim().is_empty(), "the report is empty");

    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0]["agent"], "expense-report", "{runs:?}");
    assert_eq!(runs[0]["status"], "succeeded", "{runs:?}");
    window.close().await;
}
