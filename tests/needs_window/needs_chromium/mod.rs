//! Signing in to the cloud, from a fresh account to signing out: the real window, a real browser, the real server.

mod authenticator;
mod chromium;
mod keys;
mod looks;
mod organization;
mod passkeys;
mod person;
mod second_factor;
mod server;
mod sessions;

use self::chromium::Chromium;
use self::looks::look_at;
use self::person::Person;
use self::server::Server;
use super::driver::Window;
use crate::canary::every_file;
use crate::kit::Desk;

const EMAIL: &str = "anna@example.com";
const PASSWORD: &str = "a hull on its slope";
const ADDRESS: &str = "//input[@id='cloud-server']";
const ACCOUNT: &str = "#/settings/account";

fn button(label: &str) -> String {
    format!("//button[normalize-space()='{label}']")
}

/// The button of the dialog that is open.
fn in_dialog(label: &str) -> String {
    format!("//dialog{}", button(label))
}

/// A button that has another name than its words.
fn named(name: &str) -> String {
    format!("//button[@aria-label='{name}']")
}

/// Waits until all lists of the page are there: one that comes later moves away what stands below it.
async fn is_filled(window: &Window) {
    let waiting = "//main//*[contains(concat(' ', @class, ' '), ' waiting ')]";
    window.until_gone(waiting).await;
}

/// What opens the list of this name.
fn list(name: &str) -> String {
    format!("//button[@aria-haspopup='listbox'][starts-with(@aria-label, '{name}:')]")
}

/// What begins with these words, in the list that is open.
fn option(words: &str) -> String {
    format!("//button[@role='option'][starts-with(normalize-space(), '{words}')]")
}

/// Chooses from the list of this name what begins with these words.
async fn choose(window: &Window, name: &str, words: &str) {
    window.click(&list(name)).await;
    window.click(&option(words)).await;
}

/// What lets a new key do this.
fn scope(of: &str) -> String {
    format!("//button[@role='checkbox'][contains(., '{of}')]")
}

/// Types a name into the form of a new organization, and makes it.
async fn make_organization(window: &Window, name: &str) {
    window.click(&button("New organization")).await;
    window
        .type_into("//input[@id='organization-name']", name)
        .await;
    window.click(&button("Make it")).await;
    window.until("Owner: may give it away and delete it.").await;
    is_filled(window).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_works_and_signs_out() {
    let mut server = Server::start();
    let mut anna = Person::register(&server, "Anna Lind", EMAIL);
    let window = Window::open(&anna.desk).await;

    // The window names the server, and the browser is sent there.
    window.go(ACCOUNT).await;
    window.until("Run a server of your own").await;
    look_at(&window, "account-out").await;
    window.type_into(ADDRESS, &server.url()).await;
    window.click(&button("Sign in")).await;
    window.until("Go on in your browser").await;
    look_at(&window, "account-waiting").await;
    // Or with a code, and back again: what was begun before is over, and nothing is said of it.
    window.click(&button("Use a code instead")).await;
    let page = window.until("Type this code in a browser").await;
    assert!(page.contains(&format!("{}/device", server.url())), "{page}");
    look_at(&window, "account-code").await;
    window.click(&button("Open the browser instead")).await;
    window.until("Go on in your browser").await;
    let page = window.until("Waiting for you").await;
    assert!(!page.contains("given up"), "{page}");
    // The person may look at another page meanwhile.
    window.go("#/runs").await;
    let _given_up = anna.next_opened();
    let url = anna.next_opened();
    anna.browser.open(&url);
    let asked = anna.browser.until("Allow");
    assert!(
        asked.contains("Anna Lind") && asked.contains(EMAIL),
        "{asked}"
    );
    window.go(ACCOUNT).await;
    window.until("Go on in your browser").await;
    anna.browser.press();
    let page = window.until("Signed in at http://127.0.0.1").await;
    assert!(page.contains("Anna Lind") && page.contains(EMAIL), "{page}");
    // The command is signed in, too; and the sign-in is no key.
    let who = anna.asks(&["whoami"]);
    assert!(who[0].to_string().contains(EMAIL), "{who:?}");
    assert!(
        !anna
            .desk
            .slipway(["secrets", "list"])
            .exits(0)
            .stdout
            .contains("SIGN_IN")
    );

    works(&window, &anna.desk).await;
    ends_another_session(&window, &mut anna.browser, &server).await;

    // The server is among what this machine sends to.
    window.go("#/settings/privacy").await;
    window
        .until(&format!("You are signed in at {}", server.url()))
        .await;

    // Without the server, it is known who it was; and it is asked again when the person wants.
    server.kill();
    window.go("#/runs").await;
    window.go(ACCOUNT).await;
    let page = window.until("As of ").await;
    assert!(page.contains("Anna Lind") && page.contains(EMAIL), "{page}");
    look_at(&window, "account-offline").await;
    server.start_again();
    window.click(&button("Try again")).await;
    window.until("This machine").await;

    window.click(&button("Sign out…")).await;
    window.click(&button("Sign out")).await;
    window.until("Run a server of your own").await;
    anna.desk.slipway(["cloud", "whoami"]).exits(2);
    window.close().await;
}

/// Makes an organization, invites somebody, and makes a key that is shown once.
async fn works(window: &Window, desk: &Desk) {
    window.until("You belong to no organization").await;
    make_organization(window, "Harbour").await;
    window.click(&button("Invite somebody")).await;
    window
        .type_into("//input[@id='invited-email']", "bert@example.com")
        .await;
    window.click(&button("Invite")).await;
    window.until("Member, until ").await;
    look_at(window, "organization").await;
    window.click(&button("Delete…")).await;
    window.until("Type Harbour to confirm").await;
    look_at(window, "organization-deleting").await;
    window.click(&button("Keep it")).await;

    window.go(ACCOUNT).await;
    window.until("Harbour").await;
    is_filled(window).await;
    window.click(&button("New key")).await;
    window
        .type_into("//input[@id='api-key-name']", "Build")
        .await;
    window.click(&scope("agents:read")).await;
    look_at(window, "account-key").await;
    window.click(&button("Make the key")).await;
    let page = window.until("slk_").await;
    look_at(window, "account-key-made").await;
    let key = page
        .split_whitespace()
        .find(|word| word.starts_with("slk_") && word.len() > 40);
    let key = key.expect("a key").to_owned();
    window.click(&button("I have it")).await;
    window
        .until_gone("//*[contains(@class, 'account__key')]")
        .await;
    let page = window.text().await;
    assert!(!page.contains(&key) && page.contains(&key[..10]), "{page}");
    let folder = desk.home();
    every_file(&folder, &mut |path, bytes| {
        let found = memchr::memmem::find(bytes, key.as_bytes());
        assert!(found.is_none(), "the key is in {}", path.display());
    });
    look_at(window, "account").await;
    window.resize(800, 600).await;
    look_at(window, "account-narrow").await;
    window.resize(1280, 800).await;
}

/// Signs the browser out from the window.
async fn ends_another_session(window: &Window, browser: &mut Chromium, server: &Server) {
    window.until("This machine").await;
    is_filled(window).await;
    window.click(&button("End all others")).await;
    window.until_gone(&button("End")).await;
    browser.open(&format!("{}/account", server.url()));
    browser.until("I forgot my password");
}
