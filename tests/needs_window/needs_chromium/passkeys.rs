//! Passkeys in a real browser. They need a name: the server is reached as `localhost`.

use super::authenticator::Authenticator;
use super::chromium::Chromium;
use super::looks::keep_page;
use super::person::register;
use super::server::Server;
use super::{EMAIL, PASSWORD};

const HOST: &str = "localhost";
const NOT_USED: &str = "The passkey was not used.";

/// Leaves the account, and comes to the page that signs in.
fn leave(browser: &mut Chromium, server: &Server) {
    browser.open(&format!("{}/account", server.url()));
    browser.until("Your account");
    browser.press_on("Sign out");
    browser.until("I forgot my password");
}

/// Gives the password; that alone is not enough.
fn give_password(browser: &mut Chromium, server: &Server) {
    browser.open(&format!("{}/sign-in", server.url()));
    browser.until("I forgot my password");
    browser.fill_in("email", EMAIL);
    browser.fill_in("password", PASSWORD);
    browser.press();
    browser.until("One more step");
}

/// Comes to the page that asks for a passkey alone.
fn choose_passkey(browser: &mut Chromium, server: &Server) {
    browser.open(&format!("{}/sign-in", server.url()));
    browser.until("I forgot my password");
    browser.press_on("Sign in with a passkey");
    browser.until("Sign in with a password");
}

/// Nobody is signed in with this browser.
fn is_out(browser: &mut Chromium, server: &Server) {
    browser.open(&format!("{}/account", server.url()));
    browser.until("I forgot my password");
}

#[test]
fn a_passkey_signs_in_alone_and_after_the_password_and_no_other_does() {
    let settings = &[("SLIPWAY_CLOUD_SECOND_FACTOR", "required")];
    let server = Server::start_as(HOST, settings);
    let mut browser = Chromium::start();
    register(
        &mut browser,
        &server,
        "Anna",
        EMAIL,
        "Set up a second factor first",
    );
    browser.let_scripts_run(true);
    let hers = Authenticator::plug_in(&mut browser);
    keep_page(&mut browser, "page-second-factor");
    browser.press_on("Add a passkey");
    browser.until("By which you know it again");
    keep_page(&mut browser, "page-passkey-new");
    browser.press();
    let page = browser.until("The passkey is added");
    assert!(page.contains("recovery codes"), "{page}");
    keep_page(&mut browser, "page-passkey-added");
    assert_eq!(hers.passkeys(&mut browser), 1);
    browser.press_on("Go on");
    browser.until("Your account");
    browser.press_on("Add a passkey");
    browser.until("By which you know it again");
    browser.press();
    browser.until("This device has a passkey of this account already.");
    assert_eq!(hers.passkeys(&mut browser), 1);

    leave(&mut browser, &server);
    choose_passkey(&mut browser, &server);
    keep_page(&mut browser, "page-passkey");
    browser.press_on("Use a passkey");
    let page = browser.until("Your account");
    assert!(page.contains(EMAIL) && page.contains(", used "), "{page}");

    leave(&mut browser, &server);
    give_password(&mut browser, &server);
    is_out(&mut browser, &server);
    give_password(&mut browser, &server);
    keep_page(&mut browser, "page-second");
    browser.press_on("Use a passkey");
    browser.until("Your account");

    leave(&mut browser, &server);
    hers.unplug(&mut browser);
    let other = Authenticator::plug_in(&mut browser);
    for begin in [choose_passkey, give_password] {
        begin(&mut browser, &server);
        browser.press_on("Use a passkey");
        browser.until(NOT_USED);
        is_out(&mut browser, &server);
    }
    keep_page(&mut browser, "page-sign-in");

    // With a passkey of its own it answers, and the server does not know it.
    other.forge(&mut browser, HOST);
    choose_passkey(&mut browser, &server);
    browser.press_on("Use a passkey");
    browser.until("This passkey is not known here");
    keep_page(&mut browser, "page-passkey-unknown");
    is_out(&mut browser, &server);
    give_password(&mut browser, &server);
    browser.press_on("Use a passkey");
    browser.until(NOT_USED);
    is_out(&mut browser, &server);
}

#[test]
fn without_a_script_passkeys_say_that_they_need_one() {
    let server = Server::start_as(HOST, &[]);
    let mut browser = Chromium::start();
    register(&mut browser, &server, "Anna", EMAIL, "Your account");
    browser.press_on("Add a passkey");
    browser.until("Passkeys need JavaScript. All else here works without it.");
    browser.press();
    // Nothing was sent.
    browser.until("By which you know it again");
    browser.open(&format!("{}/account", server.url()));
    let page = browser.until("Your account");
    assert!(!page.contains("Added 2"), "{page}");
}
