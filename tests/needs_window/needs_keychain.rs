//! A key that is typed into the window goes to the system's keychain, and what a locked keychain means is said there.

use std::path::Path;

use super::driver::Window;
use crate::canary::{Search, every_file};
use crate::kit::{Agent, Answer, Desk, Session, model};

const KEY: &str = "sk-typed-for-the-keychain-0123456789";
const SETTINGS: &str = "//nav[@aria-label='Main']//a[normalize-space()='Settings']";
const MORE: &str = "//button[@aria-label='More for OpenAI']";
const ADD_KEY: &str = "//*[@role='menuitem'][normalize-space()='Add key']";
const FIELD: &str = "//input[@id='key']";
const SAVE: &str = "//button[normalize-space()='Save and test']";
const TEST: &str = "//button[normalize-space()='Test'][ancestor::*[contains(., 'OpenAI')]]";
const CLERK: &str = "//nav[@aria-label='Main']//a[normalize-space()='The clerk']";

#[tokio::test(flavor = "multi_thread")]
async fn a_key_lives_in_the_keychain_and_a_locked_one_is_said() {
    let mut session = tokio::task::block_in_place(Session::new);
    let server = model([Answer::text("Begun."), Answer::text("All is copied.")])
        .with_models(&["gpt-5-mini"]);
    let desk = Desk::new()
        .variable("OPENAI_BASE_URL", server.base_url().to_string())
        .variable("SLIPWAY_KEYCHAIN", "auto");
    let variables = session.variables().into_iter();
    let desk = variables.fold(desk, |desk, (name, value)| desk.variable(name, value));
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    let window = Window::open(&desk).await;

    window.click(SETTINGS).await;
    window.until("Keys go to the keychain of this system").await;
    window.click(MORE).await;
    window.click(ADD_KEY).await;
    window.type_into(FIELD, KEY).await;
    window.click(SAVE).await;
    window.until("Works in ").await;
    window.until("Key in the keychain").await;
    desk.slipway(["secrets", "list"])
        .exits(0)
        .says("OPENAI_API_KEY")
        .says("the keychain");

    session.lock();
    window.click(TEST).await;
    window.until("Key cannot be read").await;
    window.click(CLERK).await;
    window.until("Budget a run").await;
    window.click(super::RUN_TAB).await;
    window.click(super::RUN).await;
    window.until("it is locked").await;

    tokio::task::block_in_place(|| session.unlock());
    window.click(super::RUN).await;
    window.until("All is copied.").await;
    window.until("Succeeded").await;
    let asked = server.requests();
    let last = asked.last().expect("the model was asked");
    assert_eq!(last.headers["authorization"], format!("Bearer {KEY}"));
    window.close().await;
    assert_nowhere(&[&desk.home(), &desk.path(""), session.folder()]);
}

/// No file in these folders holds the key; the keychain's own are encrypted.
fn assert_nowhere(folders: &[&Path]) {
    let search = Search::new(vec![("the key", KEY.to_owned())]);
    let mut found = Vec::new();
    for folder in folders {
        every_file(folder, &mut |path, bytes| {
            found.extend(search.within(&path.display().to_string(), bytes));
        });
    }
    assert!(found.is_empty(), "{found:#?}");
}
