//! Models and keys in the real window: a key is kept and tested, and a model chosen and run.

use std::path::Path;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, model};

const KEY: &str = "sk-typed-by-a-person-0123456789";
const SETTINGS: &str = "//nav[@aria-label='Main']//a[normalize-space()='Settings']";
const MORE: &str = "//button[@aria-label='More for OpenAI']";
const ADD_KEY: &str = "//*[@role='menuitem'][normalize-space()='Add key']";
const FIELD: &str = "//input[@id='key']";
const SAVE: &str = "//button[normalize-space()='Save and test']";
const CLERK: &str = "//nav[@aria-label='Main']//a[normalize-space()='The clerk']";
const PICKER: &str = "//button[starts-with(@aria-label, 'Model: ')]";
const FIND: &str = "//input[@aria-label='Find a model']";
const OPTIONS: &str = "//*[@role='option']";
const FOUND: &str = "//*[@role='option'][contains(., 'openai/gpt-4.1-mini')]";
const RUN: &str =
    "//div[contains(@class, 'composer')]//button[starts-with(normalize-space(), 'Run')]";

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_kept_and_tested_and_a_chosen_model_runs() {
    let server = model([Answer::text("Begun."), Answer::text("All is copied.")])
        .with_models(&["gpt-4.1-mini", "gpt-5-mini"]);
    let desk = Desk::new()
        .variable("OPENAI_BASE_URL", server.base_url().to_string())
        .variable("GEMINI_API_KEY", "sk-of-the-environment")
        .variable("SLIPWAY_VAULT_PASSPHRASE", "open sesame");
    // The folder's agent is listed with its first run, which needs no key on this machine.
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    let window = Window::open(&desk).await;

    window.until("The clerk").await;
    window.click(SETTINGS).await;
    window.until("Keys go to the sealed file").await;
    window.until("Needs no key").await;
    // The second of the names under which Google's key is looked for.
    window.until("Key from GEMINI_API_KEY").await;
    window.click(MORE).await;
    window.click(ADD_KEY).await;
    window.type_into(FIELD, KEY).await;
    window.click(SAVE).await;

    let page = window.until("Works in ").await;
    assert!(page.contains("2 models"), "{page}");
    window.until("Key in the sealed file").await;
    assert!(window.texts(FIELD).await.is_empty(), "the form is gone");
    let bearer = format!("Bearer {KEY}");
    // Whoever looks for servers of this machine asks it too, without the key.
    let visits = server.visits();
    let mut keys = visits
        .iter()
        .map(|visit| visit.headers.get("authorization"));
    assert!(
        keys.any(|key| key.is_some_and(|key| key == bearer.as_str())),
        "{visits:?}"
    );
    desk.slipway(["secrets", "list"])
        .exits(0)
        .says("OPENAI_API_KEY")
        .says("the sealed file");

    window.click(CLERK).await;
    window.until("Budget a run").await;
    window.click(super::RUN_TAB).await;
    window.click(PICKER).await;
    window.type_into(FIND, "OpenAI 4.1-mini").await;
    window.until_only(OPTIONS, "4.1-mini").await;
    window.click(FOUND).await;
    window.click(RUN).await;

    window.until("All is copied.").await;
    window.until("Succeeded").await;
    let asked = server.requests();
    let last = asked.last().expect("the model was asked");
    assert_eq!(last.body["model"], "gpt-4.1-mini");
    assert_eq!(last.headers["authorization"], bearer);
    window.close().await;
    assert_not_in(&desk.home());
}

/// No file in this folder holds the key.
fn assert_not_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            assert_not_in(&path);
            continue;
        }
        // What is neither file nor folder, such as a socket, holds nothing.
        let bytes = std::fs::read(&path).unwrap_or_default();
        let spilt = bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes());
        assert!(!spilt, "the key is in {}", path.display());
    }
}
