//! The window is killed in the middle of a run, opened again, and the run brought to its end.

use std::time::Duration;

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, Reply, model, until_asked};

const CLERK: &str = "//nav[@aria-label='Main']//a[normalize-space()='The clerk']";
const FIELD: &str = "//div[contains(@class, 'composer')]//textarea";
const RESUME: &str = "//main//button[normalize-space()='Resume']";
const RECENT: &str = "//main//a[@title='Copy it.']";
/// Longer than the window lives.
const NEVER: Duration = Duration::from_secs(3_600);

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_a_crash_cut_off_is_finished_and_does_nothing_twice() {
    let server = model([
        Answer::text("Begun.").into(),
        Answer::tool(
            "w1",
            "write_file",
            &json!({"path": "out/b.txt", "content": "once\n"}),
        )
        .into(),
        Reply::from(Answer::text("Nobody reads this.")).after(NEVER),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().allowing("write_file").at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    let window = Window::open(&desk).await;
    window.click(CLERK).await;
    window.click(super::RUN_TAB).await;
    window.type_into(FIELD, "Copy it.").await;
    window.click(super::RUN).await;
    // The file is written, and the model is asked what follows.
    tokio::task::block_in_place(|| until_asked(&server, 3));
    let copy = desk.path("clerk/out/b.txt");
    assert_eq!(std::fs::read_to_string(&copy).expect("a copy"), "once\n");
    window.kill();
    // Whoever writes it again would be noticed.
    std::fs::write(&copy, "touched since\n").expect("a copy");

    server.then(Answer::text("It is copied."));
    let window = Window::open(&desk).await;
    window.until("cut off").await;
    window.click(RESUME).await;
    window.until("Nothing needs you").await;
    window.click(RECENT).await;
    window.until("It is copied.").await;
    window.until("Succeeded").await;
    assert_eq!(
        std::fs::read_to_string(&copy).expect("a copy"),
        "touched since\n"
    );
    assert_eq!(
        server.requests().len(),
        4,
        "what was interrupted is asked again, and nothing else"
    );
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert_eq!(runs.len(), 2, "{runs:?}");
    assert_eq!(runs[0]["status"], "succeeded", "{runs:?}");
    window.close().await;
}
