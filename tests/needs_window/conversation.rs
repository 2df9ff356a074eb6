//! A run in the real window against a model that streams: a tool that fails, a question, an answer that is cut short.

use std::time::Duration;

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, Reply, model};

const CLERK: &str = "//nav[@aria-label='Main']//a[normalize-space()='The clerk']";
const FIELD: &str = "//div[contains(@class, 'composer')]//textarea";
const APPROVE: &str =
    "//article[contains(@class, 'approval')]//button[normalize-space()='Approve once']";
const CANCEL: &str = "//button[normalize-space()='Cancel run']";
/// The way on from where it was cut off.
const AGAIN: &str = "//*[@role='log']//button[normalize-space()='Retry from here']";
const CONVERSATION: &str = "//section[@aria-label='Conversation']//*[@role='log']";
/// How the last answer goes on, longer than any test.
const PACE: Duration = Duration::from_millis(100);

#[tokio::test(flavor = "multi_thread")]
async fn it_streams_says_what_failed_asks_and_can_be_cancelled() {
    let story: String = (1..=20_000).map(|line| format!("Line {line}. ")).collect();
    let server = model([
        Answer::text("Begun.").into(),
        Answer::tool("r1", "read_file", &json!({"path": "in/nothing.txt"})).into(),
        Answer::tool(
            "w1",
            "write_file",
            &json!({"path": "out/b.txt", "content": "copied\n"}),
        )
        .into(),
        Reply::from(Answer::text(story)).in_pieces(120, PACE),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    let window = Window::open(&desk).await;
    window.click(CLERK).await;
    window.click(super::RUN_TAB).await;
    window.type_into(FIELD, "Copy what is there.").await;
    window.click(super::RUN).await;

    window.until("Covers exactly this").await;
    let asked = window.text().await;
    assert!(asked.contains("out/b.txt"), "{asked}");
    assert!(asked.contains("in/nothing.txt"), "what failed: {asked}");
    let copy = desk.path("clerk/out/b.txt");
    assert!(!copy.exists(), "it was written before anyone agreed");
    let told = &server.requests()[2].body;
    assert!(told.to_string().contains("nothing.txt"), "{told}");
    window.click(APPROVE).await;

    // The answer has not ended when its beginning is shown, and grows.
    window.until("Line 5.").await;
    assert_eq!(std::fs::read_to_string(&copy).expect("a copy"), "copied\n");
    let streaming = format!("{CONVERSATION}[@aria-busy='true']");
    window.until_there(&streaming).await;
    window.until("Line 40.").await;
    window.click(CANCEL).await;
    window.until("Cancelled by you").await;
    window.until_gone(&streaming).await;
    window.until_gone(CANCEL).await;
    // What was read stays, says that it is no whole answer, and leads on.
    let left = window.until("Cut off here.").await;
    assert!(left.contains("Line 40."), "{left}");
    window.until_there(AGAIN).await;
    assert_eq!(server.requests().len(), 4, "nobody is asked after it");
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert_eq!(runs[0]["status"], "cancelled", "{runs:?}");
    window.close().await;
}
