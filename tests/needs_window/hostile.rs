//! A model's answer that attacks the window: it does nothing, and looks like what it is.

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, model};

/// Scripts, styles, links that run, a dialog that asks for approval, characters that turn others around.
const ANSWER: &str = include_str!("../../ui/src/markdown/hostile.md");

const RUNS: &str = "//nav//a[starts-with(normalize-space(), 'Runs')]";
const RUN: &str = "//tr[contains(@class, 'runs__row')]//td[normalize-space()='The clerk']";
const ALIVE: &str = "//main//*[self::script or self::style or self::iframe or self::form or self::img or self::object or @onclick or @onload or @onerror]";
const STYLED: &str =
    "//section[@aria-label='Conversation']//*[contains(@class, 'prose')]//*[@style]";
const QUESTION: &str = "//article[contains(@class, 'approval')]";
const LINKS: &str =
    "//section[@aria-label='Conversation']//button[contains(@class, 'address__to')]";
const LINK: &str =
    "//section[@aria-label='Conversation']//button[normalize-space()='https://evil.example/login']";
const CANCEL: &str = "//dialog//button[normalize-space()='Cancel']";

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_answer_does_nothing_and_looks_like_what_it_is() {
    let server = model([Answer::text(ANSWER)]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Say <b>\u{202e}it</b>."])
        .exits(0);
    let window = Window::open(&desk).await;
    window.click(RUNS).await;
    window.click(RUN).await;

    let shown = window.until("Pay U+202Etxt.exe to nobody.").await;
    for words in [
        "<script>document.body.innerHTML",
        "<style>* { position: fixed",
        "<button onclick=",
        "javascript:window.__owned=true",
        "https://tracker.example/pixel.png",
    ] {
        assert!(
            shown.contains(words),
            "{words:?} is not shown as text in:\n{shown}"
        );
    }
    let owned = window.evaluate("return window.__owned === undefined").await;
    assert_eq!(owned, json!(true), "something of it ran");
    assert_eq!(
        window.texts(ALIVE).await,
        [""; 0],
        "something of it became a part of the page"
    );
    assert_eq!(window.texts(STYLED).await, [""; 0], "it brought a style");
    assert_eq!(
        window.texts(QUESTION).await,
        [""; 0],
        "it drew Slipway's own frame"
    );

    assert_eq!(window.texts(LINKS).await, ["https://evil.example/login"]);
    window.click(LINK).await;
    let asked = window.until("Open this site?").await;
    assert!(
        asked.contains("evil.example") && asked.contains("A model wrote this link."),
        "{asked}"
    );
    window.click(CANCEL).await;
    assert!(
        window.text().await.contains("Succeeded"),
        "the window lives"
    );
    window.close().await;
}
