//! The first start: from a home that is not there to a run that succeeded.

use super::driver::Window;
use crate::kit::Desk;

const RECORDING: &str = "//*[@role='radio'][@id='way-3']";
const PROVIDER: &str = "//*[@role='radio'][@id='way-1']";
const RUN_EXAMPLE: &str = "//button[starts-with(normalize-space(), 'Run the example')]";

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_chosen_and_the_example_runs() {
    let desk = Desk::new();
    let report = desk.home().join("examples/expense-report/out/report.md");
    let window = Window::open(&desk).await;

    window.until("What should answer your agents?").await;
    window.click(PROVIDER).await;
    window.until("With this choice, what you ask").await;
    // Its keys count also while the keyboard is on nothing.
    window.evaluate("document.activeElement.blur()").await;
    window.press(&["3"]).await;
    window
        .until("With this choice nothing leaves this machine.")
        .await;
    window.click(RECORDING).await;
    window
        .until("With this choice nothing leaves this machine.")
        .await;
    window.click(RUN_EXAMPLE).await;

    window.until("This run plays a recording:").await;
    window.until("Succeeded").await;
    let written = std::fs::read_to_string(&report).expect("the report that the run wrote");
    assert!(!written.trim().is_empty(), "the report is empty");
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0]["status"], "succeeded", "{runs:?}");
    window.close().await;

    let settings = desk
        .slipway(["settings", "list", "--json"])
        .exits(0)
        .objects();
    let welcome = settings.iter().find(|each| each["setting"] == "welcome");
    assert_eq!(welcome.map(|each| &each["value"]), Some(&"off".into()));
}
