//! A run becomes a test in the real window, a change shows as a regression, and is accepted or taken back.

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, model};

const SAVE_AS_TEST: &str =
    "//span[contains(@class, 'head-action')]//button[normalize-space()='Save as test']";
const SAVE: &str = "//dialog//button[normalize-space()='Save']";
const TO_THE_CASE: &str = "//dialog//*[self::a or self::button][normalize-space()='To the case']";
const RUN_ALL: &str = "//button[normalize-space()='Run all']";
const CELLS: &str = "//table[@role='grid']//tbody//th[@role='rowheader']";
const BUILD: &str = "//nav[@aria-label='Pages of the agent']//a[normalize-space()='Build']";
const TESTS: &str = "//nav[@aria-label='Pages of the agent']//a[normalize-space()='Tests']";
const INSTRUCTIONS: &str = "//textarea[@id='editor-instructions']";
const REGRESSION: &str = "//button[normalize-space()='This is a regression']";
const RESTORE: &str = "//button[normalize-space()='Restore']";
const ACCEPT: &str = "//button[normalize-space()='Accept the new behaviour']";
const REALLY_ACCEPT: &str = "//dialog//button[normalize-space()='Accept']";
const CLOSE: &str = "//dialog//button[normalize-space()='Close' or normalize-space()='Done']";
const ADDED: &str = "Always greet first.";
const OTHER: &str = "Never greet.";

/// Writes on the Build page until it is saved.
async fn write(window: &Window, desk: &Desk, words: &str) {
    window.click(BUILD).await;
    window.until("tokens").await;
    window.type_into(INSTRUCTIONS, words).await;
    for _ in 0..600 {
        if desk.read("clerk/instructions.md").contains(words) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the instructions were never saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_becomes_a_test_that_shows_a_regression_which_is_taken_back_or_accepted() {
    let read = json!({"path": "in/a.txt"});
    let server = model([
        Answer::tool("r1", "read_file", &read),
        Answer::text("It says what it says."),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let run = desk
        .slipway(["run", agent, "--input", "What does a.txt say?", "--json"])
        .exits(0)
        .run();
    let window = Window::open(&desk).await;
    window.go(&format!("#/runs/{run}")).await;
    window.until("It says what it says.").await;
    window.click(SAVE_AS_TEST).await;
    window.click(SAVE).await;
    let saved = window.until("Saved as a test").await;
    assert!(saved.contains("in/a.txt"), "{saved}");
    assert!(
        desk.read("clerk/tests/runs.toml")
            .contains("What does a.txt say?")
    );
    window.click(TO_THE_CASE).await;

    window.click(RUN_ALL).await;
    window.until("passes its one case").await;
    assert_eq!(window.texts(CELLS).await, ["What does a.txt say?"]);
    assert_eq!(server.requests().len(), 2, "nobody was asked again");

    write(&window, &desk, ADDED).await;
    window.click(TESTS).await;
    window.click(RUN_ALL).await;
    window.until("breaks 1 of 1 case").await;
    let shown = window.until(ADDED).await;
    assert!(shown.contains("instructions.md"), "{shown}");
    window.click(REGRESSION).await;
    window.until("Take back").await;
    window.click(RESTORE).await;
    window.until("is as it was recorded").await;
    assert!(!desk.read("clerk/instructions.md").contains(ADDED));
    window.click(RUN_ALL).await;
    window.until("fixes 1 of 1 case").await;

    write(&window, &desk, OTHER).await;
    window.click(TESTS).await;
    window.click(RUN_ALL).await;
    window.until("breaks 1 of 1 case").await;
    window.click(ACCEPT).await;
    window.click(REALLY_ACCEPT).await;
    window.until("was changed").await;
    window.click(CLOSE).await;
    window.click(RUN_ALL).await;
    window.until("fixes 1 of 1 case").await;
    desk.slipway(["test", agent])
        .exits(0)
        .says("1 passed of 1 case");
    assert_eq!(server.requests().len(), 2, "all of it was played");
    window.close().await;
}
