//! The command palette in the real window, by keyboard alone.

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, model};

const PAGE: &str = "//body";
const FIELD: &str = "//input[@role='combobox']";
const CHOSEN: &str = "//*[@role='option'][@aria-selected='true']";
const PALETTE: &str = "//dialog[contains(@class, 'palette')]";

/// Keys as WebDriver writes them: held down until the empty one.
const CTRL_K: &str = "\u{e009}k\u{e000}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_found_and_opened_without_the_pointer() {
    let server = model([Answer::text("Begun.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    let window = Window::open(&desk).await;
    window.until("The clerk").await;

    window.type_into(PAGE, CTRL_K).await;
    window.type_into(FIELD, "clrk").await;
    window.until("found").await;
    let chosen = window.texts(CHOSEN).await;
    assert_eq!(chosen.len(), 1, "{chosen:?}");
    assert!(chosen[0].starts_with("The clerk"), "{chosen:?}");
    let named = "const field = document.activeElement; \
        return document.getElementById(field.getAttribute('aria-activedescendant')).getAttribute('role')";
    assert_eq!(window.evaluate(named).await, json!("option"));

    window.type_into(FIELD, DOWN).await;
    let next = window.texts(CHOSEN).await;
    assert!(next[0].starts_with("Run The clerk"), "{next:?}");
    window.type_into(FIELD, ENTER).await;
    window.until("The clerk").await;
    assert!(window.texts(PALETTE).await.is_empty(), "it is closed");
    let address = "return location.hash";
    assert_eq!(window.evaluate(address).await, json!("#/agents/clerk/run"));

    // Escape leaves everything as it was, and gives the keyboard back to the page.
    window.type_into(PAGE, CTRL_K).await;
    window.type_into(FIELD, "no such thing").await;
    window.until("Nothing is called that").await;
    window.type_into(FIELD, ESCAPE).await;
    let gone = "return document.querySelectorAll('dialog').length";
    assert_eq!(window.evaluate(gone).await, json!(0));
    assert_eq!(window.evaluate(address).await, json!("#/agents/clerk/run"));
    window.close().await;
}
