//! What went over the wire, below a model call in the trace.

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, Reply, model};

const RUNS: &str = "//nav//a[starts-with(normalize-space(), 'Runs')]";
const RUN: &str = "//tr[contains(@class, 'runs__row')]//td[normalize-space()='The clerk']";
const MODEL_CALL: &str = "//button[contains(@class, 'step--model')]";
const WIRE: &str = "//details[contains(@class, 'wire')]/summary";
const HEADERS: &str = "//dl[contains(@class, 'wire__headers')]/dt";

fn button(label: &str) -> String {
    format!("//details[contains(@class, 'wire')]//button[normalize-space()='{label}']")
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_of_a_model_call_can_be_seen_and_copied() {
    let busy =
        Reply::error(429, &json!({"error": {"message": "slow down"}})).header("retry-after", "0");
    let server = model([busy, Answer::text("All is well.").into()]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Say <b>\u{202e}it</b>."])
        .exits(0);
    let window = Window::open(&desk).await;
    window.click(RUNS).await;
    window.click(RUN).await;
    window.click(MODEL_CALL).await;
    window.until("Attempt 1 failed.").await;
    assert_eq!(
        window.texts(HEADERS).await,
        [""; 0],
        "nothing before it is opened"
    );

    window.click(WIRE).await;
    let shown = window.until("Bearer $OPENAI_API_KEY").await;
    assert!(shown.contains("POST http://127.0.0.1:"), "{shown}");
    assert!(
        shown.contains("Say <b>U+202Eit</b>."),
        "as it was sent: {shown}"
    );
    assert!(!shown.contains("sk-scripted"), "{shown}");
    window.click(&button("Answer")).await;
    // What was sent says `text/event-stream` too.
    window.until("data: {").await;
    window.click(&button("Attempt 1")).await;
    window.until("slow down").await;
    window.click(&button("Copy as curl")).await;
    window.until("Copied").await;
    window.close().await;
}
