//! Somebody with an account: a browser of their own, and a desk at which the system's browser only notes what it is to open.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::chromium::Chromium;
use super::server::Server;
use super::{ACCOUNT, PASSWORD, button, is_filled};
use crate::kit::Desk;
use crate::needs_window::driver::Window;

const ADDRESS: &str = "//input[@id='cloud-server']";
const PAUSE: Duration = Duration::from_millis(100);
/// How often something is looked for with a pause between, before it counts as missing.
const LOOKS: usize = 300;

pub(super) struct Person {
    pub(super) browser: Chromium,
    pub(super) desk: Desk,
    noted: PathBuf,
    /// How many addresses the system's browser was to open.
    opened: usize,
}

impl Person {
    /// Makes an account, and leaves the browser signed in.
    pub(super) fn register(server: &Server, name: &str, email: &str) -> Self {
        let mut browser = Chromium::start();
        register(&mut browser, server, name, email, "Your account");
        let (desk, noted) = desk();
        Self {
            browser,
            desk,
            noted,
            opened: 0,
        }
    }

    /// What the system's browser is to open next.
    pub(super) fn next_opened(&mut self) -> String {
        self.opened += 1;
        for _ in 0..LOOKS {
            let all = std::fs::read_to_string(&self.noted).unwrap_or_default();
            if let Some(url) = all.lines().nth(self.opened - 1) {
                return url.to_owned();
            }
            std::thread::sleep(PAUSE);
        }
        panic!("no browser was opened");
    }

    /// Opens the window, and signs it in.
    pub(super) async fn window(&mut self, server: &Server) -> Window {
        let window = Window::open(&self.desk).await;
        window.go(ACCOUNT).await;
        window.type_into(ADDRESS, &server.url()).await;
        window.click(&button("Sign in")).await;
        self.lets_in(&window).await;
        window
    }

    /// Says yes in the browser to the sign-in that the window began.
    pub(super) async fn lets_in(&mut self, window: &Window) {
        window.until("Go on in your browser").await;
        let url = self.next_opened();
        self.browser.open(&url);
        self.browser.until("Allow");
        self.browser.press();
        window.until("Signed in at ").await;
        is_filled(window).await;
    }

    /// What the server tells them through the command.
    pub(super) fn asks(&self, what: &[&str]) -> Vec<Value> {
        let order = ["cloud", "--json"];
        let order = order.into_iter().chain(what.iter().copied());
        self.desk.slipway(order).exits(0).objects()
    }
}

/// Signs the command in at a desk, with a code that is typed in this browser.
pub(super) fn let_command_in(browser: &mut Chromium, desk: &Desk, server: &Server, device: &str) {
    let url = server.url();
    let login = ["cloud", "login", "--device", "--server", &url];
    let mut login = desk.start(login.into_iter().chain(["--name", device, "--json"]));
    let code: Value = serde_json::from_str(&login.until("\"code\"")).expect("JSON");
    browser.open(code["complete_url"].as_str().expect("an address"));
    browser.until("If it shows another one, do not go on.");
    browser.press();
    let asked = browser.until("Allow");
    assert!(asked.contains(device), "{asked}");
    browser.press();
    browser.until("Your device is let in");
    login.end().exits(0);
}

/// Makes an account in this browser, until it shows these words.
pub(super) fn register(
    browser: &mut Chromium,
    server: &Server,
    name: &str,
    email: &str,
    until: &str,
) {
    browser.open(&format!("{}/register", server.url()));
    browser.until("Make an account");
    browser.fill_in("email", email);
    browser.press();
    browser.until("Look into your mail");
    browser.open(&server.linked(email, "/verify?ticket="));
    browser.until("Choose a password");
    browser.fill_in("name", name);
    browser.fill_in("password", PASSWORD);
    browser.press();
    browser.until(until);
}

/// A desk, and the file in which its system's browser notes what it is to open.
pub(super) fn desk() -> (Desk, PathBuf) {
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
