//! What signing in asks for besides the password, as the window says it. It is set up in the browser.

use slipway_agent::ports::clock::Clock as _;
use slipway_runner::system::SystemClock;
use totp_rs::{Builder, Secret};

use super::looks::{keep_page, look_at};
use super::person::Person;
use super::server::Server;
use super::{ACCOUNT, EMAIL, button};

/// What an authenticator app shows now.
fn code(secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("a secret");
    let app = Builder::new().with_secret(secret).with_account_name("anna");
    let now = SystemClock::default().now().as_second();
    let now = u64::try_from(now).expect("a time");
    app.build().expect("an app").generate(now).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_app_is_added_in_the_browser_and_seen_in_the_window() {
    let server = Server::start();
    let mut anna = Person::register(&server, "Anna", EMAIL);
    let window = anna.window(&server).await;
    window
        .until("Signing in asks for your password alone.")
        .await;
    window.click(&button("Set it up in the browser")).await;
    let page = anna.next_opened();
    assert_eq!(page, format!("{}/account", server.url()));

    anna.browser.open(&page);
    anna.browser.until("Authenticator app");
    anna.browser.press_on("Add");
    anna.browser
        .until("Show this picture to your authenticator app");
    keep_page(&mut anna.browser, "page-app");
    let secret = anna
        .browser
        .evaluate("document.querySelector('p.well code').innerText");
    let code = code(secret.as_str().expect("a secret"));
    anna.browser.fill_in("code", &code);
    anna.browser.press();
    anna.browser.until("The app is added");
    keep_page(&mut anna.browser, "page-app-added");

    window.go("#/runs").await;
    window.go(ACCOUNT).await;
    window
        .until("Signing in asks for an authenticator app, too. 10 recovery codes are left.")
        .await;
    window
        .until_there(&button("Change it in the browser"))
        .await;
    look_at(&window, "account-second-factor").await;
    window.close().await;
}
