//! Sessions in the window: one elsewhere is seen and ended, and that this one was ended elsewhere is said.

use serde_json::Value;

use super::looks::{keep_page, look_at};
use super::person::{Person, desk, let_command_in};
use super::server::Server;
use super::{ACCOUNT, ADDRESS, EMAIL, button, named};
use crate::needs_window::driver::Window;

/// What the server's page calls the window.
const WINDOW: &str = "Slipway on a computer";
const NAME: &str = "//input[@id='organization-name']";

fn programs(of: &Person) -> Vec<String> {
    let all = of.asks(&["sessions", "list"]);
    let mut all: Vec<_> = all
        .iter()
        .map(|session| session["client"].as_str().expect("a program").to_owned())
        .collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_elsewhere_is_seen_and_ended() {
    let server = Server::start();
    let mut anna = Person::register(&server, "Anna", EMAIL);
    let (workshop, _) = desk();
    let_command_in(&mut anna.browser, &workshop, &server, "Workshop");
    let window = anna.window(&server).await;
    let page = window.until("Workshop").await;
    for words in ["The slipway command", "Chrome on Linux", "This machine"] {
        assert!(page.contains(words), "{page}");
    }
    look_at(&window, "sessions").await;
    let all = ["browser", "slipway-cli", "slipway-desktop"];
    assert_eq!(programs(&anna), all);
    workshop.slipway(["cloud", "orgs"]).exits(0);

    let end = named("End the session of Workshop");
    window.click(&end).await;
    window.until_gone(&end).await;
    assert_eq!(programs(&anna), ["browser", "slipway-desktop"]);
    let who = workshop.slipway(["cloud", "whoami"]).exits(2);
    who.complains("has ended the sign-in of this machine");
    // The others go on.
    anna.browser.open(&format!("{}/account", server.url()));
    anna.browser.until("Sign out everywhere else");
    window.close().await;
}

/// Ends the window's session on the server's page.
fn end_in_browser(anna: &mut Person, server: &Server) {
    anna.browser.open(&format!("{}/account", server.url()));
    anna.browser.until(WINDOW);
    keep_page(&mut anna.browser, "page-account");
    anna.browser.press_on("Sign out everywhere else");
    let gone = format!("!document.body.innerText.includes('{WINDOW}')");
    anna.browser.until_true(&gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_says_that_its_session_was_ended_and_keeps_what_is_there() {
    let server = Server::start();
    let mut anna = Person::register(&server, "Anna", EMAIL);
    anna.desk.slipway(["agents", "add-examples"]).exits(0);
    let window = anna.window(&server).await;
    window.click(&button("New organization")).await;
    window.type_into(NAME, "Harbour").await;
    end_in_browser(&mut anna, &server);

    window.click(&button("Make it")).await;
    let said = format!("{} has ended the sign-in of this machine", server.url());
    window.until(&said[7..]).await;
    let typed = "return document.getElementById('organization-name').value";
    assert_eq!(window.evaluate(typed).await, "Harbour");
    look_at(&window, "account-ended").await;
    window.click(&button("Sign in again")).await;
    anna.lets_in(&window).await;
    window.until_gone("//dialog").await;
    assert_eq!(window.evaluate(typed).await, "Harbour", "the form stays");
    window.click(&button("Make it")).await;
    window.until("Owner: may give it away and delete it.").await;
    assert_eq!(anna.asks(&["orgs", "list"]).len(), 1);

    // Nor does who only comes by have to guess.
    end_in_browser(&mut anna, &server);
    window.go("#/agents").await;
    window.until("Expense report").await;
    window.go(ACCOUNT).await;
    window.until("has ended the sign-in of this machine").await;
    look_at(&window, "account-ended-later").await;
    window.until_there(ADDRESS).await;
    let address = "return document.getElementById('cloud-server').value";
    assert_eq!(window.evaluate(address).await, Value::from(server.url()));
    window.click(&button("Sign in")).await;
    anna.lets_in(&window).await;
    window.until("Harbour").await;
    is_whole(&anna, &window).await;
    window.close().await;
}

/// The agents of this machine are what they were.
async fn is_whole(anna: &Person, window: &Window) {
    window.go("#/agents").await;
    window.until("3 agents").await;
    let agents = anna.desk.slipway(["agents", "list", "--json"]);
    assert_eq!(agents.exits(0).objects().len(), 3);
}
