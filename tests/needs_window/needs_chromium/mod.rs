//! Signing in to the cloud, from a fresh account to signing out: the real window, a real browser, the real server.

mod chromium;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use self::chromium::Chromium;
use self::server::Server;
use super::driver::Window;
use super::shots::REST;
use crate::canary::every_file;
use crate::kit::Desk;

const EMAIL: &str = "anna@example.com";
const PASSWORD: &str = "a hull on its slope";
const ADDRESS: &str = "//input[@id='cloud-server']";
const ACCOUNT: &str = "#/settings/account";

fn button(label: &str) -> String {
    format!("//button[normalize-space()='{label}']")
}

/// A desk at which the system's browser only notes what it is to open.
fn desk() -> (Desk, PathBuf) {
    let desk = Desk::new();
    let (programs, opened) = (desk.path("programs"), desk.path("opened"));
    let open = "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$SLIPWAY_TEST_OPENED\"\n";
    desk.write("programs/xdg-open", open);
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(programs.join("xdg-open"), executable).expect("a program");
    let path = std::env::var("PATH").unwrap_or_default();
    let desk = desk
        .variable("PATH", format!("{}:{path}", programs.display()))
        .variable("SLIPWAY_TEST_OPENED", opened.display().to_string())
        .variable("SLIPWAY_VAULT_PASSPHRASE", "of a test");
    (desk, opened)
}

/// What the system's browser was to open last, as soon as there are so many.
fn opened(noted: &Path, count: usize) -> String {
    for _ in 0..300 {
        let all = std::fs::read_to_string(noted).unwrap_or_default();
        if let Some(url) = all.lines().nth(count - 1) {
            return url.to_owned();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("no browser was opened");
}

/// Registers somebody and leaves them signed in.
fn register(browser: &mut Chromium, server: &Server) {
    browser.open(&format!("{}/register", server.url()));
    browser.until("Make an account");
    browser.fill_in("email", EMAIL);
    browser.press();
    browser.until("Look into your mail");
    browser.open(&server.linked());
    browser.until("Choose a password");
    browser.fill_in("name", "Anna Lind");
    browser.fill_in("password", PASSWORD);
    browser.press();
    browser.until("Your account");
}

/// Keeps what the window shows for who wants to look at it.
async fn keep_picture(window: &Window, name: &str) {
    let Some(folder) = std::env::var_os("SLIPWAY_KEEP_PICTURES") else {
        return;
    };
    for theme in ["dark", "light"] {
        window
            .evaluate(&format!(
                "document.documentElement.dataset.theme = '{theme}'"
            ))
            .await;
        assert!(window.comes_true(REST, &[]).await, "{name} comes to rest");
        let file = Path::new(&folder).join(format!("{name}-{theme}.png"));
        std::fs::write(file, window.picture().await).expect("a picture");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_works_and_signs_out() {
    let mut server = tokio::task::block_in_place(Server::start);
    let mut browser = tokio::task::block_in_place(Chromium::start);
    tokio::task::block_in_place(|| register(&mut browser, &server));
    let (desk, noted) = desk();
    let window = Window::open(&desk).await;

    // The window names the server, and the browser is sent there.
    window.go(ACCOUNT).await;
    window.until("Run a server of your own").await;
    keep_picture(&window, "account-out").await;
    window.type_into(ADDRESS, &server.url()).await;
    window.click(&button("Sign in")).await;
    window.until("Go on in your browser").await;
    keep_picture(&window, "account-waiting").await;
    // Or with a code, and back again: what was begun before is over, and nothing is said of it.
    window.click(&button("Use a code instead")).await;
    let page = window.until("Type this code in a browser").await;
    assert!(page.contains(&format!("{}/device", server.url())), "{page}");
    keep_picture(&window, "account-code").await;
    window.click(&button("Open the browser instead")).await;
    window.until("Go on in your browser").await;
    let page = window.until("Waiting for you").await;
    assert!(!page.contains("given up"), "{page}");
    // The person may look at another page meanwhile.
    window.go("#/runs").await;
    tokio::task::block_in_place(|| {
        browser.open(&opened(&noted, 2));
        let asked = browser.until("Allow");
        assert!(
            asked.contains("Anna Lind") && asked.contains(EMAIL),
            "{asked}"
        );
    });
    window.go(ACCOUNT).await;
    window.until("Go on in your browser").await;
    tokio::task::block_in_place(|| {
        browser.press();
        browser.until("Slipway");
    });
    let page = window.until("Signed in at http://localhost").await;
    assert!(page.contains("Anna Lind") && page.contains(EMAIL), "{page}");
    // The command is signed in, too; and the sign-in is no key.
    let who = desk
        .slipway(["cloud", "whoami", "--json"])
        .exits(0)
        .objects();
    assert!(who[0].to_string().contains(EMAIL), "{who:?}");
    assert!(
        !desk
            .slipway(["secrets", "list"])
            .exits(0)
            .stdout
            .contains("SIGN_IN")
    );

    works(&window, &desk).await;
    ends_another_session(&window, &mut browser, &server).await;

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
    keep_picture(&window, "account-offline").await;
    tokio::task::block_in_place(|| server.start_again());
    window.click(&button("Try again")).await;
    window.until("This machine").await;

    window.click(&button("Sign out…")).await;
    window.click(&button("Sign out")).await;
    window.until("Run a server of your own").await;
    desk.slipway(["cloud", "whoami"]).exits(2);
    window.close().await;
}

/// Makes an organization, invites somebody, and makes a key that is shown once.
async fn works(window: &Window, desk: &Desk) {
    window.until("You belong to no organization").await;
    window.click(&button("New organization")).await;
    window
        .type_into("//input[@id='organization-name']", "Harbour")
        .await;
    window.click(&button("Make it")).await;
    window.until("Owner: may give it away and delete it.").await;
    window.click(&button("Invite somebody")).await;
    window
        .type_into("//input[@id='invited-email']", "bert@example.com")
        .await;
    window.click(&button("Invite")).await;
    window.until("Member, until ").await;
    keep_picture(window, "organization").await;
    window.click(&button("Delete…")).await;
    window.until("Type Harbour to confirm").await;
    keep_picture(window, "organization-deleting").await;
    window.click(&button("Keep it")).await;

    window.go(ACCOUNT).await;
    window.until("Harbour").await;
    window.click(&button("New key")).await;
    window
        .type_into("//input[@id='api-key-name']", "Build")
        .await;
    window.click("//label[contains(., 'agents:read')]").await;
    keep_picture(window, "account-key").await;
    window.click(&button("Make the key")).await;
    let page = window.until("slk_").await;
    keep_picture(window, "account-key-made").await;
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
    keep_picture(window, "account").await;
    window.resize(800, 600).await;
    keep_picture(window, "account-narrow").await;
    window.resize(1280, 800).await;
}

/// Signs the browser out from the window.
async fn ends_another_session(window: &Window, browser: &mut Chromium, server: &Server) {
    window.until("This machine").await;
    window.click(&button("End all others")).await;
    window.until_gone(&button("End")).await;
    tokio::task::block_in_place(|| {
        browser.open(&format!("{}/account", server.url()));
        browser.until("I forgot my password");
    });
}
