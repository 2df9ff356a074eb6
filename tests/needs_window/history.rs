//! Runs of the command line in the open window: they appear, are answered there, and are found.

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, Reply, model};

const HEADLINE: &str = "//main//h1";
const APPROVE: &str =
    "//article[contains(@class, 'need')]//button[normalize-space()='Approve once']";
const NEEDS: &str = "//article[contains(@class, 'need')]";
const RUNS: &str = "//nav//a[starts-with(normalize-space(), 'Runs')]";
const ROWS: &str = "//tr[contains(@class, 'runs__row')]//td[2]";
const OTHER: &str = "//tr[contains(@class, 'runs__row')]//td[normalize-space()='Say how it is.']";
const SEARCH: &str = "//input[@type='search']";

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_the_command_line_parked_appears_and_is_approved_in_the_open_window() {
    let write = json!({"path": "out/b.txt", "content": "Twelve euros."});
    let server = model([
        Reply::from(Answer::text("All is well.")),
        Answer::tool("w1", "write_file", &write).into(),
        Answer::text("It is written.").into(),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Say how it is."])
        .exits(0);
    let window = Window::open(&desk).await;
    window.until("Nothing needs you").await;

    desk.slipway(["run", agent, "--input", "Write down the sum."])
        .exits(3);
    let shown = window.until("The clerk wants to call write_file").await;
    assert_eq!(window.texts(HEADLINE).await, ["One run needs you"]);
    assert!(shown.contains("Write down the sum."), "{shown}");
    assert!(
        shown.contains("Twelve euros."),
        "exactly what is asked: {shown}"
    );
    assert!(
        !desk.path("clerk/out/b.txt").exists(),
        "nothing is done yet"
    );

    window.click(APPROVE).await;
    window.until_gone(NEEDS).await;
    window.until("Nothing needs you").await;
    assert_eq!(desk.read("clerk/out/b.txt"), "Twelve euros.");
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert_eq!(runs[0]["status"], "succeeded", "{runs:?}");

    window.click(RUNS).await;
    window.until("2 runs").await;
    window.until_there(OTHER).await;
    assert_eq!(window.texts(ROWS).await, ["The clerk", "The clerk"]);
    window.type_into(SEARCH, "written").await;
    window.until("1 run,").await;
    window.until_gone(OTHER).await;
    window.until("Write down the sum.").await;
    window.close().await;
}

/// The long run: its events are more than the first answer about a run holds.
const ANSWERS: usize = 3;
const CALLS: usize = 100;
/// Scrolls to the end of what is known by then, and says whether the last call is there.
const TO_THE_LAST_CALL: &str = "const pane = document.querySelector('.steps.scroll'); \
    pane.scrollTop = pane.scrollHeight; \
    return [...document.querySelectorAll('.trace .step')].some(step => step.innerText.includes('299 + 1'))";

#[tokio::test(flavor = "multi_thread")]
async fn a_long_run_is_shown_from_its_first_step_to_its_last() {
    let call = |number: usize| {
        let arguments = json!({"expression": format!("{number} + 1")});
        (format!("c{number}"), arguments)
    };
    let answers = (0..ANSWERS).map(|answer| {
        let (id, arguments) = call(answer * CALLS);
        let first = Answer::tool(&id, "calculator", &arguments);
        (answer * CALLS + 1..(answer + 1) * CALLS)
            .map(call)
            .fold(first, |answer, (id, arguments)| {
                answer.and_tool(&id, "calculator", &arguments)
            })
    });
    let last = Answer::text("Counted to the end.");
    let server = model(answers.chain([last]).map(Reply::from));
    let desk = Desk::with_model(&server);
    desk.write(
        "counter/agent.toml",
        "format = 1\n\n[agent]\nname = \"counter\"\ntitle = \"The counter\"\n\n\
         [model]\nuse = \"openai/gpt-5-mini\"\n\n[[tools]]\nuse = \"calculator\"\n\n\
         [limits]\nmax_steps = 400\n",
    );
    desk.write("counter/instructions.md", "Count as far as you are told.\n");
    let run = desk
        .slipway(["run", "./counter", "--input", "Count.", "--json"])
        .exits(0)
        .run();
    let window = Window::open(&desk).await;
    window.go(&format!("#/runs/{run}")).await;
    window.until("0 + 1").await;
    window.until("Counted to the end.").await;
    assert!(
        window.comes_true(TO_THE_LAST_CALL, &[]).await,
        "the last call is not in the list"
    );
    window.close().await;
}
