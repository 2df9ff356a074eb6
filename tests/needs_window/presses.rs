//! Presses that go wrong easily: the second one of two, and keys while the keyboard is on nothing.

use std::time::Duration;

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, Reply, model};

const CLERK: &str = "//nav[@aria-label='Main']//a[normalize-space()='The clerk']";
const FIELD: &str = "//div[contains(@class, 'composer')]//textarea";
const CANCEL: &str = "//button[normalize-space()='Cancel run']";
const COPY: &str = "//button[normalize-space()='Copy as command']";
const CONTROL: &str = "\u{e009}";
const SHIFT: &str = "\u{e008}";
/// How the answer goes on, longer than any test.
const PACE: Duration = Duration::from_millis(100);
/// Presses "Cancel run", and at the same place what takes its place, the moment that it is there. Whether the page
/// kept that press from it, and the address after it.
const PRESS_TWICE: &str = "
    const done = arguments[arguments.length - 1];
    const cancel = [...document.querySelectorAll('header button')].find(each => each.innerText.trim() === 'Cancel run');
    const box = cancel.getBoundingClientRect();
    const press = what => what.dispatchEvent(new MouseEvent('click', {
        bubbles: true, cancelable: true, composed: true, detail: 1,
        clientX: box.x + box.width / 2, clientY: box.y + box.height / 2,
    }));
    new MutationObserver((_, watching) => {
        const next = [...document.querySelectorAll('header a.btn')].find(each => each.innerText.trim() === 'New conversation');
        if (next) {
            watching.disconnect();
            const before = location.hash;
            const isKept = !press(next);
            setTimeout(() => done([isKept, location.hash === before]));
        }
    }).observe(document.body, {childList: true, subtree: true});
    press(cancel)";
const ENTER: &str = "\u{e007}";
const IMPORT: &str =
    "//*[@role='option'][@aria-selected='true'][starts-with(normalize-space(), 'Import an agent')]";
const ADD_TOOL: &str = "//button[normalize-space()='Add tool']";
const FLOATS: &str = "
    const box = document.querySelector('.popover')?.getBoundingClientRect();
    return box !== undefined && box.width <= 360 && box.left >= 8 && box.right <= innerWidth - 8";
const OFF: &str = "document.activeElement.blur(); return document.activeElement === document.body";
const HERE: &str = "return document.activeElement.type === arguments[0]";
const SELECTED: &str = "return getSelection().toString()";
const WRITTEN: &str = "return document.activeElement.value";
const TYPED: &str = "return document.activeElement.value === arguments[0]";

#[tokio::test(flavor = "multi_thread")]
async fn a_second_press_stays_on_the_run_and_its_command_is_copied() {
    let story: String = (1..=20_000).map(|line| format!("Line {line}. ")).collect();
    let server = model([
        Answer::text("Begun.").into(),
        Reply::from(Answer::text(story)).in_pieces(120, PACE),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    let window = Window::open(&desk).await;
    window.click(CLERK).await;
    window.click(super::RUN_TAB).await;
    window.type_into(FIELD, "Tell me a story.").await;
    window.click(super::RUN).await;
    window.until("Line 5.").await;

    window.until_there(CANCEL).await;
    let pressed = window.ask_later(PRESS_TWICE, &[]).await;
    assert_eq!(pressed, json!([true, true]));
    window.until("Cancelled by you").await;

    // The command is asked for only now, and still within the press.
    window.click(COPY).await;
    window.until("The command is on the clipboard").await;

    // What was said is selected, and not the window around it.
    assert_eq!(window.evaluate(OFF).await, json!(true));
    window.press(&[CONTROL, "a"]).await;
    let selected = window.evaluate(SELECTED).await;
    let selected = selected.as_str().unwrap_or_default();
    assert!(selected.contains("Tell me a story."), "{selected}");
    assert!(!selected.contains("New conversation"), "{selected}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_count_wherever_the_keyboard_is() {
    let server = model([Answer::text("Begun.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    let window = Window::open(&desk).await;
    window.until("The clerk").await;
    for (address, words) in [("#/agents", "1 agent"), ("#/runs", "Begin.")] {
        window.go(address).await;
        window.until(words).await;
        assert_eq!(window.evaluate(OFF).await, json!(true), "{address}");
        window.press(&[CONTROL, "f"]).await;
        assert!(
            window.comes_true(HERE, &[json!("search")]).await,
            "{address}"
        );
    }
    window.type_on("clerk").await;
    assert!(window.comes_true(TYPED, &[json!("clerk")]).await);
    window.press(&[CONTROL, "z"]).await;
    assert!(
        window.comes_true(TYPED, &[json!("")]).await,
        "it is taken back"
    );
    window.press(&[CONTROL, SHIFT, "z"]).await;
    assert!(
        window.comes_true(TYPED, &[json!("clerk")]).await,
        "it is back"
    );
    window.press(&[CONTROL, "z"]).await;
    window.press(&[CONTROL, "y"]).await;
    assert!(window.comes_true(TYPED, &[json!("clerk")]).await);
    // A new agent's first field is ready to be written in.
    window.press(&[CONTROL, "n"]).await;
    let is_title = "return document.activeElement.id === 'new-title'";
    assert!(window.comes_true(is_title, &[]).await);
    let long = "long ".repeat(21);
    window.type_on(&long).await;
    assert_eq!(window.evaluate(WRITTEN).await, json!(long));
    window
        .until("The title has 104 characters, and 100 are the most.")
        .await;
    // The palette leads to the very field, past the one that the page begins with.
    window.press(&[CONTROL, "k"]).await;
    window
        .until_there("//dialog[contains(@class, 'palette')]//input")
        .await;
    window.type_on("import an agent").await;
    window.until_there(IMPORT).await;
    window.press(&[ENTER]).await;
    let is_package = "return document.activeElement.id === 'package-path'";
    assert!(window.comes_true(is_package, &[]).await);
    // What floats is measured as wide as it becomes, and keeps away from the edge.
    window.go("#/agents/clerk").await;
    window.click(ADD_TOOL).await;
    assert!(window.comes_true(FLOATS, &[]).await);
    window.close().await;
}
